"""Somebody who proposes, comments or reports more than one person may: told so by both doors, and what was typed is kept."""

from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from sqlmodel import select

from service.audit import actions as audit
from service.comments.models import Comment
from service.moderation.models import Report
from service.processes.models import Activity
from service.proposals.models import Proposal
from tests import make
from tests.web.visitor import Visitor, title, words

TEXT = "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa."


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.COMMENT])


@pytest.fixture
async def proposal(session, process):
    return await make.proposal(session, process)


@pytest.fixture
async def irja(session):
    return await make.resident(session, name="Irja L.")


@pytest.fixture
async def visitor(client, session, process, irja):
    visitor = Visitor(client, session, f"/fi/processes/{process.slug}/proposals")
    await visitor.enter(irja)
    return visitor


@pytest.fixture
def busy(session, irja):
    """Irja has done this so many times today."""

    async def busy(action, times):
        for _ in range(times):
            await audit.record(session, action, by=irja, public=False)

    return busy


@dataclass(frozen=True)
class Act:
    action: str
    most: int
    path: str
    sent: dict[str, str]
    sentence: str


IDEA = {"title": "Penkkejä rantaan", "text": TEXT}
COMMENT = {"text": "Hyvä ajatus."}
REPORT = {"ground": "insulting", "text": "Haukkuu ihmistä."}
REPORTED = "Yksi ihminen voi tehdä enintään 20 ilmoitusta vuorokaudessa."
ACTS = {
    "proposal": Act(
        "proposal.started", 5, "/new", IDEA, "Yksi ihminen voi aloittaa enintään 5 ehdotusta vuorokaudessa."
    ),
    "comment": Act(
        "comment.added", 30, "/{n}/comments", COMMENT, "Yksi ihminen voi kirjoittaa enintään 30 kommenttia"
    ),
    "report": Act("report.made", 20, "/{n}/report", REPORT, REPORTED),
    "report of a comment": Act("report.made", 20, "/{n}/comments/{comment}/report", REPORT, REPORTED),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_page_says_so_and_keeps_what_was_typed(session, visitor, proposal, irja, busy, act):
    comment = await make.comment(session, proposal.thread_id)
    await busy(act.action, act.most)

    page = await visitor.post(
        act.path.format(n=proposal.number, comment=comment.id), nonce=str(uuid4()), **act.sent
    )

    assert page.status_code == 429
    assert title(page).startswith("Virhe: ")
    assert act.sentence in words(page)
    assert "Kirjoittamasi ei ole kadonnut. Voit lähettää sen" in words(page)
    for typed in act.sent.values():
        assert typed in page.text
    for author in (Proposal.author_id, Comment.author_id, Report.reporter_id):
        assert (await session.exec(select(author).where(author == irja.id))).all() == []


async def test_programs_are_told_in_a_problem_document(client, session, process, proposal, irja, busy):
    comment = await make.comment(session, proposal.thread_id)
    await make.signed_in(client, session, irja)
    headers = {"Authorization": f"Bearer {client.cookies['session']}"}
    here = f"/api/v1/processes/{process.slug}/proposals"
    for action, most in (("proposal.started", 5), ("comment.added", 30), ("report.made", 20)):
        await busy(action, most)

    for path, sent, problem in (
        (here, IDEA, "TooManyProposals"),
        (f"{here}/{proposal.number}/comments", COMMENT, "TooManyComments"),
        (f"{here}/{proposal.number}/reports", REPORT, "TooManyReports"),
        (f"/api/v1/comments/{comment.id}/reports", REPORT, "TooManyReports"),
    ):
        answer = await client.post(path, json=sent, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (429, f"urn:puntari:problem:{problem}")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
def two_a_day(app, monkeypatch):
    instance = app.state.instance
    measures = {"proposals_a_day": 2, "comments_a_day": 2, "reports_a_day": 2}
    settings = instance.settings.model_copy(update=measures)
    monkeypatch.setattr(app.state, "instance", replace(instance, settings=settings))


@pytest.mark.parametrize("act", list(ACTS.values())[:3], ids=list(ACTS)[:3])
async def test_the_operator_sets_the_measures(session, two_a_day, process, visitor, busy, act):
    await busy(act.action, 1)

    found = [await make.proposal(session, process) for _ in range(2)]
    answers = [
        await visitor.post(act.path.format(n=each.number), nonce=str(uuid4()), **act.sent) for each in found
    ]

    assert [answer.status_code for answer in answers] == [303, 429]
