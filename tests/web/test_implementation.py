"""What became of the winners, as residents read it and editors write it, by both doors."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.core import clock
from service.core.actor import Role
from service.core.clock import HELSINKI
from service.core.text import Localized
from service.processes.models import Activity
from service.results import actions, queries
from service.results.models import Status, Step
from tests import make

BALLOTS = ([5, 4], [5, 4], [5, 3, 2], [5, 2], [1])
HERE = "/fi/desk/processes/oma/implementation"
FORM = {
    "title_fi": "Hankinta", "title_sv": "Anskaffning", "status": "in_progress", "planned_start": "2026-05-01",
    "planned_end": "15.6.2026", "spent_cents": "8 950,50", "text_fi": "Telineet on *tilattu*.",
}  # fmt: skip


def words(answer):
    return " ".join(answer.text.partition("<main")[2].replace("\xa0", " ").split())


@pytest.fixture
async def counted(session, instance):
    process, _ = await make.counted(session, instance.keys, *BALLOTS, slug="oma")
    await make.phase(session, process, [Activity.IMPLEMENT])
    return process


@pytest.fixture
async def proof(client, session, counted):
    return await make.signed_in(client, session, await make.staff(session, Role.EDITOR, counted))


@pytest.fixture
async def milestone(session, counted):
    editor = await make.staff(session, Role.EDITOR, counted)
    now = await clock.now(session)
    day = now.astimezone(HELSINKI).date()
    told = Step(
        title=Localized(fi="Asennus", sv="Montering"),
        status=Status.IN_PROGRESS,
        planned_end=day - timedelta(days=10),
        actual_start=day - timedelta(days=20),
        spent_cents=9_300_00,
        delay_reason=Localized(fi="Vanha viemäri piti siirtää.", sv="Ett gammalt avlopp måste flyttas."),
    )
    return await actions.add_milestone(session, counted, 5, told, nonce=uuid4(), by=editor)


async def test_residents_read_how_far_each_winner_has_come(client, milestone):
    fi = words(await client.get("/fi/processes/oma/implementation"))
    assert "Valmiina 0/3, käytetty 9 300 € / 80 000 €." in fi
    assert fi.index("Project 5") < fi.index("Project 2") < fi.index("Project 1")
    assert "10 päivää myöhässä." in fi
    assert "Vanha viemäri piti siirtää." in fi
    assert "Project 4" not in fi
    sv = words(await client.get("/sv/processes/oma/implementation"))
    assert "Montering" in sv
    assert "10 dagar försenat." in sv


async def test_silence_and_a_decision_to_stop_are_told_by_themselves(client, session, counted, milestone):
    await clock.shift(session, timedelta(days=11 + 91))
    assert "Hankkeesta ei ole kerrottu mitään uutta 91 päivään." in words(
        await client.get("/fi/processes/oma/implementation")
    )
    stop = Step(
        title=Localized(fi="Asennus"),
        status=Status.STOPPED,
        decision_body=Localized(fi="tekninen lautakunta"),
        decided_on=(await clock.now(session)).date() - timedelta(days=1),
        decision_section="64",
        decision_case="LEH/214/10.03/2026",
    )
    editor = await make.staff(session, Role.EDITOR, counted)
    await actions.change_milestone(session, counted, milestone.id, stop, version=1, by=editor)

    told = words(await client.get("/fi/processes/oma/implementation"))

    assert "Työ keskeytettiin päätöksellä: tekninen lautakunta" in told
    assert "64 §" in told
    assert "LEH/214/10.03/2026" in told
    assert "1 hanke keskeytettiin." in told


async def test_an_editor_writes_a_milestone_in_the_browser(client, session, counted, proof):
    new = await client.get(f"{HERE}/5/new")
    nonce = new.text.partition('name="nonce" value="')[2].partition('"')[0]
    form = FORM | {"csrf": proof, "nonce": nonce}

    done = await client.post(f"{HERE}/5/new", data=form)
    twice = await client.post(f"{HERE}/5/new", data=form)

    assert done.status_code == twice.status_code == 303
    outcome = await queries.outcome(session, await queries.latest(session, counted.id))
    [made] = (await queries.undertakings(session, outcome))[0].milestones
    assert (made.title["sv"], made.spent_cents, made.planned_end.isoformat()) == (
        "Anskaffning",
        8_950_50,
        "2026-06-15",
    )
    told = await client.get("/fi/processes/oma/implementation")
    assert "<em>tilattu</em>" in told.text

    edit = await client.get(f"{HERE}/milestones/{made.id}")
    assert 'value="8950,50"' in edit.text
    assert 'value="2026-06-15"' in edit.text
    change = FORM | {"csrf": proof, "version": "1", "status": "completed", "actual_end": "2026-06-10"}
    assert (await client.post(f"{HERE}/milestones/{made.id}", data=change)).status_code == 303
    late = await client.post(f"{HERE}/milestones/{made.id}", data=change | {"title_fi": "Oma nimi"})
    assert late.status_code == 409
    assert 'value="Oma nimi"' in late.text
    assert 'name="version" value="2"' in late.text


@pytest.mark.parametrize(
    ("typed", "said", "kept"),
    [
        ({"title_fi": "", "title_sv": ""}, "Anna etapille nimi", 'value="8 950,50"'),
        ({"planned_start": "huomenna"}, "Kirjoita päivä, esimerkiksi 14.3.2027.", 'value="huomenna"'),
        ({"planned_end": "31.2.2026"}, "Kirjoita päivä", 'value="31.2.2026"'),
        ({"planned_end": "1.4.2026"}, "Loppu ei voi olla ennen alkua.", 'value="Hankinta"'),
        ({"spent_cents": "paljon"}, "Kirjoita summa numeroin", 'value="paljon"'),
        ({"spent_cents": "-5"}, "alle nolla", 'value="Hankinta"'),
        ({"status": "completed"}, "Kerro päivä, jona se valmistui.", 'value="Hankinta"'),
        ({"status": "stopped"}, "Kerro, kuka päätti keskeyttämisestä", 'value="Hankinta"'),
        ({"status": "unknown"}, 'aria-invalid="true"', 'value="Hankinta"'),
        ({"decision_link": "javascript:alert(1)"}, "https://", 'value="javascript:alert(1)"'),
        ({"decision_link": "http://[x"}, "https://", 'value="http://[x"'),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    client, session, proof, typed, said, kept
):
    answer = await client.post(f"{HERE}/5/new", data=FORM | {"csrf": proof} | typed)

    assert answer.status_code == 422
    assert said in words(answer)
    assert kept in answer.text
    assert "<title>Virhe: " in answer.text


async def test_a_picture_has_its_words_and_is_shown_to_everybody(client, session, milestone, proof):
    here = f"{HERE}/milestones/{milestone.id}/picture"
    file = {"picture": ("kuva.png", make.photo(), "image/png")}

    nothing = await client.post(
        here,
        data={"csrf": proof, "picture_alt": "Teline.", "version": "1"},
        files={"picture": ("", b"", "image/png")},
    )
    assert (nothing.status_code, "Valitse ensin kuva." in nothing.text) == (422, True)
    unsaid = await client.post(here, data={"csrf": proof, "picture_alt": "", "version": "1"}, files=file)
    assert (unsaid.status_code, "Kuvaile kuva sanoin" in unsaid.text or "sanoin" in unsaid.text) == (
        422,
        True,
    )
    late = await client.post(here, data={"csrf": proof, "picture_alt": "Teline.", "version": "7"}, files=file)
    assert (late.status_code, 'name="version" value="1"' in late.text) == (409, True)
    broken = await client.post(
        here,
        data={"csrf": proof, "picture_alt": "Teline.", "version": "1"},
        files={"picture": ("a.png", b"no", "image/png")},
    )
    assert (broken.status_code, 'value="Teline."' in broken.text) == (422, True)
    for refused in (unsaid, late, broken):
        assert "Tiedosto on valittava uudelleen." in refused.text
    assert (
        await client.post(here, data={"csrf": proof, "picture_alt": "Teline.", "version": "1"}, files=file)
    ).status_code == 303

    client.cookies.clear()
    page = await client.get("/fi/processes/oma/implementation")
    address = page.text.partition('src="/pictures/')[2].partition('"')[0]
    assert 'alt="Teline."' in page.text
    shown = await client.get(f"/pictures/{address}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")


async def test_a_milestone_is_removed_after_a_question(client, session, milestone, proof):
    asked = await client.get(f"{HERE}/milestones/{milestone.id}/remove")
    assert "Asennus" in words(asked)
    done = await client.post(f"{HERE}/milestones/{milestone.id}/remove", data={"csrf": proof, "version": "1"})
    assert done.status_code == 303
    assert (await client.get(f"{HERE}/milestones/{milestone.id}")).status_code == 404


async def test_a_program_writes_changes_illustrates_and_removes_a_milestone(client, session, counted, proof):
    headers = {"X-CSRF-Token": proof}
    base = "/api/v1/processes/oma"
    body = {
        "title": {"fi": "Hankinta"},
        "status": "planned",
        "planned_end": "2030-01-01",
        "nonce": str(uuid4()),
    }

    made = await client.post(f"{base}/projects/5/milestones", json=body, headers=headers)
    again = await client.post(f"{base}/projects/5/milestones", json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json()["id"] == again.json()["id"]
    address = f"{base}/milestones/{made.json()['id']}"
    wrong = await client.put(address, json=body | {"status": "completed", "version": 1}, headers=headers)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "actual_end")
    changed = await client.put(address, json=body | {"spent_cents": 100, "version": 1}, headers=headers)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    picture = await client.put(
        f"{address}/picture?alt=Teline&version=2", content=make.photo(), headers=headers
    )
    assert picture.json()["picture"].startswith("/pictures/")
    late = await client.put(f"{address}/picture?alt=Oma&version=2", content=make.photo(), headers=headers)
    assert late.status_code == 409
    assert (await client.delete(f"{address}/picture?version=3", headers=headers)).status_code == 204
    told = (await client.get(f"{base}/implementation")).json()
    assert [one["number"] for one in told] == [5, 2, 1]
    assert told[0]["milestones"][0]["spent_cents"] == 100
    assert (await client.delete(f"{address}?version=1", headers=headers)).status_code == 409
    assert (await client.delete(f"{address}?version=4", headers=headers)).status_code == 204
    assert (await client.post(f"{base}/projects/4/milestones", json=body, headers=headers)).status_code == 409
    assert (
        await client.post(f"{base}/projects/77/milestones", json=body, headers=headers)
    ).status_code == 404


async def test_others_neither_read_nor_write_at_the_desk(client, session, counted, milestone):
    await make.signed_in(client, session, await make.resident(session))
    for page in ("", "/5/new", f"/milestones/{milestone.id}", f"/milestones/{milestone.id}/remove"):
        assert (await client.get(f"{HERE}{page}")).status_code == 403
    other = await make.process(session)
    stranger = await make.staff(session, Role.EDITOR, other)
    proof = await make.signed_in(client, session, stranger)
    answer = await client.post(f"{HERE}/5/new", data=FORM | {"csrf": proof})
    assert answer.status_code == 403


async def test_before_the_count_there_is_nothing_to_carry_out(client, session):
    process = await make.vote(session, slug="kesken")
    await make.phase(session, process, [Activity.IMPLEMENT])
    told = await client.get("/en/processes/kesken/implementation")
    assert "are shown here when the votes have been counted" in words(told)
    assert (await client.get("/api/v1/processes/kesken/implementation")).status_code == 404
    editor = await make.staff(session, Role.EDITOR)
    await make.signed_in(client, session, editor)
    assert (await client.get("/fi/desk/processes/kesken/implementation")).status_code == 409
