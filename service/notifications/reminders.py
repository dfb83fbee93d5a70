"""A mail two days before a vote closes, to everybody who has opened its ballot: docs/decisions/0005-reminder.md.

Who has cast and who has not gets the same words, and neither box nor drafts are read for it.
"""

from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import actions as audit
from service.audit import queries as trail
from service.core import clock, deployment, jobs, mail, text
from service.core.actor import System
from service.core.errors import msgid
from service.core.instance import Instance
from service.core.text import wording
from service.notifications import queries
from service.processes.models import Process
from service.processes.timetable import days_left
from service.voting import queries as voting

DAYS = 2
SHORT = timedelta(days=3)  # a vote no longer than this needs none: people have opened it just now
REMINDED = "voters.reminded"

SUBJECT = msgid("Voting closes on %(when)s")
BODY = msgid(
    "You have opened the ballot of %(process)s. Voting closes on %(when)s.\n"
    "\n"
    "Your choices count only once you have voted. Your ballot tells whether you have:\n"
    "%(link)s\n"
    "\n"
    "If you have voted, you need not do anything. This message goes to everybody who has opened a ballot, because the "
    "service does not look who has voted.\n"
    "\n"
    "You can stop these mails in your settings:\n"
    "%(settings)s\n"
    "\n"
    "%(service)s\n"
)


async def remind(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """Each morning: enqueue the mails of the votes whose time it is, once for each vote."""
    now = await clock.now(session)
    for process_id in await voting.open_now(session):
        phase = await voting.phase(session, process_id)
        is_time = days_left(phase.closes_at, at=now) <= DAYS and phase.closes_at - phase.opens_at > SHORT
        if not is_time or await trail.has_happened(session, REMINDED, process_id=process_id):
            continue
        for account_id in await voting.accounts_on_roll(session, process_id):
            await jobs.enqueue(
                session, "notifications.send_reminder", account=str(account_id), process=str(process_id)
            )
        by = System("worker")
        await audit.record(session, REMINDED, process_id, by=by, process_id=process_id, public=False)


async def send_reminder(instance: Instance, session: AsyncSession, *, account: str, process: str) -> None:
    """Nothing once voting has closed, or for who has left or wants no mail."""
    to = await session.get(Account, UUID(account))
    about = await session.get_one(Process, UUID(process))
    closes_at = (await voting.phase(session, about.id)).closes_at
    if to is None or closes_at <= await clock.now(session) or not await queries.wants_mail(session, to.id):
        return
    gettext = instance.translations.gettext(to.language)
    city = instance.city.in_language(to.language)
    here = f"{instance.settings.address}/{to.language}"
    values = {
        "process": wording(about.title, to.language).text,
        "when": text.moment(closes_at, to.language),
        "link": f"{here}/processes/{about.slug}/ballot",
        "settings": f"{here}/me/settings",
        "service": city.brand or city.name,
    }
    await mail.send(
        session,
        mail.Mail(to=to.email, subject=gettext(SUBJECT) % values, body=gettext(BODY) % values),
        settings=instance.settings,
        demo=await deployment.kind(session) is deployment.Kind.DEMO,
    )
