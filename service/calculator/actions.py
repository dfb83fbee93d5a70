"""Everything that changes a calculator. Plans that people submit are in `plans`, apart from all that has a name or a time."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.calculator import gaps, plans, queries, readiness, rules
from service.calculator.engine import Engine, NotInSpecification, Plan
from service.calculator.models import (
    Calculator,
    CommentState,
    GroupPlan,
    OfficialFigure,
    PlanRelease,
    PublishedSpecification,
    SubmittedPlan,
)
from service.calculator.publication import LEAST, merged, shown
from service.calculator.specification import Draft
from service.core import clock
from service.core.actor import CouncilMember, Moderator, Staff, System
from service.core.database import violated
from service.core.errors import Invalid, msgid
from service.core.text import Localized
from service.council import queries as council
from service.council.models import CouncilGroup
from service.processes.actions import Steward
from service.processes.models import Process
from service.processes.parts import Moment, Slug
from service.processes.rules import EditedMeanwhile, NotYourProcess


class ClosesTooSoon(Invalid, ValueError):
    message = msgid("The calculator must close after it opens. Check both moments.")


class Details(BaseModel):
    """What an editor says of a calculator beside its figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    title: Localized
    summary: Localized
    opens_at: Moment
    closes_at: Moment


async def found(session: AsyncSession, process: Process, details: Details, *, by: Steward) -> Calculator:
    """A calculator in preparation. Raises NotYourProcess, CalculatorSlugTaken, ClosesTooSoon."""
    check_reach(by, process.id)
    calculator = Calculator(
        process_id=process.id, draft=Draft().model_dump(mode="json"), **_described(details)
    )
    await _add(session, calculator)
    await _record(session, "calculator.founded", calculator, by=by)
    return calculator


async def change(
    session: AsyncSession, calculator: Calculator, details: Details, *, version: int, by: Steward
) -> None:
    """Raises NotYourProcess, EditedMeanwhile, CalculatorHasOpened, CalculatorSlugTaken, ClosesTooSoon."""
    await _take(session, calculator, version, by)
    if details.slug != calculator.slug and calculator.specification:
        raise rules.CalculatorHasOpened
    for name, value in _described(details).items():
        setattr(calculator, name, value)
    await _add(session, calculator)
    await _changed(session, calculator, "details", by=by)


async def write(
    session: AsyncSession, calculator: Calculator, draft: Draft, part: str, *, version: int, by: Steward
) -> None:
    """The figures in the making; what is published stays as it is. `part` names what was changed, for the trail.

    Raises NotYourProcess, EditedMeanwhile.
    """
    await _take(session, calculator, version, by)
    calculator.draft = draft.model_dump(mode="json")
    await _changed(session, calculator, part, by=by)


async def publish(session: AsyncSession, calculator: Calculator, *, version: int, by: Steward) -> str:
    """Make the draft what people count with, for good; its digest. Plans on an older one stay, apart from the new ones.

    Raises NotYourProcess, EditedMeanwhile, NotReady.
    """
    await _take(session, calculator, version, by)
    try:
        specification = rules.whole(queries.draft(calculator))
    except ValidationError:
        raise rules.NotReady(gaps.of_draft(queries.draft(calculator))) from None
    if faults := [fault for fault in readiness.check(specification) if fault.blocks]:
        raise rules.NotReady(faults)
    new = insert(PublishedSpecification).values(
        calculator_id=calculator.id, digest=specification.digest, body=specification.model_dump(mode="json")
    )
    await session.exec(new.on_conflict_do_nothing())
    calculator.specification = specification.digest
    await _changed(session, calculator, "specification", by=by)
    return specification.digest


async def close(session: AsyncSession, calculator: Calculator, *, version: int, by: Steward) -> None:
    """Now, before its time. Raises NotYourProcess, EditedMeanwhile, CalculatorIsClosed."""
    await _take(session, calculator, version, by)
    now = await clock.now(session)
    if not calculator.is_open(now):
        raise rules.CalculatorIsClosed
    calculator.closes_at = now
    await _changed(session, calculator, "closing", by=by)


async def release(
    session: AsyncSession, calculator: Calculator, specification: str, *, by: System
) -> PlanRelease | None:
    """Count the plans on a specification and publish what may be published; None where there are too few."""
    engine = await queries.engine(session, calculator, specification)
    target = engine.specification.target.result
    found = await queries.counted(session, calculator.id, specification, target=target)
    if found.plans < LEAST:
        return None
    values = {
        "plans": found.plans,
        "counts": _published(engine, found),
        "released_at": await clock.now(session),
    }
    told = insert(PlanRelease).values(calculator_id=calculator.id, specification=specification, **values)
    await session.exec(told.on_conflict_do_update(constraint="pk_plan_release", set_=values))
    await audit.record(
        session,
        "calculator.released",
        calculator.id,
        by=by,
        process_id=calculator.process_id,
        plans=found.plans,
    )
    return await queries.release(session, calculator.id, specification)


async def decide_comment(
    session: AsyncSession, calculator: Calculator, plan: SubmittedPlan, *, publish: bool, by: Moderator
) -> None:
    """Raises NotYourProcess, CommentIsDecided."""
    check_reach(by, calculator.process_id)
    await plans.take_turn(session)
    decision = CommentState.PUBLISHED if publish else CommentState.REJECTED
    decided = (
        update(SubmittedPlan)
        .where(col(SubmittedPlan.key) == plan.key, col(SubmittedPlan.comment_state) == CommentState.WAITING)
        .values(comment_state=decision)
    )
    if not (await session.exec(decided)).rowcount:
        raise rules.CommentIsDecided
    await _record(session, "calculator.comment_decided", calculator, by=by, published=publish)


async def write_group_plan(
    session: AsyncSession,
    calculator: Calculator,
    group: CouncilGroup,
    plan: Plan,
    reason: Localized | None,
    *,
    version: int,
    by: CouncilMember,
) -> GroupPlan:
    """The group's own plan, for its members' eyes. `version` 0 begins one.

    Raises NotMember, EditedMeanwhile, PlanIsPublished, OptionUnknown.
    """
    await _check_member(session, group, by)
    engine = await queries.engine(session, calculator)
    try:
        engine.check(plan)
    except NotInSpecification as error:
        raise rules.OptionUnknown(error.lever, value=error.value) from None
    begun = insert(GroupPlan).values(
        calculator_id=calculator.id,
        group_id=group.id,
        version=0,
        specification=calculator.specification,
        choices={},
        reason={},
    )
    await session.exec(begun.on_conflict_do_nothing())
    written = await session.get_one(GroupPlan, (calculator.id, group.id), with_for_update=True)
    if written.version != version:
        raise EditedMeanwhile
    if written.published_at:
        raise rules.PlanIsPublished
    written.version += 1
    written.specification = str(calculator.specification)
    written.choices = dict(plan)
    written.reason = reason.stored() if reason else {}
    await _record(session, "group_plan.written", calculator, by=by, public=False)
    return written


async def publish_group_plan(
    session: AsyncSession, calculator: Calculator, group: CouncilGroup, *, version: int, by: CouncilMember
) -> None:
    """For everybody, for good.

    Raises NotMember, NoSuchPlan, EditedMeanwhile, PlanIsPublished, FiguresAreOld, NothingChosen, RulesBroken.
    """
    await _check_member(session, group, by)
    await session.refresh(calculator, with_for_update={"read": True})
    written = await session.get(GroupPlan, (calculator.id, group.id), with_for_update=True)
    if written is None:
        raise rules.NoSuchPlan
    if written.version != version:
        raise EditedMeanwhile
    if written.published_at:
        raise rules.PlanIsPublished
    if written.specification != calculator.specification:
        raise rules.FiguresAreOld
    if not written.choices:
        raise rules.NothingChosen
    engine = await queries.engine(session, calculator)
    if broken := engine.violations(written.choices):
        raise rules.RulesBroken(broken)
    written.published_at = await clock.now(session)
    await _record(session, "group_plan.published", calculator, by=by)


async def keep_official(session: AsyncSession, figures: Sequence[OfficialFigure], *, by: System) -> int:
    """Figures reported to the State Treasury; newer ones of the same line and year take the place of older. How many."""
    for figure in figures:
        await session.merge(figure)
    await audit.record(session, "official_figures.imported", by=by, figures=len(figures))
    return len(figures)


def _published(engine: Engine, found: Any) -> dict[str, Any]:
    """Small numbers hidden or put together. How many balance is told where it can be told of both sides."""
    levers: dict[str, dict[str, int]] = {
        lever.key: {option.value: 0 for option in lever.options}
        for lever in engine.specification.levers
        if not lever.locked
    }
    for lever, value, number in found.chosen:
        levers[lever][value] = number
    millions = {int(million): number for million, number in found.results.items()}
    below = {million: number for million, number in millions.items() if million < 0}
    above = {million: number for million, number in millions.items() if million >= 0}
    both = min(sum(below.values()), sum(above.values())) >= LEAST
    return {
        "balanced": sum(above.values()) if both else None,
        "below": merged(below) if both else [],
        "above": merged(above) if both else merged(millions),
        "levers": {
            key: shown({**counts, "untouched": found.plans - sum(counts.values())})
            for key, counts in levers.items()
        },
    }


def _described(details: Details) -> dict[str, Any]:
    if details.closes_at <= details.opens_at:
        raise ClosesTooSoon("closes_at")
    return {
        "slug": details.slug,
        "title": details.title.stored(),
        "summary": details.summary.stored(),
        "opens_at": details.opens_at,
        "closes_at": details.closes_at,
    }


async def _add(session: AsyncSession, calculator: Calculator) -> None:
    try:
        async with session.begin_nested():
            session.add(calculator)
    except IntegrityError as error:
        if violated(error) != "uq_calculator_slug":
            raise
        raise rules.CalculatorSlugTaken("slug") from None


async def _take(session: AsyncSession, calculator: Calculator, version: int, by: Steward) -> None:
    """Hold the calculator till the end of the transaction, if `by` looks after it and nobody has changed it meanwhile."""
    check_reach(by, calculator.process_id)
    await session.refresh(calculator, with_for_update=True)
    if calculator.version != version:
        raise EditedMeanwhile


async def _changed(session: AsyncSession, calculator: Calculator, part: str, *, by: Steward) -> None:
    calculator.version += 1
    await _record(session, "calculator.changed", calculator, by=by, part=part)


async def _check_member(session: AsyncSession, group: CouncilGroup, by: CouncilMember) -> None:
    if not await council.is_member(session, group.id, by.id):
        raise rules.NotMember


def check_reach(by: Staff | System, process_id: object) -> None:
    if isinstance(by, Staff) and not by.may_act_in(process_id):  # type: ignore[arg-type]
        raise NotYourProcess


async def _record(
    session: AsyncSession,
    action: str,
    calculator: Calculator,
    *,
    by: Staff | System,
    public: bool | None = None,
    **details: object,
) -> None:
    await audit.record(
        session,
        action,
        calculator.id,
        by=by,  # type: ignore[arg-type]
        process_id=calculator.process_id,
        public=calculator.specification is not None if public is None else public,
        **details,
    )
