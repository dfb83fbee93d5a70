"""The building itself: what may stand where."""

import re
from pathlib import Path

from sqlmodel import SQLModel

import service.tables  # noqa: F401 - fills the metadata
from service.core.settings import CHECKOUT, Settings

SERVICE = CHECKOUT / "service"
SLICE_FILES = {"__init__", "models", "rules", "queries", "actions", "jobs"}


def python_files() -> list[Path]:
    return sorted(SERVICE.rglob("*.py"))


def found(pattern: str, *, outside: set[str]) -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in python_files()
        if str(path.relative_to(SERVICE)) not in outside
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if expression.search(line)
    ]


def test_transactions_are_opened_and_closed_in_core_database_alone() -> None:
    assert found(r"\.(commit|rollback|begin)\(\)", outside={"core/database.py"}) == []


def test_nobody_asks_another_clock() -> None:
    assert found(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", outside=set()) == []


def test_the_environment_is_read_in_settings_alone() -> None:
    assert found(r"os\.environ|os\.getenv", outside={"core/settings.py", "cli.py"}) == []


def test_every_slice_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(CHECKOUT))
        for path in SERVICE.rglob("__init__.py")
        if not path.read_text().lstrip().startswith('"""')
    ]
    assert silent == []


def test_every_table_belongs_to_a_slice() -> None:
    modules = {mapper.class_.__module__ for mapper in SQLModel._sa_registry.mappers}
    assert {module.split(".")[0] for module in modules} == {"service"}


def test_every_setting_is_in_the_readme() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    missing = [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in readme]
    assert missing == []
