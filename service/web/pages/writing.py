"""Writing a proposal, one subject a page. A draft is kept at each Continue, so one can leave and come back."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import Field

from service.core.errors import Conflict, Invalid, NotFound
from service.processes import queries as processes
from service.processes.models import Activity
from service.proposals import actions
from service.proposals.models import Content, Proposal
from service.proposals.rules import UNSENT, EditedMeanwhile, ProposingIsClosed, TooManyProposals
from service.web import drafting, forms, process_frame, signature, writing_frame
from service.web.drafting import FIELDS, Sheet, Step
from service.web.process_frame import Frame
from service.web.proposal_frame import places, written
from service.web.visit import ThisVisit, Visit
from service.web.writing_frame import step_page


class NewSheet(Sheet):
    nonce: UUID = Field(default_factory=uuid4)


class SignedSheet(Sheet, signature.Signed):
    """The page of who proposes asks for the name too, where the account has none."""


class WritingPages(Controller):
    path = "/processes/{slug:str}/proposals"

    @get("/new")
    async def begin(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        frame = await process_frame.read(visit, slug)
        if not frame.allows(Activity.PROPOSE):
            return await writing_frame.closed_page(visit, frame, None)
        _ = visit.resident
        return await _new_page(visit, frame, forms.Form())

    @post("/new", status_code=200)
    async def start(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        by, frame = signature.writer(visit), await process_frame.read(visit, slug)
        filled = await forms.read(visit, NewSheet)
        if filled.value is None:
            return await _new_page(visit, frame, filled.form, status=422)
        content = drafting.merged(Content(), filled.value, FIELDS[Step.IDEA])
        if await _is_refused(visit, filled.form, drafting.mistakes(content, FIELDS[Step.IDEA])):
            return await _new_page(visit, frame, filled.form, status=422)
        try:
            proposal = await actions.start(
                visit.session,
                frame.process,
                content,
                nonce=filled.value.nonce,
                by=by,
                most_a_day=visit.instance.settings.proposals_a_day,
            )
        except ProposingIsClosed:
            return await writing_frame.closed_page(visit, frame, content, status=409)
        except TooManyProposals as refusal:
            filled.form.mistakes[forms.TOP] = visit.gettext(refusal.message, **refusal.parameters)
            return await _new_page(visit, frame, filled.form, status=429)
        return await writing_frame.go_on(visit, frame, proposal, Step.IDEA)

    @get("/{number:int}/write/similar")
    async def similar(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state not in UNSENT:
            return writing_frame.elsewhere(frame, proposal)
        found = await writing_frame.similar(visit, proposal)
        if not found:
            return Redirect(writing_frame.page_address(frame, proposal, Step.PLACE), status_code=303)
        return await step_page(
            visit, frame, proposal, Step.IDEA, template="proposals/similar.html", found=found
        )

    @get("/{number:int}/write/{step:str}")
    async def show(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], step: FromPath[str]
    ) -> Response[str] | Redirect:
        shown = _step(step)
        frame, proposal = await written(visit, slug, number)
        if proposal.state not in UNSENT:
            return writing_frame.elsewhere(frame, proposal)
        return await _form_page(visit, frame, proposal, shown, forms.filled(drafting.typed(proposal)))

    @post("/{number:int}/write/{step:str}", status_code=200)
    async def keep(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], step: FromPath[str]
    ) -> Response[str] | Redirect:
        shown = _step(step)
        frame, proposal = await written(visit, slug, number)
        filled = await forms.read(visit, SignedSheet)
        if filled.value is None:
            return await _form_page(visit, frame, proposal, shown, filled.form, status=422)
        content = drafting.merged(proposal, filled.value, FIELDS[shown])
        mistakes = drafting.mistakes(content, FIELDS[shown])
        if shown is Step.AUTHOR and signature.is_missing(visit, proposal.author_id) and not filled.value.name:
            mistakes.append(signature.NameMissing("name"))
        if await _is_refused(visit, filled.form, mistakes):
            return await _form_page(visit, frame, proposal, shown, filled.form, status=422)
        return await _keep(visit, frame, proposal, shown, filled.form, filled.value)


def _step(name: str) -> Step:
    """A page whose form is kept here; raises NotFound."""
    found = next((step for step in FIELDS if step == name), None)
    if found is None or found is Step.PICTURE:
        raise NotFound
    return found


async def _new_page(visit: Visit, frame: Frame, form: forms.Form, *, status: int = 200) -> Response[str]:
    nonce = form.value("nonce") or uuid4()
    return await step_page(visit, frame, None, Step.IDEA, form=form, status=status, nonce=nonce, theirs=None)


async def _form_page(
    visit: Visit,
    frame: Frame,
    proposal: Proposal,
    step: Step,
    form: forms.Form,
    *,
    status: int = 200,
    theirs: Content | None = None,
) -> Response[str]:
    """`theirs` is what a co-author has kept meanwhile."""
    form.typed.setdefault("version", proposal.version)
    return await step_page(
        visit,
        frame,
        proposal,
        step,
        form=form,
        status=status,
        theirs=theirs,
        nonce=None,
        areas=await processes.areas_of(visit.session, frame.process.id),
        categories=await processes.categories(visit.session, frame.process.id),
        place=await places(visit, frame),
        resident=visit.resident,
        asks_name=signature.is_missing(visit, proposal.author_id),
    )


async def _is_refused(visit: Visit, form: forms.Form, mistakes: Sequence[Invalid]) -> bool:
    """Put what is missing beside its fields. Who saves the draft for later may leave anything open."""
    if "later" not in await visit.form():
        for mistake in mistakes:
            form.refuse(visit, mistake)
    return bool(form.mistakes)


async def _keep(
    visit: Visit, frame: Frame, proposal: Proposal, step: Step, form: forms.Form, sheet: SignedSheet
) -> Response[str] | Redirect:
    content = drafting.merged(proposal, sheet, FIELDS[step])
    try:
        await actions.save(visit.session, proposal, content, version=sheet.version, by=visit.resident)
    except Invalid as mistake:
        form = form.refuse(visit, mistake)
        return await _form_page(visit, frame, proposal, step, form, status=422)
    except EditedMeanwhile as conflict:
        form.mistakes[forms.TOP] = visit.gettext(conflict.message)
        form.typed["version"] = conflict.version
        return await _form_page(visit, frame, proposal, step, form, status=409, theirs=conflict.current)
    except Conflict as conflict:
        return writing_frame.moved_on_page(visit, frame, proposal, content, conflict)
    if sheet.name:
        await signature.sign(visit, sheet.name)
    return await writing_frame.go_on(visit, frame, proposal, step)
