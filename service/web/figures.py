"""What the browser's engine counts with: a published specification without its texts, under an address that never changes."""

import gzip
import json
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from service.calculator import queries
from service.calculator.models import Calculator
from service.calculator.specification import (
    LINES,
    Add,
    AtMost,
    Condition,
    Effect,
    Interaction,
    Lever,
    Overlap,
    PersonYears,
    Requires,
    Rule,
    Scale,
    Specification,
    YearFigures,
)
from service.web.assets import best_coding
from service.web.visit import AnyRequest, ThisVisit

PLACE = {line: place for place, line in enumerate(LINES)}


@get("/calculator/{slug:str}/figures/{digest:str}", include_in_schema=False)
async def serve_figures(
    request: AnyRequest, visit: ThisVisit, slug: FromPath[str], digest: FromPath[str]
) -> Response[bytes]:
    """Of the published specification, or of an older one that an open page still counts with."""
    calculator = await queries.get(visit.session, slug)
    engine = await queries.engine(visit.session, calculator, digest)
    body = json.dumps(lean(engine.specification), separators=(",", ":")).encode()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if best_coding(request.headers.get("accept-encoding", ""), {"gzip"}):
        body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
    return Response(body, media_type="application/json", headers=headers)


def address(calculator: Calculator, specification: Specification) -> str:
    return f"/calculator/{calculator.slug}/figures/{specification.digest}"


def lean(specification: Specification) -> dict[str, Any]:
    """As `frontend/islands/engine.ts` reads it: lines of the statement by their place, sums in cents."""
    baseline = specification.baseline
    return {
        "years": [_year(year) for year in baseline.years],
        "accumulated": baseline.accumulated,
        "loans": baseline.loans,
        "interestRate": baseline.interest_rate,
        "target": {
            "place": specification.years.index(specification.target.year),
            "result": specification.target.result,
        },
        "levers": [_lever(lever) for lever in specification.levers],
        "rules": [_rule(rule) for rule in specification.rules],
        "interactions": [_interaction(interaction) for interaction in specification.interactions],
    }


def _year(year: YearFigures) -> dict[str, Any]:
    return {
        "year": year.year,
        "residents": year.residents,
        "lines": [year.lines[line] for line in LINES],
    }


def _lever(lever: Lever) -> dict[str, Any]:
    return {
        "key": lever.key,
        "today": lever.today,
        "locked": lever.locked is not None,
        "options": [
            {
                "value": option.value,
                "effects": _effects(option.effects),
                "personYears": option.person_years,
            }
            for option in lever.options
        ],
    }


def _effects(effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    return [
        {"line": PLACE[effect.line], "amounts": effect.amounts, "oneOff": effect.one_off}
        for effect in effects
    ]


def _rule(rule: Rule) -> dict[str, Any]:
    match rule:
        case AtMost():
            return {"type": rule.type, "number": rule.number, "of": _conditions(rule.of)}
        case Requires():
            when, then = _conditions((rule.when, rule.then))
            return {"type": rule.type, "when": when, "then": then}
        case PersonYears():
            return {"type": rule.type, "most": rule.most}


def _interaction(interaction: Interaction) -> dict[str, Any]:
    match interaction:
        case Scale():
            return {
                "type": interaction.type,
                "when": _conditions(interaction.when),
                "lever": interaction.lever,
                "percent": interaction.percent,
            }
        case Overlap():
            return {
                "type": interaction.type,
                "levers": interaction.levers,
                "percent": interaction.percent,
                "line": PLACE[interaction.line],
            }
        case Add():
            return {
                "type": interaction.type,
                "when": _conditions(interaction.when),
                "effects": _effects(interaction.effects),
            }


def _conditions(conditions: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [{"lever": condition.lever, "options": condition.options} for condition in conditions]
