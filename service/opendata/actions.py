"""Bringing an election of elsewhere in, as a process of ours that is over and counted."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core import clock
from service.core.actor import System
from service.core.keys import KeyStore
from service.core.text import slug as decoration
from service.opendata import election, rules
from service.opendata.election import Source
from service.processes import queries as processes
from service.processes.models import Activity, Area, AreaRule, Phase, Pot, Process
from service.results import actions as results
from service.results.contests import CITY_WIDE
from service.results.models import ImportedPot
from service.voting import queries as voting
from service.voting.models import Project, Vote

Progress = Callable[[int, int], None]

AT_ONCE = 5_000  # ballots in one copy
COLUMNS = ("process_id", "receipt_digest", "area_id", "projects", "points")
TAKEN_KEYS = {CITY_WIDE, "data"}  # words of addresses beside the areas'

VOTING = {"fi": "Äänestys", "sv": "Omröstning", "en": "Voting"}
SUMMARY = {
    "fi": "Muualla järjestetty äänestys, joka on tuotu Pabulib-tiedostosta: {place}.",
    "sv": "En omröstning som ordnats på annat håll och importerats ur en Pabulib-fil: {place}.",
    "en": "A vote held elsewhere, imported from a Pabulib file: {place}.",
}


async def import_election(
    session: AsyncSession,
    sources: Sequence[Source],
    *,
    slug: str,
    title: str,
    keys: KeyStore,
    by: System,
    progress: Progress | None = None,
) -> Process:
    """Make a closed and counted process of one file for each pot. Nothing of the voters but their choices is taken over.

    `progress` is told how many ballots are stored, and of how many. Raises as rules.check and rules.check_slug, and SlugTaken.
    """
    rules.check(sources)
    rules.check_slug(slug)
    if (await session.exec(select(Process.id).where(Process.slug == slug))).first():
        raise rules.SlugTaken("slug", slug=slug)
    process = await _process(session, sources, slug, title)
    total = sum(source.document.election.voters for source in sources)
    stored = 0
    for source in sources:
        pot = await _pot(session, process, source)
        numbers = await _projects(session, process, pot, source)
        for batch in _batches(_records(process, pot, source, numbers)):
            await _copy(session, batch)
            stored += len(batch)
            if progress:
                progress(stored, total)
    await _close(session, process, sources, total)
    await audit.record(session, "process.imported", process.id, by=by, process_id=process.id, ballots=total)
    await results.count(session, process, keys=keys, by=by)
    return process


async def _process(session: AsyncSession, sources: Sequence[Source], slug: str, title: str) -> Process:
    meta = sources[0].document.meta
    place = ", ".join(value for key in ("unit", "country", "instance") if (value := meta.get(key)))
    elections = [source.document.election for source in sources]
    process = Process(
        slug=slug,
        title={"en": title},
        summary={language: text.format(place=place) for language, text in SUMMARY.items()},
        description={},
        plain_summary={},
        rules={},
        voters={},
        owner={"en": meta.get("unit", "")} if meta.get("unit") else {},
        published_at=await clock.now(session),
        max_choices=max(1, *(counted.longest for counted in elections)),
        area_rule=AreaRule.NONE if sources[0].area is None and len(sources) == 1 else AreaRule.CHOSEN,
        currency=sources[0].currency,
    )
    session.add(process)
    await session.flush()
    return process


async def _pot(session: AsyncSession, process: Process, source: Source) -> Pot:
    counted = source.document.election
    area = await _area(session, source.area) if source.area else None
    pot = Pot(process_id=process.id, area_id=area.id if area else None, cents=counted.budget)
    session.add(pot)
    await session.flush()
    session.add(
        ImportedPot(
            pot_id=pot.id,
            vote_type=counted.vote_type,
            max_length=counted.max_length,
            meta=dict(source.document.meta),
            details={name: dict(columns) for name, columns in source.document.details.items()},
        )
    )
    await session.flush()
    return pot


async def _area(session: AsyncSession, name: str) -> Area:
    """The one that is called so in any language, or a new one."""
    areas = await processes.areas(session)
    for area in areas:
        if name.casefold() in {text.casefold() for text in area.name.values()}:
            return area
    key = decoration(name, limit=50) or "area"
    while key.isdigit() or key in TAKEN_KEYS | {area.key for area in areas}:
        key = f"area-{key}" if key.isdigit() or key in TAKEN_KEYS else f"{key[:50]}-{secrets.token_hex(2)}"
    made = Area(key=key, name={"en": name}, position=max((area.position for area in areas), default=0) + 1)
    session.add(made)
    await session.flush()
    return made


async def _projects(session: AsyncSession, process: Process, pot: Pot, source: Source) -> dict[str, int]:
    """Stored in the order of the file; their numbers by their ids."""
    first = len(await voting.projects(session, process.id)) + 1
    rows = election.projects(source, pot_id=pot.id, process_id=process.id, first_number=first)
    if rows:
        made = [{"id": uuid4(), **row} for row in rows]
        await (await session.connection()).execute(insert(Project), made)
    return {row["code"]: row["number"] for row in rows}


def _records(
    process: Process, pot: Pot, source: Source, numbers: dict[str, int]
) -> Iterable[tuple[Any, ...]]:
    """The digest of a receipt nobody has: where a ballot stood in the file is told by nothing."""
    for chosen, points in election.ballots(source, numbers):
        yield process.id, secrets.token_bytes(32), pot.area_id, chosen, points


def _batches(records: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    remaining = iter(records)
    while batch := list(islice(remaining, AT_ONCE)):
        yield batch


async def _copy(session: AsyncSession, records: list[tuple[Any, ...]]) -> None:
    raw = await (await session.connection()).get_raw_connection()
    connection: Any = raw.driver_connection
    await connection.copy_records_to_table("counted_ballot", records=records, columns=COLUMNS)


async def _close(session: AsyncSession, process: Process, sources: Sequence[Source], ballots: int) -> None:
    """The vote is over and its box, which never was, opened. Until here pots and projects could still be written."""
    now = await clock.now(session)
    opens_at, closes_at = election.held([source.document for source in sources], now)
    session.add(
        Phase(
            process_id=process.id,
            name=VOTING,
            activities=[Activity.VOTE.value],
            opens_at=opens_at,
            closes_at=closes_at,
        )
    )
    session.add(
        Vote(
            process_id=process.id,
            box_public_key=b"",
            frozen_at=opens_at - timedelta(seconds=1),
            counted_at=now,
            ballots=ballots,
            refused=0,
            emptied_at=now,
            keys_destroyed_at=now,
        )
    )
    await session.flush()
