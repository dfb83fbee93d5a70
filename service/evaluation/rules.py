"""What an evaluation needs before it may stand. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from service.core.errors import Conflict, Forbidden, Invalid, msgid
from service.evaluation.models import Assessment, Evaluation, Feasibility
from service.processes.models import Activity, Phase
from service.processes.rules import allows
from service.proposals.models import Proposal, State

LONGEST_REASON = 3_000


class EvaluationIsClosed(Conflict):
    message = msgid("Evaluation is not open now. What was saved before stands as it is.")


class EvaluationIsFrozen(Conflict):
    message = msgid(
        "The ballot is frozen and the proposal stands on it with this evaluation, so it does not change any more."
    )


class NotAssigned(Forbidden):
    message = msgid(
        "This proposal has been assigned to somebody else. You can read it but not change the evaluation."
    )


class NotPublic(Conflict):
    message = msgid("Only a published proposal can be evaluated.")


class NotAnEvaluator(Invalid):
    message = msgid("This person is not an evaluator of this process.")


class ReasonMissing(Invalid):
    message = msgid("Write the public reason. Residents read it beside the decision.")


class ReasonIsLong(Invalid):
    message = msgid("Write at most %(most)s characters in each language.")


class CostMissing(Invalid):
    message = msgid("Give the lower and the upper bound of the cost.")


class CostBoundsCrossed(Invalid):
    message = msgid("The upper bound of the cost cannot be below the lower one.")


class EvaluatedMeanwhile(Conflict):
    message = msgid(
        "Someone else changed this evaluation meanwhile. Nothing was overwritten: what they saved and what you wrote "
        "are both shown. Choose what stays and save again."
    )

    def __init__(self, current: Evaluation) -> None:
        super().__init__(version=current.version)
        self.current = current


def check_open(phases: Iterable[Phase], *, at: datetime) -> None:
    if not allows(phases, Activity.EVALUATE, at=at):
        raise EvaluationIsClosed


def check_public(proposal: Proposal) -> None:
    if proposal.state is not State.PUBLISHED:
        raise NotPublic


def check(assessment: Assessment) -> None:
    """Raises the first of its mistakes."""
    for mistake in mistakes(assessment):
        raise mistake


def mistakes(assessment: Assessment) -> Iterator[Invalid]:
    """A decision needs its reason, a feasible project its cost."""
    is_decided = assessment.feasibility is not Feasibility.UNDECIDED
    low, high = assessment.cost_low_cents, assessment.cost_high_cents
    if low is not None and high is not None and high < low:
        yield CostBoundsCrossed("cost_high_cents")
    elif assessment.feasibility is Feasibility.FEASIBLE and (low is None or high is None):
        yield CostMissing("cost_low_cents" if low is None else "cost_high_cents")
    if assessment.reason and max(map(len, assessment.reason.stored().values())) > LONGEST_REASON:
        yield ReasonIsLong("reason", most=LONGEST_REASON)
    elif assessment.reason is None and is_decided:
        yield ReasonMissing("reason")


class Step(StrEnum):
    """What saving an evaluation means to others, as the audit trail names it."""

    SAVED = "evaluation.saved"  # not decided yet: the public sees nothing of it
    DECIDED = "proposal.evaluated"
    CORRECTED = "evaluation.corrected"  # the words alone: nobody is sent news of it
    REOPENED = "evaluation.reopened"


def step(before: Evaluation, after: Assessment) -> Step:
    if after.feasibility is Feasibility.UNDECIDED:
        return Step.SAVED if before.feasibility is Feasibility.UNDECIDED else Step.REOPENED
    figures = {"feasibility", "cost_low_cents", "cost_high_cents", "maintenance_cents"}
    same = before.model_dump(include=figures) == after.model_dump(include=figures)
    return Step.CORRECTED if same else Step.DECIDED
