"""The operator's commands about budgets: a city's own table, and totals that municipalities reported to the State Treasury."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service import operator
from service.calculator import actions, budget_file, official, projection, queries
from service.calculator.engine import statement
from service.calculator.models import OfficialFigure
from service.calculator.specification import Baseline
from service.core.actor import System
from service.core.errors import NotFound
from service.core.money import money
from service.core.settings import Settings
from service.core.text import Localized
from service.elections import AsJson

BY = System("puntari import")
SourceFile = Annotated[Path, typer.Argument(help="A CSV file.", exists=True, dir_okay=False)]


def import_budget(
    file: SourceFile,
    calculator: Annotated[
        str,
        typer.Option(
            help="Address of the calculator whose starting point it becomes. Without it the file is only checked."
        ),
    ] = "",
    rest: Annotated[
        Path | None,
        typer.Option(
            help="A second file with what a file of the operating part alone lacks.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a city's budget and work out the years after it. A broken file is refused by line and column."""
    with operator.refusals():
        budget = budget_file.read(file.read_bytes())
        others = budget_file.read(rest.read_bytes()) if rest else None
        baseline = projection.baseline(budget, others, source=_source(budget.year or 0))
        if calculator:
            with operator.database(operator.settings()) as settings:
                asyncio.run(_keep(settings, calculator, baseline))
    told = _years(baseline) | {"calculator": calculator or None}
    typer.echo(json.dumps(told) if as_json else _in_words(told))


def import_ktas(file: SourceFile, as_json: AsJson = False) -> None:
    """Keep the totals of municipalities as reported, to check a city's own table against. No lever is made of them."""
    with operator.refusals():
        figures = official.read(file.read_bytes())
        with operator.database(operator.settings()) as settings:
            asyncio.run(_keep_official(settings, figures))
    reported = [figure for figure in figures if not figure.derived]
    told = {
        "municipalities": sorted({figure.municipality for figure in figures}),
        "figures": len(reported),
        "derived": [
            {"municipality": each.municipality, "year": each.year, "phase": each.phase, "line": each.line, "cents": each.amount}
            for each in figures
            if each.derived
        ],
    }  # fmt: skip
    typer.echo(json.dumps(told) if as_json else _official_in_words(told))


async def _keep(settings: Settings, slug: str, baseline: Baseline) -> None:
    async with operator.transaction(settings) as (_, session):
        try:
            calculator = await queries.find(session, slug)
        except NotFound:
            raise typer.BadParameter(f"There is no calculator “{slug}”.") from None
        draft = queries.draft(calculator).model_copy(update={"baseline": baseline})
        await actions.write(session, calculator, draft, "baseline", version=calculator.version, by=BY)


async def _keep_official(settings: Settings, figures: list[official.Figure]) -> None:
    async with operator.transaction(settings) as (_, session):
        rows = [
            OfficialFigure(
                business_id=figure.business_id,
                line=figure.line,
                year=figure.year,
                phase=figure.phase,
                municipality=figure.municipality,
                amount=figure.amount,
            )
            for figure in figures
            if not figure.derived
        ]
        await actions.keep_official(session, rows, by=BY)


def _source(year: int) -> Localized:
    return Localized(fi=f"Talousarvio {year}", sv=f"Budget {year}", en=f"Budget {year}")


def _years(baseline: Baseline) -> dict[str, Any]:
    """Operating margin, annual margin, result and loans of each year, in cents, if nothing is decided."""
    return {
        "year": baseline.budget.year,
        "services": len(baseline.services),
        "years": [
            {
                "year": each.year,
                "operating_margin": each.operating_margin,
                "annual_margin": each.annual_margin,
                "result": each.result,
                "accumulated": each.accumulated,
                "loans": each.loans,
            }
            for each in statement(baseline)
        ],
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [
        f"{each['year']}: annual margin {money(each['annual_margin'], 'en')}, result {money(each['result'], 'en')}, "
        f"loans {money(each['loans'], 'en')}"
        for each in told["years"]
    ]
    where = f"kept in the draft of “{told['calculator']}”" if told["calculator"] else "read and not kept"
    return "\n".join([f"Budget {told['year']} with {told['services']} services, {where}.", *lines])


def _official_in_words(told: dict[str, Any]) -> str:
    lines = [
        f"{each['municipality']} {each['year']} ({each['phase']}): {each['line']} {money(each['cents'], 'en')}, derived"
        for each in told["derived"]
    ]
    return "\n".join([f"{told['figures']} figures of {', '.join(told['municipalities'])} are kept.", *lines])
