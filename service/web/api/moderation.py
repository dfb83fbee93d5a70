"""The moderators' desk as JSON: the queue, the texts in it, and the decisions on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody, QueryParameter
from pydantic import BaseModel, ConfigDict, Field

from service.core.diff import Piece
from service.moderation import actions, queries, queue
from service.moderation.models import Decision, Ground, Kind, SecondLook
from service.moderation.queue import Matter
from service.proposals.models import Content, State
from service.web import case
from service.web.api.proposals import PieceOut
from service.web.api.reports import AppealOut, RulingOut
from service.web.case import Case
from service.web.visit import ThisVisit

PRIVATE = CacheControlHeader(no_store=True)


class DecisionIn(Decision):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "return",
                    "ground": "unclear",
                    "reason": "Kerro, mihin penkit tulisivat.",
                    "version": 3,
                }
            ]
        }
    )

    version: int = Field(ge=0, le=2_147_483_647, description="The proposal's, as it was read.")

    @property
    def decision(self) -> Decision:
        return Decision.model_validate(self.model_dump(exclude={"version"}))


class CommentDecisionIn(Decision):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "hide", "ground": "insulting", "reason": "Teksti haukkuu ihmistä."}]
        }
    )


class SecondLookIn(SecondLook):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"upheld": False, "reason": "Teksti noudattaa sääntöjä."}]}
    )


class WaitingOut(BaseModel):
    """A line of the queue. Which of the ids are given says where it is decided."""

    model_config = ConfigDict(from_attributes=True)

    matter: Matter
    since: datetime
    title: str = Field(description="Of a comment, its beginning.")
    language: str
    process_slug: str | None
    proposal_id: UUID | None
    comment_id: UUID | None
    appeal_id: UUID | None
    reports: int = Field(description="People who reported it.")
    ground: Ground | None = Field(description="Of the oldest report, or of the ruling appealed.")


class ReportOut(BaseModel):
    """Nobody's name: what was said to be wrong."""

    model_config = ConfigDict(from_attributes=True)

    ground: Ground
    text: str
    reported_at: datetime


class ProposalTextOut(Content):
    number: int
    state: State
    picture_id: UUID | None


class EditOut(Content):
    """A change that waits, and what it changes in the published text."""

    note: str
    written_at: datetime
    picture_id: UUID | None
    title_changes: list[PieceOut]
    text_changes: list[PieceOut]
    other_changes: list[str]


class SimilarProposalOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    title: str
    likeness: float


class CaseOut(BaseModel):
    """One text and what may be decided on it now."""

    kinds: list[Kind] = Field(description="Empty: nothing can be decided by you now.")
    version: int = Field(description="To be sent with the decision.")
    language: str
    author_name: str = Field(description="Empty: a former resident.")
    process_slug: str | None
    proposal: ProposalTextOut | None = Field(description="The text itself, or what the comment is about.")
    edit: EditOut | None
    comment: str | None
    reports: list[ReportOut]
    rulings: list[RulingOut] = Field(description="On the same text, newest first.")
    similar: list[SimilarProposalOut]


class AppealCaseOut(BaseModel):
    may_decide: bool
    appeal: AppealOut
    first: RulingOut
    second: RulingOut | None
    case: CaseOut


class ModerationApi(Controller):
    path = "/moderation"
    tags = ["Moderation"]

    @get("/queue", operation_id="listModerationQueue", cache_control=PRIVATE)
    async def queue(self, visit: ThisVisit) -> list[WaitingOut]:
        """What waits for you to decide (moderators), the oldest first."""
        return [
            WaitingOut(
                process_slug=line.process.slug if line.process else None,
                **{name: getattr(line, name) for name in WaitingOut.model_fields if name != "process_slug"},
            )
            for line in await queue.waiting(visit.session, visit.moderator)
        ]

    @get("/proposals/{proposal_id:uuid}", operation_id="getProposalCase", cache_control=PRIVATE)
    async def proposal(
        self,
        visit: ThisVisit,
        proposal_id: FromPath[UUID],
        text: Annotated[
            Literal["waiting", "public"],
            QueryParameter(description="`public`: what everybody reads, not the change that waits."),
        ] = "waiting",
    ) -> CaseOut:
        """A proposal to decide on, with its reports and what is like it (moderators)."""
        return _case(await case.of_proposal(visit, proposal_id, public=text == "public"))

    @post("/proposals/{proposal_id:uuid}/rulings", operation_id="decideOnProposal")
    async def decide(
        self, visit: ThisVisit, proposal_id: FromPath[UUID], data: JSONBody[DecisionIn]
    ) -> RulingOut:
        """Publish, return, refuse, hide, keep or restore a proposal (moderators). The author reads the reason."""
        by = visit.moderator
        proposal = await queries.proposal_for(visit.session, proposal_id, by)
        ruling = await actions.decide(visit.session, proposal, data.decision, version=data.version, by=by)
        return RulingOut.model_validate(ruling)

    @get("/comments/{comment_id:uuid}", operation_id="getCommentCase", cache_control=PRIVATE)
    async def comment(self, visit: ThisVisit, comment_id: FromPath[UUID]) -> CaseOut:
        """A comment to decide on, with its reports (moderators)."""
        return _case(await case.of_comment(visit, comment_id))

    @post("/comments/{comment_id:uuid}/rulings", operation_id="decideOnComment")
    async def decide_on_comment(
        self, visit: ThisVisit, comment_id: FromPath[UUID], data: JSONBody[CommentDecisionIn]
    ) -> RulingOut:
        """Hide a comment, keep it or show it again (moderators)."""
        by = visit.moderator
        await queries.comment_for(visit.session, comment_id, by)
        return RulingOut.model_validate(
            await actions.decide_on_comment(visit.session, comment_id, data, by=by)
        )

    @get("/appeals/{appeal_id:uuid}", operation_id="getAppeal", cache_control=PRIVATE)
    async def appeal(self, visit: ThisVisit, appeal_id: FromPath[UUID]) -> AppealCaseOut:
        """A request for a second review, with the first ruling and the text (moderators)."""
        read = await case.of_appeal(visit, appeal_id)
        return AppealCaseOut(
            may_decide=read.may_decide,
            appeal=AppealOut.model_validate(read.appeal),
            first=RulingOut.model_validate(read.first),
            second=RulingOut.model_validate(read.second) if read.second else None,
            case=_case(read.case),
        )

    @post("/appeals/{appeal_id:uuid}/ruling", operation_id="decideAppeal")
    async def decide_appeal(
        self, visit: ThisVisit, appeal_id: FromPath[UUID], data: JSONBody[SecondLookIn]
    ) -> RulingOut:
        """Take the second look: the ruling stands, or the text comes back (another moderator than the first)."""
        by = visit.moderator
        appeal, _ = await queries.appeal_for(visit.session, appeal_id, by)
        return RulingOut.model_validate(await actions.decide_appeal(visit.session, appeal, data, by=by))


def _case(read: Case) -> CaseOut:
    return CaseOut(
        kinds=list(read.kinds),
        version=read.version,
        language=read.language,
        author_name=read.author_name,
        process_slug=read.process.slug if read.process else None,
        proposal=ProposalTextOut.model_validate(read.proposal, from_attributes=True)
        if read.proposal
        else None,
        edit=_edit(read),
        comment=read.comment.text if read.comment else None,
        reports=[ReportOut.model_validate(report) for report in read.reports],
        rulings=[RulingOut.model_validate(ruling) for ruling in read.rulings],
        similar=[SimilarProposalOut.model_validate(one) for one in read.similar],
    )


def _edit(read: Case) -> EditOut | None:
    edit, changes = read.edit, read.changes
    if edit is None or changes is None:
        return None
    return EditOut(
        **edit.content(),
        note=edit.note,
        written_at=edit.written_at,
        picture_id=edit.picture_id,
        title_changes=_pieces(changes.title),
        text_changes=_pieces(changes.text),
        other_changes=list(changes.facts),
    )


def _pieces(changes: Sequence[Piece]) -> list[PieceOut]:
    return [PieceOut(kind=piece.kind, text=piece.text) for piece in changes]
