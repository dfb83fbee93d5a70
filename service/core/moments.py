"""A moment as people and browsers type it into a form, in Helsinki's time."""

import re
from datetime import UTC, date, datetime

from service.core.clock import HELSINKI
from service.core.errors import Invalid, msgid


class MomentUnreadable(Invalid, ValueError):
    message = msgid("Write the day and the time, for example 14.3.2027 20.00.")


class NoSuchMoment(Invalid, ValueError):
    message = msgid("There is no such moment: the clocks are moved forward then. Choose another time.")


_DAY = r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}))"
_PARTS = (("year", "y"), ("month", "m"), ("day", "d"))
_TIME = r"(?:klo|kl\.?|at)?\s*(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:]\d{2}(?:\.\d+)?)?"
_MOMENT = re.compile(rf"{_DAY}(?:T|,?\s+){_TIME}", re.IGNORECASE | re.ASCII)


def parse_moment(text: str) -> datetime:
    """A browser's "2027-03-14T20:00", or a person's "14.3.2027 20.00", "14.3.2027 klo 20.00", "2027-03-14 20:00".

    24.00 is the end of the day. Of the hour that autumn repeats, the first is meant. Seconds are dropped.

    Raises:
        MomentUnreadable: it is no day and time.
        NoSuchMoment: the hour that spring skips.
    """
    match = _MOMENT.fullmatch(" ".join(text.split()))
    if match is None:
        raise MomentUnreadable
    year, month, day = (int(match[long] or match[short]) for long, short in _PARTS)
    hour, minute = int(match["hour"]), int(match["minute"])
    end_of_day = (hour, minute) == (24, 0)
    try:
        here = datetime(year, month, day, 0 if end_of_day else hour, minute, tzinfo=HELSINKI)
        if end_of_day:
            here = datetime.fromordinal(here.toordinal() + 1).replace(tzinfo=HELSINKI)
        moment = here.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MomentUnreadable from None
    if moment.astimezone(HELSINKI).replace(tzinfo=None) != here.replace(tzinfo=None):
        raise NoSuchMoment
    return moment


def typed_moment(moment: datetime) -> str:
    """What an `<input type="datetime-local">` shows: 2027-03-14T20:00."""
    return moment.astimezone(HELSINKI).strftime("%Y-%m-%dT%H:%M")


class DayUnreadable(Invalid, ValueError):
    message = msgid("Write the day, for example 14.3.2027.")


def parse_day(text: str) -> date:
    """A browser's "2027-03-14" or a person's "14.3.2027". Raises DayUnreadable."""
    match = re.fullmatch(_DAY, "".join(text.split()), re.ASCII)
    if match is None:
        raise DayUnreadable
    try:
        return date(*(int(match[long] or match[short]) for long, short in _PARTS))
    except ValueError:
        raise DayUnreadable from None
