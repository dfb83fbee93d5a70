"""What every page of a process stands in: the process, its phases, and its own row of links to what exists now.

`frame = await process_frame.read(visit, slug)`, then `page(visit, "proposals/list.html", **frame.context("proposals"), …)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.core.errors import msgid
from service.processes import queries, rules, timetable
from service.processes.models import Activity, Phase, Process
from service.processes.rounds import Round
from service.processes.timetable import Section
from service.web import booth, steward
from service.web.visit import Visit

NAMES: dict[Section, str] = {
    Section.PROPOSALS: msgid("Proposals"),
    Section.BALLOT: msgid("Vote"),
    Section.CALCULATOR: msgid("Balancing calculator"),
    Section.RESULTS: msgid("Results"),
    Section.IMPLEMENTATION: msgid("Implementation"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    visit: Visit
    process: Process
    phases: Sequence[Phase]
    unfinished_ballots: Sequence[dict[str, Any]] = ()

    @property
    def at(self) -> datetime:
        return self.visit.now

    @property
    def address(self) -> str:
        """Of the process's own page."""
        return f"/{self.visit.language}/processes/{self.process.slug}"

    @property
    def proposals_address(self) -> str:
        return f"{self.address}/{Section.PROPOSALS}"

    @property
    def round(self) -> Round:
        return Round(self.process, self.phases, self.at)

    @property
    def sections(self) -> list[Section]:
        """None while only those who look after the round see it, for there is nothing in them yet."""
        return timetable.sections(self.phases, at=self.at) if self.process.published_at else []

    def allows(self, activity: Activity) -> bool:
        return rules.allows(self.phases, activity, at=self.at)

    def closing_of(self, activity: Activity) -> datetime | None:
        return rules.closing_of(self.phases, activity, at=self.at)

    def context(self, current: str = "") -> dict[str, Any]:
        """For `processes/base.html`; `current` is the section this page belongs to."""
        return {
            "process": self.process,
            "phases": self.phases,
            "process_address": self.address,
            "unfinished_ballots": self.unfinished_ballots,
            "process_links": [
                {
                    "href": f"{self.address}/{section}",
                    "text": self.visit.gettext(NAMES[section]),
                    "current": section == current,
                }
                for section in self.sections
            ],
        }


async def read(visit: Visit, slug: str) -> Frame:
    """A published process; raises NotFound."""
    frame = Frame(visit, *await queries.get_with_phases(visit.session, slug))
    unfinished = await booth.unfinished_ballots(visit, [(frame.process, frame.phases)])
    return replace(frame, unfinished_ballots=unfinished)


async def preview(visit: Visit, slug: str) -> Frame:
    """A published process, or one in preparation for those who look after it; raises NotFound."""
    process = await steward.visible(visit, slug)
    if process.published_at:
        return await read(visit, slug)
    return Frame(visit, process, await queries.phases(visit.session, process.id))
