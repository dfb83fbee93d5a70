"""When people may do what. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from service.processes.models import Activity, Phase


class Section(StrEnum):
    """A part of a process that has pages of its own; the value is its place in the address."""

    PROPOSALS = "proposals"
    BALLOT = "ballot"
    RESULTS = "results"
    IMPLEMENTATION = "implementation"


def allows(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> bool:
    return any(activity in phase.activities and phase.is_open(at) for phase in phases)


def closing_of(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> datetime | None:
    """When the activity that is open now ends; None where it is not open."""
    return max(
        (phase.closes_at for phase in phases if activity in phase.activities and phase.is_open(at)),
        default=None,
    )


def voting_phase(phases: Iterable[Phase]) -> Phase | None:
    """The one phase in which people vote."""
    return next((phase for phase in phases if Activity.VOTE in phase.activities), None)


def sections(phases: Iterable[Phase], *, at: datetime) -> list[Section]:
    """The sections that exist now, the one where something can be done in front."""
    phases = list(phases)
    begun = {activity for phase in phases if phase.opens_at <= at for activity in phase.activities}
    vote = voting_phase(phases)
    there = {
        Section.PROPOSALS: bool(begun - {Activity.COUNT}),
        Section.BALLOT: vote is not None and vote.is_open(at),
        Section.RESULTS: vote is not None and vote.closes_at <= at,
        Section.IMPLEMENTATION: Activity.IMPLEMENT in begun,
    }
    existing = [section for section, exists in there.items() if exists]
    for activity, section in OPENED_BY.items():
        if section in existing and allows(phases, activity, at=at):
            existing.remove(section)
            return [section, *existing]
    return existing


OPENED_BY = {
    Activity.VOTE: Section.BALLOT,
    Activity.PROPOSE: Section.PROPOSALS,
    Activity.IMPLEMENT: Section.IMPLEMENTATION,
}
