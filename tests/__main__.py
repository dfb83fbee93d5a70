"""`python -m tests [check|prove]`: what `make test`, `make check` and `make prove` run, step by step, with the time of each."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.database import TestServer

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECK = {
    "format": [BIN / "ruff", "format", "--check", "--quiet", "service", "tests", "migrations"],
    "style": [BIN / "ruff", "check", "--quiet", "service", "tests", "migrations"],
    "types": [BIN / "mypy"],
    "contracts": [BIN / "lint-imports"],
}
TEST = {
    "islands": [BIN / "npm", "--prefix", "frontend", "test", "--silent"],
    "tests": [BIN / "pytest", "-n", "2", "-q", "--durations=10"],
}
PROVE = {
    "proofs": [
        BIN / "pytest", "-q", "--timeout=1800", "tests/proof", "tests/house/test_accessibility.py", "tests/web/test_schemathesis.py",
    ]
}  # fmt: skip


def main(what: str) -> int:
    steps = {"check": CHECK, "prove": PROVE}.get(what, {**CHECK, **TEST})
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if what == "prove":
        environment["FULL"] = "1"
    server = None if what == "check" else TestServer()
    if server:
        server.start()
        environment["TEST_DATABASE_URL"] = server.url("postgres")
    failed = []
    for name, command in steps.items():
        started = time.monotonic()
        code = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, check=False
        ).returncode
        print(f"{name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True)
        if code != 0:
            failed.append(name)
    if server:
        server.stop()
    return 1 if failed else 0


sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "test"))
