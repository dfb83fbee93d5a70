"""When each step of a proposal's life happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from service.core.text import Language
from service.demo import story as told
from service.demo.calendar import DAYTIME, OFFICE_HOURS, Calendar, chance

DECISIONS = frozenset({"published", "returned", "not_published"})
BY_STAFF = DECISIONS | {"overturned"}
PUBLIC = frozenset({"published", "overturned"})
MODERATORS: dict[Language, tuple[str, ...]] = {
    "fi": ("katri", "katri", "fredrik"),
    "sv": ("fredrik",),
    "en": ("katri", "fredrik"),
}


@dataclass(frozen=True)
class Life:
    script: told.Proposal
    calendar: Calendar

    @cached_property
    def begun(self) -> datetime:
        """When its author writes it, or an editor combines it of others."""
        if self.script.merged_from:
            return _merging(self.script.key, self.script.day, self.calendar)
        return self.calendar.moment(self.script.day, chance("writes", self.script.key), DAYTIME)

    @cached_property
    def submitted(self) -> datetime:
        return self.calendar.soon_after(self.begun)

    @cached_property
    def steps(self) -> list[tuple[told.Event, datetime]]:
        """What happens after it was submitted, in order."""
        dice, last = chance("steps", self.script.key), self.submitted
        steps: list[tuple[told.Event, datetime]] = []
        for event in self._events():
            if event.event == "merged":
                last = _merging(event.into, event.day, self.calendar)
            else:
                hours = OFFICE_HOURS if event.event in BY_STAFF else DAYTIME
                last = self.calendar.moment(event.day, dice, hours, after=last)
            steps.append((event, last))
        return steps

    @cached_property
    def published(self) -> datetime | None:
        """When the public first sees it."""
        if self.script.merged_from:
            return self.begun
        return next((moment for event, moment in self.steps if event.event in PUBLIC), None)

    @cached_property
    def ended(self) -> datetime | None:
        """When it was withdrawn or merged into another."""
        return next((moment for event, moment in self.steps if event.event in {"withdrawn", "merged"}), None)

    def _events(self) -> Iterator[told.Event]:
        """The story's, and the publishing that goes without saying: the next day, and of an edit the same day."""
        if self.script.stays or self.script.merged_from:
            return
        moderators = MODERATORS[self.script.language]
        moderator = chance("moderates", self.script.key).choice(moderators)
        if not DECISIONS & {event.event for event in self.script.events}:
            yield told.Event(event="published", day=self.script.day + 1, by=moderator)
        for event in self.script.events:
            yield event
            if event.event == "edited":
                yield told.Event(event="published", day=event.day, by=moderator)


def lives(story: told.Story, calendar: Calendar) -> dict[str, Life]:
    return {key: Life(script, calendar) for key, script in story.proposals.items()}


def _merging(target: str, day: int, calendar: Calendar) -> datetime:
    return calendar.moment(day, chance("merged", target), OFFICE_HOURS)
