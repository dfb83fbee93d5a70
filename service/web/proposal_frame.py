"""What every page about one proposal begins with: the proposal as this visitor may see it, its address, names of its places."""

from uuid import UUID

from litestar.response import Redirect

from service.core.errors import NotFound
from service.core.text import Wording, capitalised, wording
from service.moderation import queries as moderation
from service.moderation.models import Ruling
from service.moderation.rules import NEED_REASON
from service.processes import queries as processes
from service.proposals import queries
from service.proposals.models import Proposal, State
from service.proposals.rules import UNSENT
from service.web import addresses, process_frame
from service.web.process_frame import Frame
from service.web.visit import Visit

LARGEST_NUMBER = 2_147_483_647


async def seen(visit: Visit, slug: str, number: int) -> tuple[Frame, Proposal]:
    """A proposal that this visitor may see, in its process's frame; raises NotFound."""
    frame = await process_frame.read(visit, slug)
    if number > LARGEST_NUMBER:
        raise NotFound
    return frame, await queries.seen_by(visit.session, frame.process, number, visit.viewer)


async def written(visit: Visit, slug: str, number: int) -> tuple[Frame, Proposal]:
    """One's own or co-authored proposal; raises SignInNeeded, and NotFound for everybody else's."""
    resident = visit.resident
    frame = await process_frame.read(visit, slug)
    if number > LARGEST_NUMBER:
        raise NotFound
    return frame, await queries.written_by(visit.session, frame.process, number, resident)


def address_of(frame: Frame, proposal: Proposal) -> str:
    return f"{frame.proposals_address}/{addresses.proposal(proposal.number, proposal.title)}"


def back(frame: Frame, proposal: Proposal, done: str, place: str = "") -> Redirect:
    """To the proposal's page, which says what was done; `place` is a fragment."""
    return Redirect(f"{address_of(frame, proposal)}?done={done}{place}", status_code=303)


async def places(visit: Visit, frame: Frame) -> dict[UUID | None, Wording]:
    """Names of areas and topics by their ids; of no area, the whole city."""
    areas = await processes.areas(visit.session)
    categories = await processes.categories(visit.session, frame.process.id)
    return {
        None: Wording(whole_city(visit), visit.language),
        **{area.id: wording(area.name, visit.language) for area in areas},
        **{category.id: wording(category.name, visit.language) for category in categories},
    }


def whole_city(visit: Visit) -> str:
    """As the city calls what belongs to none of its areas."""
    text: str = visit.instance.city.in_language(visit.language).whole_city
    return capitalised(text) or visit.gettext("Whole municipality")


async def ruling_for_author(visit: Visit, proposal: Proposal) -> Ruling | None:
    """The newest ruling where it went against the author and still stands."""
    ruling = await moderation.latest_of(visit.session, proposal.id)
    if ruling is None or ruling.kind not in NEED_REASON:
        return None
    concerned = {State.PUBLISHED} if ruling.of_edit else UNSENT | {State.NOT_PUBLISHED}
    return ruling if proposal.state in concerned else None
