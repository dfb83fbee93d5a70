"""Between a .pb file and a process of ours: what stands where. Pure.

The format: https://pabulib.org/format. A process with areas is one file for each pot, as the field does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.core.clock import HELSINKI
from service.core.money import EURO
from service.core.text import wording
from service.processes.models import BallotType, Phase, Process
from service.results.contests import Contest
from service.results.count import decimal
from service.results.models import ImportedPot
from service.tally import greedy
from service.tally.pabulib import Document
from service.voting.models import Project
from service.voting.rules import OUT_OF_VIEW

LONGEST_TITLE = 500
LONGEST_ID = 200
DAY = re.compile(r"(?:([0-9]{1,2})\.([0-9]{1,2})\.)?([0-9]{4})")


@dataclass(frozen=True)
class Source:
    """A file that was read, and the name of the area its pot belongs to; None: the whole municipality."""

    document: Document
    area: str | None = None

    @property
    def currency(self) -> str:
        stated = self.document.meta.get("currency", EURO).upper()
        return stated if re.fullmatch(r"[A-Z]{3}", stated) else EURO

    @property
    def title(self) -> str:
        meta = self.document.meta
        parts = (meta.get("description") or meta.get("unit", ""), meta.get("instance", ""))
        return " ".join(part for part in parts if part)[:LONGEST_TITLE]


def area_of(document: Document) -> str | None:
    """The area a file names itself."""
    return document.meta.get("subunit") or document.meta.get("district")


def held(documents: Sequence[Document], now: datetime) -> tuple[datetime, datetime]:
    """When voting was open, in Helsinki's days: always over by now. A year alone is taken whole."""
    days = [_days(document.meta) for document in documents]
    closes_at = min((_midnight(last) + timedelta(days=1) for _, last in days if last), default=now)
    closes_at = min(closes_at, now)
    opens_at = min((_midnight(first) for first, _ in days if first), default=closes_at)
    return min(opens_at, closes_at - timedelta(days=1)), closes_at


def _days(meta: Mapping[str, str]) -> tuple[date | None, date | None]:
    first = _day(meta.get("date_begin", ""), month=1, day=1)
    return first, _day(meta.get("date_end") or meta.get("date_begin", ""), month=12, day=31)


def _day(text: str, *, month: int, day: int) -> date | None:
    match = DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2] or month), int(match[1] or day))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HELSINKI)


def projects(source: Source, *, pot_id: UUID, process_id: UUID, first_number: int) -> list[dict[str, Any]]:
    """Rows for the ballot's projects, in the order of the file."""
    language = source.document.meta.get("language", "")
    rows = []
    for number, project in enumerate(source.document.election.projects, first_number):
        details = source.document.details.get(project.id, {})
        rows.append(
            {
                "process_id": process_id,
                "pot_id": pot_id,
                "number": number,
                "code": project.id,
                "title": _line(details.get("name", project.id)),
                "text": _line(details.get("description", "")),
                "language": language if re.fullmatch(r"[a-z]{2,3}", language) else "",
                "cost_cents": project.cost,
            }
        )
    return rows


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TITLE]


def ballots(source: Source, numbers: Mapping[str, int]) -> Iterator[tuple[list[int], list[Decimal] | None]]:
    """One for each voter: numbers in the voter's order, and points where the election has them."""
    has_points = source.document.election.vote_type.has_points
    for ballot, voters in source.document.election.ballots.items():
        chosen = [numbers[project] for project in ballot.projects]
        points = [decimal(given) for given in ballot.points] if has_points else None
        for _ in range(voters):
            yield chosen, points


def document(
    process: Process,
    phase: Phase,
    contest: Contest,
    *,
    imported: ImportedPot | None,
    winners: frozenset[int],
    unit: str,
    country: str = "Finland",
) -> Document:
    """A pot as a file: what an imported one said of itself, of our own what the format asks for."""
    if imported:
        return Document(contest.election, imported.meta, imported.details)
    details = {
        name: {"name": _name(project), "selected": str(int(project.number in winners))}
        for name, project in contest.projects.items()
    }
    return Document(contest.election, _meta(process, phase, contest, unit, country), details)


def _name(project: Project) -> str:
    return project.title or OUT_OF_VIEW % {"number": project.number}


def _meta(process: Process, phase: Phase, contest: Contest, unit: str, country: str) -> dict[str, str]:
    last = (phase.closes_at - timedelta(microseconds=1)).astimezone(HELSINKI)
    title = wording(process.title, "en")
    meta = {
        "description": title.text,
        "country": country,
        "unit": unit,
        "instance": str(last.year),
        "rule": greedy.RULE,
        "date_begin": f"{phase.opens_at.astimezone(HELSINKI):%d.%m.%Y}",
        "date_end": f"{last:%d.%m.%Y}",
        "min_length": "1",
        "currency": process.currency,
        "comment": _ties_comment(process),
    }
    if contest.area:
        meta["subunit"] = wording(contest.area.name, "en").text
    if process.ballot_type is BallotType.KNAPSACK:
        meta["max_sum_cost"] = f"{Decimal(contest.pot.cents) / 100:f}"
    return {key: value for key, value in meta.items() if value}


def _ties_comment(process: Process) -> str:
    last = f"then by SHA-256 of “{process.lot_seed}|id”" if process.lot_seed else "then by id as text"
    return f"Equal votes: lower cost first, {last}."
