"""The reader of a whole database: every row of every table with what PostgreSQL keeps beside it, and the ways rows are joined.

Each way takes rows that name a person and rows that hold a ballot, and guesses whose ballot is whose.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

TABLES = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by 1
"""


@dataclass(frozen=True)
class Row:
    table: str
    xmin: int
    xmax: int
    ctid: tuple[int, int]
    values: dict[str, object]

    @property
    def transactions(self) -> set[int]:
        """That wrote it or marked it; 0 is none, and 2 is one that was there before all."""
        return {self.xmin, self.xmax} - {0, 2}

    @property
    def words(self) -> str:
        """All its values, bytes in hexadecimal."""
        return " ".join(
            value.hex() if isinstance(value, bytes) else str(value) for value in self.values.values()
        )


@dataclass(frozen=True)
class Dump:
    rows: list[Row]

    @classmethod
    async def of(cls, session: AsyncSession) -> "Dump":
        rows = []
        for table in (await session.exec(text(TABLES))).scalars():
            found = await session.exec(
                text(f"select xmin::text::bigint, xmax::text::bigint, ctid::text, t.* from {table} t")
            )
            for xmin, xmax, place, *values in found:
                names = list(found.keys())[3:]
                block, line = re.findall(r"\d+", place)
                rows.append(
                    Row(table, xmin, xmax, (int(block), int(line)), dict(zip(names, values, strict=True)))
                )
        return cls(rows)

    @property
    def tables(self) -> set[str]:
        return {row.table for row in self.rows}

    def of_table(self, table: str) -> list[Row]:
        return [row for row in self.rows if row.table == table]

    def beside(self, table: str) -> list[Row]:
        return [row for row in self.rows if row.table != table]


Names = Mapping[str, set[str]]  # of each person: what a row that names them says


def named(row: Row, people: Names) -> set[str]:
    return {person for person, marks in people.items() if any(mark in row.words for mark in marks)}


def by_transaction(dump: Dump, table: str, people: Names) -> dict[str, list[Row]]:
    """A ballot and a person written or marked by one transaction. One that names several people tells nothing."""
    written: dict[int, set[str]] = defaultdict(set)
    for row in dump.beside(table):
        for transaction in row.transactions:
            written[transaction] |= named(row, people)
    guesses: dict[str, list[Row]] = defaultdict(list)
    for ballot in dump.of_table(table):
        who = set().union(*(written[transaction] for transaction in ballot.transactions))
        if len(who) == 1:
            guesses[who.pop()].append(ballot)
    return guesses


def by_value(dump: Dump, table: str, people: Names) -> dict[str, list[Row]]:
    """Something of the ballot's row stands in a row that names a person, or the person in the ballot's row."""
    guesses: dict[str, list[Row]] = defaultdict(list)
    naming = [(row, who) for row in dump.beside(table) if (who := named(row, people))]
    for ballot in dump.of_table(table):
        for person in named(ballot, people):
            guesses[person].append(ballot)
        secrets = {
            value.hex() for value in ballot.values.values() if isinstance(value, bytes) and len(value) >= 8
        }
        for row, who in naming:
            if any(secret in row.words for secret in secrets):
                for person in who:
                    guesses[person].append(ballot)
    return guesses


def orders(dump: Dump, table: str) -> Iterable[tuple[str, list[Row]]]:
    """Every order a reader can put the rows of a table in: by place, by transaction, by each number and each moment."""
    rows = dump.of_table(table)
    yield "place", sorted(rows, key=lambda row: row.ctid)
    yield "transaction", sorted(rows, key=lambda row: (row.xmin, row.ctid))
    for name in rows[0].values if rows else ():
        kinds = {type(row.values[name]) for row in rows}
        if len(kinds) == 1 and kinds <= {int, datetime}:
            yield name, sorted(rows, key=lambda row: row.values[name])


def by_order(dump: Dump, table: str, people: Names) -> dict[str, dict[str, list[Row]]]:
    """The first person of a table is the first ballot's, and so on; one guess for every pair of orders."""
    guesses: dict[str, dict[str, list[Row]]] = {}
    for other in sorted(dump.tables - {table}):
        for other_order, rows in orders(dump, other):
            line: dict[str, None] = {}
            for row in rows:
                who = named(row, people)
                if len(who) == 1:
                    line.setdefault(who.pop())
            for own_order, ballots in orders(dump, table):
                pairs = zip(line, ballots, strict=False)
                guesses[f"{other} by {other_order}, {table} by {own_order}"] = {
                    person: [ballot] for person, ballot in pairs
                }
    return guesses
