"""The front page, the list of rounds and the story of one, as anybody sees them."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from sqlalchemy import event

from service.core import clock
from service.core.actor import Role
from service.core.clock import HELSINKI
from service.core.text import moment, until
from service.processes.models import Activity
from service.web.language import RememberLanguage
from tests import make

DAY = timedelta(days=1)


async def statements(connection, visit) -> list[str]:
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "set transaction")):
            sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    try:
        assert (await visit).status_code == 200
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", note)
    return sent


def lead_of(html: str) -> str:
    """The front block, without its tags."""
    block = html.split('class="p-lead"')[1].split('class="p-sections"', maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", block).split(" ")).replace("\n", " ")


async def front(client, language="fi") -> str:
    answer = await client.get(f"/{language}/")
    assert answer.status_code == 200
    return answer.text


# --- the front page


async def test_the_front_page_leads_with_what_closes_first_and_names_the_rest(client, session):
    later = await make.process(session, title={"fi": "Myöhempi"})
    await make.phase(session, later, [Activity.PROPOSE], closes_in=9 * DAY)
    sooner = await make.process(session, title={"fi": "Pikainen"})
    phase = await make.phase(session, sooner, [Activity.VOTE], closes_in=3 * DAY, name="Äänestys")

    html = await front(client)

    lead = lead_of(html)
    assert "Pikainen" in lead
    assert until(phase.closes_at, "fi").replace("\xa0", " ") in lead.replace("\xa0", " ")
    assert "3 päivää jäljellä" in lead
    assert f'href="/fi/processes/{sooner.slug}/ballot">Äänestä' in html
    assert "Myöhempi" in html.split("Myös auki")[1]


@pytest.mark.parametrize(
    ("activities", "action", "text"),
    [
        ([Activity.VOTE, Activity.COMMENT], "ballot", "Äänestä"),
        ([Activity.PROPOSE, Activity.SUPPORT], "proposals/new", "Tee ehdotus"),
        ([Activity.SUPPORT], "proposals", "Kannata ehdotuksia"),
        ([Activity.COMMENT], "proposals", "Kommentoi ehdotuksia"),
    ],
)
async def test_the_button_of_the_front_page_is_what_one_can_do(client, session, activities, action, text):
    process = await make.process(session, open_to=activities)
    assert f'<a class="ds-button" href="/fi/processes/{process.slug}/{action}">{text}</a>' in await front(
        client
    )


async def test_commenting_leads_only_where_nothing_else_can_be_done(client, session):
    await make.process(session, title={"fi": "Vain kommentit"}, open_to=[Activity.COMMENT])
    proposing = await make.process(session, title={"fi": "Ehdotukset"})
    await make.phase(session, proposing, [Activity.PROPOSE], closes_in=30 * DAY)
    assert "Ehdotukset" in lead_of(await front(client))


async def test_evaluating_is_told_as_under_way_and_does_not_lead(client, session):
    await make.process(session, title={"fi": "Arvioitava"}, open_to=[Activity.EVALUATE, Activity.COMMENT])
    html = await front(client)
    assert "Juuri nyt mikään ei ole auki" in lead_of(html)
    assert "Arvioitava" in html.split("Käynnissä ja tulossa")[1]


async def test_with_nothing_open_the_front_page_tells_what_comes_next_and_when(client, session):
    process = await make.process(session, title={"fi": "Tuleva"})
    phase = await make.phase(session, process, [Activity.PROPOSE], opens_in=5 * DAY, closes_in=9 * DAY)
    lead = lead_of(await front(client))
    assert "Tuleva" in lead
    assert f"Alkaa {moment(phase.opens_at, 'fi')}." in lead


async def test_just_after_the_vote_the_front_page_says_that_votes_are_counted(client, session):
    process = await make.process(session, title={"fi": "Laskettava"})
    await make.phase(session, process, [Activity.VOTE], opens_in=-9 * DAY, closes_in=-timedelta(hours=1))
    assert "Ääniä lasketaan. Tulokset julkaistaan tässä palvelussa." in lead_of(await front(client))

    count = await make.phase(
        session, process, [Activity.COUNT], opens_in=-timedelta(hours=1), closes_in=4 * DAY
    )
    assert "Tulokset julkaistaan viimeistään " + until(count.closes_at, "fi").split()[0] in lead_of(
        await front(client)
    )


async def test_an_old_vote_is_no_news_any_more(client, session):
    process = await make.process(session, title={"fi": "Vanha"})
    await make.phase(session, process, [Activity.VOTE], opens_in=-90 * DAY, closes_in=-31 * DAY)
    assert "Vanha" not in await front(client)


async def test_on_the_last_day_the_front_page_says_today(client, session):
    now = (await clock.now(session)).astimezone(HELSINKI)
    midnight = (now + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    process = await make.process(session)
    await make.phase(session, process, [Activity.VOTE], closes_in=midnight - now)
    lead = lead_of(await front(client))
    assert "Päättyy tänään" in lead
    assert "vielä tänään" in lead


async def test_a_round_in_preparation_is_on_no_public_page(client, session):
    process = await make.process(
        session, published_at=None, title={"fi": "Salainen"}, open_to=[Activity.VOTE]
    )
    for path in ("/fi/", "/fi/processes", f"/fi/processes/{process.slug}", "/sitemap.xml"):
        assert "Salainen" not in (await client.get(path)).text
        assert process.slug not in (await client.get("/sitemap.xml")).text
    assert (await client.get(f"/fi/processes/{process.slug}")).status_code == 404


async def test_the_address_without_a_language_answers_in_the_visitors_at_once(client, session):
    await make.process(session, open_to=[Activity.VOTE])
    answer = await client.get("/", headers={"Accept-Language": "sv-FI,sv;q=0.9"})
    assert answer.status_code == 200
    assert '<html lang="sv"' in answer.text
    assert "Accept-Language" in answer.headers["vary"]


# --- the list and the story


async def test_rounds_are_listed_open_first_then_ended_by_year(client, session):
    ended = await make.process(session, title={"fi": "Päättynyt"})
    last = await make.phase(session, ended, [Activity.VOTE], opens_in=-800 * DAY, closes_in=-750 * DAY)
    await make.process(session, title={"fi": "Avoin"}, open_to=[Activity.PROPOSE])
    coming = await make.process(session, title={"fi": "Tuleva"})
    await make.phase(session, coming, [Activity.PROPOSE], opens_in=5 * DAY)

    html = (await client.get("/fi/processes")).text

    assert html.index("Nyt auki") < html.index("Avoin") < html.index("Tuleva") < html.index("Päättynyt")
    assert f"Päättyneet vuonna {last.closes_at.astimezone(HELSINKI).year}" in html


async def test_the_story_of_a_round_has_its_timetable_money_and_rules(client, session):
    area = await make.area(session, "Harbour")
    process = await make.process(
        session,
        pots=[(area, 44_000_00), (None, 80_000_00)],
        area_rule="home",
        max_choices=3,
        description={"fi": "Kappale <script>alert(1)</script>\n\n**lihava**"},
        plain_summary={"fi": "Selkeästi."},
        voters={"fi": "Lehtosalmessa asuvat"},
    )
    await make.phase(session, process, [Activity.PROPOSE], opens_in=-9 * DAY, closes_in=-2 * DAY)
    await make.phase(session, process, [Activity.VOTE], name="Äänestys")

    html = (await client.get(f"/fi/processes/{process.slug}")).text

    for text in (
        "44\xa0000\xa0€", "124\xa0000\xa0€", "Selkeästi.", "<strong>lihava</strong>", "Äänestää saavat Lehtosalmessa asuvat.",
        "Kullakin äänestyslipulla voit valita enintään 3 ehdotusta.", "kotialueesi ehdotukset", ">nyt</span>",
    ):  # fmt: skip
        assert text in html, text
    assert "<script>alert" not in html
    assert f'href="/fi/processes/{process.slug}/ballot"' in html


async def test_a_process_links_only_to_what_exists_now(client, session):
    process = await make.process(session)
    await make.phase(session, process, [Activity.PROPOSE], opens_in=2 * DAY, closes_in=3 * DAY)
    html = (await client.get(f"/fi/processes/{process.slug}")).text
    assert f"/processes/{process.slug}/" not in html.replace(f'/fi/processes/{process.slug}"', "")

    await make.phase(session, process, [Activity.VOTE], opens_in=-9 * DAY, closes_in=-2 * DAY)
    html = (await client.get(f"/fi/processes/{process.slug}")).text
    assert f'href="/fi/processes/{process.slug}/results"' in html
    assert f'href="/fi/processes/{process.slug}/ballot"' not in html


async def test_a_text_the_city_has_not_written_carries_the_language_it_is_in(client, session):
    process = await make.process(session, title={"fi": "Vain suomeksi"}, open_to=[Activity.PROPOSE])
    html = (await client.get(f"/sv/processes/{process.slug}")).text
    assert '<span lang="fi">Vain suomeksi</span>' in html


async def test_a_round_in_preparation_is_previewed_by_its_staff_alone(client, session):
    process = await make.process(session, published_at=None, open_to=[Activity.PROPOSE])
    await make.signed_in(client, session, await make.staff(session, Role.EDITOR, process))
    answer = await client.get(f"/fi/processes/{process.slug}")
    assert "Kierrosta valmistellaan" in answer.text
    assert answer.headers["cache-control"] == "no-store"

    other = await make.staff(session, Role.EDITOR, await make.process(session))
    await make.signed_in(client, session, other)
    assert (await client.get(f"/fi/processes/{process.slug}")).status_code == 404


async def test_a_round_without_anything_set_is_a_whole_page(client, session):
    process = await make.process(session, summary={}, description={}, owner={})
    for language in ("fi", "sv", "en"):
        assert (await client.get(f"/{language}/processes/{process.slug}")).status_code == 200


@pytest.mark.parametrize("slug", ["ei-ole", "a%00b", "x" * 5_000, "%F0%9F%92%A9"])
async def test_an_unknown_round_is_not_found(client, slug):
    assert (await client.get(f"/fi/processes/{slug}")).status_code in {400, 404, 422}


async def test_front_page_and_story_cost_few_statements_however_many_rounds_there_are(
    client, session, connection
):
    area = await make.area(session)
    for _ in range(5):
        process = await make.process(
            session,
            open_to=[Activity.VOTE],
            pots=[(area, 100), (None, 50)],
            categories=[await make.category(session)],
        )
    await session.commit()
    assert len(await statements(connection, client.get("/fi/"))) <= 6
    assert len(await statements(connection, client.get("/fi/processes"))) <= 6
    assert len(await statements(connection, client.get(f"/fi/processes/{process.slug}"))) <= 8


# --- what search engines are told


async def test_the_sitemap_has_every_page_in_each_language_with_all_its_alternates(client, session, settings):
    process = await make.process(session, open_to=[Activity.VOTE])
    tree = ET.fromstring((await client.get("/sitemap.xml")).content)
    names = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    pages = {
        page.findtext("m:loc", None, names): {
            link.get("hreflang"): link.get("href") for link in page.findall("x:link", names)
        }
        for page in tree.findall("m:url", names)
    }
    vote = f"{settings.address}/sv/processes/{process.slug}/ballot"
    assert pages[vote] == {
        "fi": vote.replace("/sv/", "/fi/"),
        "sv": vote,
        "en": vote.replace("/sv/", "/en/"),
        "x-default": vote.replace("/sv/", "/fi/"),
    }
    assert pages[f"{settings.address}/fi/"]["x-default"] == f"{settings.address}/"
    for address, alternates in pages.items():
        assert address in alternates.values()
    for address in pages:
        if "/ballot" not in address:
            assert (await client.get(address.removeprefix(settings.address))).status_code == 200, address


async def test_robots_are_told_where_not_to_look(client):
    text = (await client.get("/robots.txt")).text
    assert "Disallow: /sv/desk\n" in text
    assert text.endswith("/sitemap.xml\n")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("page", ["accessibility", "privacy", "rules", "open-data"])
async def test_the_service_tells_of_itself_in_each_language(client, page, language):
    html = (await client.get(f"/{language}/about/{page}")).text
    text = re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>")[0])
    assert len(text.split()) > 100
    assert "None" not in text
    assert "{" not in text
    assert ("Lövsund" in text) == (language == "sv")


async def test_the_accessibility_statement_names_its_supervisor_and_dates(client, instance):
    facts = instance.city.facts["accessibility"]
    html = (await client.get("/fi/about/accessibility")).text
    assert facts["supervisor"]["name"]["fi"] in html
    assert "306/2019" in html
    assert f"{facts['prepared_on'].day}.{facts['prepared_on'].month}.{facts['prepared_on'].year}" in html


async def test_the_privacy_notice_tells_every_cookie_the_service_sets(client):
    html = (await client.get("/en/about/privacy")).text
    for name in ("session", "visitor", "lang"):
        assert f'scope="row" role="rowheader">{name}</th>' in html


async def test_the_language_is_remembered_from_its_sister_page_and_from_no_broken_address(
    app, session
) -> None:
    transport = httpx.ASGITransport(RememberLanguage(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        for referrer, remembered in (("http://puntari.test/fi/", True), ("http://[x", False)):
            answer = await client.get("/sv/", headers={"referer": referrer})
            assert (answer.status_code, "lang=sv" in str(answer.headers)) == (200, remembered)
