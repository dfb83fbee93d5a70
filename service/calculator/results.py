"""What people would do, as it is published, beside what council groups would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator import queries
from service.calculator.models import Calculator, GroupPlan
from service.calculator.specification import Lever, Option, Specification
from service.council.models import CouncilGroup


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
class Million:
    """Plans with a structural result of the target's year from `start` up to a million euros more, in cents."""

    start: int
    plans: int | None


@dataclass(frozen=True, slots=True)
class Results:
    specification: Specification
    released_at: datetime
    plans: int
    balanced: int | None
    unbalanced: int | None
    millions: tuple[Million, ...]
    levers: tuple[LeverResult, ...]
    groups: Sequence[tuple[CouncilGroup, GroupPlan]]


async def read(session: AsyncSession, calculator: Calculator) -> Results | None:
    """The last release on the published specification; None where nothing may be published yet."""
    release = await queries.release(session, calculator)
    if release is None:
        return None
    specification = (await queries.engine(session, calculator)).specification
    groups = await queries.published_group_plans(session, calculator)
    balance = release.counts["balance"]
    return Results(
        specification=specification,
        released_at=release.released_at,
        plans=release.plans,
        balanced=balance["balanced"],
        unbalanced=balance["unbalanced"],
        millions=_millions(release.counts["results"]),
        levers=tuple(
            _lever(lever, release.counts["levers"][lever.key], groups)
            for lever in specification.levers
            if not lever.locked
        ),
        groups=groups,
    )


def _millions(counts: Mapping[str, int | None]) -> tuple[Million, ...]:
    """From the worst to the best, those between that nobody reached too."""
    reached = sorted(int(million) for million in counts)
    return tuple(
        Million(million * 100_000_000, counts.get(str(million), 0))
        for million in range(reached[0], reached[-1] + 1)
    )


def _lever(
    lever: Lever, counts: Mapping[str, int | None], groups: Sequence[tuple[CouncilGroup, GroupPlan]]
) -> LeverResult:
    options = tuple(
        OptionResult(
            option=option,
            plans=counts[option.value],
            is_today=option.value == lever.today,
            groups=tuple(
                group for group, plan in groups if plan.choices.get(lever.key, lever.today) == option.value
            ),
        )
        for option in lever.options
    )
    return LeverResult(lever, options, counts["untouched"])
