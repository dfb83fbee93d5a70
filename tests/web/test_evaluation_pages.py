"""The evaluators' desk in a browser: one's list, a dossier, and for editors who evaluates what."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.core.instance import Instance
from service.core.text import Localized
from service.evaluation import actions, queries
from service.evaluation.models import Assessment, Assignment, Feasibility, InternalNote, Remark
from service.processes.models import Activity
from service.proposals.models import State
from service.voting import actions as voting
from tests import make
from tests.web.visitor import Visitor, hidden, words
from tests.web.visitor import title as title_of

FEASIBLE = Assessment(
    feasibility=Feasibility.FEASIBLE,
    reason=Localized(fi="Alue on kaupungin.", sv="Området är stadens."),
    cost_low_cents=18_000_00,
    cost_high_cents=24_000_00,
)
SECRET = "Kysytty katuyksiköstä."


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.EVALUATE], pots=[(None, 100_000_00)])


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process, name="Eeva Editori")


@pytest.fixture
async def evaluator(session, process):
    return await make.staff(session, Role.EVALUATOR, process, name="Antti Arvioija")


@pytest.fixture
async def proposal(session, process, evaluator):
    made = await make.proposal(session, process, title="Penkkejä Puistokadulle")
    session.add(Assignment(proposal_id=made.id, evaluator_id=evaluator.id))
    await session.flush()
    return made


@pytest.fixture
async def visitor(client, session, evaluator, proposal):
    visitor = Visitor(client, session, f"/fi/desk/evaluation/{proposal.id}")
    await visitor.enter(evaluator)
    return visitor


SENT = {
    "feasibility": "feasible",
    "cost_low": "18 000",
    "cost_high": "24 000,50 €",
    "maintenance": "600",
    "reason_fi": "Alue on kaupungin.",
    "reason_sv": "Området är stadens.",
    "version": "0",
}


async def notes(session):
    return [note.text for note in (await session.exec(select(InternalNote))).all()]


def value_of(page, name):
    return unescape(re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.text)[1])


# --- the list


async def test_an_evaluators_list_leads_to_what_is_theirs(session, process, visitor, proposal):
    other = await make.proposal(session, process, title="Ei osoitettu")

    page = await visitor.get("/fi/desk/evaluation")

    assert f'href="/fi/desk/evaluation/{proposal.id}"' in page.text
    assert other.title not in words(page)
    assert "Arviointi 1 odottaa" in words(await visitor.get("/fi/desk"))


async def test_an_editor_sees_how_far_each_process_is(session, process, visitor, editor, proposal):
    await make.proposal(session, process)
    await visitor.enter(editor)

    page = await visitor.get("/fi/desk/evaluation")

    assert "2 ehdotusta 2 arvioitavana 1 ilman arvioijaa" in words(page)
    assert f'href="/fi/desk/processes/{process.slug}/evaluation"' in page.text


# --- the dossier


async def test_an_evaluation_is_saved_with_sums_as_people_type_them_and_a_note(session, visitor, proposal):
    answer = await visitor.post("", **SENT, note=SECRET, nonce=str(uuid4()))

    assert (answer.status_code, answer.headers["location"]) == (303, f"{visitor.home}?done=saved")
    saved = await queries.find(session, proposal.id)
    assert (saved.cost_low_cents, saved.cost_high_cents, saved.maintenance_cents) == (
        18_000_00,
        24_000_50,
        600_00,
    )
    assert saved.reason == {"fi": "Alue on kaupungin.", "sv": "Området är stadens."}
    assert await notes(session) == [SECRET]
    page = await visitor.get(answer.headers["location"])
    shown = words(page)
    assert "Arvio on tallennettu." in shown
    assert "Arvioi ehdotuksen: Toteutettavissa" in shown
    assert "Antti Arvioija" in shown
    assert value_of(page, "cost_high") == "24\xa0000,50"


async def test_public_and_internal_are_told_apart_by_heading_word_and_ground(visitor):
    page = await visitor.get("")

    public = re.search(
        r'<section class="p-stack" aria-labelledby="public">.*?</section>', page.text, re.DOTALL
    )[0]
    internal = re.search(
        r'<section class="p-internal p-stack" aria-labelledby="internal">.*?</section>', page.text, re.DOTALL
    )[0]
    assert "Julkinen" in public
    assert 'name="reason_fi"' in public
    assert "Sisäinen" in internal
    assert 'name="note"' in internal


@pytest.mark.parametrize(
    ("change", "field", "mistake"),
    [
        ({"cost_low": "paljon"}, "cost_low", "Kirjoita summa numeroina"),
        ({"cost_high": "−5"}, "cost_high", "Summa ei voi olla alle nollan."),
        ({"maintenance": "999999999999"}, "maintenance", "Summa on liian suuri."),
        ({"cost_low": ""}, "cost_low", "Anna kustannusarvion ala- ja yläraja."),
        ({"cost_high": "100"}, "cost_high", "Kustannusarvion yläraja ei voi olla alarajaa pienempi."),
        ({"reason_fi": "", "reason_sv": ""}, "reason", "Kirjoita julkinen perustelu."),
        ({"reason_en": "x" * 3_001}, "reason", "Kirjoita kullakin kielellä enintään 3000 merkkiä."),
        ({"feasibility": "maybe"}, "feasibility", ""),
    ],
)
async def test_a_mistaken_form_is_kept_and_says_how_to_mend_it(
    session, visitor, proposal, change, field, mistake
):
    page = await visitor.post("", **{**SENT, **change, "note": SECRET})

    assert page.status_code == 422
    assert title_of(page).startswith("Virhe: ")
    assert mistake in words(page)
    assert f'<a class="ds-link" href="#{field}">' in page.text
    for name in ("cost_low", "cost_high", "maintenance"):
        assert value_of(page, name) == {**SENT, **change}[name]
    assert SECRET in words(page)
    assert await queries.find(session, proposal.id) is None
    assert await notes(session) == []


async def test_of_two_evaluators_the_later_sees_both_versions_and_decides(
    session, process, visitor, evaluator, proposal
):
    await visitor.get("")
    await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)

    page = await visitor.post("", **{**SENT, "feasibility": "not_feasible", "reason_fi": "Ei ole kaupungin."})

    assert page.status_code == 409
    shown = words(page)
    assert "Voiko sen toteuttaa? Toteutettavissa Ei toteutettavissa" in shown
    assert "Julkinen perustelu (Suomi) Alue on kaupungin. Ei ole kaupungin." in shown
    assert (await queries.find(session, proposal.id)).feasibility is Feasibility.FEASIBLE
    assert hidden(page, "version") == "1"
    again = {**SENT, "feasibility": "not_feasible", "reason_fi": "Ei ole kaupungin.", "version": "1"}
    assert (await visitor.post("", **again)).status_code == 303
    saved = await queries.find(session, proposal.id)
    await session.refresh(saved)
    assert saved.feasibility is Feasibility.NOT_FEASIBLE


async def test_a_form_sent_twice_saves_one_evaluation_and_one_note(session, visitor, proposal):
    sent = {**SENT, "note": SECRET, "nonce": str(uuid4())}

    assert [(await visitor.post("", **sent)).status_code for _ in range(2)] == [303, 303]

    assert (await queries.find(session, proposal.id)).version == 1
    assert await notes(session) == [SECRET]


# --- who reads and who changes


async def test_a_colleague_reads_and_is_told_why_it_cannot_be_changed(
    session, process, visitor, evaluator, proposal
):
    await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)
    await visitor.enter(await make.staff(session, Role.EVALUATOR, process))

    page = await visitor.get("")
    assert "Ehdotuksen arvioi joku toinen." in words(page)
    assert "Alue on kaupungin." in words(page)
    assert 'name="feasibility"' not in page.text
    assert (await visitor.post("", **SENT)).status_code == 403
    assert (await visitor.post("/notes", text=SECRET, nonce=str(uuid4()))).status_code == 303
    assert await notes(session) == [SECRET]


async def test_an_editor_reads_and_writes_notes_only(session, visitor, editor, proposal):
    await visitor.enter(editor)

    assert "Arvioijat muuttavat arviota." in words(await visitor.get(""))
    assert (await visitor.post("", **SENT)).status_code == 403
    empty = await visitor.post("/notes", text="")
    assert empty.status_code == 422
    assert "Kirjoita ensin muistiinpano." in words(empty)
    answer = await visitor.post("/notes", text=SECRET, nonce=str(uuid4()))
    assert answer.headers["location"] == f"{visitor.home}?done=noted"
    assert SECRET in words(await visitor.get(answer.headers["location"]))


async def test_when_evaluation_has_closed_the_dossier_is_read_with_the_reason(session, evaluator, client):
    process = await make.process(session)
    await make.phase(
        session,
        process,
        [Activity.EVALUATE],
        opens_in=-make.timedelta(days=9),
        closes_in=-make.timedelta(days=1),
    )
    everywhere = await make.staff(session, Role.EVALUATOR)
    proposal = await make.proposal(session, process)
    session.add(Assignment(proposal_id=proposal.id, evaluator_id=everywhere.id))
    await session.flush()
    visitor = Visitor(client, session, f"/fi/desk/evaluation/{proposal.id}")
    await visitor.enter(everywhere)

    assert "Arviointi ei ole nyt auki." in words(await visitor.get(""))
    page = await visitor.post("", **SENT)
    assert page.status_code == 409
    assert "Arviointi ei ole nyt auki." in words(page)
    assert await queries.find(session, proposal.id) is None


async def test_once_the_ballot_is_frozen_what_stands_on_it_does_not_change(
    session, process, visitor, evaluator, editor, proposal, instance: Instance
):
    await make.phase(session, process, [Activity.VOTE], opens_in=make.timedelta(days=2))
    await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)
    await voting.select(session, process, proposal, by=editor)
    assert "luettelo on lukittu" not in words(await visitor.get(""))

    await voting.freeze(session, process, keys=instance.keys, by=editor)

    assert "luettelo on lukittu" in words(await visitor.get(""))
    page = await visitor.post("", **{**SENT, "version": "1"})
    assert page.status_code == 409
    assert (await queries.find(session, proposal.id)).cost_high_cents == 24_000_00


async def test_nobody_else_opens_a_dossier(session, process, visitor, proposal):
    others = [await make.resident(session)]
    others += [await make.staff(session, role) for role in (Role.MODERATOR, Role.ADMINISTRATOR)]
    for person in others:
        await visitor.enter(person)
        assert (await visitor.get("/fi/desk/evaluation")).status_code == 403
        assert (await visitor.get("")).status_code == 403
        assert (await visitor.post("", **SENT)).status_code == 403
        assert (await visitor.post("/notes", text=SECRET)).status_code == 403
    for role in (Role.EVALUATOR, Role.EDITOR):
        await visitor.enter(await make.staff(session, role, await make.process(session)))
        assert (await visitor.get("")).status_code == 404
        assert (await visitor.post("", **SENT)).status_code == 404
        assert (await visitor.post("/notes", text=SECRET)).status_code == 404
    visitor.leave()
    answer = await visitor.get("", follow=False)
    assert answer.headers["location"].startswith("/fi/sign-in?next=")
    assert await notes(session) == []


async def test_a_form_without_its_proof_changes_nothing(session, visitor, proposal):
    visitor.proof = "0" * 128

    assert (await visitor.post("", **SENT)).status_code == 403
    assert (await visitor.post("/notes", text=SECRET)).status_code == 403
    assert await queries.find(session, proposal.id) is None


async def test_nobody_outside_the_staff_sees_an_internal_note_or_an_unfinished_evaluation(
    client, session, process, visitor, evaluator, proposal
):
    half = Assessment(reason=Localized(fi="Ehkä.", sv="Kanske.", en="Perhaps."), cost_high_cents=77_777_00)
    await actions.assess(session, proposal, half, version=0, by=evaluator)
    await actions.note(session, proposal, Remark(text=SECRET), nonce=uuid4(), by=evaluator)
    author = make.Resident(proposal.author_id, "Aino K.", "fi")
    here = f"/processes/{process.slug}/proposals/{proposal.number}"
    public = [f"/{language}{here}" for language in ("fi", "sv", "en")]
    public += [
        f"/api/v1{here}",
        f"/api/v1{here}/evaluation",
        f"/api/v1/processes/{process.slug}/proposals.json",
    ]

    for person in (None, author):
        visitor.leave()
        if person:
            await visitor.enter(person)
        for path in public:
            text = (await client.get(path, follow_redirects=True)).text
            for secret in (SECRET, "Perhaps.", "77 777", "7777700"):
                assert secret not in text, path


# --- who evaluates what


@pytest.fixture
async def assigning(client, session, process, editor, proposal):
    visitor = Visitor(client, session, f"/fi/desk/processes/{process.slug}/evaluation")
    await visitor.enter(editor)
    return visitor


async def test_an_editor_assigns_and_unassigns_several_at_once(
    session, process, assigning, evaluator, proposal
):
    new = await make.proposal(session, process, title="Uimaranta")
    both = [str(proposal.id), str(new.id)]
    page = words(await assigning.get(""))
    assert "Kaikki (2) Ilman arvioijaa (1) Arvioitavana (2) Arvioidut (0)" in page

    answer = await assigning.post("", proposal=both, evaluator=str(evaluator.id), act="assign")
    assert answer.headers["location"] == f"{assigning.home}?done=assign"
    assert "Ilman arvioijaa (0)" in words(await assigning.get("?done=assign"))
    await assigning.post("", proposal=both, evaluator=str(evaluator.id), act="unassign")
    assert "Ilman arvioijaa (2)" in words(await assigning.get("?show=unassigned"))


async def test_a_half_filled_assignment_is_kept(session, assigning, evaluator, proposal):
    nobody = await assigning.post("", proposal=str(proposal.id))
    assert nobody.status_code == 422
    assert "Valitse arvioija." in words(nobody)
    assert re.search(rf'value="{proposal.id}"[^>]* checked', nobody.text)
    nothing = await assigning.post("", evaluator=str(evaluator.id))
    assert "Valitse ainakin yksi ehdotus." in words(nothing)
    assert f'value="{evaluator.id}" selected' in nothing.text
    stranger = await make.resident(session)
    wrong = await assigning.post("", proposal=str(proposal.id), evaluator=str(stranger.id))
    assert (wrong.status_code, "Henkilö ei ole tämän prosessin arvioija." in words(wrong)) == (422, True)


async def test_assigning_what_is_no_longer_published_says_so(session, assigning, evaluator, proposal):
    proposal.state = State.WITHDRAWN
    await session.flush()

    page = await assigning.post("", proposal=str(proposal.id), evaluator=str(evaluator.id))

    assert page.status_code == 409
    assert "Vain julkaistun ehdotuksen voi arvioida." in words(page)


async def test_another_processs_proposals_cannot_be_assigned_here(session, assigning, evaluator):
    foreign = await make.proposal(session, await make.process(session))

    answer = await assigning.post("", proposal=str(foreign.id), evaluator=str(evaluator.id))

    assert answer.status_code == 403
    assert (await session.exec(select(Assignment).where(Assignment.proposal_id == foreign.id))).all() == []


async def test_nobody_else_assigns(session, process, assigning, evaluator, proposal):
    sent = {"proposal": str(proposal.id), "evaluator": str(evaluator.id), "act": "unassign"}
    others = [await make.resident(session), evaluator]
    others += [await make.staff(session, role) for role in (Role.MODERATOR, Role.ADMINISTRATOR)]
    others += [await make.staff(session, Role.EDITOR, await make.process(session))]
    for person in others:
        await assigning.enter(person)
        assert (await assigning.get("")).status_code == 403
        assert (await assigning.post("", **sent)).status_code == 403
    assigning.proof = "x"
    assert (await assigning.post("", **sent)).status_code == 403
    assert await queries.is_assigned(session, proposal.id, evaluator.id)


async def test_nonsense_in_the_address_is_the_whole_list(assigning):
    for query in ("?show=x", "?page=-1", "?page=99", "?show=decided&page=٣"):
        assert (await assigning.get(query)).status_code == 200
