"""The smallest true thing of each kind, for tests."""

from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import httpx
from PIL import Image
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account, Session
from service.accounts.queries import token_digest
from service.audit.models import Entry
from service.comments import actions as comments
from service.comments.models import Comment
from service.core import clock
from service.core.actor import (
    Administrator,
    CouncilMember,
    Editor,
    Evaluator,
    Moderator,
    Resident,
    Role,
    Staff,
    System,
)
from service.core.keys import KeyStore, digest
from service.evaluation.models import Evaluation, Feasibility
from service.processes.models import (
    Activity,
    Area,
    Category,
    Phase,
    Pot,
    Process,
    ProcessCategory,
    TeamMember,
)
from service.proposals.models import Coauthor, Proposal, State, Version
from service.results import actions as results
from service.results.models import Result
from service.voting import actions as voting
from service.voting import queries as voting_queries
from service.voting.models import Project
from service.voting.seal import Voter
from service.web import csrf

STAFF: dict[Role, type[Staff]] = {
    kind.role: kind for kind in (Moderator, Evaluator, Editor, CouncilMember, Administrator)
}


def words(text: str) -> dict[str, str]:
    return {"fi": f"{text} (fi)", "sv": f"{text} (sv)", "en": text}


async def process(
    session: AsyncSession,
    *,
    open_to: list[Activity] | None = None,
    pots: list[tuple[Area | None, int]] | None = None,
    categories: list[Category] | None = None,
    slug: str = "",
    **values: object,
) -> Process:
    """A published process; with `open_to` one phase that opened yesterday and closes in ten days.

    `pots` are cents of an area, or city-wide (None). They must be given here where voting is open: they cannot change later.
    """
    now = await clock.now(session)
    made = Process(
        **{
            "slug": slug or f"process-{uuid4().hex[:8]}",
            "title": words("Our city 2027"),
            "summary": words("Residents decide on 500 000 euros."),
            "description": words("How it goes."),
            "plain_summary": {},
            "rules": {},
            "voters": {},
            "owner": words("Participation unit"),
            "published_at": now,
            **values,
        }
    )
    session.add(made)
    await session.flush()
    for area_of_pot, cents in pots or []:
        session.add(Pot(process_id=made.id, area_id=area_of_pot.id if area_of_pot else None, cents=cents))
    for chosen in categories or []:
        session.add(ProcessCategory(process_id=made.id, category_id=chosen.id))
    await session.flush()
    if open_to is not None:
        await phase(session, made, open_to)
    return made


async def account(
    session: AsyncSession, *, email: str = "", keys: KeyStore | None = None, **values: object
) -> Account:
    """Somebody who has signed in before. With `keys` the account is found again by its address, as after a real sign-in."""
    email = email or f"{uuid4().hex[:10]}@posti.example"
    identity = keys.instance("identity") if keys else email.encode()
    made = Account(
        email=email,
        sign_in_digest=digest(identity, b"email", email.encode()),
        **{"name": "Aino K.", "language": "fi", **values},
    )
    session.add(made)
    await session.flush()
    return made


async def resident(session: AsyncSession, **values: object) -> Resident:
    made = await account(session, **values)
    return Resident(made.id, made.name, made.language)


async def staff(session: AsyncSession, role: Role, process: Process | None = None, **values: object) -> Staff:
    """A person with a role, in this process or in all, as the actor that `role` is."""
    made = await account(session, **values)
    session.add(TeamMember(account_id=made.id, role=role, process_id=process.id if process else None))
    await session.flush()
    return STAFF[role](made.id, made.name, frozenset({process.id}) if process else None)


async def signed_in(client: httpx.AsyncClient, session: AsyncSession, who: Account | Resident | Staff) -> str:
    """Give the browser a session of this person. Returns the proof that a form carries in `csrf`, the API in X-CSRF-Token."""
    token = csrf.new_secret()
    expires_at = await clock.now(session) + timedelta(days=1)
    session.add(Session(token_digest=token_digest(token), account_id=who.id, expires_at=expires_at))
    await session.flush()
    client.cookies.delete(csrf.SESSION_COOKIE)
    client.cookies.set(csrf.SESSION_COOKIE, token, domain="puntari.test", path="/")
    return csrf.proof_for(token)


async def phase(
    session: AsyncSession,
    process: Process,
    activities: list[Activity],
    *,
    opens_in: timedelta = timedelta(days=-1),
    closes_in: timedelta = timedelta(days=10),
    name: str = "Phase",
) -> Phase:
    now = await clock.now(session)
    made = Phase(
        process_id=process.id,
        name=words(name),
        activities=[activity.value for activity in activities],
        opens_at=now + opens_in,
        closes_at=now + closes_in,
    )
    session.add(made)
    await session.flush()
    return made


async def area(session: AsyncSession, name: str = "Harbour") -> Area:
    made = Area(key=f"area-{uuid4().hex[:8]}", name=words(name))
    session.add(made)
    await session.flush()
    return made


async def category(session: AsyncSession, name: str = "Parks") -> Category:
    made = Category(key=f"category-{uuid4().hex[:8]}", name=words(name))
    session.add(made)
    await session.flush()
    return made


async def vote(
    session: AsyncSession,
    *,
    projects: list[tuple[Area | None, int]] | None = None,
    pots: list[tuple[Area | None, int]] | None = None,
    open_now: bool = True,
    first_number: int = 1,
    **values: object,
) -> Process:
    """A process whose ballot has projects 1, 2, 3 … (or from `first_number` on) of these areas (None: city-wide) and costs, in cents.

    Without any: five city-wide ones of 10 000 to 50 000 euros, and 100 000 euros. Voting opened yesterday, or with
    `open_now` False opens in two days, and closes in ten.
    """
    if projects is None:
        projects = [(None, thousands * 1_000_00) for thousands in (10, 20, 30, 40, 50)]
    made = await process(session, pots=pots or [(None, 100_000_00)], **{"area_rule": "none", **values})
    pot_of = {pot.area_id: pot for pot in await session.exec(select(Pot).where(Pot.process_id == made.id))}
    for number, (place, cost_cents) in enumerate(projects, start=first_number):
        listed = Project(
            process_id=made.id,
            number=number,
            pot_id=pot_of[place.id if place else None].id,
            title=f"Project {number}",
            text="What it is.",
            language="en",
            cost_cents=cost_cents,
        )
        session.add(listed)
    await session.flush()
    opens_in = timedelta(days=-1 if open_now else 2)
    await phase(session, made, [Activity.VOTE], opens_in=opens_in)
    return made


async def voter(session: AsyncSession, process: Process, keys: KeyStore, **values: object) -> Voter:
    """A resident who has opened the ballot."""
    return await voting.enrol(session, process, keys=keys, by=await resident(session, **values))


async def proposal(
    session: AsyncSession,
    process: Process,
    author: Resident | None = None,
    *,
    state: State = State.PUBLISHED,
    **values: object,
) -> Proposal:
    """A proposal in this state, by somebody, as if it had gone its way. Not in the search (`search.index` it)."""
    author = author or await resident(session)
    now = await clock.now(session)
    last = await session.exec(select(func.max(Proposal.number)).where(Proposal.process_id == process.id))
    number = (last.one() or 0) + 1
    thread = await comments.open_thread(session, process.id)
    was_public = state in {State.PUBLISHED, State.MERGED}
    made = Proposal(
        process_id=process.id,
        state=state,
        author_id=author.id,
        author_name=author.name,
        thread_id=thread.id,
        nonce=uuid4(),
        **{
            "number": number,
            "language": author.language,
            "title": f"Penkkejä Puistokadulle {number}",
            "text": "Torilta terveysasemalle on kilometri, eikä matkalla voi istua.",
            "submitted_at": None if state is State.DRAFT else now,
            "returned_at": now if state is State.RETURNED else None,
            "published_at": now if was_public else None,
            **values,
        },
    )
    session.add(made)
    await session.flush()
    if made.published_at:
        session.add(
            Version(
                **made.content(),
                proposal_id=made.id,
                number=1,
                picture_id=made.picture_id,
                published_at=made.published_at,
            )
        )
        await session.flush()
    return made


async def coauthor(session: AsyncSession, proposal: Proposal, who: Resident | Staff) -> None:
    """This person has accepted to be a co-author."""
    account = await session.get_one(Account, who.id)
    session.add(
        Coauthor(
            proposal_id=proposal.id,
            sign_in_digest=account.sign_in_digest,
            account_id=account.id,
            name=account.name,
            accepted_at=await clock.now(session),
        )
    )
    await session.flush()


async def evaluation(
    session: AsyncSession,
    proposal: Proposal,
    cost_cents: int = 20_000_00,
    feasibility: Feasibility = Feasibility.FEASIBLE,
) -> Evaluation:
    made = Evaluation(
        proposal_id=proposal.id,
        feasibility=feasibility,
        reason=words("It can be done."),
        cost_low_cents=1,
        cost_high_cents=cost_cents,
    )
    session.add(made)
    await session.flush()
    return made


async def comment(
    session: AsyncSession,
    thread_id: UUID,
    author: Resident | None = None,
    text: str = "Hyvä ajatus.",
    **values: object,
) -> Comment:
    author = author or await resident(session)
    made = Comment(
        thread_id=thread_id,
        author_id=author.id,
        author_name=author.name,
        language=author.language,
        text=text,
        nonce=uuid4(),
        **values,
    )
    session.add(made)
    await session.flush()
    return made


def photo(colour: str = "green", size: tuple[int, int] = (64, 48)) -> bytes:
    """A file as people send it."""
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


async def cast(
    session: AsyncSession,
    process: Process,
    keys: KeyStore,
    numbers: Iterable[int],
    area: Area | None = None,
    **values: object,
) -> str:
    """A resident votes for these projects; the receipt."""
    who = await voter(session, process, keys, **values)
    ballot = await voting_queries.ballot(session, process)
    chosen = frozenset(numbers)
    await voting.save_draft(session, ballot, chosen, by=who, area_id=area.id if area else None)
    return await voting.cast(session, ballot, chosen, by=who)


async def counted(
    session: AsyncSession,
    keys: KeyStore,
    *ballots: Iterable[int],
    after: timedelta = timedelta(days=11),
    **values: object,
) -> tuple[Process, Result]:
    """A vote (as `vote`, of city-wide projects) in which these ballots were cast, closed and counted. The clock stands `after` it opened."""
    made = await vote(session, **values)
    for numbers in ballots:
        await cast(session, made, keys, numbers)
    await clock.shift(session, after)
    return made, await results.count(session, made, keys=keys, by=System("test"))


async def recorded(session: AsyncSession, subject_id: UUID) -> list[Entry]:
    """What the audit trail has of it, oldest first."""
    statement = select(Entry).where(Entry.subject_id == subject_id).order_by(col(Entry.id))
    return list((await session.exec(statement)).all())
