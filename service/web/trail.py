"""The audit trail as its readers see it: what staff did, in words, with the way to what it was done to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.audit import queries as audit
from service.audit.models import Entry
from service.core.errors import msgid
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals import queries as proposals
from service.web import steward
from service.web.visit import Visit

PER_PAGE = 50

WORDS: Mapping[str, str] = {
    "account.deleted": msgid("Deleted an unused account"),
    "account.opened": msgid("Made an account"),
    "account.warned": msgid("Warned that an unused account will be deleted"),
    "areas.defined": msgid("Defined the areas"),
    "audit.expired": msgid("Removed entries of the audit trail whose time was over"),
    "ballot.frozen": msgid("Froze the ballot"),
    "box.opened": msgid("Opened the box and counted the votes"),
    "calculator.changed": msgid("Changed a balancing calculator"),
    "calculator.comment_decided": msgid("Decided on a comment to a plan"),
    "calculator.founded": msgid("Made a balancing calculator"),
    "calculator.released": msgid("Counted the plans of a balancing calculator"),
    "categories.defined": msgid("Defined the topics"),
    "comment.hidden": msgid("Took a comment out of public view"),
    "comment.shown": msgid("Put a comment back in public view"),
    "demo.told": msgid("Made the demo city"),
    "draft.expired": msgid("Removed a draft whose time was over"),
    "evaluation.assigned": msgid("Assigned a proposal to an evaluator"),
    "evaluation.corrected": msgid("Corrected the words of an evaluation"),
    "evaluation.noted": msgid("Wrote an internal note"),
    "evaluation.reopened": msgid("Opened an evaluation again"),
    "evaluation.saved": msgid("Saved an unfinished evaluation"),
    "evaluation.unassigned": msgid("Took a proposal away from an evaluator"),
    "group.founded": msgid("Added a council group"),
    "group.joined": msgid("Added a member to a council group"),
    "group.left": msgid("Removed a member from a council group"),
    "group.removed": msgid("Removed a council group"),
    "group.renamed": msgid("Renamed a council group"),
    "group_plan.published": msgid("Published a council group’s plan"),
    "group_plan.written": msgid("Wrote a council group’s plan"),
    "keys.destroyed": msgid("Destroyed the keys of the vote"),
    "lot.published": msgid("Published the lot"),
    "milestone.changed": msgid("Changed a milestone"),
    "milestone.illustrated": msgid("Added a picture to a milestone"),
    "milestone.removed": msgid("Removed a milestone"),
    "news.expired": msgid("Removed news whose time was over"),
    "official_figures.imported": msgid("Brought in official figures"),
    "process.changed": msgid("Changed the process"),
    "process.created": msgid("Made a process"),
    "process.imported": msgid("Brought in a vote held elsewhere"),
    "process.published": msgid("Published the process"),
    "project.listed": msgid("Recorded that a proposal is on the final ballot"),
    "project.lost": msgid("Recorded that a project was not selected"),
    "project.removed": msgid("Took a project off the ballot"),
    "project.selected": msgid("Put a proposal on the ballot"),
    "project.won": msgid("Recorded that a project was selected"),
    "proposal.combined": msgid("Combined proposals into a new one"),
    "proposal.edit_published": msgid("Published a change of a proposal"),
    "proposal.edit_refused": msgid("Did not publish a change of a proposal"),
    "proposal.edit_returned": msgid("Returned a change of a proposal"),
    "proposal.evaluated": msgid("Evaluated a proposal"),
    "proposal.hidden": msgid("Took a proposal out of public view"),
    "proposal.merged": msgid("Merged a proposal into another"),
    "proposal.published": msgid("Published a proposal"),
    "proposal.refused": msgid("Did not publish a proposal"),
    "proposal.returned": msgid("Returned a proposal for changes"),
    "proposal.separated": msgid("Separated a merged proposal"),
    "result.corrected": msgid("Corrected the result"),
    "result.published": msgid("Published the result"),
    "ruling.made": msgid("Made a ruling"),
    "ruling.overturned": msgid("Changed a ruling in the second review"),
    "ruling.upheld": msgid("Upheld a ruling in the second review"),
    "rulings.expired": msgid("Removed rulings whose time was over"),
    "staff.appointed": msgid("Gave a role"),
    "staff.dismissed": msgid("Took a role away"),
    "voters.reminded": msgid("Reminded those who have opened a ballot"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its process; no person but by role."""

    entry: Entry
    process: Process | None
    number: int | None  # of the proposal it is about
    is_public: bool  # that proposal


@dataclass(frozen=True, slots=True)
class Trail:
    lines: Sequence[Line]
    processes: Sequence[Process]  # that the visitor looks after
    older: int | None  # the entry before which the next page begins


async def read(visit: Visit, process_id: UUID | None, before: int | None) -> Trail:
    """What staff did in the processes the visitor looks after, newest first. Three statements. Raises SignInNeeded, Forbidden."""
    reach = steward.reach(visit)
    looked_after = await processes.looked_after(visit.session, reach)
    found = await audit.of_staff(
        visit.session, within=reach, process_id=process_id, before=before, limit=PER_PAGE + 1
    )
    entries = found[:PER_PAGE]
    of = {process.id: process for process in looked_after}
    public = await proposals.public_numbers(visit.session, {_about(entry) for entry in entries})
    return Trail(
        lines=[
            Line(
                entry,
                process=of.get(entry.process_id) if entry.process_id else None,
                number=_about(entry)[1],
                is_public=_about(entry) in public,
            )
            for entry in entries
        ],
        processes=looked_after,
        older=entries[-1].id if len(found) > PER_PAGE else None,
    )


def _about(entry: Entry) -> tuple[UUID | None, int | None]:
    """Process and number of the proposal."""
    number = entry.details.get("number")
    return entry.process_id, number if isinstance(number, int) else None
