"""A count as one JSON object. Amounts are numbers of the currency, exact wherever a double can tell them apart."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from service.tally.ballots import Points
from service.tally.outcome import Outcome, Reason
from service.tally.ties import Tie


def report(outcome: Outcome) -> dict[str, Any]:
    """Of one pot of money."""
    election = outcome.election
    return {
        "rule": outcome.rule,
        "vote_type": election.vote_type.value,
        "voters": election.voters,
        "budget": _amount(election.budget, election.decimals),
        "spent": _amount(outcome.spent, election.decimals),
        "lot_seed": outcome.seed,
        "winners": list(outcome.winners),
        "ties": [_tie(tie) for tie in outcome.ties],
        "reasons": {project: _reason(reason, outcome) for project, reason in outcome.reasons.items()},
    }


def report_by_area(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Of a process with areas: each area's own report, in the given order."""
    return {"areas": [{"area": area, **report(outcome)} for area, outcome in outcomes.items()]}


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "projects": list(tie.projects),
        "score": _number(tie.score),
        "step": tie.step.value,
        "decisive": tie.decisive,
    }


def _reason(reason: Reason, outcome: Outcome) -> dict[str, Any]:
    election = outcome.election
    return {
        "verdict": reason.verdict.value,
        "votes": reason.votes,
        "score": _number(reason.score),
        "cost": _amount(reason.cost, election.decimals),
        "money_left": _amount(reason.money_left, election.decimals),
        "extra_votes" if election.vote_type.counts_voters else "extra_points": reason.short_by,
        "fits_at": _amount(reason.fits_at, election.decimals),
        "displaced_by": reason.displaced_by,
    }


def _amount(units: int | None, decimals: int) -> int | float | None:
    return None if units is None else _number(Fraction(units, 10**decimals))


def _number(value: Points) -> int | float:
    return int(value) if value == int(value) else float(value)
