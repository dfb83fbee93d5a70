"""Moderation by programs: the same rules as on the pages."""

from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from service.core.actor import Role
from service.moderation import actions
from service.moderation.models import Complaint, Decision, Ground, Kind, Plea, Report, Ruling
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals.models import Idea, State
from tests import make

REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")
REPORT = {"ground": "insulting", "text": "Haukkuu ihmistä."}


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process)


@pytest.fixture
def caller(client, session):
    """A program that acts as whoever is given; None: nobody."""

    async def call(person, method, path, **body) -> httpx.Response:
        client.cookies.clear()
        headers = {}
        if person is not None:
            await make.signed_in(client, session, person)
            headers["Authorization"] = f"Bearer {client.cookies['session']}"
            client.cookies.clear()
        return await client.request(method, f"/api/v1{path}", json=body or None, headers=headers)

    return call


async def submitted(session, process, **values):
    return await make.proposal(session, process, state=State.SUBMITTED, **values)


async def rulings(session):
    return (await session.exec(select(Ruling))).all()


# --- reports


async def test_a_resident_reports_a_proposal_and_a_comment_once(session, process, caller):
    proposal = await make.proposal(session, process)
    comment = await make.comment(session, proposal.thread_id)
    by = await make.resident(session)
    nonce = str(uuid4())

    for path in (
        f"/processes/{process.slug}/proposals/{proposal.number}/reports",
        f"/comments/{comment.id}/reports",
    ):
        first = await caller(by, "POST", path, **REPORT)
        again = await caller(by, "POST", path, **REPORT, nonce=nonce)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json()["id"] == again.json()["id"]
    assert len((await session.exec(select(Report))).all()) == 2


async def test_a_report_is_refused_in_words_a_program_can_read(session, process, caller):
    proposal = await make.proposal(session, process)
    path = f"/processes/{process.slug}/proposals/{proposal.number}/reports"
    by = await make.resident(session)

    assert (await caller(None, "POST", path, **REPORT)).status_code == 401
    answer = await caller(by, "POST", path, ground="other")
    assert answer.status_code == 422
    assert answer.json()["field"] == "text"
    assert answer.json()["type"] == "urn:puntari:problem:ComplaintMissing"
    assert (await caller(by, "POST", path, ground="nonsense")).status_code == 400
    assert (await caller(by, "POST", path, ground="other", text="\x00")).status_code == 400
    hidden = await submitted(session, process)
    path = f"/processes/{process.slug}/proposals/{hidden.number}/reports"
    assert (await caller(by, "POST", path, **REPORT)).status_code == 404


# --- the queue and its decisions


async def test_a_moderator_reads_the_queue_and_a_text_and_publishes_it(session, process, moderator, caller):
    proposal = await submitted(session, process, title="Penkkejä rantaan")

    [line] = (await caller(moderator, "GET", "/moderation/queue")).json()
    assert (line["matter"], line["title"], line["process_slug"]) == (
        "proposal",
        "Penkkejä rantaan",
        process.slug,
    )
    case = (await caller(moderator, "GET", f"/moderation/proposals/{line['proposal_id']}")).json()
    assert case["kinds"] == ["publish", "return", "refuse"]
    assert case["proposal"]["text"] == proposal.text

    answer = await caller(
        moderator,
        "POST",
        f"/moderation/proposals/{proposal.id}/rulings",
        kind="publish",
        version=case["version"],
    )

    assert (answer.status_code, answer.json()["kind"]) == (201, "publish")
    await session.refresh(proposal)
    assert proposal.state is State.PUBLISHED
    assert (await caller(moderator, "GET", "/moderation/queue")).json() == []


async def test_a_decision_is_refused_as_on_the_page(session, process, moderator, caller):
    proposal = await submitted(session, process)
    path = f"/moderation/proposals/{proposal.id}/rulings"

    no_ground = await caller(moderator, "POST", path, kind="refuse", reason="x", version=proposal.version)
    assert (no_ground.status_code, no_ground.json()["field"]) == (422, "ground")
    stale = await caller(moderator, "POST", path, kind="publish", version=proposal.version - 1)
    assert stale.status_code == 409
    assert stale.json()["parameters"]["version"] == str(proposal.version)
    unfit = await caller(moderator, "POST", path, kind="keep", version=proposal.version)
    assert (unfit.status_code, unfit.json()["type"]) == (409, "urn:puntari:problem:DoesNotFit")
    assert (await caller(moderator, "POST", path, kind="publish")).status_code == 400
    assert await rulings(session) == []


async def test_a_change_comes_with_what_it_changes(session, process, moderator, caller):
    author = await make.resident(session)
    proposal = await make.proposal(session, process, author, text="Torilta on kilometri matkaa.")
    idea = Idea(title=proposal.title, text="Torilta on kaksi kilometriä matkaa.", address="Satamatie 12")
    await proposals.edit(session, proposal, idea, version=proposal.version, note="Mittasin.", by=author)

    case = (await caller(moderator, "GET", f"/moderation/proposals/{proposal.id}")).json()
    assert case["edit"]["other_changes"] == ["address"]
    assert {piece["kind"] for piece in case["edit"]["text_changes"]} == {"same", "added", "removed"}
    public = await caller(moderator, "GET", f"/moderation/proposals/{proposal.id}?text=public")
    assert public.json()["edit"] is None
    assert public.json()["kinds"] == ["hide"]


async def test_a_change_whose_picture_nobody_described_is_not_published(session, process, moderator, caller):
    aino = await make.resident(session)
    proposal = await make.proposal(session, process, aino)
    await proposals.attach_picture(session, proposal, make.photo(), "", by=aino)
    path = f"/moderation/proposals/{proposal.id}/rulings"

    answer = await caller(moderator, "POST", path, kind="publish", version=proposal.version)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puntari:problem:StillIncomplete")
    assert await rulings(session) == []


async def test_a_reported_comment_is_hidden_and_restored(session, process, moderator, caller):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id)
    complaint = Complaint(ground=Ground.INSULTING, text="Haukkuu.")
    await actions.report_comment(
        session, comment.id, complaint, nonce=uuid4(), by=await make.resident(session)
    )
    here = f"/moderation/comments/{comment.id}"

    case = (await caller(moderator, "GET", here)).json()
    assert case["reports"][0]["text"] == "Haukkuu."
    assert case["kinds"] == ["keep", "hide"]
    hide = await caller(
        moderator, "POST", f"{here}/rulings", kind="hide", ground="insulting", reason="Haukkuu."
    )
    assert hide.status_code == 201
    assert (await caller(moderator, "GET", here)).json()["kinds"] == ["restore"]
    restore = await caller(moderator, "POST", f"{here}/rulings", kind="restore")
    assert restore.status_code == 201
    await session.refresh(comment)
    assert comment.hidden_at is None


# --- the author and the second look


async def test_an_author_reads_the_reason_appeals_and_another_moderator_decides(
    session, process, moderator, caller
):
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author)
    first = await make.staff(session, Role.MODERATOR)
    await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)

    [told] = (
        await caller(author, "GET", f"/processes/{process.slug}/proposals/{proposal.number}/rulings")
    ).json()
    assert (told["reason"], told["can_be_appealed"]) == ("Teksti on mainos.", True)
    appeal = await caller(author, "POST", f"/rulings/{told['id']}/appeal", text="Ei ole mainos.")
    assert appeal.status_code == 201

    [line] = (await caller(moderator, "GET", "/moderation/queue")).json()
    assert line["appeal_id"] == appeal.json()["id"]
    here = f"/moderation/appeals/{line['appeal_id']}"
    case = (await caller(moderator, "GET", here)).json()
    assert (case["may_decide"], case["appeal"]["text"]) == (True, "Ei ole mainos.")
    assert (await caller(first, "GET", here)).json()["may_decide"] is False
    assert (await caller(first, "POST", f"{here}/ruling", upheld=True, reason="x")).status_code == 403
    silent = await caller(moderator, "POST", f"{here}/ruling", upheld=False)
    assert (silent.status_code, silent.json()["field"]) == (422, "reason")
    second = await caller(moderator, "POST", f"{here}/ruling", upheld=False, reason="Ei ole mainos.")
    assert (second.status_code, second.json()["kind"]) == (201, "restore")
    assert (await caller(moderator, "POST", f"{here}/ruling", upheld=True, reason="x")).status_code == 409

    newest, oldest = (
        await caller(author, "GET", f"/processes/{process.slug}/proposals/{proposal.number}/rulings")
    ).json()
    assert oldest["second"]["reason"] == newest["reason"] == "Ei ole mainos."


async def test_only_the_author_reads_rulings_with_their_reasons(session, process, moderator, caller):
    author = await make.resident(session)
    proposal = await make.proposal(session, process, author)
    comment = await make.comment(session, proposal.thread_id, author)
    hide = Decision(kind=Kind.HIDE, ground=Ground.OTHER, reason="Siksi.")
    ruling = await actions.decide_on_comment(session, comment.id, hide, by=moderator)
    own = (await caller(author, "GET", f"/comments/{comment.id}/rulings")).json()
    assert [row["reason"] for row in own] == ["Siksi."]

    other = await make.resident(session)
    of_proposal = f"/processes/{process.slug}/proposals/{proposal.number}/rulings"
    for person, status in ((None, 401), (other, 404)):
        for path in (of_proposal, f"/comments/{comment.id}/rulings", f"/comments/{uuid4()}/rulings"):
            assert (await caller(person, "GET", path)).status_code == status
        appeal = await caller(person, "POST", f"/rulings/{ruling.id}/appeal", text="Muutettakoon.")
        assert appeal.status_code == status


# --- who


async def test_nobody_but_moderators_of_the_process_gets_in(session, process, caller):
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author)
    comment = await make.comment(session, proposal.thread_id)
    first = await make.staff(session, Role.MODERATOR)
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)
    appeal = await actions.appeal(session, ruling, Plea(text="Ei ole."), by=author)
    decision = {"kind": "hide", "ground": "other", "reason": "x", "version": 1}
    calls = [
        ("GET", f"/moderation/proposals/{proposal.id}", {}),
        ("POST", f"/moderation/proposals/{proposal.id}/rulings", decision),
        ("GET", f"/moderation/comments/{comment.id}", {}),
        ("POST", f"/moderation/comments/{comment.id}/rulings", decision),
        ("GET", f"/moderation/appeals/{appeal.id}", {}),
        ("POST", f"/moderation/appeals/{appeal.id}/ruling", {"upheld": True, "reason": "x"}),
    ]
    others = [author, *[await make.staff(session, role) for role in make.STAFF if role is not Role.MODERATOR]]
    stranger = await make.staff(session, Role.MODERATOR, await make.process(session))
    for method, path, body in calls:
        assert (await caller(None, method, path, **body)).status_code == 401
        assert {(await caller(person, method, path, **body)).status_code for person in others} == {403}
        assert (await caller(stranger, method, path, **body)).status_code == 404
    assert len(await rulings(session)) == 1


async def test_a_cookie_alone_decides_nothing(client, session, process, moderator):
    proposal = await submitted(session, process)
    proof = await make.signed_in(client, session, moderator)
    path = f"/api/v1/moderation/proposals/{proposal.id}/rulings"
    body = {"kind": "publish", "version": proposal.version}

    assert (await client.post(path, json=body)).status_code == 403
    assert (await client.post(path, json=body, headers={"X-CSRF-Token": proof})).status_code == 201


# --- the register


async def test_the_register_is_read_by_anyone_as_json_and_as_a_table(session, process, moderator, caller):
    for decision in (REFUSE, Decision(kind=Kind.PUBLISH)):
        proposal = await submitted(session, process, title="Salainen otsikko")
        await actions.decide(session, proposal, decision, version=proposal.version, by=moderator)

    every = (await caller(None, "GET", "/moderation/rulings")).json()
    assert (every["total"], [row["kind"] for row in every["rulings"]]) == (2, ["publish", "refuse"])
    some = (await caller(None, "GET", "/moderation/rulings?kind=refuse")).json()
    assert (some["total"], some["rulings"][0]["ground"]) == (1, "advertising")
    assert (await caller(None, "GET", "/moderation/rulings?page=2")).json()["rulings"] == []

    table = await caller(None, "GET", "/moderation/rulings.csv")
    heading, *lines = table.text.splitlines()
    assert heading == "day,about,ruling,ground,process,second_review"
    assert [line.split(",")[1:] for line in lines] == [
        ["proposal", "publish", "", process.slug, ""],
        ["proposal", "refuse", "advertising", process.slug, ""],
    ]
    for answer in (table.text, str(every)):
        for secret in ("Salainen", "mainos", "Aino", str(moderator.id)):
            assert secret not in answer
