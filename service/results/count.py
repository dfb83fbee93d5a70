"""The count of a whole process: every pot by its rule, and what the rule says as rows to publish. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.results.contests import Contest, id_of
from service.results.models import PotResult, ProjectResult, Result, Verdict
from service.results.outcome import PotOutcome, Row
from service.tally import ballots, outcome
from service.tally.ballots import Points
from service.tally.rules import RULES
from service.tally.scores import Standing
from service.tally.ties import Place, Tie
from service.voting.models import Project


def count(result: Result, contests: Sequence[Contest]) -> list[PotOutcome]:
    """By the rule and with the lot that `result` names."""
    rule = RULES[result.rule]
    return [_pot_outcome(result, contest, rule(contest.election, result.lot_seed)) for contest in contests]


def _pot_outcome(result: Result, contest: Contest, counted: outcome.Outcome) -> PotOutcome:
    return PotOutcome(
        pot=contest.pot,
        area=contest.area,
        result=PotResult(
            result_id=result.id,
            pot_id=contest.pot.id,
            vote_type=contest.election.vote_type,
            voters=contest.election.voters,
            budget_cents=contest.election.budget,
            spent_cents=counted.spent,
            ties=[_tie(contest, tie) for tie in counted.ties],
        ),
        rows=[
            Row(project, _project_result(result, contest, project, place, counted))
            for place, project in enumerate(_in_order(contest, counted), 1)
        ],
    )


def _in_order(contest: Contest, counted: outcome.Outcome) -> list[Project]:
    """As their turns came; then those nobody voted for, then those left out."""

    def key(project: Project) -> tuple[Any, ...]:
        name = id_of(project)
        reason = counted.reasons.get(name)
        if reason is None:
            return 2, project.number
        if reason.score == 0:
            return 1, project.number
        entry = ballots.Project(name, reason.cost)
        return 0, Place.of(entry, Standing(reason.votes, reason.score), counted.seed)

    return sorted(contest.projects.values(), key=key)


def _project_result(
    result: Result, contest: Contest, project: Project, place: int, counted: outcome.Outcome
) -> ProjectResult:
    reason = counted.reasons.get(id_of(project))
    if reason is None:
        told: dict[str, Any] = {"verdict": Verdict.LEFT_OUT, "votes": 0, "score": Decimal()}
    else:
        winner = contest.projects[reason.displaced_by] if reason.displaced_by else None
        told = {
            "verdict": Verdict(reason.verdict.value),
            "votes": reason.votes,
            "score": decimal(reason.score),
            "money_left_cents": reason.money_left,
            "short_by": reason.short_by,
            "fits_at_cents": reason.fits_at,
            "displaced_by": winner.number if winner else None,
        }
    return ProjectResult(
        result_id=result.id,
        project_id=project.id,
        pot_id=contest.pot.id,
        place=place,
        cost_cents=project.cost_cents,
        **told,
    )


def _tie(contest: Contest, tie: Tie) -> dict[str, Any]:
    return {
        "projects": [contest.projects[name].number for name in tie.projects],
        "score": str(decimal(tie.score)),
        "step": tie.step.value,
        "decisive": tie.decisive,
    }


def decimal(points: Points) -> Decimal:
    """Exact: points are decimal numbers as people write them."""
    exact = Fraction(points)
    return Decimal(exact.numerator) / Decimal(exact.denominator)
