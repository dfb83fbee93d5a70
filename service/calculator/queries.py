"""Every SELECT about calculators."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, bindparam, func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator.engine import Engine
from service.calculator.models import (
    Calculator,
    CommentState,
    GroupPlan,
    OfficialFigure,
    PlanRelease,
    PublishedSpecification,
    SubmittedPlan,
)
from service.calculator.publication import LEAST
from service.calculator.specification import Draft, Specification
from service.core import clock
from service.core.errors import NotFound
from service.council.models import CouncilGroup
from service.processes.models import Process

COUNTED = text(
    """
    with plans as materialized (
      select choices, result from plan_box where calculator_id = :calculator and specification = :specification
    )
    select (select count(*) from plans) as plans,
           (select coalesce(jsonb_object_agg(million, counted), '{}')
            from (select floor((result - :target) / 100000000.0)::int as million, count(*) as counted
                  from plans group by million) as by_million) as results,
           (select coalesce(jsonb_agg(jsonb_build_array(key, value, counted)), '[]')
            from (select choice.key, choice.value, count(*) as counted
                  from plans, jsonb_each_text(choices) as choice group by choice.key, choice.value) as by_option) as chosen
    """
).bindparams(bindparam("target", type_=BigInteger))
"""All numbers of one moment: a plan that comes while it is counted is in all of them or in none."""

HEXADECIMAL = re.compile("[0-9a-f]{32}")


async def get(session: AsyncSession, slug: str) -> Calculator:
    """One that is published, of a published process; raises NotFound."""
    calculator = await find(session, slug)
    process = await session.get_one(Process, calculator.process_id)
    if calculator.specification is None or process.published_at is None:
        raise NotFound
    return calculator


async def find(session: AsyncSession, slug: str) -> Calculator:
    """Also one in preparation: for its staff. Raises NotFound."""
    found = (await session.exec(select(Calculator).where(Calculator.slug == slug))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def published(session: AsyncSession) -> Sequence[Calculator]:
    """Those anyone may see, the one that closes last first."""
    statement = (
        select(Calculator)
        .join(Process, col(Process.id) == Calculator.process_id)
        .where(col(Calculator.specification).is_not(None), col(Process.published_at).is_not(None))
        .order_by(col(Calculator.closes_at).desc(), col(Calculator.slug))
    )
    return (await session.exec(statement)).all()


async def open_now(session: AsyncSession) -> Sequence[Calculator]:
    now = await clock.now(session)
    return [calculator for calculator in await published(session) if calculator.is_open(now)]


async def next_boundary(session: AsyncSession, at: datetime) -> datetime | None:
    """The next moment at which a calculator opens or closes."""
    moment = func.least(
        func.min(Calculator.opens_at).filter(col(Calculator.opens_at) > at),
        func.min(Calculator.closes_at).filter(col(Calculator.closes_at) > at),
    )
    boundary: datetime | None = (await session.exec(select(moment))).one()
    return boundary


async def of_process(session: AsyncSession, process_id: UUID) -> Sequence[Calculator]:
    """Also those in preparation."""
    statement = (
        select(Calculator).where(Calculator.process_id == process_id).order_by(col(Calculator.opens_at))
    )
    return (await session.exec(statement)).all()


async def of_staff(session: AsyncSession, processes: frozenset[UUID] | None) -> Sequence[Calculator]:
    """Of these processes; None: of all."""
    statement = select(Calculator).order_by(col(Calculator.closes_at).desc(), col(Calculator.slug))
    if processes is not None:
        statement = statement.where(col(Calculator.process_id).in_(processes))
    return (await session.exec(statement)).all()


def draft(calculator: Calculator) -> Draft:
    return Draft.model_validate(calculator.draft)


async def engine(session: AsyncSession, calculator: Calculator, digest: str | None = None) -> Engine:
    """Of the published specification, or of an older one by its digest. Raises NotFound."""
    wanted = digest or calculator.specification
    if wanted is None:
        raise NotFound
    made = _MADE.get((calculator.id, wanted))
    if made is None:
        row = await session.get(PublishedSpecification, (calculator.id, wanted))
        if row is None:
            raise NotFound
        made = Engine(Specification.model_validate(row.body))
        if len(_MADE) >= MOST_MADE:
            _MADE.clear()
        _MADE[calculator.id, wanted] = made
    return made


MOST_MADE = 32
_MADE: dict[tuple[UUID, str], Engine] = {}
"""Engines by calculator and digest: what is published never changes, so they are right for as long as the process lives."""


async def specifications(session: AsyncSession, calculator_id: UUID) -> Sequence[tuple[str, datetime]]:
    """Digests with the moment of publication, the newest first."""
    statement = (
        select(PublishedSpecification.digest, PublishedSpecification.published_at)
        .where(PublishedSpecification.calculator_id == calculator_id)
        .order_by(col(PublishedSpecification.published_at).desc())
    )
    return (await session.exec(statement)).all()


async def count(session: AsyncSession, calculator: Calculator, specification: str | None = None) -> int:
    """Plans on a specification, else on the published one. Never shown while fewer than ten."""
    statement = (
        select(func.count())
        .select_from(SubmittedPlan)
        .where(
            SubmittedPlan.calculator_id == calculator.id,
            SubmittedPlan.specification == (specification or calculator.specification),
        )
    )
    return (await session.exec(statement)).one()


async def counted(session: AsyncSession, calculator_id: UUID, specification: str, *, target: int) -> Row[Any]:
    """(plans, results, chosen) of a specification: how many, by whole millions over the target, and as [lever, value, plans]."""
    values = {"calculator": calculator_id, "specification": specification, "target": target}
    row: Row[Any] = (await session.exec(COUNTED, params=values)).one()  # type: ignore[call-overload]
    return row


async def release(session: AsyncSession, calculator_id: UUID, specification: str) -> PlanRelease | None:
    """What is published of the plans on a specification."""
    return await session.get(PlanRelease, (calculator_id, specification), populate_existing=True)


async def released(session: AsyncSession, calculator_id: UUID) -> Sequence[tuple[str, datetime]]:
    """The specifications with published numbers and the moment of these, the newest first."""
    statement = (
        select(PlanRelease.specification, PlanRelease.released_at)
        .where(PlanRelease.calculator_id == calculator_id)
        .order_by(col(PlanRelease.released_at).desc())
    )
    return (await session.exec(statement)).all()


async def reasons(session: AsyncSession, calculator: Calculator, *, most: int = 200) -> Sequence[str]:
    """Why plans were sent with a deficit, in no order; for staff, and for nobody while there are fewer than ten."""
    statement = (
        select(SubmittedPlan.reason)
        .where(
            SubmittedPlan.calculator_id == calculator.id,
            SubmittedPlan.specification == calculator.specification,
            SubmittedPlan.reason != "",
        )
        .order_by(func.md5(SubmittedPlan.reason))
        .limit(most)
    )
    found = (await session.exec(statement)).all()
    return found if len(found) >= LEAST else []


async def comments(
    session: AsyncSession, calculator_id: UUID, state: CommentState, *, most: int = 200
) -> Sequence[SubmittedPlan]:
    """In the order of their keys, which is none."""
    statement = (
        select(SubmittedPlan)
        .where(SubmittedPlan.calculator_id == calculator_id, SubmittedPlan.comment_state == state)
        .order_by(col(SubmittedPlan.key))
        .limit(most)
    )
    return (await session.exec(statement)).all()


async def comments_waiting(session: AsyncSession, processes: frozenset[UUID] | None) -> int:
    """How many wait for a moderator of these processes; None: of all."""
    statement = (
        select(func.count())
        .select_from(SubmittedPlan)
        .join(Calculator, col(Calculator.id) == SubmittedPlan.calculator_id)
        .where(SubmittedPlan.comment_state == CommentState.WAITING)
    )
    if processes is not None:
        statement = statement.where(col(Calculator.process_id).in_(processes))
    return (await session.exec(statement)).one()


async def commented(session: AsyncSession, calculator_id: UUID, key: str) -> SubmittedPlan:
    """A plan with a comment, by its key in hexadecimal. Raises NotFound."""
    found = await session.get(SubmittedPlan, bytes.fromhex(key)) if HEXADECIMAL.fullmatch(key) else None
    if found is None or found.calculator_id != calculator_id or found.comment_state is None:
        raise NotFound
    return found


async def group_plan(session: AsyncSession, calculator_id: UUID, group_id: UUID) -> GroupPlan | None:
    """For members alone, unless it is published."""
    return await session.get(GroupPlan, (calculator_id, group_id))


async def published_group_plans(
    session: AsyncSession, calculator: Calculator
) -> Sequence[tuple[CouncilGroup, GroupPlan]]:
    statement = (
        select(CouncilGroup, GroupPlan)
        .join(GroupPlan, col(GroupPlan.group_id) == CouncilGroup.id)
        .where(GroupPlan.calculator_id == calculator.id, col(GroupPlan.published_at).is_not(None))
        .order_by(col(CouncilGroup.position), col(CouncilGroup.slug))
    )
    return (await session.exec(statement)).all()


async def official(session: AsyncSession, business_id: str) -> Sequence[OfficialFigure]:
    statement = (
        select(OfficialFigure)
        .where(OfficialFigure.business_id == business_id)
        .order_by(col(OfficialFigure.year), col(OfficialFigure.line))
    )
    return (await session.exec(statement)).all()


async def municipalities(session: AsyncSession) -> Sequence[tuple[str, str]]:
    """(business id, name) of those with official figures."""
    statement = (
        select(OfficialFigure.business_id, OfficialFigure.municipality)
        .distinct()
        .order_by(col(OfficialFigure.municipality))
    )
    return (await session.exec(statement)).all()
