"""A moderator's decision on one text: read, choose, give the reason, see what the author will be told, go on to the next."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import Field

from service.core.errors import Conflict, Invalid, msgid
from service.core.text import LANGUAGES
from service.moderation import actions, queries, queue, rules, templates
from service.moderation.models import Decision, Ground, Kind, SecondLook
from service.web import case, desk, forms
from service.web.case import Case
from service.web.forms import Form
from service.web.pages.moderation import address_of, notice
from service.web.visit import ThisVisit, Visit

SENTENCES = {
    "kind": msgid("Choose what you decide."),
    "upheld": msgid("Choose what you decide."),
}

Read = Callable[[], Awaitable[Case]]


class DecisionForm(Decision):
    version: int = Field(default=0, ge=0, le=2_147_483_647)

    @property
    def decision(self) -> Decision:
        return Decision.model_validate(self.model_dump(exclude={"version"}))


class DecisionPages(Controller):
    path = "/desk/moderation"

    @get("/proposals/{proposal_id:uuid}")
    async def proposal(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str]:
        return _page(visit, await case.of_proposal(visit, proposal_id, public=False), Form())

    @post("/proposals/{proposal_id:uuid}", status_code=200)
    async def decide(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str] | Redirect:
        return await _decide_on_proposal(visit, proposal_id, public=False)

    @get("/proposals/{proposal_id:uuid}/public")
    async def public(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str]:
        return _page(visit, await case.of_proposal(visit, proposal_id, public=True), Form())

    @post("/proposals/{proposal_id:uuid}/public", status_code=200)
    async def decide_on_public(
        self, visit: ThisVisit, proposal_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        return await _decide_on_proposal(visit, proposal_id, public=True)

    @get("/comments/{comment_id:uuid}")
    async def comment(self, visit: ThisVisit, comment_id: FromPath[UUID]) -> Response[str]:
        return _page(visit, await case.of_comment(visit, comment_id), Form())

    @post("/comments/{comment_id:uuid}", status_code=200)
    async def decide_on_comment(
        self, visit: ThisVisit, comment_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        moderator = visit.moderator
        await queries.comment_for(visit.session, comment_id, moderator)

        async def act(given: DecisionForm) -> None:
            await actions.decide_on_comment(visit.session, comment_id, given.decision, by=moderator)

        return await _decide(visit, lambda: case.of_comment(visit, comment_id), act)

    @get("/appeals/{appeal_id:uuid}")
    async def appeal(self, visit: ThisVisit, appeal_id: FromPath[UUID]) -> Response[str]:
        return await _appeal_page(visit, appeal_id, Form())

    @post("/appeals/{appeal_id:uuid}", status_code=200)
    async def decide_appeal(self, visit: ThisVisit, appeal_id: FromPath[UUID]) -> Response[str] | Redirect:
        appealed = await case.of_appeal(visit, appeal_id)
        filled = await forms.read(visit, SecondLook, sentences=SENTENCES)
        form, look = filled.form, filled.value
        if form.value("step") == "template":
            kind = appealed.first.kind if form.value("upheld") == "true" else Kind.RESTORE
            _add_template(visit, form, kind, appealed.first.ground, appealed.case)
            return await _appeal_page(visit, appeal_id, form)
        if look is None:
            return await _appeal_page(visit, appeal_id, form, status=422)
        try:
            rules.check_second_reason(look)
            if form.value("step") == "preview":
                return await _appeal_page(visit, appeal_id, form, look=look)
            async with visit.session.begin_nested():
                await actions.decide_appeal(visit.session, appealed.appeal, look, by=visit.moderator)
        except Invalid as error:
            return await _appeal_page(visit, appeal_id, form.refuse(visit, error), status=422)
        except Conflict as error:
            return await _appeal_page(visit, appeal_id, _refused(visit, form, error), status=409)
        return await _next(visit)


async def _decide_on_proposal(visit: Visit, proposal_id: UUID, *, public: bool) -> Response[str] | Redirect:
    proposal = await queries.proposal_for(visit.session, proposal_id, visit.moderator)

    async def act(given: DecisionForm) -> None:
        by = visit.moderator
        await actions.decide(visit.session, proposal, given.decision, version=given.version, by=by)

    return await _decide(visit, lambda: case.of_proposal(visit, proposal_id, public=public), act)


async def _decide(
    visit: Visit, read: Read, act: Callable[[DecisionForm], Awaitable[None]]
) -> Response[str] | Redirect:
    """Put a template into the form, show a preview, or carry the decision out and go on to the next."""
    filled = await forms.read(visit, DecisionForm, sentences=SENTENCES)
    form, given = filled.form, filled.value
    if form.value("step") == "template":
        before = await read()
        _add_template(visit, form, *_chosen(form), before)
        return _page(visit, before, form)
    if given is None:
        return _page(visit, await read(), form, status=422)
    try:
        rules.check_reasoned(given)
        if form.value("step") == "preview":
            return _page(visit, await read(), form, decision=given)
        async with visit.session.begin_nested():
            await act(given)
    except Invalid as error:
        return _page(visit, await read(), form.refuse(visit, error), status=422)
    except Conflict as error:
        return _page(visit, await read(), _refused(visit, form, error), status=409)
    return await _next(visit)


def _chosen(form: Form) -> tuple[Kind, Ground | None]:
    """As far as it is filled in; without a kind the template of a returned text, which says most."""
    kind, ground = form.value("kind"), form.value("ground")
    return (
        Kind(kind) if kind in set(Kind) else Kind.RETURN,
        Ground(ground) if ground in set(Ground) else None,
    )


def _add_template(visit: Visit, form: Form, kind: Kind, ground: Ground | None, before: Case) -> None:
    """After what was typed, in the author's language. That other fields are still empty is not told yet."""
    language = next(language for language in LANGUAGES if language == before.language)
    gettext = visit.instance.translations.gettext(language)
    sentences = templates.of(kind, ground)
    form.mistakes.clear()
    if not sentences and kind in rules.NEED_REASON:
        form.refuse(visit, rules.GroundMissing("ground"))
    typed = str(form.value("reason")).rstrip()
    form.typed["reason"] = "\n\n".join(filter(None, [typed, " ".join(map(gettext, sentences))]))


def _refused(visit: Visit, form: Form, error: Conflict) -> Form:
    """What was typed stays; the version becomes that of the text shown now."""
    form.typed.pop("version", None)
    return form.refuse(visit, error)


async def _next(visit: Visit) -> Redirect:
    lines = await queue.waiting(visit.session, visit.moderator)
    if not lines:
        return Redirect(f"{desk.address(visit, 'moderation')}?done=last", status_code=303)
    return Redirect(f"{address_of(visit, lines[0])}?done=next", status_code=303)


def _page(
    visit: Visit, read: Case, form: Form, *, status: int = 200, decision: Decision | None = None
) -> Response[str]:
    return desk.page(
        visit,
        "desk/moderation/case.html",
        current="moderation",
        status=status,
        notice=notice(visit),
        case=read,
        form=form,
        grounds=[ground.value for ground in Ground],
        previewed=decision is not None,
        preview=case.preview(visit, read, decision) if decision else None,
    )


async def _appeal_page(
    visit: Visit, appeal_id: UUID, form: Form, *, status: int = 200, look: SecondLook | None = None
) -> Response[str]:
    appealed = await case.of_appeal(visit, appeal_id)
    return desk.page(
        visit,
        "desk/moderation/appeal.html",
        current="moderation",
        status=status,
        notice=notice(visit),
        case=appealed.case,
        appealed=appealed,
        form=form,
        previewed=look is not None,
        preview=case.preview_of_second(visit, appealed.case, look) if look else None,
    )
