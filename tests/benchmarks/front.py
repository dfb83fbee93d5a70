"""The front page of the demo city in a browser with an empty cache, and the second start of the whole service."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
from playwright.async_api import async_playwright

from tests import browser
from tests.live import free_port

PUNTARI = str(Path(sys.executable).with_name("puntari"))


class WholeService:
    """`puntari run`, as `make run` starts it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "VAR_FOLDER": str(folder / "var"),
            "KEY_FOLDER": str(folder / "var-keys"),
            "PORT": str(self.port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Seconds until it answers."""
        started = time.monotonic()
        self.process = subprocess.Popen(
            [PUNTARI, "run"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while time.monotonic() - started < 300:
            try:
                if httpx.get(f"{self.url}/api/v1/health", timeout=2).status_code == 200:
                    return time.monotonic() - started
            except httpx.HTTPError:
                time.sleep(0.05)
        raise TimeoutError("puntari run did not answer")

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


async def front(folder: Path, figures: dict[str, float], notes: dict[str, str]) -> None:
    service = WholeService(folder)
    notes["first start, demo city included"] = f"{service.start():.1f} s"
    total, requests = await _on_the_wire(f"{service.url}/fi/")
    figures["front_bytes"], figures["front_requests"] = total, requests
    assert service.stop() == 0, "SIGTERM is a good end"
    figures["second_start_s"] = round(service.start(), 2)
    service.stop()


async def _on_the_wire(address: str) -> tuple[int, int]:
    """Bytes with headers, and requests, as Chromium's network layer counts them."""
    total = requests = 0
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=browser.executable(), args=browser.ARGUMENTS
        )
        context = await chromium.new_context(viewport={"width": 1280, "height": 720})
        page = await context.new_page()
        network = await context.new_cdp_session(page)
        await network.send("Network.enable")

        def finished(event: dict[str, float]) -> None:
            nonlocal total, requests
            total += int(event["encodedDataLength"])
            requests += 1

        network.on("Network.loadingFinished", finished)
        await page.goto(address, wait_until="networkidle")
        await chromium.close()
    return total, requests
