"""Who looks after a process, and the process as they see it."""

from uuid import UUID

from service.core.actor import Administrator, Editor
from service.core.errors import Forbidden, NotFound, SignInNeeded
from service.processes import queries
from service.processes.models import Phase, Process
from service.processes.rules import NotYourProcess, voting_phase
from service.results import queries as results
from service.results.models import Result
from service.web.visit import Visit

Steward = Editor | Administrator
KINDS = (Editor, Administrator)


def of(visit: Visit, process: Process) -> Steward:
    """The visitor as the one who may change this process.

    Raises SignInNeeded; NotYourProcess, and NotFound where the process is not public either.
    """
    if visit.resident and (steward := _find(visit, process)):
        return steward
    raise NotYourProcess if process.published_at else NotFound


async def process_of(visit: Visit, slug: str) -> tuple[Process, Steward]:
    """A process the visitor may change, and the visitor as who may. Raises as `of`, NotFound for an unknown one."""
    if visit.account is None:
        raise SignInNeeded
    process = await queries.find(visit.session, slug)
    return process, of(visit, process)


def of_all(visit: Visit) -> Steward:
    """The visitor as the one who may make a process. Raises SignInNeeded, Forbidden."""
    if not may_make(visit):
        raise Forbidden if visit.account else SignInNeeded
    is_editor = visit.roles.get(Editor.role, frozenset()) is None
    return visit.editor if is_editor else visit.administrator


def may_make(visit: Visit) -> bool:
    return any(visit.roles.get(kind.role, frozenset()) is None for kind in KINDS)


def reach(visit: Visit) -> frozenset[UUID] | None:
    """The processes the visitor may change; None: all. Raises SignInNeeded, Forbidden."""
    held = [visit.roles[kind.role] for kind in KINDS if visit.resident and visit.has_role(kind.role)]
    if not held:
        raise Forbidden
    return None if None in held else frozenset().union(*(processes or () for processes in held))


async def visible(visit: Visit, slug: str) -> Process:
    """A published process, or one in preparation for those who look after it. Raises NotFound."""
    process = await queries.find(visit.session, slug)
    if process.published_at is None and not (visit.account and _find(visit, process)):
        raise NotFound
    return process


async def votes(visit: Visit) -> list[tuple[Process, Phase, Result | None]]:
    """Of the processes the visitor may change, newest first: those with a vote, its phase and the result that holds."""
    mine = await queries.looked_after(visit.session, reach(visit))
    phases = await queries.phases_of(visit.session, [process.id for process in mine])
    holding = await results.holding(visit.session, [process.id for process in mine])
    found = [(process, voting_phase(phases[process.id])) for process in mine]
    return [(process, phase, holding.get(process.id)) for process, phase in found if phase]


def _find(visit: Visit, process: Process) -> Steward | None:
    """As an editor where that is enough."""
    held = [kind for kind in KINDS if visit.has_role(kind.role)]
    stewards = (visit.editor if kind is Editor else visit.administrator for kind in held)
    return next((steward for steward in stewards if steward.may_act_in(process.id)), None)
