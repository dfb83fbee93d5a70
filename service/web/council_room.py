"""A council group's room: who may come in, and the group's plan as its members see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from service.calculator import queries as calculators
from service.calculator.engine import Engine, Plan
from service.calculator.models import Calculator, GroupPlan
from service.core.actor import CouncilMember, Role
from service.core.errors import NotFound, SignInNeeded, msgid
from service.core.text import LANGUAGES, wording
from service.council import queries as council
from service.council.models import CouncilGroup
from service.web import forms, localized, own_plan
from service.web.calculator_pages import controls
from service.web.figures import address as figures_address
from service.web.forms import Form
from service.web.language import OWN_NAMES
from service.web.own_plan import OwnPlan
from service.web.page import page, told
from service.web.plan_sheet import Sheet
from service.web.visit import Visit

NOTICES = {
    "saved": msgid("Saved. Only your group sees the plan."),
    "published": msgid("The group’s plan is published. Anyone can see it now."),
}
UNTOUCHED = msgid("No stand taken")
REASON = msgid("Reason")


@dataclass(frozen=True, slots=True)
class Room:
    visit: Visit
    group: CouncilGroup
    by: CouncilMember

    @property
    def address(self) -> str:
        return f"/{self.visit.language}/council-room/{self.group.slug}"

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response[str]:
        return page(
            self.visit,
            f"council/{template}.html",
            status=status,
            group=self.group,
            room_address=self.address,
            **{"conflict": [], "notice": told(self.visit, NOTICES), **context},
        )


async def open_room(visit: Visit, slug: str) -> Room:
    """For the group's own members. Raises SignInNeeded; NotFound for everybody else, whatever their role."""
    if visit.account is None:
        raise SignInNeeded
    if not visit.has_role(Role.COUNCIL_MEMBER):
        raise NotFound
    by = visit.council_member
    return Room(visit, await council.of_member(visit.session, slug, by), by)


@dataclass(frozen=True, slots=True)
class Desk:
    """A member before the group's plan. `stored` is none while nobody has begun it; `own` is it on the figures of today."""

    room: Room
    calculator: Calculator
    engine: Engine
    stored: GroupPlan | None
    own: OwnPlan

    @property
    def address(self) -> str:
        return f"{self.room.address}/plan/{self.calculator.slug}"

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else 0

    @property
    def is_published(self) -> bool:
        return self.stored is not None and self.stored.published_at is not None

    def page(
        self,
        template: str,
        own: OwnPlan | None = None,
        form: Form | None = None,
        *,
        status: int = 200,
        **context: Any,
    ) -> Response[str]:
        visit = self.room.visit
        own = own or self.own
        return self.room.page(
            template,
            status=status,
            calculator=self.calculator,
            here=self.address,
            sheet=Sheet(visit, self.engine, own.choices),
            specification=self.engine.specification,
            stored=self.stored,
            own=own,
            form=form or forms.filled(self.values()),
            **context,
        )

    def values(self) -> dict[str, Any]:
        return {
            "version": self.version,
            **localized.typed("reason", self.stored.reason if self.stored else {}),
        }


async def open_plan(visit: Visit, group: str, slug: str) -> Desk:
    """Raises as `open_room`; NotFound where there is no such published calculator."""
    room = await open_room(visit, group)
    calculator = await calculators.get(visit.session, slug)
    stored = await calculators.group_plan(visit.session, calculator.id, room.group.id)
    engine = await calculators.engine(visit.session, calculator)
    if stored is None:
        return Desk(room, calculator, engine, None, OwnPlan())
    old = await calculators.engine(visit.session, calculator, stored.specification)
    if stored.published_at:
        return Desk(room, calculator, old, stored, OwnPlan(stored.choices))
    own = own_plan.carried(stored.choices, old.specification, engine.specification)
    return Desk(room, calculator, engine, stored, own)


def plan_page(
    at: Desk,
    own: OwnPlan | None = None,
    form: Form | None = None,
    *,
    status: int = 200,
    conflict: Sequence[Mapping[str, str]] = (),
) -> Response[str]:
    """The form with its balance; of a published plan what it says."""
    visit = at.room.visit
    if at.is_published:
        return at.page("published")
    return at.page(
        "plan",
        own,
        form,
        status=status,
        conflict=conflict,
        figures=figures_address(at.calculator, at.engine.specification),
        **controls(visit),
    )


def differences(at: Desk, choices: Plan, form: Form) -> list[dict[str, str]]:
    """What another member saved and what this one sent, of whatever differs."""
    visit = at.room.visit
    found = []
    for lever in at.engine.specification.levers:
        pair = [plan.get(lever.key) for plan in (at.own.choices, choices)]
        if pair[0] != pair[1]:
            stored, yours = (
                wording(lever.by_value[value].label.stored(), visit.language).text
                if value
                else visit.gettext(UNTOUCHED)
                for value in pair
            )
            name = wording(lever.name.stored(), visit.language).text
            found.append({"name": name, "stored": stored, "yours": yours})
    values = at.values()
    for language in LANGUAGES:
        name = f"reason_{language}"
        stored, yours = str(values[name]), str(form.value(name)).strip()
        if stored != yours:
            label = f"{visit.gettext(REASON)} ({OWN_NAMES[language]})"
            found.append({"name": label, "stored": stored, "yours": yours})
    return found
