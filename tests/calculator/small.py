"""A specification small enough to be counted by hand: two years, five levers, every kind of rule and interaction."""

from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator import actions
from service.calculator.models import Calculator
from service.calculator.specification import LINES, Draft, Specification
from service.core import clock
from service.core.actor import System
from service.core.text import Localized
from service.processes.models import Process
from tests import make

SYSTEM = System("test")


def words(text: str) -> dict[str, str]:
    return make.words(text)


def year(number: int, income: int, expenses: int) -> dict[str, Any]:
    lines = dict.fromkeys(LINES, 0)
    lines |= {"operating_income": income, "operating_expenses": expenses, "tax_revenue": 9_000_00}
    lines |= {"state_transfers": 1_000_00, "depreciation": -600_00, "gross_investments": -700_00}
    return {"year": number, "residents": 100, "lines": lines}


def option(value: str, *amounts: int, line: str = "operating_expenses", **more: Any) -> dict[str, Any]:
    effects = [{"line": line, "amounts": list(amounts)}] if any(amounts) else []
    return {
        "value": value,
        "label": words(f"Option {value}"),
        "consequence": words(f"What {value} means."),
        "effects": effects,
    } | more


def lever(key: str, kind: str, today: str, *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "group": "services",
        "name": words(f"Lever {key}"),
        "kind": kind,
        "duty": "discretionary",
        "today": today,
        "options": list(options),
        "source": words("Example"),
        "owner": words("Finance"),
    } | more


LEVERS = [
    lever(
        "tax", "rate", "8.80",
        option("8.70", -100_00, -110_00, line="tax_revenue"),
        option("8.80"),
        option("8.90", 100_00, 110_00, line="tax_revenue"),
        option("9.00", 200_00, 220_00, line="tax_revenue"),
        group="taxes", duty="tax", own_effect="income_tax",
    ),
    lever("school", "choice", "keep", option("keep"), option("close", 50_00, 120_00), option("merge", 80_01, 201_01)),
    lever("hours", "steps", "0", option("0"), option("-10", 30_00, 31_00), option("-20", 60_00, 61_00)),
    lever(
        "shares", "toggle", "0", option("0"),
        option("1", effects=[
            {"line": "financial_net", "amounts": [500_00, 0], "one_off": True},
            {"line": "financial_net", "amounts": [0, -40_00]},
        ]),
    ),
    lever("library", "toggle", "0", option("0"), option("1", -25_00, -25_00)),
    lever("water", "choice", "now", option("now"), locked=words("The Water Services Act says so.")),
]  # fmt: skip

RULES = [
    {
        "type": "at_most",
        "number": 1,
        "of": [{"lever": "school", "options": ["merge"]}, {"lever": "library", "options": ["1"]}],
        "why": words("There is one building."),
    }
]
INTERACTIONS = [
    {"type": "scale", "when": [{"lever": "school", "options": ["close", "merge"]}], "lever": "hours", "percent": 33,
     "why": words("Fewer schools, fewer hours.")},
    {"type": "overlap", "levers": ["school", "hours"], "percent": 15, "line": "operating_expenses",
     "why": words("The same people.")},
    {"type": "add", "when": [{"lever": "library", "options": ["1"]}, {"lever": "hours", "options": ["-20"]}],
     "effects": [{"line": "operating_expenses", "amounts": [7_00, 7_00]}], "why": words("They help each other.")},
]  # fmt: skip


def draft(**changed: Any) -> Draft:
    """Without measures the second year lacks 160 euros and some interest."""
    whole = {
        "baseline": {
            "budget": year(2026, 2_000_00, -11_500_00),
            "budget_interest": -30_00,
            "years": [year(2027, 2_020_00, -11_600_00), year(2028, 2_040_00, -11_600_00)],
            "accumulated": 10_00,
            "loans": 1_000_00,
            "interest_rate": 300,
            "services": [
                {"area": "culture", "key": "library", "name": words("Library"), "income": 100_00, "expenses": -500_00}
            ],
            "source": words("Budget 2026"),
        },
        "target": {"year": 2028},
        "groups": [{"key": "taxes", "name": words("Taxes")}, {"key": "services", "name": words("Services")}],
        "levers": LEVERS,
        "rules": RULES,
        "interactions": INTERACTIONS,
    } | changed  # fmt: skip
    return Draft.model_validate(whole)


def specification(**changed: Any) -> Specification:
    return Specification.model_validate(draft(**changed).model_dump())


async def calculator(
    session: AsyncSession,
    process: Process | None = None,
    *,
    slug: str = "balance",
    opens_in: timedelta = timedelta(days=-1),
    closes_in: timedelta = timedelta(days=10),
    published: bool = True,
) -> Calculator:
    """Open, unless said otherwise."""
    now = await clock.now(session)
    details = actions.Details(
        slug=slug,
        title=Localized(**words("Balance the budget")),
        summary=Localized(**words("Try it.")),
        opens_at=now + opens_in,
        closes_at=now + closes_in,
    )
    made = await actions.found(session, process or await make.process(session), details, by=SYSTEM)
    await actions.write(session, made, draft(), "figures", version=made.version, by=SYSTEM)
    if published:
        await actions.publish(session, made, version=made.version, by=SYSTEM)
    await session.flush()
    return made
