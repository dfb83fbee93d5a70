"""The balancing calculator as JSON: what it counts with, a plan's figures, plans submitted and saved, what people would do."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Self

from litestar import Controller, get, post, put
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.calculator import actions, plans, queries, results, rules
from service.calculator.engine import Outcome
from service.calculator.models import Calculator, CommentState, GroupPlan
from service.calculator.specification import Draft, Key, Specification, Value
from service.core import receipt
from service.core.actor import Role
from service.core.errors import NotFound
from service.core.text import Localized
from service.council import queries as council
from service.opendata.tables import Record, amount, csv_lines
from service.processes.models import Process
from service.web import steward
from service.web.visit import ThisVisit, Visit

Digest = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="Of the specification the plan was made on.")
]
Choices = Annotated[
    dict[Key, Value], Field(max_length=100, description="Levers with the option chosen; others are as today.")
]
Code = Annotated[str, Field(max_length=100, examples=["7K2M-9QXD-4TBA-1FHE"])]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="As it was read.")]
PRIVATE = CacheControlHeader(no_store=True)
PLAN_EXAMPLE: JsonDict = {"tulovero": "9.10", "kouluverkko": "b"}
CALCULATOR_EXAMPLE: JsonDict = {
    "slug": "talous-2027",
    "title": {"fi": "Tasapainotuslaskuri", "sv": "Balanseringsräknare"},
    "summary": {"fi": "Kokeile tasapainottaa talous.", "sv": "Prova att balansera ekonomin."},
    "opens_at": "2027-05-01T08:00:00+03:00",
    "closes_at": "2027-08-31T20:00:00+03:00",
}
RESULT_COLUMNS = ("lever", "lever_name", "option", "option_name", "today", "effect", "plans", "groups")


class CalculatorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    slug: str
    title: dict[str, str]
    summary: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    specification: str | None = Field(description="Digest of what it counts with; null: in preparation.")
    version: int


class YearOut(BaseModel):
    """Cents. `loans` and `accumulated` stand at the year's end."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    lines: dict[str, int]
    interest: int
    operating_margin: int
    annual_margin: int
    result: int
    structural_result: int
    accumulated: int
    cash_flow: int
    loans: int
    residents: int


class OutcomeOut(BaseModel):
    years: list[YearOut]
    violations: list[int] = Field(description="Numbers of the rules the plan breaks, from 0.")
    missing: int = Field(description="Cents the target's year still lacks.")
    balanced: bool

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        return cls(
            years=[YearOut.model_validate(year) for year in outcome.years],
            violations=list(outcome.violations),
            missing=outcome.missing,
            balanced=outcome.is_balanced,
        )


class PlanIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"plan": PLAN_EXAMPLE}]})

    plan: Choices


class SubmissionIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"specification": "0" * 64, "plan": PLAN_EXAMPLE, "reason": "Velkaa voi ottaa."}]
        }
    )

    specification: Digest
    plan: Choices
    reason: str = Field(
        default="", max_length=rules.LONGEST_REASON, description="Needed where the plan leaves a deficit."
    )
    comment: str = Field(default="", max_length=rules.LONGEST_REASON)
    receipt: Code | None = Field(default=None, description="A code of yours; sent twice it makes one plan.")


class SubmittedOut(BaseModel):
    receipt: str = Field(description="Shown once; with it the plan can be withdrawn.")
    outcome: OutcomeOut


class ReceiptIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"receipt": "7K2M-9QXD-4TBA-1FHE"}]})

    receipt: Code


class SavedIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"specification": "0" * 64, "plan": PLAN_EXAMPLE}]}
    )

    specification: Digest
    plan: Choices
    code: Code | None = Field(default=None, description="To go on saving under the same code.")


class SavedOut(BaseModel):
    code: str


class OpenIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "7K2M-9QXD-4TBA-1FHE"}]})

    code: Code


class PlanOut(BaseModel):
    plan: dict[str, str]


class OptionResultOut(BaseModel):
    option: str
    plans: int | None = Field(description="null: too few to be told.")
    groups: list[str] = Field(description="Council groups that published it as theirs.")


class LeverResultOut(BaseModel):
    lever: str
    today: str
    untouched: int | None
    options: list[OptionResultOut]


class StretchOut(BaseModel):
    """Plans with a structural result of the target's year in this stretch; null: without an end."""

    from_cents: int | None
    to_cents: int | None
    plans: int


class ResultsOut(BaseModel):
    specification: str
    released_at: datetime
    plans: int
    balanced: int | None = Field(description="null: too few on one side to be told.")
    results: list[StretchOut] = Field(
        description="Plans by the structural result of the target's year, at least ten in each."
    )
    levers: list[LeverResultOut]


class NewCalculatorIn(actions.Details):
    model_config = ConfigDict(json_schema_extra={"examples": [CALCULATOR_EXAMPLE]})


class ChangedCalculatorIn(actions.Details):
    model_config = ConfigDict(json_schema_extra={"examples": [CALCULATOR_EXAMPLE | {"version": 1}]})

    version: Version


class DraftOut(BaseModel):
    version: int
    draft: Draft


class DraftIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": 3, "draft": {"target": {"year": 2029, "result": 0}}}]}
    )

    version: Version
    draft: Draft


class SeenIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 3}]})

    version: Version


class CommentOut(BaseModel):
    key: str
    comment: str


class CommentDecisionIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"publish": True}]})

    publish: bool


class GroupPlanIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"version": 0, "plan": PLAN_EXAMPLE, "reason": {"fi": "Jaamme säästöt usealle vuodelle."}}
            ]
        }
    )

    version: Version = 0
    plan: Choices
    reason: Localized | None = None


class GroupPlanOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    version: int
    specification: str
    choices: dict[str, str]
    reason: dict[str, str]
    published_at: datetime | None


class CalculatorsApi(Controller):
    path = "/calculators"
    tags = ["Calculator"]

    @get(operation_id="listCalculators")
    async def list(self, visit: ThisVisit) -> list[CalculatorOut]:
        """Every published calculator, the one that closes last first."""
        return [CalculatorOut.model_validate(each) for each in await queries.published(visit.session)]

    @get("/{slug:str}", operation_id="getCalculator")
    async def show(self, visit: ThisVisit, slug: FromPath[str]) -> CalculatorOut:
        """A published calculator: what it is about, when it is open, what it counts with."""
        return CalculatorOut.model_validate(await queries.get(visit.session, slug))

    @get("/{slug:str}/specification", operation_id="getSpecification")
    async def specification(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        digest: Annotated[
            str | None,
            QueryParameter(pattern="^[0-9a-f]{64}$", description="An older one; else the one that holds."),
        ] = None,
    ) -> Specification:
        """What it counts with: starting point, levers with their options and effects, rules, interactions. It never changes."""
        calculator = await queries.get(visit.session, slug)
        return (await queries.engine(visit.session, calculator, digest)).specification

    @post("/{slug:str}/evaluate", operation_id="evaluatePlan", status_code=200)
    async def evaluate(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[PlanIn]) -> OutcomeOut:
        """What a plan leads to, year by year. Nothing is stored."""
        engine = await queries.engine(visit.session, await queries.get(visit.session, slug))
        return OutcomeOut.of(plans.evaluated(engine, data.plan))

    @post("/{slug:str}/plans", operation_id="submitPlan", cache_control=PRIVATE)
    async def submit(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[SubmissionIn]
    ) -> SubmittedOut:
        """Submit a plan, without a name. 409 where the figures have changed since you read them: `parameters` say which."""
        code = (receipt.read(data.receipt) if data.receipt else None) or plans.new_code()
        submission = plans.Submission(data.specification, data.plan, code, data.reason, data.comment)
        outcome = await plans.submit(visit.session, await queries.get(visit.session, slug), submission)
        return SubmittedOut(receipt=receipt.written(code), outcome=OutcomeOut.of(outcome))

    @post("/{slug:str}/plans/withdrawal", operation_id="withdrawPlan", status_code=204, cache_control=PRIVATE)
    async def withdraw(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[ReceiptIn]) -> None:
        """Take your plan back. It cannot be undone."""
        await plans.withdraw(visit.session, await queries.get(visit.session, slug), data.receipt)

    @post("/{slug:str}/saved", operation_id="savePlan", cache_control=PRIVATE)
    async def save(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[SavedIn]) -> SavedOut:
        """Keep a plan in the making; only the code opens it."""
        calculator = await queries.get(visit.session, slug)
        code = (receipt.read(data.code) if data.code else None) or plans.new_code()
        await plans.save(visit.session, calculator, data.specification, data.plan, code)
        return SavedOut(code=receipt.written(code))

    @post("/{slug:str}/saved/open", operation_id="openSavedPlan", status_code=200, cache_control=PRIVATE)
    async def open(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[OpenIn]) -> PlanOut:
        """A saved plan, as far as it can still be chosen."""
        calculator = await queries.get(visit.session, slug)
        return PlanOut(plan=await plans.restore(visit.session, calculator, data.code))

    @get("/{slug:str}/results", operation_id="getCalculatorResults")
    async def results(self, visit: ThisVisit, slug: FromPath[str]) -> ResultsOut:
        """What people would do, beside the groups of the council. 404 until ten plans can be told of."""
        found = await _results(visit, slug)
        return ResultsOut(
            specification=found.specification.digest,
            released_at=found.released_at,
            plans=found.plans,
            balanced=found.balanced,
            results=[
                StretchOut(from_cents=each.start, to_cents=each.end, plans=each.plans)
                for each in found.stretches
            ],
            levers=[_lever(each) for each in found.levers],
        )

    @get("/{slug:str}/results.csv", operation_id="getCalculatorResultsTable", media_type="text/csv")
    async def table(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        excel: Annotated[
            bool, QueryParameter(description="Semicolons and a byte order mark, for Excel in Finland.")
        ] = False,
    ) -> Stream:
        """The same as a table: a line for each option and one for those who left the lever alone."""
        found = await _results(visit, slug)
        lines = [*csv_lines(RESULT_COLUMNS, _records(found, visit), excel=excel)]
        name = f"{slug}.csv"
        return Stream(
            iter(lines),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class CalculatorDeskApi(Controller):
    path = ""
    tags = ["Calculator"]

    @post("/processes/{slug:str}/calculators", operation_id="foundCalculator")
    async def found(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[NewCalculatorIn]
    ) -> CalculatorOut:
        """A calculator in preparation (editors)."""
        process, by = await steward.process_of(visit, slug)
        return CalculatorOut.model_validate(await actions.found(visit.session, process, data, by=by))

    @put("/calculators/{slug:str}", operation_id="changeCalculator")
    async def change(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[ChangedCalculatorIn]
    ) -> CalculatorOut:
        """Title, summary, address and dates (editors)."""
        calculator, by = await _looked_after(visit, slug)
        details = actions.Details(**data.model_dump(exclude={"version"}))
        await actions.change(visit.session, calculator, details, version=data.version, by=by)
        return CalculatorOut.model_validate(calculator)

    @get("/calculators/{slug:str}/draft", operation_id="getCalculatorDraft")
    async def draft(self, visit: ThisVisit, slug: FromPath[str]) -> DraftOut:
        """The figures in the making (editors)."""
        calculator, _ = await _looked_after(visit, slug)
        return DraftOut(version=calculator.version, draft=queries.draft(calculator))

    @put("/calculators/{slug:str}/draft", operation_id="writeCalculatorDraft")
    async def write(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[DraftIn]) -> DraftOut:
        """Replace the figures in the making (editors). What is published stays as it is."""
        calculator, by = await _looked_after(visit, slug)
        await actions.write(visit.session, calculator, data.draft, "draft", version=data.version, by=by)
        return DraftOut(version=calculator.version, draft=data.draft)

    @post("/calculators/{slug:str}/specifications", operation_id="publishSpecification", status_code=200)
    async def publish(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[SeenIn]) -> CalculatorOut:
        """Make the draft what people count with, for good (editors)."""
        calculator, by = await _looked_after(visit, slug)
        await actions.publish(visit.session, calculator, version=data.version, by=by)
        return CalculatorOut.model_validate(calculator)

    @post("/calculators/{slug:str}/closing", operation_id="closeCalculator", status_code=200)
    async def close(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[SeenIn]) -> CalculatorOut:
        """Close it now, before its time (editors)."""
        calculator, by = await _looked_after(visit, slug)
        await actions.close(visit.session, calculator, version=data.version, by=by)
        return CalculatorOut.model_validate(calculator)

    @get("/calculators/{slug:str}/comments", operation_id="listPlanComments")
    async def comments(self, visit: ThisVisit, slug: FromPath[str]) -> list[CommentOut]:
        """Comments that wait for a check (moderators)."""
        calculator = await queries.find(visit.session, slug)
        actions.check_reach(visit.moderator, calculator.process_id)
        waiting = await queries.comments(visit.session, calculator.id, CommentState.WAITING)
        return [CommentOut(key=plan.key.hex(), comment=plan.comment) for plan in waiting]

    @put("/calculators/{slug:str}/comments/{key:str}", operation_id="decidePlanComment", status_code=204)
    async def decide(
        self, visit: ThisVisit, slug: FromPath[str], key: FromPath[str], data: JSONBody[CommentDecisionIn]
    ) -> None:
        """Publish a comment or reject it (moderators)."""
        calculator = await queries.find(visit.session, slug)
        by = visit.moderator
        plan = await queries.commented(visit.session, calculator.id, key)
        await actions.decide_comment(visit.session, calculator, plan, publish=data.publish, by=by)


class GroupPlanApi(Controller):
    path = "/council-groups/{group:str}/plans/{slug:str}"
    tags = ["Council groups"]
    cache_control = PRIVATE

    @get(operation_id="getGroupPlan")
    async def show(self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str]) -> GroupPlanOut:
        """Your group's own plan (members), or a published one (everybody). 404 for all else."""
        calculator = await queries.get(visit.session, slug)
        found = await council.get(visit.session, group)
        plan = await queries.group_plan(visit.session, calculator.id, found.id)
        is_member = visit.has_role(Role.COUNCIL_MEMBER) and await council.is_member(
            visit.session, found.id, visit.council_member.id
        )
        if plan is None or not (is_member or plan.published_at):
            raise NotFound
        return GroupPlanOut.model_validate(plan)

    @put(operation_id="writeGroupPlan")
    async def write(
        self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str], data: JSONBody[GroupPlanIn]
    ) -> GroupPlanOut:
        """Write your group's plan (members). 409 where another member has changed it since you read it."""
        by = visit.council_member
        own = await council.of_member(visit.session, group, by)
        calculator = await queries.get(visit.session, slug)
        written: GroupPlan = await actions.write_group_plan(
            visit.session, calculator, own, data.plan, data.reason, version=data.version, by=by
        )
        return GroupPlanOut.model_validate(written)

    @post("/publication", operation_id="publishGroupPlan", status_code=204)
    async def publish(
        self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str], data: JSONBody[SeenIn]
    ) -> None:
        """Show your group's plan to everybody, for good (members)."""
        by = visit.council_member
        own = await council.of_member(visit.session, group, by)
        calculator = await queries.get(visit.session, slug)
        await actions.publish_group_plan(visit.session, calculator, own, version=data.version, by=by)


async def _results(visit: Visit, slug: str) -> results.Results:
    found = await results.read(visit.session, await queries.get(visit.session, slug))
    if found is None:
        raise NotFound
    return found


def _lever(found: results.LeverResult) -> LeverResultOut:
    return LeverResultOut(
        lever=found.lever.key,
        today=found.lever.today,
        untouched=found.untouched,
        options=[
            OptionResultOut(
                option=each.option.value, plans=each.plans, groups=[group.slug for group in each.groups]
            )
            for each in found.options
        ],
    )


def _records(found: results.Results, visit: Visit) -> Iterator[Record]:
    for each in found.levers:
        name = each.lever.name.text(visit.language).text
        of_lever: dict[str, Any] = {"lever": each.lever.key, "lever_name": name}
        for option in each.options:
            effect = found.engine.effect(each.lever.key, option.option.value)[found.engine.target]
            yield of_lever | {
                "option": option.option.value,
                "option_name": option.option.label.text(visit.language).text,
                "today": option.is_today,
                "effect": amount(effect),
                "plans": option.plans,
                "groups": " ".join(group.slug for group in option.groups),
            }
        yield (
            of_lever
            | dict.fromkeys(RESULT_COLUMNS[2:], None)
            | {
                "option": "untouched",
                "plans": each.untouched,
                "groups": " ".join(group.slug for group in each.untouched_groups),
            }
        )


async def _looked_after(visit: Visit, slug: str) -> tuple[Calculator, steward.Steward]:
    calculator = await queries.find(visit.session, slug)
    process = await visit.session.get_one(Process, calculator.process_id)
    return calculator, steward.of(visit, process)
