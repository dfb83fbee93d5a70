"""What people do, in the words of their day. Works in every language: a page has one primary button, and fields have names."""

import re

from playwright.async_api import Locator, Page

ROUND = "processes/oma-kaupunki"
PRIMARY = "main button.ds-button:not([data-variant]), main a.ds-button:not([data-variant])"
FAULT_OF_FOCUS = """element => {
  if (element === document.body) return "nothing has the focus";
  const ringed = (one) => one && (getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none");
  const appears = element.matches(".ds-skip-link");
  if (!ringed(element) && !ringed(element.closest(".ds-field")) && !appears) return "the focus is not seen";
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
  const free = top && (element.contains(top) || top.contains(element) || top.closest("label")?.control === element);
  return free ? "" : `covered by ${top?.outerHTML.slice(0, 80)}`;
}"""


async def press(page: Page, button: Locator) -> None:
    """What loads a page, waited for."""
    async with page.expect_navigation():
        await button.click()


async def press_primary(page: Page) -> None:
    """The page's one main button."""
    await press(page, page.locator(PRIMARY).first)


async def choose(page: Page, name: str, value: str = "") -> None:
    """A radio or a tick box: the design system draws it, so the browser thinks it is covered."""
    wanted = f"[name={name}][value='{value}']" if value else f"[name={name}]"
    await page.locator(wanted).first.check(force=True)


async def propose(page: Page, language: str, title: str, text: str) -> None:
    """Write a proposal and send it to the city, keeping the defaults of every step."""
    await page.goto(f"/{language}/{ROUND}/proposals/new")
    await page.fill("[name=title]", title)
    await page.fill("[name=text]", text)
    for _ in range(10):
        if page.url.partition("#")[0].endswith("/picture"):
            await press(page, page.locator(".p-actions a.ds-link").first)
        else:
            await press_primary(page)
        if re.search(r"/(sent|thanks)", page.url):
            return
    raise AssertionError(f"the proposal was never sent: {page.url}")


async def publish_oldest(page: Page, language: str) -> None:
    await page.goto(f"/{language}/desk/moderation")
    await press_primary(page)
    await choose(page, "kind", "publish")
    await press_primary(page)


async def assign_all(page: Page, language: str, evaluator: str) -> None:
    await page.goto(f"/{language}/desk/{ROUND}/evaluation")
    for box in await page.locator("[name=proposal]").all():
        await box.check(force=True)
    await page.select_option("[name=evaluator]", label=evaluator)
    await press_primary(page)


async def evaluate(page: Page, language: str, title: str, *, cost: str) -> None:
    await page.goto(f"/{language}/desk/evaluation")
    await press(page, page.get_by_role("link", name=title))
    await choose(page, "feasibility", "feasible")
    await page.fill("[name=reason_fi]", "Paikka on kaupungin omaa maata.")
    await page.fill("[name=reason_sv]", "Marken ägs av staden.")
    await page.fill("[name=cost_low]", cost)
    await page.fill("[name=cost_high]", cost)
    await press_primary(page)


async def freeze_ballot(page: Page, language: str, *titles: str) -> None:
    """Put these on the ballot and freeze it."""
    await page.goto(f"/{language}/desk/{ROUND}/ballot-projects")
    for title in titles:
        await press(page, row(page, title).locator("button[name=select]"))
    await press_primary(page)
    await press_primary(page)


async def choose_projects(page: Page, language: str, *titles: str) -> None:
    """Open the ballot and choose in each of its parts those of the titles that stand there."""
    await page.goto(f"/{language}/{ROUND}/ballot")
    while not page.url.split("#")[0].endswith("/review"):
        if await page.locator("[name=area_id]").count():
            await choose(page, "area_id")
        for title in titles:
            wanted = row(page, title).locator("button[name=add]")
            if await wanted.count():
                await wanted.click()
                await row(page, title).locator("button[name=remove]").wait_for()
        await press_primary(page)


async def open_ballot(page: Page, language: str, voting: str) -> None:
    """As far as the first projects; `voting` is the round's address."""
    await page.goto(f"/{language}/{voting}/ballot")
    while not await page.locator("button[name=add]").count():
        await press_primary(page)


async def choose_some(page: Page, number: int) -> list[str]:
    """The first projects that are not chosen yet; their titles."""
    titles = []
    for _ in range(number):
        row = page.locator(".p-row:has(button[name=add])").first
        place = await row.get_attribute("id")
        titles.append(str(await row.locator(".ds-heading").inner_text()))
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await row.locator("button").click()
        await page.locator(f"#{place}[data-chosen]").wait_for()
    return titles


async def vote_for(page: Page, language: str, *titles: str) -> str:
    """Choose the projects with these titles, review, cast; the receipt's code."""
    await choose_projects(page, language, *titles)
    await press_primary(page)
    await page.wait_for_url(re.compile("/receipt"))
    return str(await page.locator(".p-code").first.inner_text())


async def count_votes(page: Page, language: str) -> None:
    await page.goto(f"/{language}/desk/voting/oma-kaupunki")
    await press_primary(page)
    await press_primary(page)


async def add_milestone(page: Page, language: str, title: str, name: str) -> None:
    await page.goto(f"/{language}/desk/{ROUND}/implementation")
    await press(page, row(page, title).locator("a.ds-button"))
    for code in ("fi", "sv", "en"):
        await page.fill(f"[name=title_{code}]", name)
    await choose(page, "status", "in_progress")
    await press_primary(page)


def row(page: Page, title: str) -> Locator:
    return page.locator(".p-row", has_text=title).first


async def text_of(page: Page, address: str) -> str:
    await page.goto(address)
    return str(await page.locator("main").inner_text())


async def tab_to(page: Page, target: Locator, *, patience: int = 80) -> None:
    """By the Tab key alone; wherever the focus comes it is seen, in view and not covered."""
    for _ in range(patience):
        await page.keyboard.press("Tab")
        await focus_is_well(page)
        if await has_focus(target):
            return
    raise AssertionError(f"Tab never came to {target}")


async def press_by_key(page: Page, target: Locator, key: str = "Enter") -> None:
    """What loads a page, found and pressed without a mouse."""
    await tab_to(page, target)
    async with page.expect_navigation():
        await page.keyboard.press(key)


async def focus_is_well(page: Page) -> None:
    focused = (await page.evaluate_handle("document.activeElement")).as_element()
    assert focused is not None
    fault = await focused.evaluate(FAULT_OF_FOCUS)
    assert not fault, f"{fault}: {await focused.evaluate('element => element.outerHTML.slice(0, 200)')}"


async def has_focus(target: Locator) -> bool:
    return bool(await target.evaluate("element => element === document.activeElement"))


async def has_no_sideways_scroll(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
