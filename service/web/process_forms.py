"""The forms of a process's parts: what each shows, how it is read, and the action that saves it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import Any

from pydantic import BaseModel, ConfigDict

from service.core.errors import msgid
from service.core.money import NotMoney, TooMuchMoney, parse_money
from service.core.text import number, wording
from service.processes import actions
from service.processes.models import Process
from service.processes.parts import LARGEST_BUDGET, Budget, Settings, Texts, VotingRules
from service.processes.readiness import Part
from service.web import forms, localized
from service.web.forms import Filled, Form
from service.web.localized import InLanguages
from service.web.process_desk import Workspace
from service.web.visit import Visit

CITY_WIDE = "pot_city"


class Seen(BaseModel):
    """Which version the form was filled from."""

    model_config = ConfigDict(extra="ignore")

    version: int


class SettingsForm(InLanguages, Settings, Seen):
    model_config = ConfigDict(extra="ignore")


class TextsForm(InLanguages, Texts, Seen):
    model_config = ConfigDict(extra="ignore")


class VotingRulesForm(VotingRules, Seen):
    model_config = ConfigDict(extra="ignore")


class BudgetsForm(Seen):
    budgets: list[Budget]


@dataclass(frozen=True)
class Editing:
    """`labels` are msgids of the fields; `values` is what the form shows before anything is typed."""

    part: Part
    labels: Mapping[str, str]
    values: Callable[[Workspace], dict[str, Any]]
    read: Callable[[Workspace], Awaitable[Filled[Any]]]
    action: Callable[..., Awaitable[Process]]
    content: Callable[[Any], Any] = field(default=lambda given: given)

    async def save(self, workspace: Workspace, given: Any) -> None:
        """Raises what the action raises."""
        await self.action(
            workspace.visit.session,
            workspace.process,
            self.content(given),
            version=given.version,
            by=workspace.by,
        )

    def names(self, workspace: Workspace) -> dict[str, str]:
        """The labels in the visitor's language."""
        visit = workspace.visit
        named = {name: visit.gettext(label) for name, label in self.labels.items()}
        if self.part is Part.AREAS:
            named |= {
                pot_field(area.key): wording(area.name, visit.language).text for area in workspace.areas
            }
        return named


def pot_field(key: str) -> str:
    return f"pot_{key}"


def settings_values(workspace: Workspace) -> dict[str, Any]:
    process = workspace.process
    return {
        "version": process.version,
        "slug": process.slug,
        **localized.typed("owner", process.owner),
        "legal_basis": process.legal_basis.value,
        "categories": [str(category.id) for category in workspace.categories],
    }


def text_values(workspace: Workspace) -> dict[str, Any]:
    values: dict[str, Any] = {"version": workspace.process.version}
    for name in Texts.model_fields:
        values |= localized.typed(name, getattr(workspace.process, name))
    return values


def ballot_values(workspace: Workspace) -> dict[str, Any]:
    values = {name: getattr(workspace.process, name) for name in VotingRules.model_fields}
    return {"version": workspace.process.version, **values}


def budget_values(workspace: Workspace) -> dict[str, Any]:
    names = [*(pot_field(area.key) for area in workspace.areas), CITY_WIDE]
    sums = {pot_field(area.key) if area else CITY_WIDE: pot.cents for pot, area in workspace.pots}
    return {
        "version": workspace.process.version,
        **{name: _typed_sum(sums[name], workspace.visit) if name in sums else "" for name in names},
    }


def form_of(
    schema: type[BaseModel], sentences: Mapping[str, str], many: frozenset[str] = frozenset()
) -> Callable[[Workspace], Awaitable[Filled[Any]]]:
    async def read(workspace: Workspace) -> Filled[Any]:
        return await forms.read(workspace.visit, schema, sentences=sentences, many=many)

    return read


async def read_budgets(workspace: Workspace) -> Filled[BudgetsForm]:
    """A sum typed for each area; one that is left empty has no money."""
    visit = workspace.visit
    seen = await forms.read(visit, Seen)
    form: Form = seen.form
    budgets = []
    for name, area_id in {
        **{pot_field(area.key): area.id for area in workspace.areas},
        CITY_WIDE: None,
    }.items():
        if text := str(form.value(name)).strip():
            try:
                budgets.append(Budget(area_id=area_id, cents=_cents(text, visit)))
            except NotMoney as error:
                form.mistakes[name] = visit.gettext(error.message)
    if seen.value is None or form.mistakes:
        return Filled(form, None)
    return Filled(form, BudgetsForm(version=seen.value.version, budgets=budgets))


def _cents(text: str, visit: Visit) -> int:
    cents = parse_money(text, visit.language)
    if cents > LARGEST_BUDGET:
        raise TooMuchMoney
    return cents


def _typed_sum(cents: int, visit: Visit) -> str:
    return number(Fraction(cents, 100), visit.language, decimals=2 if cents % 100 else 0)


SETTINGS = Editing(
    Part.SETTINGS,
    {
        "slug": msgid("Address"),
        "owner": msgid("Responsible unit"),
        "legal_basis": msgid("Legal basis"),
        "categories": msgid("Topics"),
    },
    settings_values,
    form_of(
        SettingsForm,
        {
            "slug": msgid("Write an address for the round."),
            "owner": msgid("Tell who is responsible for the round."),
            "legal_basis": msgid("Choose the legal basis."),
        },
        frozenset({"categories"}),
    ),
    actions.change_settings,
)
TEXTS = Editing(
    Part.TEXTS,
    {
        "title": msgid("Name of the round"),
        "summary": msgid("Summary"),
        "description": msgid("What it is about"),
        "plain_summary": msgid("In plain language"),
        "rules": msgid("All rules"),
        "voters": msgid("Who can vote"),
    },
    text_values,
    form_of(TextsForm, {"title": msgid("Give the round a name in at least one language.")}),
    actions.change_texts,
)
BALLOT = Editing(
    Part.BALLOT,
    {
        "ballot_type": msgid("How one chooses"),
        "max_choices": msgid("Most projects on one ballot"),
        "area_rule": msgid("What one votes on"),
        "minimum_age": msgid("Minimum age"),
        "maximum_age": msgid("Highest age"),
        "eligible_count": msgid("People who may vote"),
    },
    ballot_values,
    form_of(
        VotingRulesForm,
        {
            "ballot_type": msgid("Choose how one votes."),
            "area_rule": msgid("Choose what one votes on."),
        },
    ),
    actions.change_voting_rules,
)
AREAS = Editing(
    Part.AREAS,
    {CITY_WIDE: msgid("Whole municipality")},
    budget_values,
    read_budgets,
    actions.set_budgets,
    attrgetter("budgets"),
)
