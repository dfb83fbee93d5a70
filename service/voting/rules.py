"""Who may vote where, and what may be done with a ballot when. Pure: no session, no clock of its own."""

from datetime import datetime
from uuid import UUID

from service.core.clock import HELSINKI
from service.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable, msgid
from service.processes.models import AreaRule, Phase, Pot, Process
from service.proposals.models import Proposal, State
from service.voting.ballot import Ballot


class VotingHasNotOpened(Conflict):
    message = msgid("Voting opens on %(when)s. Nothing was lost: you can choose from then on.")


class VotingIsClosed(Conflict):
    message = msgid(
        "Voting closed on %(when)s. These choices were not accepted. If you had already voted, that vote stands."
    )


class NoVote(NotFound):
    pass


class KeysAreGone(Conflict):
    message = msgid(
        "The votes have been counted and the keys of this vote destroyed, so nobody can show or change a ballot any more. "
        "With your receipt you can check that your vote was counted."
    )


class KeysAreMissing(Unavailable):
    """Nobody destroyed them: a key folder that was lost, not restored with the database, or is another's."""

    message = msgid(
        "The keys of this vote cannot be found, so nobody can see a ballot now. Votes already given are in the box. "
        "Try again later or ask for help."
    )


class BallotIsFrozen(Conflict):
    message = msgid("The ballot is frozen, so its projects do not change any more.")


class BallotIsEmpty(Conflict):
    message = msgid("There is nothing on the ballot yet. Add projects before you freeze it.")


class ProjectsHaveChanged(Conflict):
    message = msgid(
        "These proposals have changed since they were put on the ballot: %(numbers)s. Take each as it is now, or take it off."
    )


class NotEvaluated(Conflict):
    message = msgid("Only a proposal that has been found feasible and given a cost can be put on the ballot.")


class NotForTheBallot(Conflict):
    message = msgid("Only a published proposal of this process can be put on the ballot.")


class NoMoneyThere(Conflict):
    message = msgid("The proposal’s area has no budget in this process.")


OUT_OF_VIEW = msgid("Proposal %(number)s (removed from view)")
"""What is said in the place of a project's title where moderators have hidden its proposal."""


class DearerThanTheBudget(Conflict):
    message = msgid("The proposal costs more than the whole budget it would be paid from.")


class BallotNotOpened(Conflict):
    message = msgid("Open your ballot first.")


class NotEligible(Forbidden):
    """One of the rules of the vote; which one, the subclass says."""


class TooYoung(NotEligible):
    message = msgid("You cannot vote here: those who turn %(age)s or more this year can.")


class TooOld(NotEligible):
    message = msgid("You cannot vote here: those who turn at most %(age)s this year can.")


class NoBallotForYourArea(NotEligible):
    message = msgid("There is nothing to vote on in your home area in this vote.")


class BirthYearMissing(Invalid):
    message = msgid("Give your year of birth. It decides whether you may vote.")


class HomeAreaMissing(Invalid):
    message = msgid("Choose your home area. It decides what you vote on.")


class ChoicesChanged(Conflict):
    message = msgid(
        "Your choices have changed since you reviewed them, perhaps in another window. Review them and vote again."
    )


class VoteIsOpen(Conflict):
    message = msgid("Votes are counted when voting has closed. It is open until %(when)s.")


class NotCounted(Conflict):
    message = msgid("The votes have not been counted yet, so the keys are still needed.")


def check_open(vote: Phase, *, at: datetime) -> None:
    """Raises VotingHasNotOpened, VotingIsClosed."""
    if at < vote.opens_at:
        raise VotingHasNotOpened(when=vote.opens_at)
    if at >= vote.closes_at:
        raise VotingIsClosed(when=vote.closes_at)


def check_for_the_ballot(process: Process, proposal: Proposal) -> None:
    """Raises NotForTheBallot."""
    if proposal.process_id != process.id or proposal.state is not State.PUBLISHED:
        raise NotForTheBallot


def check_cost(pot: Pot, cost_cents: int) -> None:
    """Raises DearerThanTheBudget."""
    if cost_cents > pot.cents:
        raise DearerThanTheBudget


def check_age(process: Process, birth_year: int | None, *, at: datetime) -> None:
    """Turning N during the year is enough, unless it has to be shown that somebody is 13; the year is Helsinki's. Raises BirthYearMissing, TooYoung, TooOld."""
    least, most = process.least_turned, process.maximum_age
    if least is None and most is None:
        return
    if birth_year is None:
        raise BirthYearMissing("birth_year")
    turns = at.astimezone(HELSINKI).year - birth_year
    if least is not None and turns < least:
        raise TooYoung(age=least)
    if most is not None and turns > most:
        raise TooOld(age=most)


def fixed_area(process: Process, home_area_id: UUID | None) -> UUID | None:
    """The area the rule gives a voter; None where voters choose one or there are none. Raises HomeAreaMissing."""
    if process.area_rule is not AreaRule.HOME:
        return None
    if home_area_id is None:
        raise HomeAreaMissing("area_id")
    return home_area_id


def check_something_to_vote_on(ballot: Ballot, area_id: UUID | None) -> None:
    """Raises NoBallotForYourArea."""
    may_choose = ballot.area_rule is AreaRule.CHOSEN and ballot.areas
    if not ballot.parts(area_id) and not may_choose:
        raise NoBallotForYourArea
