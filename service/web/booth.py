"""The polling booth: what both doors of a ballot begin with, and the line that reminds of a ballot not yet cast."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.accounts import actions as accounts
from service.accounts.models import OwnSettings
from service.processes import actions as processes_actions
from service.processes import queries as processes
from service.processes.models import Activity, Phase, Process
from service.processes.rules import allows
from service.voting import actions, queries
from service.voting.ballot import Ballot
from service.voting.queries import OpenedBallots
from service.voting.rules import BallotNotOpened, KeysAreGone, KeysAreMissing
from service.voting.seal import Voter
from service.voting.standing import Standing, State
from service.web.visit import Visit

UNFINISHED = frozenset({State.NOT_CAST, State.CHANGED})


async def ballot(visit: Visit, slug: str) -> Ballot:
    """Of a published process; raises NotFound."""
    ballots: OpenedBallots = visit.request.app.state.ballots
    return await ballots.get(visit.session, slug)


async def shown_ballot(visit: Visit, slug: str) -> Ballot:
    """Without the words of what moderators have hidden since the ballot was frozen. Raises NotFound."""
    paper = await ballot(visit, slug)
    return paper.without_words(await queries.hidden(visit.session, paper.process_id))


async def voter(visit: Visit, ballot: Ballot) -> Voter:
    """Raises SignInNeeded, BallotNotOpened, KeysAreGone, KeysAreMissing.

    Before anybody has opened a ballot there are no keys; after the count they are destroyed; else they should be there.
    """
    resident, account = visit.resident, visit.account
    assert account is not None
    if ballot.box_public_key is None:
        raise BallotNotOpened
    try:
        return Voter.of(resident, account.sign_in_digest, visit.instance.keys, ballot.process_id)
    except KeysAreMissing:
        vote = await queries.vote(visit.session, ballot.process_id)
        if vote and vote.emptied_at:
            raise KeysAreGone from None
        raise


async def standing(visit: Visit, ballot: Ballot) -> Standing:
    """Raises as `voter`."""
    return await queries.standing(visit.session, ballot, await voter(visit, ballot))


class Facts(BaseModel):
    """What a resident tells before the ballot is opened. What is left out stays as it was told before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"birth_year": 1956}]})

    birth_year: int | None = Field(default=None, ge=1890, le=9999)
    area_id: UUID | None = Field(default=None, description="Home area, where the rule gives that area.")


async def enrol(visit: Visit, slug: str, facts: Facts) -> Voter:
    """Open the ballot. Raises as voting's `enrol`."""
    resident, account = visit.resident, visit.account
    assert account is not None
    process = await processes.get(visit.session, slug)
    if facts.birth_year is not None and facts.birth_year != account.birth_year:
        told = OwnSettings(name=account.name, language=account.language, birth_year=facts.birth_year)
        await accounts.change_settings(visit.session, told, by=resident)
    if facts.area_id is not None:
        await processes_actions.set_residence(visit.session, facts.area_id, by=resident)
    return await actions.enrol(visit.session, process, keys=visit.instance.keys, by=resident)


async def unfinished_ballots(
    visit: Visit, rounds: Iterable[tuple[Process, Sequence[Phase]]]
) -> list[dict[str, Any]]:
    """For `base.html`, of those whose vote is open: what was chosen and is not cast. A statement each."""
    if visit.account is None:
        return []
    open_to_vote = [process for process, phases in rounds if allows(phases, Activity.VOTE, at=visit.now)]
    found = [await _unfinished_ballot(visit, process) for process in open_to_vote]
    return [each for each in found if each]


async def _unfinished_ballot(visit: Visit, process: Process) -> dict[str, Any] | None:
    keys = visit.instance.keys
    if not (keys.exists(process.id, "draft") and keys.exists(process.id, "vote")):
        return None  # whether something is wrong the ballot itself tells
    standing_now = await standing(visit, await ballot(visit, process.slug))
    if standing_now.closes_at is None or standing_now.state not in UNFINISHED:
        return None
    address = f"/{visit.language}/processes/{process.slug}/ballot"
    return {
        "closes_at": standing_now.closes_at,
        "href": f"{address}/review",
        "discard_href": f"{address}/discard",
        "voted": standing_now.state is State.CHANGED,
        "title": process.title,
    }
