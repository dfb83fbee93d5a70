"""Who votes, and for what. Drawn with the story's seeds, always the same; an approval vote's sums come out exactly as told."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from random import Random

from service.demo import story as told
from service.demo.calendar import Calendar
from service.demo.story import WHOLE_CITY
from service.processes.models import Activity, BallotType

VOTED_ALREADY = 0.4  # of the residents with a name, where the vote is still open
GOES_ON = 0.8  # how likely a voter takes one more project that still fits
UNFINISHED = "aino"  # has chosen in the open vote of her area, and not cast

Choices = dict[str, set[str]]
"""Projects by voter, both by the story's keys. A voter without a name has the key `area number`."""


def day(story: told.Story, script: told.Vote) -> int:
    """The last but one of the vote, or yesterday."""
    return min(story.processes[script.process].phase(Activity.VOTE).closes.day, 0) - 1


def choices(story: told.Story, script: told.Vote, calendar: Calendar) -> Choices:
    dice = Random(script.seed)  # noqa: S311 - a story, not a secret
    voters = _voters(story, script, calendar, dice)
    if story.processes[script.process].ballot_type is BallotType.KNAPSACK:
        return _fill_knapsacks(story, script, voters[WHOLE_CITY], dice)
    return _deal(story, script, voters, dice)


def unfinished(story: told.Story, script: told.Vote) -> Choices:
    """One resident has chosen something of her own area's and not cast, while that can still be done."""
    is_open = story.processes[script.process].phase(Activity.VOTE).closes.day > 0
    home = next(one.area for one in story.residents if one.key == UNFINISHED)
    own = [project for project in script.projects if story.proposals[project].area == home]
    return {UNFINISHED: {own[0]}} if is_open and own else {}


def _voters(story: told.Story, script: told.Vote, calendar: Calendar, dice: Random) -> dict[str, list[str]]:
    """By area, in an order nobody could guess."""
    known = list(_residents(story, script, calendar, dice))
    voters: dict[str, list[str]] = {}
    for area, count in script.voters.items():
        here = [one.key for one in known if area in {one.area, WHOLE_CITY}]
        areas = [one.key for one in story.areas] if area == WHOLE_CITY else [area]
        nameless = (f"{area} {number}" for number in range(1, count + 1) for area in areas)
        voters[area] = here + list(islice(nameless, count - len(here)))
        dice.shuffle(voters[area])
    return voters


def _residents(
    story: told.Story, script: told.Vote, calendar: Calendar, dice: Random
) -> Iterator[told.Resident]:
    """Those old enough in the year of the vote; where it is open, some of them."""
    process, today = story.processes[script.process], calendar.today
    is_open = process.phase(Activity.VOTE).closes.day > 0
    for resident in story.residents:
        turned = resident.age - (today.year - calendar.day(day(story, script)).year)
        votes = not is_open or (dice.random() < VOTED_ALREADY and resident.key != UNFINISHED)
        if votes and (process.minimum_age or 0) <= turned <= (process.maximum_age or turned):
            yield resident


def _deal(story: told.Story, script: told.Vote, voters: dict[str, list[str]], dice: Random) -> Choices:
    """Each project as many times as it has votes, round and round: nobody gets one twice, nor more than their share."""
    made: Choices = defaultdict(set)
    everybody = [voter for here in voters.values() for voter in here]
    dice.shuffle(everybody)
    hands = {area: cycle(here) for area, here in voters.items()} | {WHOLE_CITY: cycle(everybody)}
    for project, votes in script.projects.items():
        for voter in islice(hands[story.proposals[project].area], votes):
            made[voter].add(project)
    return made


def _fill_knapsacks(story: told.Story, script: told.Vote, voters: list[str], dice: Random) -> Choices:
    budget = story.processes[script.process].budget.whole_city or 0
    return {voter: set(_fill(story, script.weight, budget, dice)) for voter in voters}


def _fill(story: told.Story, liked: dict[str, float], left: int, dice: Random) -> Iterator[str]:
    waiting = dict(liked)
    while waiting:
        project = dice.choices(list(waiting), list(waiting.values()))[0]
        left -= _cost(story.proposals[project])
        yield project
        del waiting[project]
        waiting = {key: weight for key, weight in waiting.items() if _cost(story.proposals[key]) <= left}
        if dice.random() > GOES_ON:
            return


def _cost(script: told.Proposal) -> int:
    assert script.evaluation is not None
    assert script.evaluation.cost_high is not None
    return script.evaluation.cost_high
