"""What every page of a process at the desk stands in: the process, whoever changes it, and the state of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response

from service.core.errors import msgid
from service.processes import queries, readiness
from service.processes.models import Area, Category, Phase, Pot, Process
from service.processes.readiness import Part, State
from service.web import desk, steward
from service.web.forms import Form
from service.web.language import OWN_NAMES
from service.web.steward import Steward
from service.web.visit import Visit

NAMES: dict[Part, str] = {
    Part.SETTINGS: msgid("Basics"),
    Part.PHASES: msgid("Phases"),
    Part.AREAS: msgid("Areas and money"),
    Part.BALLOT: msgid("Voting rules"),
    Part.TEXTS: msgid("Texts"),
    Part.PEOPLE: msgid("People"),
}


@dataclass(frozen=True, slots=True)
class Workspace:
    visit: Visit
    process: Process
    by: Steward
    phases: Sequence[Phase]
    pots: Sequence[tuple[Pot, Area | None]]
    categories: Sequence[Category]
    areas: Sequence[Area]
    states: list[State]
    fixed_since: (
        datetime | None
    )  # when the ballot became final, and the rules of the vote and its money with it

    @property
    def address(self) -> str:
        return desk.address(self.visit, f"processes/{self.process.slug}")

    def page(
        self, template: str, part: Part | None = None, *, status: int = 200, **context: Any
    ) -> Response[str]:
        """A page for this process; `part` is the one it changes."""
        return desk.page(
            self.visit,
            template,
            current="processes",
            status=status,
            process=self.process,
            desk_address=self.address,
            part_links=self._links(part),
            part_name=self.visit.gettext(NAMES[part]) if part else "",
            fixed_since=self.fixed_since,
            **{"conflict": [], **context},
        )

    def _links(self, current: Part | None) -> list[dict[str, Any]]:
        return [
            {
                "href": f"{self.address}/{state.part}",
                "text": self.visit.gettext(NAMES[state.part]),
                "current": state.part is current,
                "count": state.count,
                "frozen": state.frozen,
                "missing": [self.visit.gettext(text) for text in state.missing],
                "texts": state.texts,
            }
            for state in self.states
        ]


async def open_workspace(visit: Visit, slug: str) -> Workspace:
    """Raises SignInNeeded, NotFound, NotYourProcess."""
    process, by = await steward.process_of(visit, slug)
    phases = await queries.phases(visit.session, process.id)
    pots = await queries.pots(visit.session, process.id)
    categories = await queries.categories(visit.session, process.id)
    fixed_since = await queries.ballot_final_since(visit.session, process.id)
    states = readiness.states(
        process,
        phases,
        [pot for pot, _ in pots],
        has_categories=bool(categories),
        team=await queries.roles_in(visit.session, process.id),
        frozen=fixed_since is not None,
    )
    areas = await queries.areas(visit.session)
    return Workspace(visit, process, by, phases, pots, categories, areas, states, fixed_since)


def conflict(stored: Mapping[str, Any], form: Form, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Two editors' versions side by side, of the fields that differ."""
    return [
        {"name": _label(name, labels), "stored": _shown(value), "yours": _shown(form.value(name))}
        for name, value in stored.items()
        if name != "version" and _shown(value) != _shown(form.value(name))
    ]


def _label(name: str, labels: Mapping[str, str]) -> str:
    base, _, language = name.rpartition("_")
    if language in OWN_NAMES and base in labels:
        return f"{labels[base]} ({OWN_NAMES[language]})"
    return labels.get(name, name)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value)))
    return str(value).replace("\r\n", "\n").strip()
