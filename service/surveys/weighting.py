"""Weights that bring respondents to the shares of the population: raking over declared margins. Pure.

A profile tells a respondent's category in each dimension, in the order of the margins; None where it is not known. All of one
profile weigh the same, so what is counted is profiles. A category without a share in its margin (“other, prefer not to say”)
counts as not known: that margin leaves the respondent's weight as it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.errors import Invalid, msgid

Profile = tuple[str | None, ...]
Margins = Mapping[str, Mapping[str, float]]  # dimension → category → share of the population

LEAST_ANSWERS = 100
LEAST_CATEGORY, LEAST_PERCENT = 20, 5
"""Respondents in a category, and their share of those whose category is known; smaller ones are joined with others first."""
HEAVIEST = 5.0
"""A weight is at most so many times the mean and at least one so-many-th of it."""
STRAINED = 2.0
"""A design effect above this is told in plain words."""
STEPS, SETTLED = 1_000, 1e-14
"""Rounds over the margins at most, and the relative change that is none any more."""


class TooFewToWeigh(Invalid):
    message = msgid("Weights need at least %(least)s answers. There are %(count)s.")


class CategoryTooSmall(Invalid):
    message = msgid(
        "The group %(category)s has %(count)s answers, which is too few for a weight. Join it with another group."
    )


class NoShare(Invalid):
    message = msgid("The population’s share of the group %(category)s must be above zero.")


@dataclass(frozen=True, slots=True)
class Weights:
    """Mean one over the respondents. `residual` is the largest difference from a margin, as a share of one."""

    by_profile: dict[Profile, float]
    answers: int
    design_effect: float
    heaviest: float
    residual: float
    trimmed: bool

    @property
    def effective(self) -> float:
        """So many answers of a simple random sample would tell as much."""
        return self.answers / self.design_effect

    @property
    def is_strained(self) -> bool:
        """Whether a few respondents speak for so many that the reader must be told."""
        return self.design_effect > STRAINED or self.heaviest >= HEAVIEST or self.trimmed


def rake(
    respondents: Mapping[Profile, int], margins: Margins, *, heaviest: float | None = HEAVIEST
) -> Weights:
    """Weights for the profiles of so many respondents each; with `heaviest`, none above it or below its inverse.

    Raises TooFewToWeigh, CategoryTooSmall, NoShare.
    """
    counts = {profile: count for profile, count in respondents.items() if count}
    check(counts, margins)
    known = [_known(counts, place, shares) for place, shares in enumerate(margins.values())]
    weights = dict.fromkeys(counts, 1.0)
    trimmed = False
    for _ in range(STEPS):
        before = weights
        for dimension in known:
            weights = dimension.fitted(weights, counts)
        weights = _with_mean_one(weights, counts)
        if heaviest is not None and not _lies_within(weights, heaviest):
            weights, trimmed = _trimmed(weights, counts, heaviest), True
        if all(abs(weight - before[profile]) <= SETTLED * weight for profile, weight in weights.items()):
            break
    answers = sum(counts.values())
    return Weights(
        by_profile=weights,
        answers=answers,
        design_effect=answers
        * sum(counts[profile] * weight**2 for profile, weight in weights.items())
        / sum(counts[profile] * weight for profile, weight in weights.items()) ** 2,
        heaviest=max(weights.values()),
        residual=max((dimension.residual(weights, counts) for dimension in known), default=0.0),
        trimmed=trimmed,
    )


def check(counts: Mapping[Profile, int], margins: Margins) -> None:
    """Raises TooFewToWeigh, CategoryTooSmall, NoShare."""
    answers = sum(counts.values())
    if answers < LEAST_ANSWERS:
        raise TooFewToWeigh(least=LEAST_ANSWERS, count=answers)
    for place, (dimension, shares) in enumerate(margins.items()):
        found = dict.fromkeys(shares, 0)
        for profile, count in counts.items():
            if (category := profile[place]) in found:
                found[category] += count
        for category, count in found.items():
            if shares[category] <= 0:
                raise NoShare(dimension, category=category)
            if count < LEAST_CATEGORY or 100 * count < LEAST_PERCENT * sum(found.values()):
                raise CategoryTooSmall(dimension, category=category, count=count)


@dataclass(frozen=True, slots=True)
class _Margin:
    """One dimension: the profiles of each category, and the share it should have of all whose category is known."""

    shares: dict[str, float]
    profiles: dict[str, list[Profile]]

    def fitted(self, weights: dict[Profile, float], counts: Mapping[Profile, int]) -> dict[Profile, float]:
        totals = dict(self._totals(weights, counts))
        all_known = sum(totals.values())
        fitted = dict(weights)
        for category, profiles in self.profiles.items():
            factor = self.shares[category] * all_known / totals[category]
            for profile in profiles:
                fitted[profile] *= factor
        return fitted

    def residual(self, weights: dict[Profile, float], counts: Mapping[Profile, int]) -> float:
        totals = dict(self._totals(weights, counts))
        all_known = sum(totals.values())
        return max(abs(total / all_known - self.shares[category]) for category, total in totals.items())

    def _totals(
        self, weights: dict[Profile, float], counts: Mapping[Profile, int]
    ) -> Iterator[tuple[str, float]]:
        for category, profiles in self.profiles.items():
            yield category, sum(weights[profile] * counts[profile] for profile in profiles)


def _known(counts: Mapping[Profile, int], place: int, shares: Mapping[str, float]) -> _Margin:
    whole = sum(shares.values())
    profiles: dict[str, list[Profile]] = defaultdict(list)
    for profile in counts:
        category = profile[place]
        if category is not None and category in shares:
            profiles[category].append(profile)
    return _Margin({category: share / whole for category, share in shares.items()}, dict(profiles))


def _with_mean_one(weights: dict[Profile, float], counts: Mapping[Profile, int]) -> dict[Profile, float]:
    mean = sum(weights[profile] * count for profile, count in counts.items()) / sum(counts.values())
    return {profile: weight / mean for profile, weight in weights.items()}


def _lies_within(weights: dict[Profile, float], heaviest: float) -> bool:
    slack = 1 + 1e-9
    return all(1 / heaviest <= weight * slack and weight <= heaviest * slack for weight in weights.values())


def _trimmed(
    weights: dict[Profile, float], counts: Mapping[Profile, int], heaviest: float
) -> dict[Profile, float]:
    """Cut at both ends until it stays so with mean one: what is cut off goes to the others."""
    for _ in range(STEPS):
        cut = {profile: min(max(weight, 1 / heaviest), heaviest) for profile, weight in weights.items()}
        weights = _with_mean_one(cut, counts)
        if _lies_within(weights, heaviest):
            break
    return weights
