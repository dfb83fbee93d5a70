"""The operator's commands say in a sentence what is missing, and the exit code says whose turn it is."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.live import PUNTARI


def puntari(place: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """In a folder without a .env."""
    known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KEY_FOLDER"}}
    return subprocess.run(
        [PUNTARI, *arguments],
        cwd=place,
        env={**known, "VAR_FOLDER": str(place), "KEY_FOLDER": str(place / "keys"), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("part", ["serve", "work"])
def test_a_part_alone_needs_a_database_and_says_so(tmp_path: Path, part: str) -> None:
    done = puntari(tmp_path, part)
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL is empty.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, command: str) -> None:
    done = puntari(tmp_path, command, DATABASE_URL="mysql://a:geheim@b/c", PORT="many")
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["DATABASE_URL", "PORT"]
    assert "geheim" not in done.stderr
