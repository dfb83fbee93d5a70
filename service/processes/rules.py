"""When people may do what. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime

from service.core.actor import Role
from service.core.clock import HELSINKI
from service.core.errors import Conflict, Forbidden, Invalid, msgid
from service.processes.models import AGE_OF_CONSENT, Activity, BallotType, LegalBasis, Phase
from service.processes.parts import PhasePlan, VotingRules

FIXED_BY_VOTING = frozenset(
    {"ballot_type", "max_choices", "area_rule", "legal_basis", "minimum_age", "maximum_age"}
)
"""What of a process cannot change once its ballot is frozen, beside its budgets."""
STAFF_ROLES = frozenset(Role) - {Role.RESIDENT, Role.SYSTEM}


class NotAStaffRole(Invalid):
    message = msgid("Choose one of the roles.")


class ProcessUnknown(Invalid):
    message = msgid("Choose one of the processes.")


class NotYourProcess(Forbidden):
    message = msgid("You can do this only in the processes you look after.")


class CannotDismissOneself(Conflict):
    message = msgid("You cannot dismiss yourself. Ask another administrator to do it.")


class HomeAreaUnknown(Invalid):
    message = msgid("Choose one of the areas.")


class SlugTaken(Invalid):
    message = msgid("Another round has this address already. Choose another.")


class SlugIsFixed(Conflict):
    message = msgid(
        "The address cannot change any more, because the round is published and links lead to it."
    )


class EditedMeanwhile(Conflict):
    message = msgid(
        "Someone else changed this meanwhile. Both versions are shown below. Choose which one to keep."
    )


class VotingRulesAreFixed(Conflict):
    message = msgid(
        "The rules of the vote were fixed when voting opened on %(when)s. They cannot change any more."
    )


class RulesAreFrozen(VotingRulesAreFixed):
    message = msgid(
        "The rules and the money of the vote were fixed with its ballot on %(when)s. They cannot change any more."
    )


class VotingHasClosed(Conflict):
    message = msgid("Voting closed on %(when)s. Its closing cannot change any more.")


class ClosingIsPast(Invalid):
    message = msgid("Voting cannot be closed backwards. Choose a moment still to come.")


class OnlyOneVote(Invalid):
    message = msgid("A round has one vote. Another phase is already for voting.")


class ChoicesMissing(Invalid):
    message = msgid("Say how many projects a voter can choose at most.")


class TooYoungForConsent(Invalid):
    message = msgid(
        "Where taking part is based on consent, the minimum age is at least %(age)s (section 5 of the Data Protection Act)."
    )


class BirthYearNeeded(Conflict):
    message = msgid(
        "Taking part in this round is open to those who are 13 or older. Tell your year of birth on your own page under Settings "
        "and send this again. What you have written was kept."
    )


class TooYoungToConsent(Conflict):
    message = msgid("You can take part in this round from the beginning of the year in which you turn 14.")


class AgesCrossed(Invalid):
    message = msgid("The highest age must be at least the minimum age.")


class AreaTwice(Invalid):
    message = msgid("An area can have only one budget.")


class AreaUnknown(Invalid):
    message = msgid("One of the areas does not exist.")


class BudgetIsNeeded(Conflict):
    message = msgid(
        "An area without money has proposals on the ballot. Give it money, or take them off the ballot first."
    )


class BudgetTooSmall(Conflict):
    message = msgid(
        "A proposal on the ballot costs more than its budget would be. Give more money, or take it off the ballot first."
    )


class CategoryUnknown(Invalid):
    message = msgid("One of the topics does not exist.")


class AlreadyPublished(Conflict):
    message = msgid("The round is already published.")


class NotReady(Conflict):
    message = msgid("The round cannot be published yet. See what is missing.")


def allows(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> bool:
    return any(activity in phase.activities and phase.is_open(at) for phase in phases)


def closing_of(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> datetime | None:
    """When the activity that is open now ends; None where it is not open."""
    return max(
        (phase.closes_at for phase in phases if activity in phase.activities and phase.is_open(at)),
        default=None,
    )


def voting_phase(phases: Iterable[Phase]) -> Phase | None:
    """The one phase in which people vote."""
    return next((phase for phase in phases if Activity.VOTE in phase.activities), None)


def minimum_age(basis: LegalBasis, asked: int | None) -> int | None:
    """The age the process has: where taking part rests on consent, 13 unless a higher one is asked for.

    Raises TooYoungForConsent. Source: Data Protection Act (1050/2018), section 5.
    """
    if basis is LegalBasis.CONSENT and asked is not None and asked < AGE_OF_CONSENT:
        raise TooYoungForConsent("minimum_age", age=AGE_OF_CONSENT)
    return raised_age(basis, asked)


def check_consent(basis: LegalBasis, birth_year: int | None, *, at: datetime) -> None:
    """A year of birth shows 13 completed years only of those who turn 14. Raises BirthYearNeeded, TooYoungToConsent.

    Source: Data Protection Act (1050/2018), section 5.
    """
    if basis is not LegalBasis.CONSENT:
        return
    if birth_year is None:
        raise BirthYearNeeded
    if at.astimezone(HELSINKI).year - birth_year <= AGE_OF_CONSENT:
        raise TooYoungToConsent


def raised_age(basis: LegalBasis, age: int | None) -> int | None:
    """The minimum age when the basis changes: consent raises it to 13 where it is lower or there is none."""
    return max(age or 0, AGE_OF_CONSENT) if basis is LegalBasis.CONSENT else age


def check_voting_rules(given: VotingRules, basis: LegalBasis) -> None:
    """Raises ChoicesMissing, TooYoungForConsent, AgesCrossed."""
    if given.ballot_type is BallotType.APPROVAL and given.max_choices is None:
        raise ChoicesMissing("max_choices")
    check_ages(minimum_age(basis, given.minimum_age), given.maximum_age, field="maximum_age")


def check_ages(low: int | None, high: int | None, *, field: str) -> None:
    """Raises AgesCrossed."""
    if low is not None and high is not None and high < low:
        raise AgesCrossed(field)


def check_plan(plan: PhasePlan, old: Phase | None, phases: Iterable[Phase], *, at: datetime) -> None:
    """May `old` become, or a new phase be, what is planned? `phases` are all of the process.

    Raises OnlyOneVote, VotingRulesAreFixed, VotingHasClosed, ClosingIsPast.
    """
    vote = voting_phase(phases)
    if Activity.VOTE in plan.activities and vote is not None and vote is not old:
        raise OnlyOneVote("activities")
    if old is None or old is not vote or at < old.opens_at:
        return
    if Activity.VOTE not in plan.activities or plan.opens_at != old.opens_at:
        raise VotingRulesAreFixed(when=old.opens_at)
    if plan.closes_at != old.closes_at and old.closes_at <= at:
        raise VotingHasClosed(when=old.closes_at)
    if plan.closes_at != old.closes_at and plan.closes_at <= at:
        raise ClosingIsPast("closes_at")


def check_removal(phase: Phase, *, at: datetime) -> None:
    """Raises VotingRulesAreFixed for a vote that has opened."""
    if Activity.VOTE in phase.activities and phase.opens_at <= at:
        raise VotingRulesAreFixed(when=phase.opens_at)
