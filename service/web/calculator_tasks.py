"""What is set of a calculator and what is still missing, as a list to work through."""

from dataclasses import dataclass

from service.calculator.specification import Draft
from service.core.errors import msgid
from service.web.calculator_desk import NAMES, Part, Workspace

READY, MISSING = "success", "warning"


@dataclass(frozen=True, slots=True)
class Task:
    href: str
    text: str
    state: str
    color: str


def tasks(workspace: Workspace) -> list[Task]:
    found = []
    for part in (Part.DETAILS, Part.BASELINE, Part.TARGET, Part.GROUPS, Part.LEVERS, Part.RULES):
        state, color = _state(part, workspace.draft)
        found.append(_task(workspace, part.value, NAMES[part], state, color))
    ready = workspace.is_ready
    faults = sum(finding.blocks for finding in workspace.findings)
    checked = msgid("Nothing hinders publication") if ready else msgid("Must be mended: %(number)s")
    color = READY if ready else MISSING
    found.append(_task(workspace, "check", NAMES[Part.CHECK], checked, color, number=faults))
    seen = msgid("As the draft is now") if workspace.specification else msgid("Not possible yet")
    found.append(_task(workspace, "preview", msgid("As residents will see it"), seen, "neutral"))
    return found


def _task(workspace: Workspace, path: str, text: str, state: str, color: str, **parameters: object) -> Task:
    gettext = workspace.visit.gettext
    return Task(f"{workspace.address}/{path}", gettext(text), gettext(state, **parameters), color)


def _state(part: Part, draft: Draft) -> tuple[str, str]:
    match part:
        case Part.RULES if not (draft.rules or draft.interactions):
            return msgid("None, and none are needed"), "neutral"
        case Part.BASELINE if draft.baseline is None:
            return msgid("Missing"), MISSING
        case Part.TARGET if draft.target is None:
            return msgid("Missing"), MISSING
        case Part.GROUPS if not draft.groups:
            return msgid("Missing"), MISSING
        case Part.LEVERS if not draft.levers:
            return msgid("Missing"), MISSING
        case _:
            return msgid("Ready"), READY
