"""An editor at the desk: each form right, with nonsense, twice, and from two windows; and nobody else."""

import html as markup
import re
from datetime import timedelta

import pytest

from service.core import clock
from service.core.actor import Role
from service.core.moments import typed_moment
from service.processes import queries
from service.processes.models import Activity, Process
from tests import make

DAY = timedelta(days=1)


class Desk:
    """A browser without scripts: opens a page, fills its form, sends it."""

    def __init__(self, client, proof: str, process: Process) -> None:
        self.client, self.proof, self.process = client, proof, process
        self.at = f"/fi/desk/processes/{process.slug}"

    async def open(self, path: str = "") -> str:
        answer = await self.client.get(f"{self.at}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def send(self, path: str, **fields):
        return await self.client.post(f"{self.at}{path}", data={"csrf": self.proof, **fields})

    async def form(self, path: str) -> dict[str, object]:
        """What the page's main form would send if nobody touched it."""
        page = await self.open(path)
        form = next(
            each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'method="post"' in each
        )
        return sent_by(form)


def sent_by(form: str) -> dict[str, object]:
    fields: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if given["name"] == "csrf" or (given["type"] in {"radio", "checkbox"} and " checked" not in tag):
            continue
        value = markup.unescape(given.get("value", ""))
        if given["type"] == "checkbox":
            fields.setdefault(given["name"], []).append(value)  # type: ignore[attr-defined]
        else:
            fields[given["name"]] = value
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        fields[name] = markup.unescape(text)
    return fields


@pytest.fixture
async def desk(client, session) -> Desk:
    area = await make.area(session, "Harbour")
    process = await make.process(session, published_at=None, pots=[(area, 5_000_00)])
    who = await make.staff(session, Role.EDITOR, process)
    return Desk(client, await make.signed_in(client, session, who), process)


def errors(answer) -> list[str]:
    summary = answer.text.split('class="ds-error-summary"')[1].split("</ul>")[0]
    return [markup.unescape(text) for text in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", summary)]


# --- seeing


async def test_every_page_of_a_round_opens_in_every_language(desk, session):
    await make.phase(session, desk.process, [Activity.PROPOSE], closes_in=2 * DAY)
    phase = await make.phase(session, desk.process, [Activity.VOTE], opens_in=DAY, closes_in=9 * DAY)
    pages = [
        "",
        "/settings",
        "/phases",
        "/phases/new",
        f"/phases/{phase.id}",
        "/areas",
        "/ballot",
        "/texts",
        "/people",
        "/publish",
    ]
    for language in ("fi", "sv", "en"):
        for page in pages:
            answer = await desk.client.get(f"/{language}/desk/processes/{desk.process.slug}{page}")
            assert answer.status_code == 200, page
    assert "(fi)" in (await desk.client.get("/fi/desk/processes")).text


async def test_the_overview_says_what_each_part_lacks(desk, session):
    page = await desk.open()
    for text in (
        "Aiheita ei ole valittu.",
        "Vaiheita ei ole.",
        "Äänioikeutettujen määrää ei ole kerrottu.",
        "Kierroksella ei ole tarkistajaa.",
    ):
        assert text in page, text
    assert "Kierroksella ei ole vastuuhenkilöä." not in page


async def test_the_drawing_of_the_phases_shows_gaps_and_overlaps_and_says_them(desk, session):
    await make.phase(
        session, desk.process, [Activity.PROPOSE], opens_in=-2 * DAY, closes_in=3 * DAY, name="Ehdotus"
    )
    await make.phase(
        session, desk.process, [Activity.SUPPORT], opens_in=2 * DAY, closes_in=4 * DAY, name="Kannatus"
    )
    await make.phase(session, desk.process, [Activity.VOTE], opens_in=6 * DAY, closes_in=9 * DAY)
    page = await desk.open("/phases")
    assert "Kaksi vaihetta on auki samaan aikaan" in page
    assert "Mikään ei ole auki tällä välillä" in page
    drawing = page.split("<svg role")[1].split("</svg>")[0]
    assert drawing.count('class="p-plot__bar"') == 3
    assert drawing.count('fill="url(#timeline-hatch)"') == 1
    assert 'style="' not in page


# --- changing


@pytest.mark.parametrize("path", ["/settings", "/texts", "/ballot", "/areas"])
async def test_a_form_sent_as_it_stands_changes_nothing_but_the_version(desk, session, path):
    category = await make.category(session)
    await desk.send("/settings", **(await desk.form("/settings")), categories=[str(category.id)])
    before = await everything(session, desk.process)
    answer = await desk.send(path, **await desk.form(path))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{desk.at}{path}?done=saved")
    after = await everything(session, desk.process)
    assert after == before | {"version": before["version"] + 1}


async def everything(session, process: Process) -> dict[str, object]:
    await session.refresh(process)
    return {
        **process.model_dump(),
        "pots": [(pot.area_id, pot.cents) for pot, _ in await queries.pots(session, process.id)],
        "categories": [category.id for category in await queries.categories(session, process.id)],
    }


async def test_texts_are_written_in_three_languages(desk, session):
    form = await desk.form("/texts")
    form |= {"title_sv": "Vår stad", "summary_fi": "Lyhyesti.", "title_en": "  "}
    assert (await desk.send("/texts", **form)).status_code == 303
    await session.refresh(desk.process)
    assert desk.process.title == {"fi": "Our city 2027 (fi)", "sv": "Vår stad"}
    assert "Puuttuu" in await desk.open("/texts")
    assert "Tallennettu." in await desk.open("/texts?done=saved")


async def test_a_round_without_a_name_is_refused_and_the_rest_is_kept(desk):
    form = await desk.form("/texts") | {
        "title_fi": "",
        "title_sv": "",
        "title_en": " ",
        "summary_fi": "Uusi tiivistelmä",
    }
    answer = await desk.send("/texts", **form)
    assert answer.status_code == 422
    assert errors(answer) == ["Anna kierrokselle nimi ainakin yhdellä kielellä."]
    assert "<title>Virhe: " in answer.text
    assert "Uusi tiivistelmä" in answer.text


async def test_sums_are_typed_as_people_type_them_and_what_is_no_sum_is_told_beside_its_area(desk, session):
    form = await desk.form("/areas")
    name = next(key for key in form if form[key] == "5\xa0000")
    answer = await desk.send("/areas", **form | {name: "62 500,50 €", "pot_city": "paljon"})
    assert answer.status_code == 422
    assert errors(answer) == ["Kirjoita summa numeroina, esimerkiksi 2500 tai 8,90."]
    assert 'value="62 500,50 €"' in answer.text
    assert (await desk.send("/areas", **form | {name: "62 500,50 €", "pot_city": ""})).status_code == 303
    assert [pot.cents for pot, _ in await queries.pots(session, desk.process.id)] == [62_500_50]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"max_choices": ""}, "Kerro, kuinka monta ehdotusta äänestäjä voi enintään valita."),
        ({"max_choices": "viisi"}, "Write a whole number."),
        ({"max_choices": "0"}, "The smallest possible value is %(ge)s."),
        ({"ballot_type": ""}, "Valitse, miten äänestetään."),
        (
            {"minimum_age": "20", "maximum_age": "12"},
            "Yläikärajan on oltava vähintään yhtä suuri kuin alaikärajan.",
        ),
        ({"eligible_count": "9" * 40}, "The largest possible value is %(le)s."),
    ],
)
async def test_voting_rules_that_cannot_be_are_told_and_nothing_is_kept(
    desk, session, instance, change, told
):
    before = await everything(session, desk.process)
    answer = await desk.send("/ballot", **await desk.form("/ballot") | change)
    assert answer.status_code == 422
    told = instance.translations.gettext("fi")(told) % {"ge": 1, "le": 100_000_000}
    assert errors(answer) == [told]
    assert await everything(session, desk.process) == before


async def test_trying_a_resident_shows_the_ballots_they_would_get(desk, session):
    area = next(area for pot, area in await queries.pots(session, desk.process.id))
    await desk.send("/ballot", **await desk.form("/ballot") | {"area_rule": "home", "minimum_age": "13"})
    year = (await clock.now(session)).year
    assert (
        "5\xa0000\xa0€"
        in (await desk.open(f"/ballot?birth_year={year - 30}&area={area.key}")).split('id="try"')[1]
    )
    too_young = (await desk.open(f"/ballot?birth_year={year - 5}&area={area.key}")).split('id="try"')[1]
    assert 'data-color="warning"' in too_young
    assert "5\xa0000\xa0€" not in too_young
    for nonsense in (
        "birth_year=&area=",
        "birth_year=x&area=y",
        "birth_year=²⁰¹²",
        "birth_year=0000&area=" + area.key,
    ):
        await desk.open(f"/ballot?{nonsense}")


# --- phases


def phase_form(now, **change):
    return {
        "name_fi": "Äänestys", "name_sv": "Omröstning", "activities": ["vote", "comment"],
        "opens_at": typed_moment(now + DAY), "closes_at": typed_moment(now + 9 * DAY), **change,
    }  # fmt: skip


async def test_a_phase_is_added_once_however_often_the_form_is_sent_then_changed_and_removed(desk, session):
    now = await clock.now(session)
    form = (await desk.form("/phases/new")) | phase_form(now)
    for _ in range(2):
        assert (await desk.send("/phases/new", **form)).status_code == 303
    (phase,) = await queries.phases(session, desk.process.id)
    assert phase.activities == ["comment", "vote"]
    assert phase.name == {"fi": "Äänestys", "sv": "Omröstning"}

    form = await desk.form(f"/phases/{phase.id}") | {"closes_at": "31.12.2098 klo 20.00"}
    assert (await desk.send(f"/phases/{phase.id}", **form)).status_code == 303
    await session.refresh(phase)
    assert typed_moment(phase.closes_at) == "2098-12-31T20:00"

    assert f"/phases/{phase.id}/remove" in await desk.open(f"/phases/{phase.id}")
    asked = await desk.open(f"/phases/{phase.id}/remove")
    assert "Tämä on äänestyksen vaihe." in asked
    assert "Äänestys" in asked
    assert (await desk.send(f"/phases/{phase.id}/remove")).status_code == 303
    assert await queries.phases(session, desk.process.id) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name_fi": "", "name_sv": ""}, "Anna vaiheelle nimi ainakin yhdellä kielellä."),
        ({"activities": []}, "Valitse ainakin yksi asia, jonka vaihe sallii."),
        ({"opens_at": ""}, "Kirjoita päivä ja kellonaika, jolloin vaihe alkaa."),
        ({"opens_at": "huomenna"}, "Kirjoita päivä ja kellonaika, esimerkiksi 14.3.2027 20.00."),
        ({"closes_at": "2027-03-28T03:30"}, "Tätä hetkeä ei ole, koska kelloja siirretään silloin eteenpäin. Valitse toinen aika."),
        ({"opens_at": "2050-01-02T12:00", "closes_at": "2050-01-02T12:00"}, "Vaihe päättyy ennen kuin se alkaa. Tarkista kumpikin hetki."),
    ],
)  # fmt: skip
async def test_a_phase_that_cannot_be_is_told_and_what_was_typed_is_kept(desk, session, change, told):
    form = (await desk.form("/phases/new")) | phase_form(await clock.now(session)) | change
    answer = await desk.send("/phases/new", **form)
    assert answer.status_code == 422
    assert errors(answer) == [told]
    assert f'value="{form["opens_at"]}"' in answer.text
    assert await queries.phases(session, desk.process.id) == []


async def test_a_second_vote_is_refused_beside_its_field(desk, session):
    await make.phase(session, desk.process, [Activity.VOTE], opens_in=DAY)
    form = (await desk.form("/phases/new")) | phase_form(await clock.now(session))
    answer = await desk.send("/phases/new", **form)
    assert answer.status_code == 422
    assert errors(answer) == ["Kierroksessa on yksi äänestys. Toinen vaihe on jo varattu siihen."]


# --- two editors


@pytest.mark.parametrize(
    ("path", "mine", "theirs"),
    [
        ("/texts", {"summary_fi": "Minun tiivistelmäni"}, {"summary_fi": "Toisen tiivistelmä"}),
        ("/settings", {"owner_fi": "Minun yksikköni"}, {"owner_fi": "Toisen yksikkö"}),
        ("/ballot", {"max_choices": "3"}, {"max_choices": "7"}),
        ("/areas", {"pot_city": "300"}, {"pot_city": "700"}),
    ],
)
async def test_two_windows_show_both_versions_and_sending_again_keeps_ones_own(desk, path, mine, theirs):
    form = await desk.form(path)
    assert (await desk.send(path, **form | theirs)).status_code == 303

    answer = await desk.send(path, **form | mine)

    assert answer.status_code == 409
    conflict = answer.text.split('id="conflict"')[1].split("</table>")[0]
    for value in (*mine.values(), *theirs.values()):
        assert value in conflict
    again = sent_by(
        next(
            each
            for each in re.findall(r"<form.*?</form>", answer.text, re.DOTALL)
            if 'name="version"' in each
        )
    )
    assert again | mine == again
    assert (await desk.send(path, **again)).status_code == 303
    assert (await desk.form(path)).items() >= mine.items()


async def test_two_windows_on_one_phase_show_both_versions(desk, session):
    phase = await make.phase(session, desk.process, [Activity.PROPOSE])
    path = f"/phases/{phase.id}"
    form = await desk.form(path)
    await desk.send(path, **form | {"name_fi": "Toisen nimi"})
    answer = await desk.send(path, **form | {"name_fi": "Minun nimeni"})
    assert answer.status_code == 409
    conflict = answer.text.split('id="conflict"')[1].split("</table>")[0]
    assert "Toisen nimi" in conflict
    assert "Minun nimeni" in conflict


# --- what is fixed


@pytest.fixture
async def voting(desk, session) -> Desk:
    await make.phase(session, desk.process, [Activity.VOTE], name="Äänestys")
    desk.process.published_at = await clock.now(session)
    await session.flush()
    return desk


async def test_what_is_fixed_is_text_with_its_reason_and_no_disabled_input(voting, session):
    (phase,) = await queries.phases(session, voting.process.id)
    for path, reason in (
        ("/ballot", "lukittiin yhdessä äänestyslipun kanssa"),
        ("/areas", "lukittiin yhdessä äänestyslipun kanssa"),
        ("/settings", "lukittiin yhdessä äänestyslipun kanssa"),
        (f"/phases/{phase.id}", "lukittiin, kun äänestys alkoi"),
    ):
        page = await voting.open(path)
        assert reason in page.lower(), path
        assert "disabled" not in page.split("<main")[1]
    assert 'type="radio"' not in await voting.open("/ballot")
    assert "<form method" not in (await voting.open("/areas")).split("<main")[1]
    assert "Lukittu" in await voting.open()


async def test_the_forms_of_an_open_vote_save_what_may_still_change(voting, session):
    form = await voting.form("/ballot") | {"eligible_count": "18620"}
    assert (await voting.send("/ballot", **form)).status_code == 303
    (phase,) = await queries.phases(session, voting.process.id)
    longer = await voting.form(f"/phases/{phase.id}") | {"closes_at": "2098-12-31T20:00"}
    assert (await voting.send(f"/phases/{phase.id}", **longer)).status_code == 303
    await session.refresh(voting.process)
    await session.refresh(phase)
    assert (voting.process.eligible_count, typed_moment(phase.closes_at)) == (18620, "2098-12-31T20:00")
    assert phase.activities == ["vote"]


async def test_hidden_inputs_bent_by_hand_are_refused_with_the_reason(voting, session):
    (phase,) = await queries.phases(session, voting.process.id)
    before = await everything(session, voting.process)
    for path, change in (
        ("/ballot", {"max_choices": "9"}),
        ("/settings", {"legal_basis": "consent"}),
        (f"/phases/{phase.id}", {"opens_at": "2098-01-01T12:00", "closes_at": "2098-12-31T20:00"}),
    ):
        answer = await voting.send(path, **await voting.form(path) | change)
        assert answer.status_code == 409, path
        assert "lukittiin" in errors(answer)[0]
    assert (await voting.send("/areas", version="1", pot_city="5")).status_code == 409
    assert (await voting.send(f"/phases/{phase.id}/remove")).status_code == 409
    answer = await voting.client.get(f"{voting.at}/phases/{phase.id}/remove")
    assert answer.status_code == 409
    assert await everything(session, voting.process) == before


# --- making and publishing


@pytest.fixture
async def administrator(client, session) -> str:
    return await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))


async def test_an_administrator_makes_a_round_whose_address_comes_from_its_name(
    client, session, administrator
):
    form = {"csrf": administrator, "title_fi": "Meidän kylä 2028", "slug": ""}
    answer = await client.post("/fi/desk/processes/new", data=form)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/fi/desk/processes/meidan-kyla-2028?done=created",
    )
    assert "Ennen julkaisua sen näkevät vain" in (await client.get(answer.headers["location"])).text

    again = await client.post("/fi/desk/processes/new", data=form)
    assert again.status_code == 422
    assert errors(again) == ["Toisella kierroksella on jo tämä osoite. Valitse toinen."]
    assert 'value="Meidän kylä 2028"' in again.text


@pytest.mark.parametrize(
    ("name", "mistakes"),
    [
        (" ", ["Anna kierrokselle nimi ainakin yhdellä kielellä."]),
        ("Наш город", ["Nimestä ei voi muodostaa osoitetta. Kirjoita osoite."]),
    ],
)
async def test_an_address_is_asked_for_only_where_the_name_gives_none(client, administrator, name, mistakes):
    form = {"csrf": administrator, "title_fi": name, "slug": ""}
    assert errors(await client.post("/fi/desk/processes/new", data=form)) == mistakes


async def test_publishing_has_a_page_before_it_and_says_what_hinders(desk, session):
    assert "Vaiheita ei ole." in await desk.open("/publish")
    assert (await desk.send("/publish")).status_code == 409
    await make.phase(session, desk.process, [Activity.PROPOSE])
    assert "Julkaise</button>" in await desk.open("/publish")
    assert (await desk.send("/publish")).status_code == 303
    assert (await desk.client.get(f"/fi/processes/{desk.process.slug}")).status_code == 200


# --- nobody else


@pytest.mark.parametrize(
    "path", ["", "/settings", "/texts", "/ballot", "/areas", "/phases", "/phases/new", "/people", "/publish"]
)
@pytest.mark.parametrize(
    ("role", "status"), [(Role.EDITOR, 404), (Role.ADMINISTRATOR, 404), (Role.MODERATOR, 404), (None, 404)]
)
async def test_a_round_in_preparation_is_not_there_for_others(client, session, path, role, status):
    process = await make.process(session, published_at=None)
    other = await make.process(session)
    who = await (make.staff(session, role, other) if role else make.resident(session))
    await make.signed_in(client, session, who)
    assert (await client.get(f"/fi/desk/processes/{process.slug}{path}")).status_code == status


@pytest.mark.parametrize("path", ["/settings", "/texts", "/ballot", "/areas", "/phases/new", "/publish"])
async def test_another_rounds_editor_is_refused_a_published_one(client, session, path):
    process = await make.process(session)
    other = await make.process(session)
    proof = await make.signed_in(client, session, await make.staff(session, Role.EDITOR, other))
    before = await everything(session, process)
    assert (await client.get(f"/fi/desk/processes/{process.slug}{path}")).status_code == 403
    answer = await client.post(
        f"/fi/desk/processes/{process.slug}{path}", data={"csrf": proof, "version": "1"}
    )
    assert answer.status_code == 403
    assert await everything(session, process) == before


async def test_who_is_not_signed_in_is_led_to_sign_in(client, session):
    process = await make.process(session)
    for path in ("", "/new", f"/{process.slug}", f"/{process.slug}/settings"):
        answer = await client.get(f"/fi/desk/processes{path}")
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/fi/sign-in")


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EVALUATOR])
async def test_the_list_of_rounds_is_for_those_who_look_after_rounds(client, session, role):
    await make.signed_in(client, session, await make.staff(session, role))
    assert (await client.get("/fi/desk/processes")).status_code == 403


async def test_a_form_without_its_proof_changes_nothing(desk, session):
    answer = await desk.client.post(f"{desk.at}/texts", data={"version": "1", "title_fi": "Kaapattu"})
    assert answer.status_code == 403
    await session.refresh(desk.process)
    assert desk.process.version == 1
