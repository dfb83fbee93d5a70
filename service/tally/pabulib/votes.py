"""The section VOTES: one row for each voter, counted into equal ballots."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from service.tally.ballots import Ballot, Points, VoteType, approving, giving, ranking
from service.tally.pabulib import numbers
from service.tally.pabulib.findings import Finding, PabulibError, msgid, shown
from service.tally.pabulib.sections import Section

Progress = Callable[[int, int], None]

PROGRESS_STEP = 1000

VoteText = tuple[str, str]
"""What stands in the columns vote and points of one row."""

REPEATED = msgid("Ballots that name a project more than once: %(count)s. It is counted once.")
BLANK = msgid("Ballots that name no project: %(count)s.")
TOO_SHORT = msgid("Ballots with fewer projects than min_length: %(count)s. They are counted.")
TOO_DEAR = msgid("Ballots whose projects cost more than max_sum_cost: %(count)s. They are counted.")
TOO_MANY_POINTS = msgid("Ballots with more points than allowed: %(count)s. They are counted.")


@dataclass(frozen=True)
class Limits:
    """What a ballot may hold. Real elections keep to max_length; the others were not always enforced."""

    max_length: int | None = None
    min_length: int = 0
    max_sum_cost: int | None = None
    max_points: Points | None = None
    max_sum_points: Points | None = None


@dataclass
class VoteReader:
    """Reads what a row chose. `costs` has every project of the election, `odd` what notes will tell."""

    vote_type: VoteType
    costs: Mapping[str, int]
    limits: Limits
    odd: dict[str, list[VoteText]] = field(default_factory=lambda: defaultdict(list))

    def read(self, line: int, text: VoteText) -> Ballot:
        names = [name.strip() for name in text[0].split(",")] if text[0].strip() else []
        for name in names:
            if name not in self.costs:
                message = msgid("The vote names a project that does not exist: “%(project)s”.")
                raise PabulibError(line, "vote", message, project=shown(name))
        ballot = self._ballot(line, names, text[1])
        self._refuse_too_long(line, ballot)
        for message in self._oddities(names, ballot):
            self.odd[message].append(text)
        return ballot

    def _ballot(self, line: int, names: list[str], points: str) -> Ballot:
        if self.vote_type.has_points:
            return giving(zip(names, self._points(line, len(names), points), strict=True))
        return ranking(names) if self.vote_type is VoteType.ORDINAL else approving(names)

    def _points(self, line: int, projects: int, text: str) -> list[Points]:
        given = (
            [numbers.points(part.strip(), line, "points") for part in text.split(",")] if text.strip() else []
        )
        if len(given) != projects:
            message = msgid("The vote names %(projects)s projects, but points are given to %(points)s.")
            raise PabulibError(line, "points", message, projects=projects, points=len(given))
        return given

    def _refuse_too_long(self, line: int, ballot: Ballot) -> None:
        most = 1 if self.vote_type is VoteType.CHOOSE_ONE else self.limits.max_length
        if most is not None and len(ballot.projects) > most:
            message = msgid("The vote names %(projects)s projects; at most %(most)s are allowed.")
            raise PabulibError(line, "vote", message, projects=len(ballot.projects), most=most)

    def _oddities(self, names: list[str], ballot: Ballot) -> Iterable[str]:
        limits = self.limits
        if not names:
            yield BLANK
        elif len(ballot.projects) < limits.min_length:
            yield TOO_SHORT
        if len(ballot.projects) < len(names):
            yield REPEATED
        if limits.max_sum_cost is not None and self._cost(ballot) > limits.max_sum_cost:
            yield TOO_DEAR
        if ballot.points and (
            _over(sum(ballot.points), limits.max_sum_points) or _over(max(ballot.points), limits.max_points)
        ):
            yield TOO_MANY_POINTS

    def _cost(self, ballot: Ballot) -> int:
        return sum(self.costs[project] for project in ballot.projects)


def _over(points: Points, most: Points | None) -> bool:
    return most is not None and points > most


def read_votes(
    section: Section, reader: VoteReader, progress: Progress | None
) -> tuple[Counter[Ballot], list[Finding]]:
    """Equal texts are read once: a large election has fewer distinct ballots than voters."""
    counts, lines = _distinct(section, reader.vote_type, progress)
    ballots: Counter[Ballot] = Counter()
    for text, count in counts.items():
        ballots[reader.read(lines[text], text)] += count
    notes = [
        Finding(lines[texts[0]], "vote", message, {"count": sum(counts[text] for text in texts)})
        for message, texts in reader.odd.items()
    ]
    return ballots, notes


def _distinct(
    section: Section, vote_type: VoteType, progress: Progress | None
) -> tuple[dict[VoteText, int], dict[VoteText, int]]:
    """How many voters wrote each text, and the first line it stands on."""
    voter_at, vote_at = section.columns["voter_id"], section.columns["vote"]
    points_at = section.columns.get("points") if vote_type.has_points else None
    width, total = len(section.columns), len(section.rows)
    voters: set[str] = set()
    counts: dict[VoteText, int] = {}
    lines: dict[VoteText, int] = {}
    for done, (line, row) in enumerate(section.rows):
        if progress and done % PROGRESS_STEP == 0:
            progress(done, total)
        cells = row if len(row) == width else section.filled(line, row)
        _admit(cells[voter_at].strip(), voters, line)
        text = (cells[vote_at], "" if points_at is None else cells[points_at])
        counts[text] = counts.get(text, 0) + 1
        lines.setdefault(text, line)
    if progress:
        progress(total, total)
    return counts, lines


def _admit(voter: str, voters: set[str], line: int) -> None:
    if not voter:
        raise PabulibError(line, "voter_id", msgid("The value is missing."))
    if voter in voters:
        message = msgid("The voter %(voter)s is there twice.")
        raise PabulibError(line, "voter_id", message, voter=shown(voter))
    voters.add(voter)
