"""`make bench`: the figures as ratios of one run on one machine, with the server's processor time beside each."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tests.benchmarks import city, front, load, warszawa
from tests.benchmarks.balancing import balancing
from tests.benchmarks.casting import casting
from tests.benchmarks.listing import listing

RESULTS = Path(__file__).parent / "results.json"

AIMS = {
    "cast_vs_pgbench": (0.15, "at least"),
    "list_vs_trivial": (0.25, "at least"),
    "list_uncached_vs_trivial": (0.02, "at least"),
    "list_statements": (6, "at most"),
    "front_bytes": (120_000, "at most"),
    "second_start_s": (10, "at most"),
    "warszawa_import_s": (60, "at most"),
    "results_page_s": (1, "at most"),
    "plans_per_s": (3_000, "at least"),
    "aggregate_100k_s": (10, "at most"),
}


async def main() -> None:
    load.need_wrk()
    figures: dict[str, float] = {}
    notes: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="puntari-bench-", dir=_room()) as folder:
        Path(folder).chmod(0o755)
        async with city.made(Path(folder)) as bench:
            await listing(bench, figures, notes)
            await casting(bench, figures, notes)
            await balancing(bench, figures, notes)
        await front.front(Path(folder), figures, notes)
        await warszawa.warszawa(Path(folder), figures, notes)
    RESULTS.write_text(json.dumps(figures | {"machine": _machine()}, indent=2) + "\n")
    _show(figures, notes)


def _room() -> str | None:
    """Not on a memory disk: what is durable must reach a real one."""
    return "/var/tmp" if os.path.isdir("/var/tmp") else None  # noqa: PTH112


def _machine() -> str:
    return f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"


def _show(figures: dict[str, float], notes: dict[str, str]) -> None:
    table = Table("figure", "measured", "aim", "", title="Puntari", title_justify="left")
    for name, value in figures.items():
        aim, kind = AIMS.get(name, (None, ""))
        met = aim is None or (value >= aim if kind == "at least" else value <= aim)
        table.add_row(name, f"{value:g}", "" if aim is None else f"{kind} {aim:g}", "" if met else "MISSED")
    console = Console(width=110)
    console.print(table)
    for name, note in notes.items():
        console.print(f"{name}: {note}")


asyncio.run(main())
