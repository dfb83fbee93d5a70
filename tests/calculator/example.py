"""The demo city's calculator and the research it comes from: fixtures hold what is needed of that, so it can be checked anywhere."""

import json
from functools import cache
from pathlib import Path

from service.calculator.budget_file import BudgetFile, read
from service.calculator.engine import Engine
from service.calculator.projection import baseline
from service.calculator.specification import Baseline, Draft, Specification
from service.core.text import Localized
from service.demo.story import FOLDER

FIXTURES = Path(__file__).with_name("fixtures")
SOURCE = Localized(fi="Talousarvio 2026", sv="Budget 2026", en="Budget 2026")
THOUSAND = 100_000
"""Cents in a thousand euros, the unit of the research."""


def fixture(name: str):
    return json.loads((FIXTURES / name).read_text())


@cache
def budget() -> BudgetFile:
    return read((FOLDER / "budget_2026.csv").read_bytes())


@cache
def starting_point() -> Baseline:
    return baseline(budget(), source=SOURCE)


@cache
def draft() -> Draft:
    return Draft.model_validate_json((FOLDER / "calculator.json").read_text())


@cache
def specification() -> Specification:
    return Specification.model_validate({**draft().model_dump(), "baseline": starting_point()})


@cache
def engine() -> Engine:
    return Engine(specification())


def thousands(cents: int) -> int:
    """Rounded as the research prints it; no figure of it stands halfway."""
    return round(cents / THOUSAND)
