"""What an editor still has to do before a process is whole, part by part. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.core.actor import Role
from service.core.errors import msgid
from service.core.text import LANGUAGES
from service.processes.models import Activity, AreaRule, Phase, Pot, Process

NO_OWNER = msgid("The owner is not told.")
NO_TOPICS = msgid("No topics have been chosen.")
NO_PHASES = msgid("There are no phases.")
NO_VOTE = msgid("No phase is for voting.")
NO_PROPOSING = msgid("No phase is for making proposals.")
NO_MONEY = msgid("There is no money to share.")
NO_AREA_MONEY = msgid("Voters have an area, but no area has money.")
NO_ELIGIBLE_COUNT = msgid("The number of people who may vote is not told.")
NO_SUMMARY = msgid("There is no summary.")
NOT_BILINGUAL = msgid("The round’s name and summary are needed in both Finnish and Swedish.")
NO_EDITOR = msgid("The round has no editor.")
NO_MODERATOR = msgid("The round has no moderator.")
NO_EVALUATOR = msgid("The round has no evaluator.")

WRITTEN = ("title", "summary", "description", "rules", "voters", "owner")
"""Texts a process should have in every language. The one in plain language is the city's choice."""

BOTH = ("fi", "sv")


class Part(StrEnum):
    SETTINGS = "settings"
    PHASES = "phases"
    AREAS = "areas"
    BALLOT = "ballot"
    TEXTS = "texts"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class State:
    """`missing` are msgids; `texts` counts the texts that a language lacks; `frozen` holds where voting has opened."""

    part: Part
    missing: tuple[str, ...] = ()
    texts: int = 0
    frozen: bool = False

    @property
    def count(self) -> int:
        return len(self.missing) + self.texts


def hindrances(
    process: Process, phases: Sequence[Phase], pots: Sequence[Pot], *, bilingual: bool
) -> list[str]:
    """What keeps a process from being published, as msgids. `bilingual`: the city is."""
    both = all(text.get(language) for text in (process.title, process.summary) for language in BOTH)
    return [
        *_unless(bool(process.owner), NO_OWNER),
        *_unless(bool(process.summary), NO_SUMMARY),
        *_unless(both or not bilingual, NOT_BILINGUAL),
        *_unless(bool(phases), NO_PHASES),
        *_unless(bool(pots) or not _permits(phases, Activity.VOTE), NO_MONEY),
    ]


def states(
    process: Process,
    phases: Sequence[Phase],
    pots: Sequence[Pot],
    *,
    has_categories: bool,
    team: Iterable[Role],
    frozen: bool,
) -> list[State]:
    """One for each part, in the order an editor goes through them. `frozen`: the ballot is, and its rules and money with it."""
    roles = set(team)
    area_money = process.area_rule is AreaRule.NONE or any(pot.area_id for pot in pots)
    return [
        State(Part.SETTINGS, _unless(bool(process.owner), NO_OWNER) + _unless(has_categories, NO_TOPICS)),
        State(
            Part.PHASES, _missing_phases(phases), sum(len(LANGUAGES) - len(phase.name) for phase in phases)
        ),
        State(
            Part.AREAS,
            _unless(bool(pots), NO_MONEY) + _unless(not pots or area_money, NO_AREA_MONEY),
            frozen=frozen,
        ),
        State(Part.BALLOT, _unless(process.eligible_count is not None, NO_ELIGIBLE_COUNT), frozen=frozen),
        State(Part.TEXTS, texts=len(missing_texts(process))),
        State(
            Part.PEOPLE,
            _unless(Role.EDITOR in roles, NO_EDITOR)
            + _unless(Role.MODERATOR in roles, NO_MODERATOR)
            + _unless(Role.EVALUATOR in roles, NO_EVALUATOR),
        ),
    ]


def missing_texts(process: Process) -> list[tuple[str, str]]:
    """Text and language of what is not written yet."""
    return [
        (name, language)
        for name in WRITTEN
        for language in LANGUAGES
        if not getattr(process, name).get(language)
    ]


def _missing_phases(phases: Sequence[Phase]) -> tuple[str, ...]:
    if not phases:
        return (NO_PHASES,)
    return _unless(_permits(phases, Activity.PROPOSE), NO_PROPOSING) + _unless(
        _permits(phases, Activity.VOTE), NO_VOTE
    )


def _permits(phases: Iterable[Phase], activity: Activity) -> bool:
    return any(activity in phase.activities for phase in phases)


def _unless(holds: bool, missing: str) -> tuple[str, ...]:
    return () if holds else (missing,)
