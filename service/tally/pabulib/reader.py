"""From the bytes of a .pb file to a document, or to the line and column that make it unusable.

Refused is what leaves open how to count, or what shows that the file is damaged. What published elections do against
their own rules (a ballot dearer than max_sum_cost, a project named twice in it) is counted and told as a note.
"""

from collections.abc import Iterator

from service.tally.ballots import Election, Points, Project, VoteType
from service.tally.pabulib import numbers
from service.tally.pabulib.document import Document
from service.tally.pabulib.findings import Finding, PabulibError, msgid, shown
from service.tally.pabulib.numbers import Amount
from service.tally.pabulib.sections import Section, sections
from service.tally.pabulib.votes import Limits, Progress, VoteReader, read_votes
from service.tally.scores import standings

CENTS = 2
COUNTED_FROM = ("num_projects", "num_votes", "budget", "vote_type")
EXPECTED = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")


def read(content: bytes, progress: Progress | None = None) -> Document:
    """`progress` is told every thousand ballots: (read so far, all of them).

    Amounts come in cents, or in smaller units where the file is finer. Raises PabulibError.
    """
    found = sections(content)
    meta = Meta(found["META"])
    vote_type = meta.vote_type()
    projects = Projects(found["PROJECTS"])
    budget = meta.amount("budget")
    decimals = max(CENTS, budget.decimals, *(cost.decimals for cost in projects.costs.values()))
    costs = {project: cost.at(decimals) for project, cost in projects.costs.items()}
    meta.confirm("num_projects", len(costs))
    meta.confirm("num_votes", len(found["VOTES"].rows))
    _require_points(found["VOTES"], vote_type)
    limits = meta.limits(decimals)
    ballots, odd_votes = read_votes(found["VOTES"], VoteReader(vote_type, costs, limits), progress)
    election = Election(
        projects=tuple(Project(project, cost) for project, cost in costs.items()),
        budget=budget.at(decimals),
        vote_type=vote_type,
        ballots=ballots,
        max_length=limits.max_length,
        decimals=decimals,
    )
    notes = (*meta.notes(election), *projects.notes(election), *odd_votes)
    return Document(election, meta.rest(), projects.details, notes)


def _require_points(votes: Section, vote_type: VoteType) -> None:
    if vote_type.has_points and "points" not in votes.columns:
        message = msgid("Votes of the type %(vote_type)s need the column points.")
        raise PabulibError(votes.line + 1, "points", message, vote_type=vote_type.value)


class Meta:
    """The section META: what the file says about its election."""

    def __init__(self, section: Section) -> None:
        self.line = section.line
        self.lines: dict[str, int] = {}
        self.values: dict[str, str] = {}
        for line, record in section.records():
            key = record["key"]
            if key in self.lines:
                raise PabulibError(line, key, msgid("The key %(key)s is there twice."), key=shown(key))
            self.lines[key] = line
            if record["value"]:
                self.values[key] = record["value"]
        for key in COUNTED_FROM:
            if key not in self.lines:
                raise PabulibError(self.line, key, msgid("The section META has no key %(key)s."), key=key)

    def amount(self, key: str) -> Amount:
        return numbers.amount(self.values.get(key, ""), self.lines[key], key)

    def vote_type(self) -> VoteType:
        name = self.values.get("vote_type", "").lower()
        if name not in set(VoteType):
            message = msgid("“%(value)s” is not a vote type of this format.")
            raise PabulibError(self.lines["vote_type"], "vote_type", message, value=shown(name))
        return VoteType(name)

    def confirm(self, key: str, counted: int) -> None:
        stated = numbers.whole(self.values.get(key, ""), self.lines[key], key)
        if stated != counted:
            message = msgid("The file says %(stated)s but has %(counted)s.")
            raise PabulibError(self.lines[key], key, message, stated=stated, counted=counted)

    def limits(self, decimals: int) -> Limits:
        max_length = self._whole("max_length")
        if max_length == 0:
            raise PabulibError(
                self.lines["max_length"], "max_length", msgid("A ballot must have room for a project.")
            )
        cost = self.amount("max_sum_cost") if "max_sum_cost" in self.values else None
        return Limits(
            max_length=max_length,
            min_length=self._whole("min_length") or 0,
            max_sum_cost=None if cost is None else cost.units * 10**decimals // 10**cost.decimals,
            max_points=self._points("max_points"),
            max_sum_points=self._points("max_sum_points"),
        )

    def _whole(self, key: str) -> int | None:
        return numbers.whole(self.values[key], self.lines[key], key) if key in self.values else None

    def _points(self, key: str) -> Points | None:
        return numbers.points(self.values[key], self.lines[key], key) if key in self.values else None

    def rest(self) -> dict[str, str]:
        held = {*COUNTED_FROM, "max_length"}
        return {key: value for key, value in self.values.items() if key not in held}

    def notes(self, election: Election) -> Iterator[Finding]:
        for key in EXPECTED:
            if key not in self.values:
                yield Finding(
                    self.line, key, msgid("The section META should have the key %(key)s."), {"key": key}
                )
        if election.vote_type is VoteType.ORDINAL and election.max_length is None:
            message = msgid(
                "Without max_length, a first place is worth as many points as there are projects: %(points)s."
            )
            yield Finding(self.line, "max_length", message, {"points": election.longest})
        if election.vote_type is VoteType.SCORING and self.values.get("default_score", "0") != "0":
            message = msgid("Projects that a ballot leaves out get no points; default_score is not counted.")
            yield Finding(self.lines["default_score"], "default_score", message)


class Projects:
    """The section PROJECTS. `published` holds the votes and scores the file states itself."""

    def __init__(self, section: Section) -> None:
        self.lines: dict[str, int] = {}
        self.costs: dict[str, Amount] = {}
        self.published: dict[str, dict[str, str]] = {}
        self.details: dict[str, dict[str, str]] = {}
        for line, record in section.records():
            project = record.pop("project_id")
            self._refuse_bad_id(project, line)
            self.lines[project] = line
            self.costs[project] = numbers.amount(record.pop("cost"), line, "cost")
            self.published[project] = {name: record.pop(name, "") for name in ("votes", "score")}
            # The format's name for this column until April 2026.
            beneficiaries = record.pop("target", "")
            record["beneficiaries"] = record.get("beneficiaries") or beneficiaries
            details = {name: value for name, value in record.items() if value}
            if details:
                self.details[project] = details

    def _refuse_bad_id(self, project: str, line: int) -> None:
        if not project:
            raise PabulibError(line, "project_id", msgid("The value is missing."))
        if "," in project:
            raise PabulibError(
                line, "project_id", msgid("A project id cannot have a comma, which parts ids in a vote.")
            )
        if project in self.lines:
            message = msgid("The project %(project)s is there twice.")
            raise PabulibError(line, "project_id", message, project=shown(project))

    def notes(self, election: Election) -> Iterator[Finding]:
        free = [project for project, cost in self.costs.items() if cost.units == 0]
        if free:
            message = msgid("Projects that cost nothing: %(count)s.")
            yield Finding(self.lines[free[0]], "cost", message, {"count": len(free)})
        counted = standings(election)
        for column in ("votes", "score"):
            differing = [
                project
                for project, published in self.published.items()
                if published[column] and not _states(published[column], getattr(counted[project], column))
            ]
            if differing:
                message = msgid(
                    "Projects where the file states another number than its ballots give: %(count)s."
                )
                yield Finding(self.lines[differing[0]], column, message, {"count": len(differing)})


def _states(published: str, counted: Points) -> bool:
    try:
        return numbers.points(published, 0, "") == counted
    except PabulibError:
        return False
