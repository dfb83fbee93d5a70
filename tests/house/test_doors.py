"""Every action has both doors, or a reason: what a page can do, a program can do, and the other way round."""

import ast
import tomllib
from pathlib import Path

from service.core.settings import CHECKOUT

SERVICE = CHECKOUT / "service"
REASONS = tomllib.loads((Path(__file__).parent / "one_door.toml").read_text())


def actions() -> set[str]:
    """`slice.verb` of every public function in an actions file, or that a folder of actions gathers."""
    found = set()
    for path in SERVICE.glob("*/actions.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                found.add(f"{path.parent.name}.{node.name}")
    for path in SERVICE.glob("*/actions/__init__.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                found |= {f"{path.parts[-3]}.{alias.name}" for alias in node.names}
    return found


def used_in(door: Path) -> set[str]:
    """The actions a door's files call, themselves or by what they import of `service/web` and of the files beside it."""
    files, read = list(door.glob("**/*.py")), set[Path]()
    while files:
        path = files.pop()
        read.add(path)
        files += _imports(ast.parse(path.read_text())) - read
    return {action for path in read for action in _used_by(ast.parse(path.read_text()))}


def _imports(tree: ast.Module) -> set[Path]:
    names = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service")
        for name in (str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names))
    }
    paths = {SERVICE.parent / f"{name.replace('.', '/')}.py" for name in names}
    return {path for path in paths if path.parent in {SERVICE, SERVICE / "web"} and path.exists()}


def _used_by(tree: ast.Module) -> set[str]:
    used, modules = set(), {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("service."):
            continue
        parts = str(node.module).split(".")
        for alias in node.names:
            if len(parts) == 2 and alias.name == "actions":
                modules[alias.asname or alias.name] = parts[1]
            elif len(parts) == 3 and parts[2] == "actions":
                used.add(f"{parts[1]}.{alias.name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            used.add(f"{modules[node.value.id]}.{node.attr}")
    return used


def test_every_action_has_both_doors_or_a_reason() -> None:
    api, pages = used_in(SERVICE / "web" / "api"), used_in(SERVICE / "web" / "pages")
    missing = {
        action: [name for name, door in (("api", api), ("pages", pages)) if action not in door]
        for action in actions()
    }
    unexplained = {action: doors for action, doors in missing.items() if doors and action not in REASONS}
    assert unexplained == {}


def test_no_reason_is_left_for_an_action_that_has_both_doors() -> None:
    api, pages = used_in(SERVICE / "web" / "api"), used_in(SERVICE / "web" / "pages")
    assert [action for action in REASONS if action not in actions() or action in api & pages] == []
