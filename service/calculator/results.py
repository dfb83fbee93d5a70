"""What people would do, as it is published, beside what council groups would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator import queries
from service.calculator.engine import Engine
from service.calculator.models import Calculator, GroupPlan
from service.calculator.specification import Lever, Option, Specification
from service.council.models import CouncilGroup

MILLION = 1_000_000_00


@dataclass(frozen=True, slots=True)
class OptionResult:
    """`plans` is None where fewer than ten people, or too few to tell apart, chose it; `groups` chose it too."""

    option: Option
    plans: int | None
    is_today: bool
    groups: tuple[CouncilGroup, ...]


@dataclass(frozen=True, slots=True)
class LeverResult:
    lever: Lever
    options: tuple[OptionResult, ...]
    untouched: int | None
    untouched_groups: tuple[CouncilGroup, ...]

    @property
    def kept(self) -> int | None:
        """Who chose that it stays as today."""
        return next(each.plans for each in self.options if each.is_today)

    @property
    def favourite(self) -> OptionResult | None:
        """What most people chose of what may be told; None where nothing may."""
        told = [each for each in self.options if each.plans is not None]
        return max(told, key=lambda each: each.plans or 0, default=None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Plans with a structural result of the target's year from `start` up to `end`, in cents; None: without an end."""

    start: int | None
    end: int | None
    plans: int


@dataclass(frozen=True, slots=True)
class Results:
    """`balanced` is None where so few balance, or so few do not, that it is not told."""

    engine: Engine
    released_at: datetime
    plans: int
    balanced: int | None
    stretches: tuple[Stretch, ...]
    levers: tuple[LeverResult, ...]
    groups: Sequence[tuple[CouncilGroup, GroupPlan]]

    @property
    def specification(self) -> Specification:
        return self.engine.specification


async def read(session: AsyncSession, calculator: Calculator, digest: str | None = None) -> Results | None:
    """The last release on a specification, else on the published one; None where nothing may be published yet."""
    release = await queries.release(session, calculator.id, digest or str(calculator.specification))
    if release is None:
        return None
    engine = await queries.engine(session, calculator, release.specification)
    groups = [
        (group, plan)
        for group, plan in await queries.published_group_plans(session, calculator)
        if plan.specification == release.specification
    ]
    counts = release.counts
    return Results(
        engine=engine,
        released_at=release.released_at,
        plans=release.plans,
        balanced=counts["balanced"],
        stretches=_stretches(counts, engine.specification.target.result),
        levers=tuple(
            _lever(lever, counts["levers"][lever.key], groups)
            for lever in engine.specification.levers
            if not lever.locked
        ),
        groups=groups,
    )


def _stretches(counts: Mapping[str, Any], target: int) -> tuple[Stretch, ...]:
    """From the worst to the best. Where both sides are told, the target parts them."""
    below, above = counts["below"], counts["above"]
    if below:
        below = [*below[:-1], (below[-1][0], 0, below[-1][2])]
        above = [(0, above[0][1], above[0][2]), *above[1:]]
    return tuple(
        Stretch(_cents(first, target), _cents(end, target), plans) for first, end, plans in [*below, *above]
    )


def _cents(million: int | None, target: int) -> int | None:
    return None if million is None else target + million * MILLION


def _lever(
    lever: Lever, counts: Mapping[str, int | None], groups: Sequence[tuple[CouncilGroup, GroupPlan]]
) -> LeverResult:
    """A group stands where it took a stand; where it took none, among those who left the lever alone."""

    def of(value: str | None) -> tuple[CouncilGroup, ...]:
        return tuple(group for group, plan in groups if plan.choices.get(lever.key) == value)

    options = tuple(
        OptionResult(option, counts[option.value], option.value == lever.today, of(option.value))
        for option in lever.options
    )
    return LeverResult(lever, options, counts["untouched"], of(None))
