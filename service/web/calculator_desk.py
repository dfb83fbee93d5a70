"""What every page of a calculator at the desk stands in: the calculator, whoever changes it, its draft and what it lacks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from litestar import Response
from pydantic import BaseModel, ValidationError

from service.calculator import actions, gaps, queries, readiness, rules
from service.calculator.models import Calculator
from service.calculator.readiness import Finding
from service.calculator.specification import Draft, Line, Specification
from service.core.actor import Role
from service.core.errors import SignInNeeded, msgid
from service.processes.models import Process
from service.processes.rules import EditedMeanwhile
from service.web import desk, steward
from service.web.page import told
from service.web.steward import Steward
from service.web.visit import Visit

NOTICES = {
    "created": msgid("The calculator is there. Nobody but its staff sees it before you publish it."),
    "saved": msgid("Saved."),
    "added": msgid("Added."),
    "removed": msgid("Removed."),
    "moved": msgid("The order has been changed."),
    "published": msgid("The calculator is published. Residents count with these figures now."),
    "closed": msgid("The calculator is closed. Nothing more can be sent."),
    "decided": msgid("The comment has been decided on."),
}

LINES: dict[Line, str] = {
    Line.OPERATING_INCOME: msgid("Operating income"),
    Line.OPERATING_EXPENSES: msgid("Operating expenses"),
    Line.TAX_REVENUE: msgid("Tax revenue"),
    Line.STATE_TRANSFERS: msgid("Central government transfers"),
    Line.FINANCIAL_NET: msgid("Financial income and expenses"),
    Line.DEPRECIATION: msgid("Depreciation and write-downs"),
    Line.EXTRAORDINARY: msgid("Extraordinary items"),
    Line.CASH_CORRECTIONS: msgid("Corrections of cash flow"),
    Line.GROSS_INVESTMENTS: msgid("Investment expenditure"),
    Line.INVESTMENT_CONTRIBUTIONS: msgid("Contributions to investments"),
    Line.INVESTMENT_DISPOSALS: msgid("Sales of fixed assets"),
}


class Part(StrEnum):
    """What is set of a calculator; also the ends of the addresses."""

    DETAILS = "details"
    BASELINE = "baseline"
    TARGET = "target"
    GROUPS = "groups"
    LEVERS = "levers"
    RULES = "rules"
    CHECK = "check"


NAMES: dict[Part, str] = {
    Part.DETAILS: msgid("Name and times"),
    Part.BASELINE: msgid("Starting point"),
    Part.TARGET: msgid("Target"),
    Part.GROUPS: msgid("Groups of choices"),
    Part.LEVERS: msgid("Choices"),
    Part.RULES: msgid("Rules and joint effects"),
    Part.CHECK: msgid("Check"),
}


@dataclass(frozen=True)
class Workspace:
    visit: Visit
    calculator: Calculator
    process: Process
    by: Steward
    draft: Draft

    @property
    def address(self) -> str:
        return desk.address(self.visit, f"calculator/{self.calculator.slug}")

    @property
    def years(self) -> tuple[int, ...]:
        """Of the starting point; none while there is none."""
        return tuple(year.year for year in self.draft.baseline.years) if self.draft.baseline else ()

    @property
    def is_open(self) -> bool:
        return self.calculator.is_open(self.visit.now)

    @cached_property
    def specification(self) -> Specification | None:
        """The draft, where it is one already."""
        try:
            return rules.whole(self.draft)
        except ValidationError:
            return None

    @cached_property
    def findings(self) -> list[Finding]:
        """What the draft lacks, and advice."""
        try:
            return readiness.check(rules.whole(self.draft))
        except ValidationError:
            return gaps.of_draft(self.draft)

    @property
    def told_findings(self) -> list[dict[str, Any]]:
        """In the visitor's language."""
        return [
            {
                "text": self.visit.gettext(finding.message, **finding.parameters),
                "lever": finding.lever,
                "blocks": finding.blocks,
            }
            for finding in self.findings
        ]

    @property
    def is_ready(self) -> bool:
        return not any(finding.blocks for finding in self.findings)

    @property
    def has_news(self) -> bool:
        """Does the draft differ from what is published?"""
        return self.specification is None or self.specification.digest != self.calculator.specification

    def lines(self) -> list[dict[str, str]]:
        """For a select."""
        return [{"value": line.value, "text": self.visit.gettext(text)} for line, text in LINES.items()]

    def page(
        self, template: str, part: Part | None = None, *, status: int = 200, **context: Any
    ) -> Response[str]:
        """A page of this calculator; `part` is the one it changes."""
        return desk.page(
            self.visit,
            f"desk/calculator/{template}.html",
            current="calculator",
            status=status,
            calculator=self.calculator,
            process=self.process,
            draft=self.draft,
            desk_address=self.address,
            part_links=[
                {
                    "href": f"{self.address}/{each}",
                    "text": self.visit.gettext(text),
                    "current": each is part,
                }
                for each, text in NAMES.items()
            ],
            part_name=self.visit.gettext(NAMES[part]) if part else "",
            **{"conflict": [], "notice": told(self.visit, NOTICES), **context},
        )

    async def write(self, part: Part, **changed: Any) -> None:
        """These fields of the draft; `part` names them for the trail. Raises what the action raises."""
        await actions.write(
            self.visit.session,
            self.calculator,
            self.draft.model_copy(update=changed),
            part.value,
            version=self.calculator.version,
            by=self.by,
        )

    def check_seen(self, seen: str, stored: object) -> None:
        """Two people may change different parts at a time. Raises EditedMeanwhile where this part is no more as it was shown."""
        if seen != mark(stored):
            raise EditedMeanwhile


async def open_workspace(visit: Visit, slug: str) -> Workspace:
    """Raises SignInNeeded, NotFound, NotYourProcess."""
    if visit.account is None:
        raise SignInNeeded
    calculator = await queries.find(visit.session, slug)
    process = await visit.session.get_one(Process, calculator.process_id)
    by = steward.of(visit, process)
    return Workspace(visit, calculator, process, by, queries.draft(calculator))


def reads_comments(visit: Visit, process: Process) -> bool:
    return visit.has_role(Role.MODERATOR) and visit.moderator.may_act_in(process.id)


def mark(stored: object) -> str:
    """What a form carries of the thing it shows, so that a change meanwhile is seen."""
    return sha256(json.dumps(_plain(stored), sort_keys=True, default=str).encode()).hexdigest()[:16]


def _plain(stored: object) -> object:
    if isinstance(stored, BaseModel):
        return stored.model_dump(mode="json")
    if isinstance(stored, Sequence) and not isinstance(stored, str):
        return [_plain(each) for each in stored]
    return stored
