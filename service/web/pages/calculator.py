"""Balancing the budget: what it is about, the plan, its review, its receipt.

Nothing that was chosen stands in an address, unless the person asks for one to share.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field, StringConstraints

from service.calculator import plans, queries, rules
from service.calculator.engine import Plan
from service.calculator.plans import Submission
from service.core import receipt
from service.core.errors import Invalid, msgid
from service.web import calculator_pages, forms, own_plan, plan_form
from service.web.calculator_pages import AtCalculator, at_calculator
from service.web.page import page
from service.web.visit import ThisVisit

CODE_MISSING = {"code": msgid("Write the code of your plan.")}
Told = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=rules.LONGEST_REASON, pattern=r"^[^\x00]*$")
]


class Sending(BaseModel):
    """What the review's form says beside the choices."""

    specification: str = ""
    code: str = ""
    reason: Told = ""
    comment: Told = ""


class CodeForm(BaseModel):
    code: str = Field(max_length=100)


class CalculatorPages(Controller):
    path = "/calculator"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        calculators = await queries.published(visit.session)
        return page(
            visit,
            "calculator/list.html",
            calculators=sorted(calculators, key=lambda each: not each.is_open(visit.now)),
        )

    @get("/{slug:str}")
    async def start(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return (await at_calculator(visit, slug)).page("start")

    @get("/{slug:str}/plan")
    async def plan(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        at = await at_calculator(visit, slug)
        return at.page("not_open") if visit.now < at.calculator.opens_at else calculator_pages.plan(at)

    @post("/{slug:str}/plan", status_code=200)
    async def press(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any]:
        """One press of whichever button: what is chosen is read, kept, and counted on the next page."""
        at = await at_calculator(visit, slug)
        form = await visit.form()
        if form.get("go") == "forget":
            return at.go("?done=forgotten", own_plan.forgotten(visit, at.calculator))
        if not at.is_open:
            return calculator_pages.closed(at)
        shown = await calculator_pages.shown_on(at, str(form.get("specification", "")))
        sent = plan_form.read(visit, shown, form, at.own.choices)
        own = own_plan.carried(sent.plan, shown, at.engine.specification)
        cookies = at.kept(own.choices)
        if sent.form.mistakes:
            return calculator_pages.plan(at, own, sent.form, status=422, cookies=cookies)
        if own.is_stale:
            return calculator_pages.plan(at, own, status=409, cookies=cookies)
        return await _pressed(at, form, own.choices)

    @get("/{slug:str}/review")
    async def review(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        at = await at_calculator(visit, slug)
        return calculator_pages.review(at) if at.is_open else calculator_pages.closed(at)

    @post("/{slug:str}/review", status_code=200)
    async def submit(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any]:
        """What was reviewed is what is sent: the choices stand in the form, and sent twice it is one plan."""
        at = await at_calculator(visit, slug)
        sent = await visit.form()
        filled = await forms.read(visit, Sending)
        choices = plan_form.sent_choices(sent)
        code = receipt.read(str(sent.get("code", ""))) or plans.new_code()
        if filled.value is None:
            return await calculator_pages.refused(at, choices, code, filled.form)
        try:
            await plans.submit(
                visit.session,
                at.calculator,
                Submission(
                    filled.value.specification, choices, code, filled.value.reason, filled.value.comment
                ),
            )
        except rules.CalculatorIsClosed:
            return calculator_pages.closed(at)
        except (Invalid, rules.SpecificationChanged) as error:
            return await calculator_pages.refused(at, choices, code, filled.form, error)
        return at.go("/receipt", [*at.kept({}), *own_plan.shown(visit, at.calculator, "sent", code)])

    @get("/{slug:str}/receipt")
    async def receipt(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """For an hour, in the browser that sent the plan."""
        at = await at_calculator(visit, slug)
        code = own_plan.code_of(visit, "sent")
        return calculator_pages.code(at, "receipt", code) if code else at.go()

    @get("/{slug:str}/saved")
    async def saved(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """For an hour, in the browser that saved the plan."""
        at = await at_calculator(visit, slug)
        code = own_plan.code_of(visit, "saved")
        return calculator_pages.code(at, "saved", code) if code else at.go("/open")

    @get("/{slug:str}/open")
    async def ask_code(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        at = await at_calculator(visit, slug)
        return calculator_pages.form(at, "open") if at.is_open else calculator_pages.closed(at)

    @post("/{slug:str}/open", status_code=200)
    async def open(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any]:
        """Take up a saved plan."""
        at = await at_calculator(visit, slug)
        if not at.is_open:
            return calculator_pages.closed(at)
        filled = await forms.read(visit, CodeForm, sentences=CODE_MISSING)
        if filled.value is None:
            return calculator_pages.form(at, "open", filled.form)
        try:
            plan = await plans.restore(visit.session, at.calculator, filled.value.code)
        except rules.NoSuchPlan as error:
            return calculator_pages.form(at, "open", calculator_pages.beside_code(visit, filled.form, error))
        return at.go("/plan?done=opened", at.kept(plan))

    @get("/{slug:str}/shared")
    async def shared(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """Somebody's choices, as the address says them; what cannot be chosen here is left out and said."""
        at = await at_calculator(visit, slug)
        return calculator_pages.shared(at, dict(visit.request.query_params.items()))

    @post("/{slug:str}/shared", status_code=200)
    async def take(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any]:
        """Make it one's own start, in place of what this browser had."""
        at = await at_calculator(visit, slug)
        if not at.is_open:
            return calculator_pages.closed(at)
        plan, _ = calculator_pages.choosable(at, plan_form.sent_choices(await visit.form()))
        return at.go("/plan?done=taken", at.kept(plan))

    @get("/{slug:str}/withdraw")
    async def ask_withdrawal(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return calculator_pages.form(await at_calculator(visit, slug), "withdraw")

    @post("/{slug:str}/withdraw", status_code=200)
    async def withdraw(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any]:
        """First the code, then a word that it is meant."""
        at = await at_calculator(visit, slug)
        filled = await forms.read(visit, CodeForm, sentences=CODE_MISSING)
        if filled.value is None:
            return calculator_pages.form(at, "withdraw", filled.form)
        try:
            if (await visit.form()).get("confirmed") != "yes":
                plan = await plans.of_receipt(visit.session, at.calculator, filled.value.code)
                return calculator_pages.form(at, "withdraw_plan", filled.form, status=200, sent=plan)
            await plans.withdraw(visit.session, at.calculator, filled.value.code)
        except rules.NoSuchPlan as error:
            return calculator_pages.form(
                at, "withdraw", calculator_pages.beside_code(visit, filled.form, error)
            )
        return at.go("?done=withdrawn")


async def _pressed(at: AtCalculator, form: FormMultiDict, plan: Plan) -> Redirect:
    """Where the button leads."""
    cookies = at.kept(plan)
    match form.get("go"):
        case "review":
            return at.go("/review", cookies)
        case "save":
            code = plans.new_code()  # an earlier one may be somebody else's: browsers are shared
            digest = at.engine.specification.digest
            await plans.save(at.visit.session, at.calculator, digest, plan, code)
            return at.go("/saved", [*cookies, *own_plan.shown(at.visit, at.calculator, "saved", code)])
        case "share":
            return at.go(f"/shared?{urlencode(plan)}", cookies)
        case _:
            return at.go(f"/plan{plan_form.fragment(form, at.own.choices, plan)}", cookies)
