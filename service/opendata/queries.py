"""Every SELECT about what is given away."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import and_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments import queries as comments
from service.core.city import City
from service.evaluation.models import Evaluation, Feasibility
from service.opendata import election
from service.opendata.tables import Record, amount
from service.processes.models import Area, Category, Process
from service.proposals.models import Proposal
from service.proposals.queries import carried_supports, own_supports, public
from service.results import queries as results
from service.results.rules import NotCountedYet
from service.tally.pabulib import Document
from service.voting import queries as voting

AT_ONCE = 200


async def proposals(session: AsyncSession, process: Process, address: str) -> AsyncIterator[Record]:
    """Everything that is or was public, by number, read in portions. `address` is that of the process's proposals."""
    is_decided = col(Evaluation.feasibility) != Feasibility.UNDECIDED
    statement: Any = (
        select_columns(
            Proposal,
            col(Area.key),
            col(Category.key),
            Evaluation,
            own_supports() + carried_supports(),
            comments.count_in(col(Proposal.thread_id)),
        )
        .outerjoin(Area, col(Area.id) == Proposal.area_id)
        .outerjoin(Category, col(Category.id) == Proposal.category_id)
        .outerjoin(Evaluation, and_(col(Evaluation.proposal_id) == Proposal.id, is_decided))
        .where(
            col(Proposal.process_id) == process.id,
            public(),
        )
        .order_by(col(Proposal.number))
        .execution_options(yield_per=AT_ONCE)
    )
    found = await session.stream(statement)
    async for proposal, area, category, evaluation, supports, said in found:
        yield _proposal(proposal, evaluation) | {
            "area": area,
            "category": category,
            "currency": process.currency,
            "supports": supports,
            "comments": said,
            "url": f"{address}/{proposal.number}",
        }


def _proposal(proposal: Proposal, evaluation: Evaluation | None) -> dict[str, Any]:
    return {
        "number": proposal.number,
        "state": proposal.state.value,
        "title": proposal.title,
        "text": proposal.text,
        "language": proposal.language,
        "address": proposal.address,
        "latitude": proposal.latitude,
        "longitude": proposal.longitude,
        "cost_wish": amount(proposal.cost_wish_cents),
        "feasibility": (evaluation.feasibility if evaluation else Feasibility.UNDECIDED).value,
        "cost_low": amount(evaluation.cost_low_cents) if evaluation else None,
        "cost_high": amount(evaluation.cost_high_cents) if evaluation else None,
        "maintenance": amount(evaluation.maintenance_cents) if evaluation else None,
        "author_kind": proposal.author_kind.value,
        "organisation": proposal.organisation,
        "published_at": proposal.published_at,
    }


async def documents(session: AsyncSession, process: Process, city: City) -> dict[str, Document]:
    """A counted process as .pb documents by pot, with the ballots as they were counted. Raises NotCountedYet, NoVote."""
    phase = await voting.phase(session, process.id)
    result = await results.latest(session, process.id)
    if result is None:
        raise NotCountedYet
    outcome = await results.outcome(session, result)
    imported = await results.imported(session, process.id)
    hidden = await voting.hidden(session, process.id)
    return {
        contest.key: election.document(
            process,
            phase,
            contest.without_words(hidden),
            imported=imported.get(contest.pot.id),
            winners=frozenset(row.project.number for row in outcome.winners),
            unit=city.in_language("en").name,
        )
        for contest in await results.contests_of(session, process)
    }
