"""Tell those whom a step concerns. Both jobs may run twice: the second run finds nothing left to do."""

from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import queries as audit
from service.core import clock, deployment, jobs, mail
from service.core.errors import msgid
from service.core.instance import Instance
from service.notifications import queries
from service.notifications.models import Notice
from service.notifications.rules import ANNOUNCEMENTS
from service.processes.models import Process
from service.proposals.models import Proposal
from service.proposals.rules import is_public

BODY = msgid(
    "%(sentence)s\n"
    "\n"
    "%(title)s\n"
    "%(link)s\n"
    "\n"
    "You get this because you made or follow this proposal. You can stop these mails in your settings:\n"
    "%(settings)s\n"
    "\n"
    "%(service)s\n"
)


async def announce(instance: Instance, session: AsyncSession, *, entry: int) -> None:  # noqa: ARG001 - every job takes the instance
    """From an audit entry to notices and their mails; the one who acted is not told of the own act."""
    recorded = await audit.get(session, entry)
    announcement = ANNOUNCEMENTS.get(recorded.action) if recorded else None
    if recorded is None or announcement is None or recorded.subject_id is None:
        return
    proposal = await session.get(Proposal, recorded.subject_id)
    if proposal is None:
        return
    authors = await queries.authors(session, proposal)
    to_all = announcement.followers and is_public(proposal)
    followers = await queries.followers(session, proposal.id) if to_all else set()
    rows = [
        {
            "account_id": account_id,
            "entry_id": entry,
            "action": recorded.action,
            "proposal_id": proposal.id,
            "is_author": account_id in authors,
        }
        for account_id in sorted((authors | followers) - {recorded.actor_id})
    ]
    if not rows:
        return
    statement = (
        insert(Notice)
        .values([{"id": uuid4(), **row} for row in rows])
        .on_conflict_do_nothing()
        .returning(col(Notice.id))
    )
    for notice_id in (await session.exec(statement)).scalars().all():
        await jobs.enqueue(session, "notifications.mail", notice=str(notice_id))


async def send_mail(instance: Instance, session: AsyncSession, *, notice: str) -> None:
    told = await session.get(Notice, UUID(notice), with_for_update=True)
    if told is None or told.mailed_at is not None:
        return
    account = await session.get_one(Account, told.account_id)
    proposal = await session.get_one(Proposal, told.proposal_id)
    process = await session.get_one(Process, proposal.process_id)
    told.mailed_at = await clock.now(session)
    if not await queries.wants_mail(session, account.id):
        return
    gettext = instance.translations.gettext(account.language)
    city = instance.city.in_language(account.language)
    announcement = ANNOUNCEMENTS[told.action]
    here = f"{instance.settings.address}/{account.language}"
    page = f"processes/{process.slug}/proposals/{proposal.number}"
    values = {
        "title": proposal.title,
        "sentence": gettext(announcement.sentence),
        "link": f"{here}/{page}",
        "settings": f"{here}/me/settings",
        "service": city.brand or city.name,
    }
    await mail.send(
        session,
        mail.Mail(
            to=account.email, subject=gettext(announcement.subject) % values, body=gettext(BODY) % values
        ),
        settings=instance.settings,
        demo=await deployment.kind(session) is deployment.Kind.DEMO,
    )
