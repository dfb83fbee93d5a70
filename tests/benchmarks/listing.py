"""The public list of 200 proposals, against the least a handler can do."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
from sqlalchemy import event

from service.app import create_app
from service.core.database import Database
from service.core.instance import make
from service.core.settings import Settings
from tests.benchmarks.city import WEB_PROCESSES, Bench
from tests.benchmarks.load import wrk
from tests.live import free_port

GRANIAN = str(Path(sys.executable).with_name("granian"))
AS_A_BROWSER = {"Accept-Encoding": "gzip, br", "Accept": "text/html"}

UNCACHED = """
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", wrk.path .. "?visit=" .. n .. "-" .. tostring(math.random(1e9)))
end
"""


async def listing(bench: Bench, figures: dict[str, float], notes: dict[str, str]) -> None:
    address = f"{bench.live.url}/fi/processes/{bench.proposing.slug}/proposals"
    page = httpx.get(address, headers=AS_A_BROWSER)
    page.raise_for_status()
    assert page.text.count("p-row__body") >= 200, "all 200 proposals are to be on the page"
    script = bench.folder / "uncached.lua"
    script.write_text(UNCACHED)
    trivial = _trivial()
    cached = wrk(address, bench.processes, headers=AS_A_BROWSER)
    uncached = wrk(address, bench.processes, headers=AS_A_BROWSER, script=script)
    figures["list_vs_trivial"] = round(cached.per_second / trivial.per_second, 3)
    figures["list_uncached_vs_trivial"] = round(uncached.per_second / trivial.per_second, 4)
    figures["list_statements"] = await _statements(bench)
    notes["trivial"] = str(trivial)
    notes["list"] = (
        f"{cached}; {len(page.content) / 1000:.0f} kB, {page.num_bytes_downloaded / 1000:.0f} kB on the wire"
    )
    notes["list uncached"] = str(uncached)


def _trivial():
    port = free_port()
    server = subprocess.Popen(
        [GRANIAN, "--interface", "asgi", "--factory", "--loop", "uvloop", "--port", str(port), "--no-ws",
         "--backpressure", "128", "--workers", str(WEB_PROCESSES), "tests.benchmarks.trivial:application"],
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        return wrk(f"http://127.0.0.1:{port}/", [psutil.Process(server.pid)])
    finally:
        server.terminate()
        server.wait()


async def _statements(bench: Bench) -> int:
    """Statements of one view of the list that no cache helps."""
    database = Database(bench.server.url("bench"))
    settings = Settings(
        _env_file=None, database_url=bench.server.url("bench"), key_folder=bench.folder / "keys"
    )
    transport = httpx.ASGITransport(create_app(make(settings, database)))
    seen: list[str] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: seen.append(statement),
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        path = f"/fi/processes/{bench.proposing.slug}/proposals"
        await client.get(path)
        seen.clear()
        (await client.get(path)).raise_for_status()
    await database.close()
    return len(seen)
