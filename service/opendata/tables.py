"""Published rows as CSV and JSON. Pure.

CSV is RFC 4180 in UTF-8: commas, and the names of the columns in the first row. Excel in Finland opens a file by a double click
only with semicolons, decimal commas and a byte order mark, so there is that form too. A text that a spreadsheet would take for a
formula gets an apostrophe before it; JSON has it as it was written.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.core.errors import msgid
from service.processes.models import Process
from service.results.contests import id_of
from service.results.outcome import Outcome
from service.voting.rules import OUT_OF_VIEW

Record = Mapping[str, Any]

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"

PROPOSALS: dict[str, str] = {
    "number": "Number within the process",
    "state": "published, merged or withdrawn",
    "title": "Title, as its author wrote it",
    "text": "Text in Markdown, as its author wrote it",
    "language": "Language of title and text",
    "area": "Key of the area; empty: the whole municipality",
    "category": "Key of the topic",
    "address": "Place by its address",
    "latitude": "Place, WGS 84",
    "longitude": "Place, WGS 84",
    "cost_wish": "The author’s guess of the cost",
    "feasibility": "undecided, feasible or not_feasible",
    "cost_low": "Lower bound of the cost estimate",
    "cost_high": "Upper bound of the cost estimate, which the ballot uses",
    "maintenance": "Upkeep per year",
    "currency": "Of every sum",
    "supports": "People who support it, those of merged originals included",
    "comments": "Comments that can be read",
    "author_kind": "person, association or company",
    "organisation": "Name of the association or company; persons are not named",
    "published_at": "Moment of publication",
    "url": "Its page",
}
RESULTS: dict[str, str] = {
    "pot": msgid("Key of the area whose money it is, or city-wide"),
    "place": msgid("In which order its turn came"),
    "number": msgid("Number within the process"),
    "id": msgid("What the lot is drawn with and the .pb file calls it"),
    "title": msgid("Title on the ballot"),
    "votes": msgid("How many voters chose it"),
    "score": msgid("What it was ordered by: votes, or points where voters gave points"),
    "cost": msgid("Cost on the ballot"),
    "verdict": msgid("won, did_not_fit, no_votes or left_out"),
    "money_left": msgid("What was left when its turn came"),
    "short_by": msgid("Fewest further votes or points with which it would have won"),
    "fits_at": msgid("Highest lower cost at which it would have won"),
    "displaced_by": msgid("Number of the project that took the money it needed"),
    "currency": msgid("Of every sum"),
    "result": msgid("1: the first count; higher: a corrected one"),
    "published_at": msgid("Moment of publication"),
}


def csv_lines(columns: Sequence[str], records: Iterable[Record], *, excel: bool = False) -> Iterator[str]:
    """The heading and a line for each record."""
    if excel:
        yield BYTE_ORDER_MARK
    yield _line(columns, excel=excel)
    for record in records:
        yield csv_line(columns, record, excel=excel)


def csv_line(columns: Sequence[str], record: Record, *, excel: bool = False) -> str:
    return _line([_cell(record[name], excel=excel) for name in columns], excel=excel)


def _line(cells: Sequence[str], *, excel: bool) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";" if excel else ",", lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _cell(value: Any, *, excel: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, Decimal, float)):
        return str(value).replace(".", ",") if excel else str(value)
    text = _plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def json_text(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def amount(cents: int | None) -> Decimal | int | None:
    """Units of the currency: 12500, or 12500.50."""
    if cents is None:
        return None
    return cents // 100 if cents % 100 == 0 else Decimal(cents) / 100


def result_records(process: Process, outcome: Outcome) -> list[Record]:
    """A published result as a table, pot by pot, each in the order of decision."""
    return [
        {
            "pot": pot.key,
            "place": row.result.place,
            "number": row.project.number,
            "id": id_of(row.project),
            "title": row.project.title or OUT_OF_VIEW % {"number": row.project.number},
            "votes": row.result.votes,
            "score": row.result.score,
            "cost": amount(row.result.cost_cents),
            "verdict": row.result.verdict.value,
            "money_left": amount(row.result.money_left_cents),
            "short_by": row.result.short_by,
            "fits_at": amount(row.result.fits_at_cents),
            "displaced_by": row.result.displaced_by,
            "currency": process.currency,
            "result": outcome.result.number,
            "published_at": outcome.result.published_at,
        }
        for pot in outcome.pots
        for row in pot.rows
    ]
