"""A small city for a journey: two areas, a pot each and a city-wide one, a process that goes through its phases."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.async_api import Page
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Role
from service.core.clock import HELSINKI
from service.core.database import Database
from service.processes.models import Activity, AreaRule, Process
from tests import make
from tests.live import LiveService

# The demo city's rounds, by what goes on in them.
YEAR = datetime.now(HELSINKI).year
VOTING, SPENDING = f"processes/oma-lehtosalmi-{YEAR}", "processes/satamapuiston-varustelu"
PROPOSING = f"processes/oma-lehtosalmi-{YEAR + 1}"
BALANCING = "calculator/talous-2027"

STAFF = {
    "moderator": Role.MODERATOR,
    "evaluator": Role.EVALUATOR,
    "editor": Role.EDITOR,
    "administrator": Role.ADMINISTRATOR,
}
RESIDENTS = ("Aino K.", "Mats L.", "Venla S.")


@dataclass
class City:
    live: LiveService
    url: str
    database: Database
    process: Process

    async def days_pass(self, days: int) -> None:
        await self.live.travel(self.url, timedelta(days=days))


async def found(database: Database) -> Process:
    """Proposing for 10 days, evaluation for 10, voting for 10, then building; days 0, 10, 20, 30."""
    async with database.transaction() as session:
        harbour, forest = await make.area(session, "Harbour"), await make.area(session, "Forest")
        parks = await make.category(session, "Parks")
        process = await make.process(
            session,
            slug="oma-kaupunki",
            area_rule=AreaRule.CHOSEN,
            max_choices=2,
            pots=[(harbour, 5_000_000), (forest, 3_000_000), (None, 10_000_000)],
            categories=[parks],
        )
        for name, activities, first, last in (
            ("Proposals", [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT], 0, 10),
            ("Evaluation", [Activity.EVALUATE], 0, 20),
            ("Voting", [Activity.VOTE], 20, 30),
            ("Implementation", [Activity.IMPLEMENT], 30, 400),
        ):
            await make.phase(
                session,
                process,
                activities,
                opens_in=timedelta(days=first, minutes=-5),
                closes_in=timedelta(days=last),
                name=name,
            )
        await _people(session)
    return process


async def _people(session: AsyncSession) -> None:
    for name, role in STAFF.items():
        await make.staff(session, role, email=f"{name}@kaupunki.example", name=name.title())
    for name in RESIDENTS:
        await make.account(
            session, email=f"{name.split()[0].lower()}@posti.example", name=name, birth_year=1980
        )


async def sign_in(page: Page, who: str, language: str = "fi") -> None:
    """One press on the demo's start page; `who` is the name shown there."""
    await page.goto(f"/{language}/demo")
    await page.get_by_role("button", name=who).first.click()
    await page.wait_for_url(re.compile(r"/(me|desk|council-room)$"))


async def code_from_mailbox(page: Page, address: str) -> str:
    """The code that was mailed, as the demo's mailbox shows it."""
    for _ in range(50):
        await page.goto("/fi/demo/mailbox")
        mails = page.locator("section", has_text=address).first
        if await mails.count():
            found = re.search(r"\b(\d{3}) ?(\d{3})\b", await mails.inner_text())
            if found:
                return found[1] + found[2]
        await page.wait_for_timeout(200)
    raise AssertionError(f"no code came to {address}")
