"""The desk of those who look after a vote: its lot, the count, a correction, and the end of its keys."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.core.errors import Conflict, Invalid, msgid
from service.core.text import Localized
from service.processes.models import Phase, Process
from service.results import actions, queries
from service.voting import actions as voting
from service.voting import queries as votes
from service.web import desk, forms, steward
from service.web.forms import Form
from service.web.localized import InLanguages
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "lot": msgid("The lot is published."),
    "counted": msgid("The votes are counted and the result is published."),
    "corrected": msgid("The corrected result is published. The earlier one can still be read."),
    "keys": msgid("The keys are being destroyed. Nobody can open or change a ballot of this vote any more."),
}
SENTENCES = {
    "seed": msgid("Write the lot, for example the numbers of a lottery and its day."),
    "reason": msgid("Tell residents why the result is corrected."),
}


class NotNumbers(Invalid, ValueError):
    message = msgid("Write numbers of projects, with commas between them.")


def numbers(typed: object) -> object:
    """Numbers as people write them: 14, 15 20."""
    if not isinstance(typed, str):
        return typed
    parts = typed.replace(",", " ").split()
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise NotNumbers("without")
    return {int(part) for part in parts}


class LotForm(BaseModel):
    seed: str = Field(min_length=4, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class CorrectionForm(InLanguages):
    model_config = ConfigDict(extra="ignore")

    reason: Localized
    without: Annotated[set[int], BeforeValidator(numbers)] = Field(default_factory=set)
    seen: int = Field(ge=1, le=10_000)


class DeskVotingPages(Controller):
    path = "/desk/voting"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        return desk.page(visit, "desk/voting/list.html", current="voting", votes=await steward.votes(visit))

    @get("/{slug:str}")
    async def vote(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(visit, slug, "vote", notice=told(visit, NOTICES))

    @get("/{slug:str}/lot")
    async def ask_lot(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(visit, slug, "lot", form=Form())

    @post("/{slug:str}/lot", status_code=200)
    async def publish_lot(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        process, _ = await _vote(visit, slug)
        filled = await forms.read(visit, LotForm, sentences=SENTENCES)
        if filled.value is None:
            return await _page(visit, slug, "lot", status=422, form=filled.form)
        try:
            await actions.publish_lot(
                visit.session, process, filled.value.seed, by=steward.of(visit, process)
            )
        except Conflict as error:
            return await _page(visit, slug, "lot", status=409, form=filled.form.refuse(visit, error))
        return _done(visit, slug, "lot")

    @get("/{slug:str}/count")
    async def ask_count(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(visit, slug, "count")

    @post("/{slug:str}/count", status_code=200)
    async def count(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """The one act; an open vote is refused with 409."""
        process, _ = await _vote(visit, slug)
        await actions.count(visit.session, process, keys=visit.instance.keys, by=steward.of(visit, process))
        return _done(visit, slug, "counted")

    @get("/{slug:str}/correct")
    async def ask_correction(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(visit, slug, "correct", form=Form())

    @post("/{slug:str}/correct", status_code=200)
    async def correct(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        process, _ = await _vote(visit, slug)
        filled = await forms.read(visit, CorrectionForm, sentences=SENTENCES)
        if filled.value is None:
            return await _page(visit, slug, "correct", status=422, form=filled.form)
        given = filled.value
        try:
            await actions.correct(
                visit.session,
                process,
                given.reason,
                without=given.without,
                seen=given.seen,
                by=steward.of(visit, process),
            )
        except Invalid as error:
            form = filled.form.refuse(visit, error)
            return await _page(visit, slug, "correct", status=422, form=form)
        except Conflict as error:
            return await _page(visit, slug, "correct", status=409, form=filled.form.refuse(visit, error))
        return _done(visit, slug, "corrected")

    @get("/{slug:str}/keys")
    async def ask_keys(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(visit, slug, "keys")

    @post("/{slug:str}/keys", status_code=200)
    async def destroy_keys(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        process, _ = await _vote(visit, slug)
        await voting.destroy_keys(
            visit.session, process, keys=visit.instance.keys, by=steward.of(visit, process)
        )
        return _done(visit, slug, "keys")


async def _vote(visit: Visit, slug: str) -> tuple[Process, Phase]:
    """A process with a vote that the visitor looks after. Raises SignInNeeded, Forbidden, NotFound."""
    process, _ = await steward.process_of(visit, slug)
    return process, await votes.phase(visit.session, process.id)


async def _page(visit: Visit, slug: str, name: str, *, status: int = 200, **context: Any) -> Response[str]:
    process, phase = await _vote(visit, slug)
    history = await queries.history(visit.session, process.id)
    return desk.page(
        visit,
        f"desk/voting/{name}.html",
        current="voting",
        status=status,
        process=process,
        phase=phase,
        vote=await votes.vote(visit.session, process.id),
        history=history,
        result=history[0] if history else None,
        is_closed=phase.closes_at <= visit.now,
        here=desk.address(visit, f"voting/{process.slug}"),
        **context,
    )


def _done(visit: Visit, slug: str, done: str) -> Redirect:
    return Redirect(desk.address(visit, f"voting/{slug}?done={done}"), status_code=303)
