"""An editor sets a calculator's target and the groups its levers stand in."""

import re
from collections.abc import Callable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator.specification import Group, Target
from service.core.errors import DomainError, msgid
from service.core.text import LANGUAGES
from service.core.text import slug as slug_of
from service.processes.rules import EditedMeanwhile
from service.web import forms, localized, typed
from service.web.calculator_desk import Part, Workspace, mark, open_workspace
from service.web.forms import Form
from service.web.process_desk import conflict
from service.web.typed import Typed, typed_cents
from service.web.visit import ThisVisit

MOST_GROUPS = 20
LABELS = {
    "year": msgid("Year of the target"),
    "result": msgid("Structural result at least"),
    "groups": msgid("Number of groups"),
}
GROUP_NAME = msgid("Group %(number)s")
NO_YEAR = msgid("Choose the year of the target.")
NO_RESULT = msgid("Write the sum, for example 0.")
NAMELESS = msgid("Give the group a name in at least one language.")
NO_GROUPS = msgid("Write at least one group.")
NOT_EMPTY = msgid("The group has choices. Move them to another group first.")


class DeskCalculatorPartPages(Controller):
    path = "/desk/calculator/{slug:str}"

    @get("/target")
    async def target(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return target_page(workspace, forms.filled(target_values(workspace)))

    @post("/target", status_code=200)
    async def set_target(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        result = given.cents("result", NO_RESULT)
        year = next((each for each in workspace.years if str(each) == given.text("year")), None)
        if year is None:
            given.refuse("year", NO_YEAR)
        if year is None or result is None:
            return target_page(workspace, given.form, status=422)
        try:
            workspace.check_seen(given.text("seen"), workspace.draft.target)
            await workspace.write(Part.TARGET, target=Target(year=year, result=result))
        except EditedMeanwhile as error:
            again = await open_workspace(visit, slug)
            return choose(again, given.form, error, target_values(again), target_page)
        return Redirect(f"{workspace.address}/target?done=saved", status_code=303)

    @get("/groups")
    async def groups(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return groups_page(workspace, forms.filled(group_values(workspace)))

    @post("/groups", status_code=200)
    async def set_groups(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        if _rearranged(given.form):
            return groups_page(workspace, given.form)
        groups = _groups(given, workspace)
        if given.form.mistakes:
            return groups_page(workspace, given.form, status=422)
        try:
            workspace.check_seen(given.text("seen"), workspace.draft.groups)
            await workspace.write(Part.GROUPS, groups=tuple(groups))
        except EditedMeanwhile as error:
            again = await open_workspace(visit, slug)
            return choose(again, given.form, error, group_values(again), groups_page)
        return Redirect(f"{workspace.address}/groups?done=saved", status_code=303)


def target_values(workspace: Workspace) -> dict[str, Any]:
    target = workspace.draft.target
    return {
        "seen": mark(target),
        "year": str(target.year) if target else "",
        "result": typed_cents(target.result, workspace.visit.language) if target else "0",
    }


def target_page(workspace: Workspace, form: Form, *, status: int = 200, **context: Any) -> Response[str]:
    return workspace.page(
        "target",
        Part.TARGET,
        status=status,
        form=form,
        labels={name: workspace.visit.gettext(label) for name, label in LABELS.items()},
        years=workspace.years,
        **context,
    )


def group_values(workspace: Workspace) -> dict[str, Any]:
    groups = workspace.draft.groups
    values: dict[str, Any] = {"seen": mark(groups), "groups": str(max(len(groups), 1))}
    for number, group in enumerate(groups):
        values |= {f"g{number}_key": group.key, **localized.typed(f"g{number}_name", group.name.stored())}
    return values


def groups_page(workspace: Workspace, form: Form, *, status: int = 200, **context: Any) -> Response[str]:
    numbers = range(_count(form))
    return workspace.page(
        "groups",
        Part.GROUPS,
        status=status,
        form=form,
        numbers=numbers,
        may_grow=len(numbers) < MOST_GROUPS,
        **context,
    )


def choose(
    workspace: Workspace,
    form: Form,
    error: DomainError,
    stored: dict[str, Any],
    page: Callable[..., Response[str]],
) -> Response[str]:
    """Both versions; sending the form again keeps the editor's own."""
    gettext = workspace.visit.gettext
    labels = {name: gettext(label) for name, label in LABELS.items()}
    labels |= {f"g{number}_name": gettext(GROUP_NAME, number=number + 1) for number in range(MOST_GROUPS)}
    form.typed["seen"] = stored.pop("seen")
    shown = {name: value for name, value in stored.items() if not name.endswith("_key")}
    differing = conflict(shown, form, labels)
    return page(workspace, form.refuse(workspace.visit, error), status=409, conflict=differing)


def _count(form: Form) -> int:
    text = str(form.value("groups"))
    return min(int(text), MOST_GROUPS) if re.fullmatch(r"[0-9]{1,2}", text) else 0


def _rearranged(form: Form) -> bool:
    """Was the button pressed that adds a group or moves one up? Nothing is saved then."""
    moved = str(form.typed.pop("up", ""))
    added = form.typed.pop("add", "")
    if re.fullmatch("[0-9]{1,2}", moved) and 0 < int(moved) < _count(form):
        this, before = (
            {
                name.partition("_")[2]: value
                for name, value in form.typed.items()
                if name.startswith(f"g{number}_")
            }
            for number in (int(moved), int(moved) - 1)
        )
        for number, values in ((int(moved) - 1, this), (int(moved), before)):
            names = {f"g{number}_{name}" for name in ("key", *(f"name_{code}" for code in LANGUAGES))}
            form.typed |= {name: values.get(name.partition("_")[2], "") for name in names}
    elif added:
        form.typed["groups"] = str(min(_count(form) + 1, MOST_GROUPS))
    return bool(moved or added)


def _groups(given: Typed, workspace: Workspace) -> list[Group]:
    """Those with a name; one that is left empty goes, unless levers stand in it."""
    found: list[Group] = []
    used = {lever.group for lever in workspace.draft.levers}
    known = {group.key for group in workspace.draft.groups}
    for number in range(_count(given.form)):
        name, key = f"g{number}_name", given.text(f"g{number}_key")
        words = given.words(name)
        key = key if key in known else ""
        if words is None:
            if key in used:
                given.refuse(name, NAMELESS)
            continue
        taken = known | {group.key for group in found}
        found.append(Group(key=key or _new_key(next(iter(words.stored().values())), taken), name=words))
    if used & known - {group.key for group in found} and not given.form.mistakes:
        given.refuse(forms.TOP, NOT_EMPTY)
    if not found and not given.form.mistakes:
        given.refuse("g0_name", NO_GROUPS)
    return found


def _new_key(name: str, taken: set[str]) -> str:
    """Made of the name, and another number where it is taken."""
    base = re.sub("^[^a-z]*", "", slug_of(name, limit=40).replace("-", "_")) or "group"
    number = 2
    key = base
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
