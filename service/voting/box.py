"""The statements of the secret tables, each on its own: none joins a person to a selection, none writes two of these tables.

They are plain SQL and not the mapper's, because a cast is made of them (tests/benchmarks/cast.sql holds the same words) and
because what is written here must be seen at a glance.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Executable,
    LargeBinary,
    TextClause,
    Uuid,
    any_,
    bindparam,
    delete,
    insert,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.voting.ballot import Selection
from service.voting.models import BallotDraft, CountedBallot, RollEntry, SealedBallot
from service.voting.seal import Mark

OPEN = (
    "select closes_at from phase where process_id = :process_id and 'vote' = any (activities) "
    "and opens_at <= puntari_now() and puntari_now() < closes_at"
)


def _statement(words: str, *binaries: str) -> TextClause:
    """`binaries` are the bytes among the values."""
    values = [bindparam("process_id", type_=Uuid), *(bindparam(name, type_=LargeBinary) for name in binaries)]
    return text(" ".join(words.split())).bindparams(*values)


STANDING = _statement(
    f"""
    select roll.process_id is not null as opened, roll.area_id, draft.sealed as draft, box.nonce, box.commitment,
           ({OPEN}) as closes_at
    from (select) as nobody
    left join electoral_roll as roll on roll.process_id = :process_id and roll.sign_in_digest = :sign_in_digest
    left join ballot_draft as draft on draft.draft_pseudonym = :draft_pseudonym
    left join ballot_box as box on box.process_id = :process_id and box.pseudonym = :pseudonym
    """,  # noqa: S608 - our own words
    "sign_in_digest", "draft_pseudonym", "pseudonym",
).columns(
    area_id=Uuid, draft=LargeBinary, nonce=LargeBinary, commitment=LargeBinary, closes_at=DateTime(timezone=True)
)  # fmt: skip

ENROL = _statement(
    f"""
    insert into electoral_roll (process_id, sign_in_digest, area_id)
    select :process_id, :sign_in_digest, :area_id where exists ({OPEN})
    on conflict do nothing
    """,
    "sign_in_digest",
).bindparams(bindparam("area_id", type_=Uuid))

KEEP_DRAFT = _statement(
    f"""
    insert into ballot_draft (draft_pseudonym, sealed)
    select :draft_pseudonym, :sealed where exists ({OPEN})
    on conflict (draft_pseudonym) do update set sealed = excluded.sealed
    """,
    "draft_pseudonym", "sealed",
)  # fmt: skip

CAST = _statement(
    f"""
    insert into ballot_box (process_id, pseudonym, nonce, commitment, sealed)
    select :process_id, :pseudonym, :nonce, :commitment, :sealed where exists ({OPEN})
    on conflict (process_id, pseudonym) do update
    set nonce = excluded.nonce, commitment = excluded.commitment, sealed = excluded.sealed
    """,  # noqa: S608 - our own words
    "pseudonym", "nonce", "commitment", "sealed",
)  # fmt: skip

# The order of rows and of their transactions tells who came after whom, and sign-ins have their time: so both are wiped out.
MIX = [
    text(
        "with taken as (delete from ballot_box where process_id = any (:processes) returning *) "
        "insert into ballot_box select * from taken order by gen_random_uuid()"
    ).bindparams(bindparam("processes", type_=ARRAY(Uuid))),
    text(
        "with taken as (delete from ballot_draft returning *) "
        "insert into ballot_draft select * from taken order by gen_random_uuid()"
    ),
]


async def enrol(session: AsyncSession, process_id: UUID, sign_in_digest: bytes, area_id: UUID | None) -> None:
    """Nothing happens where the entry is there already."""
    await _run(session, ENROL, process_id=process_id, sign_in_digest=sign_in_digest, area_id=area_id)


async def keep_draft(session: AsyncSession, process_id: UUID, draft_pseudonym: bytes, sealed: bytes) -> bool:
    """False: voting is not open, nothing was stored."""
    kept = await _run(
        session, KEEP_DRAFT, process_id=process_id, draft_pseudonym=draft_pseudonym, sealed=sealed
    )
    return bool(kept.rowcount)


async def cast(session: AsyncSession, process_id: UUID, pseudonym: bytes, mark: Mark, sealed: bytes) -> bool:
    """The one write of a cast. False: voting is not open, nothing was stored."""
    cast = await _run(
        session,
        CAST,
        process_id=process_id,
        pseudonym=pseudonym,
        nonce=mark.nonce,
        commitment=mark.commitment,
        sealed=sealed,
    )
    return bool(cast.rowcount)


async def take_turn(session: AsyncSession, draft_pseudonym: bytes) -> None:
    """One voter's presses come one after another, from whichever window."""
    turn = int.from_bytes(draft_pseudonym[:8], "big", signed=True)
    await session.exec(text("select pg_advisory_xact_lock(:turn)").bindparams(turn=turn))  # type: ignore[call-overload]


async def wait_for_casts(session: AsyncSession) -> None:
    """Return when no cast is under way that began before: what looked at the clock in time is in the box by then."""
    await session.exec(text("select wait_for_casts()"))  # type: ignore[call-overload]


async def mix(session: AsyncSession, processes: Sequence[UUID]) -> None:
    """Write the ballots of these processes, and all drafts, anew in a random order and in one transaction."""
    box, drafts = MIX
    await _run(session, box, processes=list(processes))
    await _run(session, drafts)


async def standing(
    session: AsyncSession, process_id: UUID, sign_in_digest: bytes, pseudonym: bytes, draft_pseudonym: bytes
) -> Any:
    """The row of STANDING."""
    found = await _run(
        session,
        STANDING,
        process_id=process_id,
        sign_in_digest=sign_in_digest,
        pseudonym=pseudonym,
        draft_pseudonym=draft_pseudonym,
    )
    return found.one()


async def keep_counted(
    session: AsyncSession, process_id: UUID, ballots: Sequence[tuple[bytes, Selection]]
) -> None:
    """In the order given: receipt digests with what was chosen."""
    rows = [
        {
            "process_id": process_id,
            "receipt_digest": digest,
            "area_id": selection.area_id,
            "projects": sorted(selection.numbers),
        }
        for digest, selection in ballots
    ]
    if rows:
        await (await session.connection()).execute(insert(CountedBallot), rows)


async def remove_drafts(session: AsyncSession, draft_pseudonyms: Sequence[bytes]) -> None:
    going = literal(draft_pseudonyms, ARRAY(LargeBinary))
    await session.exec(delete(BallotDraft).where(col(BallotDraft.draft_pseudonym) == any_(going)))


async def empty(session: AsyncSession, process_id: UUID) -> None:
    """Roll and box of a vote that has been counted."""
    for table in (RollEntry, SealedBallot):
        await session.exec(delete(table).where(col(table.process_id) == process_id))


async def _run(
    session: AsyncSession, statement: Executable, **values: UUID | bytes | list[UUID] | None
) -> Any:
    return await session.exec(statement, params=values)  # type: ignore[call-overload]
