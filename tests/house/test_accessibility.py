"""axe-core finds nothing on any page, as each role that may see it, in all three languages, forms in their error state too."""

import os
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, async_playwright

from service.core.settings import CHECKOUT
from service.core.text import LANGUAGES
from tests import browser as chromium
from tests.database import TestServer
from tests.demo_city import demo_copy
from tests.house.crawl import Walk, routes
from tests.live import LiveService

AXE = (CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STAFF = ("moderator", "evaluator", "editor", "administrator")
WHO = (
    "anonymous",
    "resident",
    *(STAFF if os.environ.get("FULL") else ()),
)  # the desk takes minutes: FULL=1 make prove
ENDS_SOMETHING = (
    "sign-out",
    "sign-in",
    "delete",
    "withdraw",
    "dismiss",
    "freeze",
    "publish",
    "count",
    "/end",
    "discard",
)
SEEN: dict[str, set[str]] = {}

pytestmark = pytest.mark.xdist_group("accessibility")


@pytest.fixture(scope="module")
async def live(server: TestServer) -> AsyncIterator[LiveService]:
    async with demo_copy(server) as (url, keys):
        service = LiveService(url, keys, worker=False)
        service.start()
        yield service
        service.stop()


@pytest.fixture(scope="module")
async def chrome() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        yield launched
        await launched.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
async def test_no_page_has_a_violation(
    app: Litestar, live: LiveService, chrome: Browser, who: str, language: str
) -> None:
    walk = Walk(routes(app), language)
    async with httpx.AsyncClient(base_url=live.url, timeout=30) as client:
        await sign_in(client, who, language)
        await walk.go(client, f"/{language}/", f"/{language}/me", f"/{language}/desk", f"/{language}/demo")
        cookies = [{"name": name, "value": value, "url": live.url} for name, value in client.cookies.items()]
    context = await chrome.new_context(base_url=live.url, viewport={"width": 1280, "height": 900})
    await context.add_cookies(cookies)
    page = await context.new_page()
    faults: list[str] = []
    for address in [address for addresses in walk.visited.values() for address in addresses]:
        await page.goto(address)
        if await looked_at_before(page, language):
            continue
        faults += await violations(page, address)
        if await leave_empty(page):
            faults += await violations(page, f"{address} left empty")
    await context.close()
    SEEN.setdefault("routes", set()).update(walk.visited)
    assert [fault for fault in walk.broken if not expected(fault)] == []
    assert faults == []


def test_no_page_is_left_out(app: Litestar) -> None:
    """A route that no link leads to is named here with its reason, or it is dead."""
    reasons = {
        line.split(" ", 1)[0]
        for line in (Path(__file__).parent / "not_linked.txt").read_text().splitlines()
        if line
    }
    if SEEN:
        assert {route.path for route in routes(app)} - SEEN["routes"] - reasons == set()


async def looked_at_before(page: Page, language: str) -> bool:
    """The same page as somebody else saw it already: only proofs and one-time numbers of its forms differ."""
    main = await page.locator("main").inner_html()
    digest = sha256(re.sub(r'value="[0-9a-f-]{32,}"', "", main).encode()).hexdigest()
    known = SEEN.setdefault(language, set())
    if digest in known:
        return True
    known.add(digest)
    return False


async def sign_in(client: httpx.AsyncClient, who: str, language: str) -> None:
    """With one press on the demo's page: the first person of the role."""
    if who == "anonymous":
        return
    page = await client.get(f"/{language}/demo")
    section = page.text.split(f'id="{"residents" if who == "resident" else who}"', 1)[1]
    form = {
        name: section.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("csrf", "account")
    }
    answer = await client.post(f"/{language}/demo/sign-in", data=form)
    assert answer.status_code == 303


async def violations(page: Page, address: str) -> list[str]:
    await page.evaluate(AXE)
    found = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)",
        RULES,
    )
    return [
        f"{address}: {violation['id']} ({violation['help']}): {violation['nodes'][0]['html'][:160]}"
        for violation in found
    ]


async def leave_empty(page: Page) -> bool:
    """Send the page's first form with nothing typed; True where the answer is the form with its mistakes."""
    form = page.locator("main form[method=post]").first
    if await form.count() == 0:
        return False
    action = str(await form.get_attribute("action") or page.url)
    if any(word in action for word in ENDS_SOMETHING):
        return False
    for box in await form.locator("input[type=text], input[type=email], textarea").all():
        if await box.is_visible():
            await box.fill("")
    button = form.locator("button:visible").first
    if await button.count() == 0:
        return False
    async with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        await button.click()
    await page.wait_for_load_state()
    return (await answered.value).status == 422


def expected(fault: str) -> bool:
    """A visitor without the right is refused, and that is no broken link."""
    return fault.startswith(("401", "403"))
