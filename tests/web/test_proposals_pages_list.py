"""The list of proposals as people find and browse it."""

import re

import pytest
from sqlalchemy import event

from service.processes.models import Activity
from service.proposals import search
from service.proposals.models import State
from tests import make
from tests.web.visitor import Visitor, h1, title, words

OPEN = [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT]


@pytest.fixture
async def places(session):
    return {
        "harbour": await make.area(session, "Harbour"),
        "centre": await make.area(session, "Centre"),
        "parks": await make.category(session, "Parks"),
    }


@pytest.fixture
async def process(session, places):
    pots = [(places["harbour"], 100), (places["centre"], 100), (None, 100)]
    return await make.process(session, open_to=OPEN, pots=pots, categories=[places["parks"]])


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


async def propose(session, process, heading, **values):
    made = await make.proposal(session, process, title=heading, **values)
    await search.index(session, made)
    return made


def titles(page):
    return re.findall(
        r'<li class="p-row" id="p\d+">.*?<a class="ds-link"[^>]*>(.*?)</a>', page.text, re.DOTALL
    )


async def statements(connection, request) -> list[str]:
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    try:
        answer = await request
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", note)
    assert answer.status_code == 200
    return seen


async def test_200_proposals_stand_on_one_page_that_asks_six_things(
    session, process, visitor, connection, places
):
    for number in range(200):
        await make.proposal(session, process, title=f"Penkki {number}", area_id=places["harbour"].id)
    page = await visitor.get("")
    assert h1(page) == "200 ehdotusta"
    assert len(titles(page)) == 200
    assert len(await statements(connection, visitor.get(""))) <= 6


async def test_more_than_200_come_sixty_a_page_in_an_order_that_page_two_keeps(session, process, visitor):
    for number in range(201):
        await make.proposal(session, process, title=f"Penkki {number}")
    first = await visitor.get("")
    address = re.search(r'href="(\?[^"]*page=2)"', first.text)[1].replace("&amp;", "&")
    assert "seed=" in address
    second = await visitor.get(address)
    assert len(titles(first)) == len(titles(second)) == 60
    assert not set(titles(first)) & set(titles(second))
    assert title(second).startswith("Ehdotukset, Sivu 2 – ")
    assert titles(await visitor.get(address)) == titles(second)


async def test_a_word_is_found_in_another_inflection_and_stays_in_its_field(session, process, visitor):
    await propose(session, process, "Penkkejä Puistokadulle")
    await propose(session, process, "Valoja kuntopolulle")
    page = await visitor.get("?q=penkki")
    assert titles(page) == ["Penkkejä Puistokadulle"]
    assert h1(page) == "1 ehdotus"
    assert 'name="q" value="penkki"' in page.text


async def test_each_filter_in_use_is_a_link_that_removes_it(session, process, visitor, places):
    harbour, centre = places["harbour"], places["centre"]
    await propose(session, process, "Laituri", area_id=harbour.id, category_id=places["parks"].id)
    await propose(session, process, "Penkki torille", area_id=centre.id)
    await propose(session, process, "Koko kaupungin valot")
    page = await visitor.get(f"?area={harbour.key}&area={centre.key}&order=newest")
    assert set(titles(page)) == {"Laituri", "Penkki torille"}
    assert "Alue: Harbour (fi)" in words(page)
    assert f'href="?area={centre.key}&amp;order=newest"' in page.text
    assert f'href="?area={harbour.key}&amp;order=newest"' in page.text

    assert titles(await visitor.get("?area=whole_city")) == ["Koko kaupungin valot"]
    assert titles(await visitor.get(f"?category={places['parks'].key}")) == ["Laituri"]


async def test_only_published_ones_are_listed_unless_others_are_asked_for(session, process, visitor):
    target = await propose(session, process, "Yhteinen ehdotus")
    await propose(session, process, "Alkuperäinen", state=State.MERGED, merged_into_id=target.id)
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.NOT_PUBLISHED):
        await make.proposal(session, process, title=f"Salainen {state}", state=state)
    assert titles(await visitor.get("")) == ["Yhteinen ehdotus"]
    assert titles(await visitor.get("?state=published")) == ["Yhteinen ehdotus"]
    merged = await visitor.get("?state=merged")
    assert titles(merged) == ["Alkuperäinen"]
    assert "Yhdistetty" in words(merged)


async def test_the_orders_are_links_and_newest_is_newest(session, process, visitor):
    now = (await propose(session, process, "Vanhin")).published_at
    await propose(session, process, "Uusin", published_at=now.replace(year=now.year + 1))
    assert titles(await visitor.get("?order=newest")) == ["Uusin", "Vanhin"]
    page = await visitor.get("?order=newest&q=x")
    assert 'href="?q=x"' in page.text
    assert 'href="?q=x&amp;order=supports"' in page.text
    assert '<input type="hidden" name="order" value="newest">' in page.text


async def test_a_mangled_address_still_shows_the_list(session, process, visitor):
    await propose(session, process, "Penkki")
    for query in ("?page=x", "?page=-1", "?order=best", "?state=secret", "?seed=" + "x" * 99, "?page=999"):
        page = await visitor.get(query)
        assert (page.status_code, titles(page)) == (200, ["Penkki"]), query
    assert (await visitor.get("?q=%00")).status_code < 500


async def test_of_a_long_search_the_first_words_count_and_the_page_says_so(session, process, visitor):
    await propose(session, process, "Penkki")
    await propose(session, process, "Silta")
    told = "Haussa voi olla enintään 200 merkkiä."
    page = await visitor.get("?q=penkki" + "+" * 190 + "silta")
    assert titles(page) == ["Penkki"]
    assert told in words(page)
    assert told not in words(await visitor.get("?q=penkki"))
    assert titles(await visitor.get("?q=" + "x" * 500)) == []


async def test_an_empty_search_says_what_was_looked_for_and_what_can_be_done(visitor, process):
    page = await visitor.get("?q=silta&area=nowhere")
    assert h1(page) == "0 ehdotusta"
    assert "Haullasi ei löytynyt ehdotuksia." in words(page)
    assert "Haku: silta" in words(page)
    assert "Tee siitä ehdotus" in words(page)
    assert "Ehdotuksia ei vielä ole. Tee ensimmäinen." in words(await visitor.get(""))


async def test_the_list_of_a_closed_process_asks_nobody_to_propose(client, session):
    closed = await make.process(session, open_to=[Activity.EVALUATE])
    page = await Visitor(client, session, f"/fi/processes/{closed.slug}/proposals").get("")
    assert "Tee ehdotus" not in words(page)
    assert "Ehdotuksia ei vielä ole." in words(page)


async def test_while_people_vote_the_list_leads_to_the_ballot(client, session):
    voting = await make.vote(session)
    page = await Visitor(client, session, f"/fi/processes/{voting.slug}/proposals").get("")
    assert f'href="/fi/processes/{voting.slug}/ballot"' in page.text


async def test_the_anonymous_list_is_the_same_for_all_and_may_be_kept(session, process, visitor):
    await propose(session, process, "Penkki")
    page = await visitor.get("")
    assert page.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in page.headers
    assert 'name="csrf"' not in page.text


async def test_a_title_with_markup_is_shown_as_text(session, process, visitor):
    await propose(
        session, process, "<script>alert(1)</script>", text="<img src=x onerror=alert(1)> ja lisää tekstiä"
    )
    page = await visitor.get("")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_swedish_text_says_so_on_the_finnish_page_and_the_page_is_whole_in_swedish(
    session, process, visitor
):
    await propose(
        session, process, "Bänkar till Parkgatan", language="sv", text="Det finns ingen bänk på hela vägen."
    )
    finnish = await visitor.get("")
    assert "Kirjoitettu ruotsiksi" in words(finnish)
    assert '<h2 class="ds-heading" data-size="xs" lang="sv">' in finnish.text
    swedish = await visitor.get(f"/sv/processes/{process.slug}/proposals")
    assert h1(swedish) == "1 förslag"
    assert "Skrivet på svenska" not in words(swedish)
    assert "Avgränsa och ordna" in words(swedish)
