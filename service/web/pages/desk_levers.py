"""An editor writes a calculator's levers: a table by group, and one form for each lever with its options."""

import re
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator.engine import Vector
from service.calculator.specification import Draft, Group, Lever
from service.core.errors import DomainError, NotFound
from service.processes.rules import EditedMeanwhile
from service.web import forms, lever_form, typed
from service.web.calculator_desk import Part, Workspace, mark, open_workspace
from service.web.calculator_pages import DUTIES
from service.web.forms import Form
from service.web.lever_form import ABOUT_KINDS, KINDS, LABELS, OPTION_LABELS, OWN_EFFECTS
from service.web.process_desk import conflict
from service.web.visit import ThisVisit


class DeskLeverPages(Controller):
    path = "/desk/calculator/{slug:str}/levers"

    @get("/")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return workspace.page(
            "levers",
            Part.LEVERS,
            groups=_by_group(workspace.draft),
            largest={lever.key: largest_effect(lever, workspace.draft) for lever in workspace.draft.levers},
            kinds={kind.value: visit.gettext(text) for kind, text in KINDS.items()},
            target_year=workspace.draft.target.year if workspace.draft.target else None,
            may_add=bool(workspace.years and workspace.draft.groups),
        )

    @get("/new")
    async def new(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return lever_page(await open_workspace(visit, slug), None, forms.filled(lever_form.beginning()))

    @post("/new", status_code=200)
    async def add(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        if _rearranged(given.form):
            return lever_page(workspace, None, given.form)
        made = lever_form.read(given, workspace.draft, workspace.years)
        if made is None:
            return lever_page(workspace, None, given.form, status=422)
        try:
            await workspace.write(Part.LEVERS, levers=(*workspace.draft.levers, made))
        except EditedMeanwhile as error:
            return lever_page(
                await open_workspace(visit, slug), None, given.form.refuse(visit, error), status=409
            )
        return Redirect(f"{workspace.address}/levers?done=added", status_code=303)

    @get("/{key:str}")
    async def lever(self, visit: ThisVisit, slug: FromPath[str], key: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        lever = _lever(workspace.draft, key)
        return lever_page(workspace, lever, _shown(workspace, lever))

    @post("/{key:str}", status_code=200)
    async def save(
        self, visit: ThisVisit, slug: FromPath[str], key: FromPath[str]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        lever = _lever(workspace.draft, key)
        given = await typed.sent(visit)
        if _rearranged(given.form):
            return lever_page(workspace, lever, given.form)
        made = lever_form.read(given, workspace.draft, workspace.years, key)
        if made is None:
            return lever_page(workspace, lever, given.form, status=422)
        try:
            workspace.check_seen(given.text("seen"), lever)
            levers = tuple(made if each.key == key else each for each in workspace.draft.levers)
            await workspace.write(Part.LEVERS, levers=levers)
        except EditedMeanwhile as error:
            return choose(await open_workspace(visit, slug), key, given.form, error)
        return Redirect(f"{workspace.address}/levers/{key}?done=saved", status_code=303)

    @get("/{key:str}/remove")
    async def ask_removal(self, visit: ThisVisit, slug: FromPath[str], key: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return remove_page(workspace, _lever(workspace.draft, key), Form())

    @post("/{key:str}/remove", status_code=200)
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], key: FromPath[str]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        lever = _lever(workspace.draft, key)
        given = await typed.sent(visit)
        try:
            workspace.check_seen(given.text("seen"), lever)
            levers = tuple(each for each in workspace.draft.levers if each.key != key)
            await workspace.write(Part.LEVERS, levers=levers)
        except EditedMeanwhile as error:
            again = await open_workspace(visit, slug)
            return remove_page(again, _lever(again.draft, key), Form().refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/levers?done=removed", status_code=303)


def largest_effect(lever: Lever, draft: Draft) -> int | None:
    """What its strongest option does to the target year's result, in cents with its sign; None where there is no target yet."""
    if draft.baseline is None or draft.target is None:
        return None
    years = [year.year for year in draft.baseline.years]
    if draft.target.year not in years:
        return None
    place = years.index(draft.target.year)
    sums = [
        Vector(option.effects, len(years)).on_result()[place]
        for option in lever.options
        if all(len(effect.amounts) == len(years) for effect in option.effects)
    ]
    return max(sums, key=abs, default=0)


def lever_page(
    workspace: Workspace, lever: Lever | None, form: Form, *, status: int = 200, **context: Any
) -> Response[str]:
    """The form of one lever; without a starting point there are no years to write sums for."""
    gettext = workspace.visit.gettext
    form.typed.setdefault("seen", mark(lever) if lever else "")
    options = range(lever_form.count(form))
    return workspace.page(
        "lever",
        Part.LEVERS,
        status=status,
        lever=lever,
        form=form,
        years=workspace.years,
        numbers=options,
        in_error=lever_form.in_error(form),
        effect_rows={number: range(lever_form.rows(form, number)) for number in options},
        lines=workspace.lines(),
        labels={name: gettext(text) for name, text in LABELS.items()},
        kinds=[
            {"value": kind.value, "text": gettext(text), "description": gettext(ABOUT_KINDS[kind])}
            for kind, text in KINDS.items()
        ],
        duties=[{"value": duty.value, "text": gettext(text)} for duty, text in DUTIES.items()],
        own_effects=[{"value": own.value, "text": gettext(text)} for own, text in OWN_EFFECTS.items()],
        may_grow=len(options) < lever_form.MOST_OPTIONS,
        **context,
    )


def remove_page(workspace: Workspace, lever: Lever, form: Form, *, status: int = 200) -> Response[str]:
    return workspace.page(
        "lever_remove", Part.LEVERS, status=status, lever=lever, form=form, seen=mark(lever)
    )


def choose(workspace: Workspace, key: str, form: Form, error: DomainError) -> Response[str]:
    """Both versions; sending the form again keeps the editor's own."""
    lever = _lever(workspace.draft, key)
    stored = lever_form.values(lever, workspace.years, workspace.visit.language)
    differing = conflict(stored, form, _field_names(workspace, len(lever.options)))
    form.typed["seen"] = mark(lever)
    return lever_page(workspace, lever, form.refuse(workspace.visit, error), status=409, conflict=differing)


def _field_names(workspace: Workspace, options: int) -> dict[str, str]:
    gettext = workspace.visit.gettext
    names = {name: gettext(text) for name, text in LABELS.items()}
    for number in range(options):
        names |= {
            f"o{number}_{name}": gettext(text, number=number + 1) for name, text in OPTION_LABELS.items()
        }
    return names


def _shown(workspace: Workspace, lever: Lever) -> Form:
    return forms.filled(lever_form.values(lever, workspace.years, workspace.visit.language))


def _rearranged(form: Form) -> bool:
    """Was the button pressed that adds or removes an option? Nothing is saved then."""
    removed = str(form.typed.pop("remove", ""))
    added = form.typed.pop("add", "")
    if re.fullmatch("[0-9]{1,2}", removed):
        lever_form.remove_option(form, int(removed))
    elif added:
        lever_form.add_option(form)
    return bool(removed or added)


def _lever(draft: Draft, key: str) -> Lever:
    """Raises NotFound."""
    for lever in draft.levers:
        if lever.key == key:
            return lever
    raise NotFound


def _by_group(draft: Draft) -> list[tuple[Group | None, list[Lever]]]:
    """In the order of the groups; levers of a group that is gone come last, under none."""
    known = {group.key for group in draft.groups}
    found: list[tuple[Group | None, list[Lever]]] = [
        (group, [lever for lever in draft.levers if lever.group == group.key]) for group in draft.groups
    ]
    lost = [lever for lever in draft.levers if lever.group not in known]
    return [*found, (None, lost)] if lost else found
