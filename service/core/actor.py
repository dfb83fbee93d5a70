"""Who acts. The type of `by` says what kind of person may call an action; the action itself says whether this one may, now."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    RESIDENT = "resident"
    MODERATOR = "moderator"
    EVALUATOR = "evaluator"
    EDITOR = "editor"
    COUNCIL_MEMBER = "council_member"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Resident:
    id: UUID
    name: str
    language: str
    role = Role.RESIDENT


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with a role in some processes; `processes` None means in all of them."""

    id: UUID
    name: str
    processes: frozenset[UUID] | None

    def may_act_in(self, process_id: UUID | None) -> bool:
        return self.processes is None or process_id in self.processes


class Moderator(Staff):
    __slots__ = ()
    role = Role.MODERATOR


class Evaluator(Staff):
    __slots__ = ()
    role = Role.EVALUATOR


class Editor(Staff):
    __slots__ = ()
    role = Role.EDITOR


class CouncilMember(Staff):
    __slots__ = ()
    role = Role.COUNCIL_MEMBER


class Administrator(Staff):
    __slots__ = ()
    role = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class System:
    """The operator's command line or the worker."""

    name: str
    role = Role.SYSTEM
    id: None = None


Actor = Resident | Moderator | Evaluator | Editor | CouncilMember | Administrator | System
