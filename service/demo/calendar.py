"""The story's days as moments, counted from the one on which the demo is made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from service.core.clock import HELSINKI
from service.demo.story import Point

A_LITTLE = timedelta(minutes=11)
OFFICE_HOURS = (8, 15)
MORNING = (9, 11)
DAYTIME = (10, 17)
AFTER_NOON = (12, 21)
EVENING = time(21, 30)


def chance(*names: str) -> Random:
    """The same on every machine and every day."""
    return Random(" ".join(names))  # noqa: S311 - a story, not a secret


@dataclass(frozen=True, slots=True)
class Calendar:
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(HELSINKI).date()

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(HELSINKI).date()

    def at(self, point: Point) -> datetime:
        """As clocks on the wall in Helsinki show it, whichever side of their change the day is on."""
        return self._at(point.day, point.time)

    def moment(
        self, day: int, chosen_by: Random, hours: tuple[int, int], *, after: datetime | None = None
    ) -> datetime:
        """When something happens that the story gives only a day for: between two hours, and later than `after`."""
        minute = chosen_by.randrange(hours[0] * 60, hours[1] * 60)
        chosen = self._past(self._at(day, time(minute // 60, minute % 60, chosen_by.randrange(60))))
        return chosen if after is None else max(chosen, self.soon_after(after))

    def soon_after(self, moment: datetime) -> datetime:
        return moment + min(A_LITTLE, (self.now - moment) / 2)

    def between(self, start: datetime, end: datetime, chosen_by: Random) -> datetime:
        """Rather early than late, as people answer to news."""
        return start + (min(end, self.now) - start) * chosen_by.random() ** 2

    def evening(self, start: datetime, end: datetime, chosen_by: Random) -> datetime:
        """Of a day from the first to the last but one, rather early."""
        first = (self.day_of(start) - self.today).days
        last = min((self.day_of(end) - self.today).days - 1, 0)
        day = first + int((last - first + 1) * chosen_by.random() ** 2)
        return self._past(self._at(day, EVENING))

    def _at(self, day: int, clock: time) -> datetime:
        return datetime.combine(self.day(day), clock, HELSINKI).astimezone(UTC)

    def _past(self, moment: datetime) -> datetime:
        """What the story has for today happens before now, in the same order, however early it is."""
        midnight = self._at(0, time())
        if moment < midnight:
            return moment
        return midnight + (moment - midnight) * ((self.now - midnight) / timedelta(days=1))
