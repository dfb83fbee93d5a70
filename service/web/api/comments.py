"""Discussion as JSON."""

from datetime import datetime
from uuid import UUID, uuid4

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.comments import actions, queries
from service.comments.models import Words
from service.comments.queries import Said, Shown
from service.core.text import Language
from service.proposals import actions as proposals
from service.web.api.proposals import seen, writer
from service.web.visit import ThisVisit, Visit


class CommentIn(Words):
    model_config = ConfigDict(  # type: ignore[assignment] # SQLModel's own type knows fewer keys
        json_schema_extra={"examples": [{"text": "Yksi penkki apteekin eteen riittäisi alkuun."}]}
    )

    parent_id: UUID | None = Field(default=None, description="The comment this one answers.")
    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second comment.")
    language: Language | None = Field(default=None, description="Of the text. null: your own.")


class CommentOut(BaseModel):
    id: UUID
    parent_id: UUID | None
    author_name: str = Field(description="Empty: a former resident, or it was withdrawn or hidden.")
    own: bool = Field(description="Written by you.")
    language: str
    written_at: datetime
    shown: Shown
    text: str = Field(description="Empty where it was withdrawn or hidden.")


def out(visit: Visit, said: Said) -> CommentOut:
    return CommentOut(
        id=said.id,
        parent_id=said.parent_id,
        author_name=said.author_name,
        own=visit.account is not None and said.author_id == visit.account.id,
        language=said.language,
        written_at=said.written_at,
        shown=said.shown,
        text=said.text,
    )


class CommentsApi(Controller):
    tags = ["Comments"]

    @get("/processes/{slug:str}/proposals/{number:int}/comments", operation_id="listComments")
    async def find(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> list[CommentOut]:
        """The discussion of a proposal in reading order: each answer after what it answers."""
        proposal = await seen(visit, slug, number)
        found = await queries.conversations(visit.session, proposal.thread_id)
        return [out(visit, said) for one in found for said in (one.first, *one.replies)]

    @post("/processes/{slug:str}/proposals/{number:int}/comments", operation_id="addComment")
    async def add(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[CommentIn]
    ) -> CommentOut:
        """Comment on a proposal or answer a comment."""
        by, proposal = writer(visit, data.language), await seen(visit, slug, number)
        comment = await proposals.comment(
            visit.session,
            proposal,
            Words(text=data.text),
            nonce=data.nonce,
            by=by,
            parent_id=data.parent_id,
            most_a_day=visit.instance.settings.comments_a_day,
        )
        return out(visit, queries.as_read(comment))

    @post("/comments/{comment_id:uuid}/withdraw", operation_id="withdrawComment", status_code=200)
    async def withdraw(self, visit: ThisVisit, comment_id: FromPath[UUID]) -> CommentOut:
        """Take your comment back. Its place in the discussion stays."""
        by, comment = visit.resident, await queries.get(visit.session, comment_id)
        return out(visit, queries.as_read(await actions.withdraw(visit.session, comment, by=by)))
