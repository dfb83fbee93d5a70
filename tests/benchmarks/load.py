"""Load from outside: wrk against a server, and the processor time the server spent on it."""

import re
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

SECONDS = 8
ROUNDS = 3


@dataclass(frozen=True)
class Load:
    per_second: float
    cpu_ms: float  # of the server's processes, per request
    failed: int

    def __str__(self) -> str:
        return f"{self.per_second:,.0f}/s, {self.cpu_ms:.2f} ms of server CPU each, {self.failed} failed"


def wrk(
    url: str,
    processes: list[psutil.Process],
    *,
    script: Path | None = None,
    headers: dict[str, str] | None = None,
) -> Load:
    """`wrk -t1 -c16`, 8 s, median of 3."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    subprocess.run(
        [*command, url, "-d2s"], capture_output=True, check=True
    )  # connections and caches are there
    rounds = [_round([*command, url], processes) for _ in range(ROUNDS)]
    return sorted(rounds, key=lambda load: load.per_second)[ROUNDS // 2]


def _round(command: list[str], processes: list[psutil.Process]) -> Load:
    before = cpu_seconds(processes)
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = cpu_seconds(processes) - before
    requests = int(_found(r"(\d+) requests in", output))
    failed = int(_found(r"Non-2xx or 3xx responses: (\d+)", output, "0"))
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    failed += sum(map(int, errors.groups())) if errors else 0
    return Load(float(_found(r"Requests/sec:\s+([\d.]+)", output)), 1000 * spent / max(requests, 1), failed)


def _found(pattern: str, text: str, default: str = "") -> str:
    match = re.search(pattern, text)
    return match.group(1) if match else default


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Of these and all their children, ended ones that were waited for included."""
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
        for child in process.children(recursive=True):
            try:
                own = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += own.user + own.system
    return total


def need_wrk() -> None:
    if not shutil.which("wrk"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True)


def timed(action: object) -> float:
    started = time.monotonic()
    action()  # type: ignore[operator]
    return time.monotonic() - started


def median(values: list[float]) -> float:
    return statistics.median(values)
