"""What can be imported. Pure."""

import re
from collections.abc import Sequence

from service.core.errors import Invalid, msgid
from service.opendata.election import LONGEST_ID, Source

LARGEST_FILE = 64_000_000
CENTS = 2
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class FinerThanCents(Invalid):
    message = msgid(
        "The sums of this file are finer than a cent. It can be counted by “puntari tally”, but not imported."
    )


class IdTooLong(Invalid):
    message = msgid("A project’s id may have at most %(most)s characters.")


class AreaNotTold(Invalid):
    message = msgid(
        "Of several files each needs an area of its own. Name them by --area, in the order of the files."
    )


class SlugTaken(Invalid):
    message = msgid("There is a process with the address “%(slug)s” already. Give another one.")


class SlugNotUsable(Invalid):
    message = msgid("An address has small letters a–z, digits and hyphens, at most 60 together.")


class CurrenciesDiffer(Invalid):
    message = msgid("The files do not have the same currency.")


def check(sources: Sequence[Source]) -> None:
    """Raises FinerThanCents, IdTooLong, AreaNotTold, CurrenciesDiffer."""
    if any(source.document.election.decimals > CENTS for source in sources):
        raise FinerThanCents("file")
    ids = (project.id for source in sources for project in source.document.election.projects)
    if any(len(name) > LONGEST_ID for name in ids):
        raise IdTooLong("file", most=LONGEST_ID)
    areas = [source.area for source in sources]
    if len(set(areas)) < len(areas):
        raise AreaNotTold("area")
    if len({source.currency for source in sources}) > 1:
        raise CurrenciesDiffer("currency")


def check_slug(slug: str) -> None:
    """Raises SlugNotUsable."""
    if len(slug) > 60 or not SLUG.fullmatch(slug):
        raise SlugNotUsable("slug")
