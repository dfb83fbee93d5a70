"""A resident balances the city's budget: on a phone, without script, by keyboard alone, in Swedish; and it all weighs little."""

import re
from gzip import compress

import pytest
from playwright.async_api import Locator, Page, Request

from tests.journeys.city import BALANCING
from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    PRIMARY,
    focus_is_well,
    has_focus,
    has_no_sideways_scroll,
    press,
    press_by_key,
    press_primary,
    tab_to,
)

MOST_HTML, MOST_SCRIPT = 24_000, 18_000  # bytes, compressed
BALANCED = {"tulovero": "9,60", "kv_vakituinen": "0,60", "kv_yleinen": "1,25"}


def field(page: Page, lever: str) -> Locator:
    return page.locator(f"[name='lever.{lever}']")


async def said(page: Page) -> str:
    """What the bar says."""
    return str(await page.locator("[data-bar]").inner_text())


async def choose(page: Page, lever: str, option: str) -> None:
    await page.locator(f"[name='lever.{lever}'][value='{option}']").check(force=True)


async def start(page: Page, language: str = "fi") -> None:
    await page.goto(f"/{language}/{BALANCING}")
    await press_primary(page)


async def send(page: Page) -> str:
    """Review and send; the code."""
    await press(page, page.locator("button[name=go][value=review] >> visible=true").first)
    await press(page, page.locator("form.p-form button.ds-button"))
    await page.wait_for_url(re.compile("/receipt"))
    return str(await page.locator(".p-code").inner_text())


async def test_on_a_phone_the_balance_follows_each_choice_and_the_plan_is_sent(demo_page: NewPage) -> None:
    page = await demo_page(width=320, height=640)
    await page.goto(f"/fi/{BALANCING}")
    assert "Vuonna 2029 puuttuu 4,8 milj. €" in (await page.locator("main").inner_text()).replace("\xa0", " ")
    await press_primary(page)
    await page.locator("[data-live]").wait_for()
    assert "Vuonna 2029 puuttuu 4 806" in (await said(page)).replace("\xa0", " ")

    await page.locator("button[name=step][value='lever.tulovero:+1']").click()
    assert await field(page, "tulovero").input_value() == "8,90"
    assert "puuttuu 4 3" in (await said(page)).replace("\xa0", " ")
    for lever, level in BALANCED.items():
        await field(page, lever).fill(level)
    await choose(page, "kouluverkko", "b")
    assert "jää yli" in await said(page)
    assert await has_no_sideways_scroll(page)
    announced = page.locator("[data-announcement]")
    await page.wait_for_timeout(1000)
    assert (await announced.inner_text()).startswith("Vuonna 2029 jää yli")

    undo = page.locator("button[name=undo][value=kouluverkko]")
    await undo.click()
    assert not await page.locator("[name='lever.kouluverkko']:checked").count()
    assert await has_focus(page.locator("#changes"))
    await choose(page, "kouluverkko", "b")

    code = await send(page)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    await press(page, page.locator("main a[href$='/results']"))
    assert await has_no_sideways_scroll(page)
    told = (await page.locator("main").inner_text()).replace("\xa0", " ")
    assert "240 laskelmaa on lähetetty" in told  # the demo city's, of which the last release tells
    assert "Kunnan tuloveroprosentti: useimmin" in told


async def test_without_script_the_same_in_swedish(demo_page: NewPage) -> None:
    page = await demo_page(width=320, height=640, script=False)
    await start(page, "sv")
    for lever, level in BALANCED.items():
        await field(page, lever).fill(level)
    await press(page, page.locator("button[name=after][value=taxes_and_fees]"))
    assert page.url.endswith("#after-taxes_and_fees")
    assert "År 2029 fattas" in await said(page)
    await press(page, page.locator("button[name=step][value='lever.tulovero:+1']"))
    assert await field(page, "tulovero").input_value() == "9,70"
    await choose(page, "kouluverkko", "b")
    await press(page, page.locator(".p-ballotbar [data-calculate]"))
    assert "blir det" in await said(page)
    assert await page.locator("[data-change=kouluverkko]").is_visible()
    await press(page, page.locator("button[name=undo][value=kouluverkko]"))
    assert not await page.locator("[data-change=kouluverkko]").is_visible()
    await choose(page, "kouluverkko", "b")

    code = await send(page)
    await press(page, page.locator("main a[href$='/withdraw']"))
    await page.fill("[name=code]", code.lower())
    await press_primary(page)
    await press(page, page.locator("main form button.ds-button"))
    assert "Din kalkyl har återtagits." in await page.locator("main").inner_text()
    assert await has_no_sideways_scroll(page)


async def test_with_every_module_broken_the_buttons_count(demo_page: NewPage) -> None:
    page = await demo_page()
    await page.route("**/*.js", lambda route: route.fulfill(status=500))
    await start(page)
    await field(page, "tulovero").fill("9,8")
    await press(page, page.locator(".p-ballotbar [data-calculate]"))
    assert "9,80" in await page.locator("[data-change=tulovero]").inner_text()
    await press(page, page.locator("button[name=go][value=review]").first)
    await page.fill("[name=reason]", "Velkaa voi ottaa.")
    await press(page, page.locator("form.p-form button.ds-button"))
    assert await page.locator(".p-code").is_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (320, 640)], ids=["desktop", "phone"])
async def test_tab_and_space_are_enough(demo_page: NewPage, width: int, height: int) -> None:
    page = await demo_page(width=width, height=height)
    await page.goto(f"/en/{BALANCING}")
    await press_by_key(page, page.locator(PRIMARY).first)
    await page.locator("[data-live]").wait_for()

    more = page.locator("button[name=step][value='lever.tulovero:+1']")
    await tab_to(page, more)
    for _ in range(9):
        await page.keyboard.press("Enter")
        assert await has_focus(more)
    assert await field(page, "tulovero").input_value() == "9.70"
    await tab_to(page, page.locator("[name='kept.tulovero']"))
    await tab_to(page, field(page, "kv_vakituinen"))
    await page.keyboard.press("Control+a")
    await page.keyboard.type("0.75")
    await tab_to(page, page.locator("[name='lever.liikuntamaksut']").first)
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")
    await focus_is_well(page)
    assert "left over" in await said(page)

    review = page.locator("button[name=go][value=review]").first
    await tab_to(page, review, patience=400)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await press_by_key(page, page.locator("form.p-form button.ds-button"))
    assert await page.locator(".p-code").is_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 640), (1280, 720)])
async def test_the_balance_is_always_in_view_and_takes_little_of_it(
    demo_page: NewPage, width: int, height: int
) -> None:
    page = await demo_page(width=width, height=height)
    await start(page)
    await page.locator("[data-live]").wait_for()
    await choose(page, "lahikirjasto", "1")
    await choose(page, "kirjastoauto", "1")
    for lever in ("tulovero", "uimahalli", "osbu"):
        await page.locator(f"#lever-{lever}").scroll_into_view_if_needed()
        box = await page.locator(".p-balance .p-ballotbar").bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height + 1
        assert box["height"] <= height / 4


async def test_ones_own_purse_is_told_to_nobody(demo_page: NewPage) -> None:
    page = await demo_page()
    await start(page)
    await page.locator("[data-live]").wait_for()
    sent: list[Request] = []

    def listen(request: Request) -> None:
        sent.append(request)

    page.on("request", listen)
    await page.locator("#own-income").select_option("33000")
    await page.locator("#own-home").fill("91234")
    await field(page, "tulovero").fill("8,90")
    await page.wait_for_timeout(1000)

    assert "33\xa0€" in await page.locator("[data-own-total]").inner_text()
    assert sent  # the choice itself is kept
    assert all(
        "91234" not in f"{each.url} {each.post_data}" and "33000" not in str(each.post_data) for each in sent
    )
    for own in await page.locator("[data-base]").all():
        assert await own.evaluate("element => !element.name && !element.form")


async def test_choices_made_live_are_there_on_the_next_page(demo_page: NewPage) -> None:
    page = await demo_page()
    await start(page)
    await page.locator("[data-live]").wait_for()
    await choose(page, "uimahalli", "sulje")
    await press(page, page.get_by_role("link", name="Svenska"))
    assert await page.locator("[name='lever.uimahalli'][value=sulje]").is_checked()


async def test_the_page_weighs_what_was_promised(demo_page: NewPage) -> None:
    page = await demo_page()
    scripts: list[bytes] = []

    async def weigh(request: Request) -> None:
        if request.url.endswith(".js"):
            answer = await request.response()
            assert answer
            scripts.append(compress(await answer.body(), 9))

    page.on("requestfinished", weigh)
    for language in ("fi", "sv", "en"):
        scripts.clear()
        answer = await page.goto(f"/{language}/{BALANCING}/plan")
        assert answer
        assert len(compress(await answer.body(), 9)) <= MOST_HTML
        await page.locator("[data-live]").wait_for()
        assert 0 < sum(map(len, scripts)) <= MOST_SCRIPT
