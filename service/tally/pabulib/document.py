"""A .pb file in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.tally.ballots import Election
from service.tally.pabulib.findings import Finding


@dataclass(frozen=True)
class Document:
    """An election with what its file says around it.

    meta: the META keys except those the election holds itself (num_projects, num_votes, budget, vote_type, max_length).
    details: for each project its columns except project_id, cost, and the votes and score that follow from the ballots.
    Values are text without blanks around it; what is empty, or would be, is left out. `notes` tell what is odd in the file but can be counted.
    """

    election: Election
    meta: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[Finding, ...] = field(default=(), compare=False)
