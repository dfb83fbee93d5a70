"""A real election of 61,668 ballots: imported, counted, its page of results looked at."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from service import migrate
from service.core.settings import CHECKOUT
from service.embedded import EmbeddedServer
from tests.live import LiveService

PUNTARI = str(Path(sys.executable).with_name("puntari"))
ELECTIONS = Path(os.environ.get("ELECTIONS", CHECKOUT / ".." / "shared" / "data" / "pabulib"))
WARSZAWA = ELECTIONS / "Poland_Warszawa_2026.pb"


async def warszawa(folder: Path, figures: dict[str, float], notes: dict[str, str]) -> None:
    if not WARSZAWA.exists():
        notes["warszawa"] = f"not measured: {WARSZAWA} is not there"
        return
    server = EmbeddedServer(folder / "server")
    server.start()
    server.create_database("warszawa")
    url = server.url("warszawa")
    await migrate.upgrade(url)
    environment = {**os.environ, "DATABASE_URL": url, "KEY_FOLDER": str(folder / "keys")}
    started = time.monotonic()
    subprocess.run(
        [PUNTARI, "import", "pabulib", str(WARSZAWA), "--slug", "warszawa-2026"],
        env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    figures["warszawa_import_s"] = round(time.monotonic() - started, 1)
    live = LiveService(url, folder / "keys", worker=False)
    live.start()
    seconds = []
    for visit in range(5):
        started = time.monotonic()
        httpx.get(
            f"{live.url}/fi/processes/warszawa-2026/results?visit={visit}", timeout=30
        ).raise_for_status()
        seconds.append(time.monotonic() - started)
    figures["results_page_s"] = round(max(seconds), 3)
    live.stop()
    server.stop()
