"""The privacy notice lists every cookie of the service and no other, in each language."""

import ast
import re
from pathlib import Path

import pytest

from service.core.text import LANGUAGES

WEB = {path: path.read_text() for path in Path("service/web").rglob("*.py")}


def cookies() -> set[str]:
    return {
        name for source in WEB.values() for name in re.findall(r'^\w*COOKIE = "(\w+)"', source, re.MULTILINE)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_notice_lists_every_cookie_and_no_other(language: str) -> None:
    page = Path(f"frontend/templates/about/{language}/privacy.html").read_text()
    assert set(re.findall(r'^  \["(\w+)", ', page, re.MULTILINE)) == cookies()


def test_every_cookie_is_made_by_its_constant() -> None:
    nodes = [node for source in WEB.values() for node in ast.walk(ast.parse(source))]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    made = [call.args[1] for call in calls if ast.unparse(call.func) == "cookie"]
    assert made
    assert all(ast.unparse(name).endswith("COOKIE") for name in made)
    assert [ast.unparse(call.func) for call in calls].count("Cookie") == 1
