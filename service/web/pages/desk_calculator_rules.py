"""An editor says which levers exclude or need each other, and where their effects are more or less than their sum."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator.specification import (
    Add,
    AtMost,
    Condition,
    Draft,
    Interaction,
    Overlap,
    PersonYears,
    Requires,
    Rule,
    Scale,
)
from service.core.errors import NotFound, msgid
from service.core.text import wording
from service.processes.rules import EditedMeanwhile
from service.web import lever_form, rule_form, typed
from service.web.calculator_desk import Part, Workspace, mark, open_workspace
from service.web.forms import Form
from service.web.rule_form import MANY, NAMES, ROWS, RuleKind
from service.web.visit import ThisVisit

LISTS = ("rules", "interactions")
OTHER = msgid("any other than today")


class DeskCalculatorRulePages(Controller):
    path = "/desk/calculator/{slug:str}/rules"

    @get("/")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return workspace.page(
            "rules",
            Part.RULES,
            rules=[told(workspace, each) for each in workspace.draft.rules],
            interactions=[told(workspace, each) for each in workspace.draft.interactions],
            kinds=[
                {"value": kind.value, "text": visit.gettext(text), "is_rule": kind.is_rule}
                for kind, text in NAMES.items()
            ],
        )

    @get("/new/{kind:str}")
    async def new(self, visit: ThisVisit, slug: FromPath[str], kind: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return rule_page(workspace, _kind(kind), Form())

    @post("/new/{kind:str}", status_code=200)
    async def add(
        self, visit: ThisVisit, slug: FromPath[str], kind: FromPath[str]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        asked = _kind(kind)
        given = await typed.sent(visit, many=MANY)
        if given.form.typed.pop("more", ""):
            return rule_page(workspace, asked, given.form)
        made = rule_form.read(given, asked, workspace.draft, workspace.years)
        if made is None:
            return rule_page(workspace, asked, given.form, status=422)
        name = "rules" if asked.is_rule else "interactions"
        try:
            await workspace.write(Part.RULES, **{name: (*getattr(workspace.draft, name), made)})
        except EditedMeanwhile as error:
            again = await open_workspace(visit, slug)
            return rule_page(again, asked, given.form.refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/rules?done=added", status_code=303)

    @get("/{of:str}/{number:int}/remove")
    async def ask(
        self, visit: ThisVisit, slug: FromPath[str], of: FromPath[str], number: FromPath[int]
    ) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return remove_page(workspace, of, number, Form())

    @post("/{of:str}/{number:int}/remove", status_code=200)
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], of: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        rule = _rule(workspace.draft, of, number)
        given = await typed.sent(visit)
        try:
            workspace.check_seen(given.text("seen"), rule)
            left = tuple(
                each for place, each in enumerate(getattr(workspace.draft, of), 1) if place != number
            )
            await workspace.write(Part.RULES, **{of: left})
        except EditedMeanwhile as error:
            again = await open_workspace(visit, slug)
            return remove_page(again, of, number, Form().refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/rules?done=removed", status_code=303)


def rule_page(workspace: Workspace, kind: RuleKind, form: Form, *, status: int = 200) -> Response[str]:
    visit = workspace.visit
    chosen = {name: typed.Typed(visit, form).list(name) for name in MANY}
    return workspace.page(
        "rule",
        Part.RULES,
        status=status,
        form=form,
        kind=kind.value,
        kind_name=visit.gettext(NAMES[kind]),
        options=rule_form.options(workspace.draft, visit.language, visit.gettext(OTHER)),
        levers=[
            {"value": lever.key, "text": wording(lever.name.stored(), visit.language).text}
            for lever in workspace.draft.levers
        ],
        rows=max(ROWS, *(len(texts) + 2 for texts in chosen.values())),
        chosen=chosen,
        years=workspace.years,
        effect_rows=range(lever_form.LEAST_ROWS),
        lines=workspace.lines(),
    )


def remove_page(
    workspace: Workspace, of: str, number: int, form: Form, *, status: int = 200
) -> Response[str]:
    rule = _rule(workspace.draft, of, number)
    return workspace.page(
        "rule_remove",
        Part.RULES,
        status=status,
        form=form,
        rule=told(workspace, rule),
        seen=mark(rule),
        action=f"{workspace.address}/rules/{of}/{number}/remove",
    )


def told(workspace: Workspace, rule: Rule | Interaction) -> dict[str, Any]:
    """What it says, for a reader: its kind, what it is about, its figures and its reason."""
    gettext = workspace.visit.gettext
    about: list[str]
    match rule:
        case AtMost():
            about = _told_conditions(workspace, rule.of)
            figures = gettext(msgid("At most %(number)s at once"), number=rule.number)
        case Requires():
            first, second = (_told_conditions(workspace, [each])[0] for each in (rule.when, rule.then))
            about, figures = [gettext(msgid("%(first)s needs %(second)s"), first=first, second=second)], ""
        case PersonYears():
            about, figures = [], gettext(msgid("At most %(number)s person-years"), number=rule.most)
        case Add():
            about = _told_conditions(workspace, rule.when)
            figures = gettext(msgid("Effects on top: %(number)s"), number=len(rule.effects))
        case Scale():
            about = _told_conditions(workspace, rule.when)
            figures = gettext(
                msgid("%(percent)s per cent is left of the effects of: %(name)s"),
                percent=rule.percent,
                name=_name(workspace, rule.lever),
            )
        case Overlap():
            about = [_name(workspace, key) for key in rule.levers]
            figures = gettext(
                msgid("%(percent)s per cent of the smaller effect is taken back"), percent=rule.percent
            )
    return {
        "kind": gettext(NAMES[RuleKind(rule.type)]),
        "about": about,
        "figures": figures,
        "why": rule.why.stored(),
    }


def _told_conditions(workspace: Workspace, conditions: Sequence[Condition]) -> list[str]:
    """Lever and options; those that are gone by their codes."""
    levers = {lever.key: lever for lever in workspace.draft.levers}
    language = workspace.visit.language
    return [
        f"{_name(workspace, each.lever)}: "
        + ", ".join(
            wording(levers[each.lever].by_value[value].label.stored(), language).text
            if each.lever in levers and value in levers[each.lever].by_value
            else value
            for value in each.options
        )
        for each in conditions
    ]


def _name(workspace: Workspace, key: str) -> str:
    found = next((lever for lever in workspace.draft.levers if lever.key == key), None)
    return wording(found.name.stored(), workspace.visit.language).text if found else key


def _kind(text: str) -> RuleKind:
    """Raises NotFound."""
    try:
        return RuleKind(text)
    except ValueError:
        raise NotFound from None


def _rule(draft: Draft, of: str, number: int) -> Rule | Interaction:
    """Numbers count from 1. Raises NotFound."""
    rules: Sequence[Rule | Interaction] = getattr(draft, of) if of in LISTS else ()
    if not 1 <= number <= len(rules):
        raise NotFound
    return rules[number - 1]
