"""The pages of a balancing calculator, put together: a visitor before it, and what each page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from service.calculator import plans, queries, rules
from service.calculator.engine import Engine, Plan
from service.calculator.models import Calculator
from service.calculator.specification import Duty, Specification
from service.core import receipt
from service.core.errors import DomainError, Invalid, NotFound, msgid
from service.processes.models import Process
from service.web import forms, own_plan, plan_form, process_frame
from service.web.figures import address as figures_address
from service.web.own_plan import OwnPlan
from service.web.page import page, told
from service.web.plan_sheet import WORTH_A_WORD, Sheet, in_order, is_stepped, landmarks
from service.web.process_frame import Frame
from service.web.visit import Visit

STEPS = {"plan": msgid("Plan"), "review": msgid("Review"), "receipt": msgid("Receipt")}
NOTICES = {
    "opened": msgid("Your plan is here again. Go on from where you left it."),
    "taken": msgid("The shared plan is now the start of your own. Change it as you like."),
    "forgotten": msgid("This browser remembers nothing of a plan any more."),
    "withdrawn": msgid("Your plan has been withdrawn. It will not be in the next count."),
}
DUTIES = {
    Duty.STATUTORY: msgid("Required by law, but the city decides how much"),
    Duty.DISCRETIONARY: msgid("The city’s own decision"),
    Duty.TAX: msgid("A tax the city decides on"),
}


@dataclass(frozen=True, slots=True)
class AtCalculator:
    """A visitor before a published calculator, with the plan their browser keeps."""

    visit: Visit
    frame: Frame
    calculator: Calculator
    engine: Engine
    own: OwnPlan

    @property
    def address(self) -> str:
        return f"/{self.visit.language}/calculator/{self.calculator.slug}"

    @property
    def is_open(self) -> bool:
        return self.calculator.is_open(self.visit.now)

    @property
    def has_closed(self) -> bool:
        return self.calculator.closes_at <= self.visit.now

    def sheet(self, plan: Plan | None = None) -> Sheet:
        return Sheet(self.visit, self.engine, self.own.choices if plan is None else plan)

    def kept(self, plan: Plan) -> list[Cookie]:
        return own_plan.kept(self.visit, self.calculator, self.engine.specification, plan)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        step: str | None = None,
        plan: Plan | None = None,
        **context: Any,
    ) -> Response[str]:
        """Shows this browser's plan, so it is kept for nobody."""
        names = list(STEPS)
        answer = page(
            self.visit,
            f"calculator/{template}.html",
            status=status,
            **{
                **self.frame.context(),
                "here": self.address,
                "calculator": self.calculator,
                "specification": self.engine.specification,
                "sheet": self.sheet(plan),
                "is_open": self.is_open,
                "has_closed": self.has_closed,
                "steps": [self.visit.gettext(text) for text in STEPS.values()],
                "step": names.index(step) + 1 if step else None,
                "notice": told(self.visit, NOTICES),
                "form": forms.Form(),
                "duty": lambda lever: self.visit.gettext(DUTIES[lever.duty]),
                **context,
            },
        )
        if self.own.choices:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    def go(self, path: str = "", cookies: Sequence[Cookie] = ()) -> Redirect:
        return Redirect(f"{self.address}{path}", status_code=303, cookies=list(cookies))


async def at_calculator(visit: Visit, slug: str) -> AtCalculator:
    """Raises NotFound."""
    calculator = await queries.get(visit.session, slug)
    process = await visit.session.get_one(Process, calculator.process_id)
    frame = await process_frame.read(visit, process.slug)
    engine = await queries.engine(visit.session, calculator)
    return AtCalculator(visit, frame, calculator, engine, await own_plan.read(visit, calculator, engine))


def plan(
    at: AtCalculator,
    own: OwnPlan | None = None,
    form: forms.Form | None = None,
    *,
    status: int = 200,
    cookies: Sequence[Cookie] = (),
) -> Response[str]:
    """The whole form; before the opening and after the close without anything to press."""
    own = own or at.own
    return at.page(
        "plan",
        status=status,
        step="plan" if at.is_open else None,
        plan=own.choices,
        cookies=list(cookies),
        own=own,
        form=form or forms.Form(),
        figures=figures_address(at.calculator, at.engine.specification),
        lever_id=plan_form.lever_id,
        **controls(at.visit),
    )


def controls(visit: Visit) -> dict[str, Any]:
    """What a page needs that shows levers to set."""
    return {
        "worth": WORTH_A_WORD,
        "is_stepped": is_stepped,
        "in_order": in_order,
        "landmarks": landmarks,
        "figure": lambda value: plan_form.shown(value, visit.language),
        "duty": lambda lever: visit.gettext(DUTIES[lever.duty]),
    }


def review(at: AtCalculator) -> Response[str]:
    """A code made beforehand: sent twice, the form is one plan."""
    return _review(at, at.own, plans.new_code(), forms.Form())


async def refused(
    at: AtCalculator,
    choices: Plan,
    code: bytes,
    form: forms.Form,
    error: DomainError | None = None,
) -> Response[str]:
    """The review again with all that was sent, as far as it can still be chosen, and what hinders it."""
    if not at.is_open:
        return closed(at)
    if isinstance(error, rules.SpecificationChanged):
        still, _ = choosable(at, choices)
        own = OwnPlan(still, error.changed, error.gone)
        return _review(at, own, code, form, refusal=error, status=409)
    if isinstance(error, Invalid) and error.field == "reason":
        form.refuse(at.visit, error)
        error = None
    still, left_out = choosable(at, choices)
    return _review(at, OwnPlan(still, (), tuple(left_out)), code, form, refusal=error, status=422)


def _review(
    at: AtCalculator,
    own: OwnPlan,
    code: bytes,
    form: forms.Form,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response[str]:
    return at.page(
        "review",
        status=status,
        step="review",
        plan=own.choices,
        cookies=at.kept(own.choices) if refusal else [],
        own=own,
        code=receipt.written(code),
        form=form,
        refusal=at.visit.gettext(refusal.message, **refusal.parameters) if refusal else None,
    )


def code(at: AtCalculator, template: str, code: str) -> Response[str]:
    """A page that shows a code, kept for nobody."""
    answer = at.page(template, step="receipt" if template == "receipt" else None, code=code)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def form(
    at: AtCalculator,
    template: str,
    form: forms.Form | None = None,
    *,
    status: int | None = None,
    **context: Any,
) -> Response[str]:
    """A page that asks for a code."""
    return at.page(template, status=status or (422 if form else 200), form=form or forms.Form(), **context)


def beside_code(visit: Visit, form: forms.Form, error: DomainError) -> forms.Form:
    form.mistakes["code"] = visit.gettext(error.message)
    return form


def shared(at: AtCalculator, asked: Plan) -> Response[str]:
    plan, left_out = choosable(at, asked)
    return at.page("shared", plan=plan, left_out=len(left_out))


def closed(at: AtCalculator) -> Response[str]:
    """Nothing can be sent now: what holds, and where the results are."""
    return at.page("not_open", status=409)


def choosable(at: AtCalculator, asked: Plan) -> tuple[dict[str, str], list[str]]:
    """Of any choices those that can be made here, and the keys of the others."""
    levers = at.engine.specification.by_key
    plan = {
        key: value
        for key, value in asked.items()
        if (lever := levers.get(key)) and not lever.locked and value in lever.by_value
    }
    return plan, [key for key in asked if key not in plan]


async def shown_on(at: AtCalculator, digest: str) -> Specification:
    """The specification a sent form was made with; today's where there is none of that digest."""
    try:
        return (await queries.engine(at.visit.session, at.calculator, digest)).specification
    except NotFound:
        return at.engine.specification
