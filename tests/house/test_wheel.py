"""What a wheel takes along: every file that the service reads."""

import subprocess
import tomllib
from pathlib import Path

from service.core.settings import CHECKOUT

SETUPTOOLS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
BUILD_ONLY = {"build", "fonts", "icons", "islands", "styles"}  # of frontend: what dist is made of


def taken() -> set[Path]:
    return {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in CHECKOUT.joinpath(*package.split(".")).glob(pattern)
        if path.is_file()
    }


def kept(folder: str) -> list[Path]:
    """In version control, but for Python, which comes by itself."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", folder], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    found = [CHECKOUT / name for name in listed.stdout.split("\0") if name and not name.endswith(".py")]
    return [path for path in found if path.exists()]


def test_the_data_of_the_package_is_taken_along() -> None:
    assert [path for path in kept("service") if path not in taken()] == []


def test_templates_texts_and_built_files_are_taken_along_and_what_they_are_made_of_is_not() -> None:
    of_frontend = [path.relative_to(CHECKOUT / "frontend") for path in kept("frontend")]
    left = {path.parts[0] for path in of_frontend if CHECKOUT / "frontend" / path not in taken()}
    assert {name for name in left if (CHECKOUT / "frontend" / name).is_dir()} == BUILD_ONLY
    assert CHECKOUT / "frontend" / "dist" / "manifest.json" in taken()
