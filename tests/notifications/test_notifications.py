"""Authors and followers are told of each step, once, in their language, without the one who acted."""

import asyncio

from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import actions as audit
from service.core.actor import Resident, System
from service.core.database import Database
from service.core.instance import Instance
from service.core.mail import DemoMail
from service.notifications import actions, jobs, queries
from service.notifications.models import Notice
from service.proposals.models import Proposal, State
from tests import make


def resident_of(account: Account) -> Resident:
    return Resident(account.id, account.name, account.language)


async def published(session: AsyncSession, author: Account) -> Proposal:
    process = await make.process(session)
    return await make.proposal(session, process, author=author, state=State.PUBLISHED)


async def tell(instance: Instance, session: AsyncSession, action: str, proposal: Proposal) -> int:
    entry = await audit.record(
        session, action, proposal.id, by=System("test"), process_id=proposal.process_id
    )
    assert entry.id is not None
    await jobs.announce(instance, session, entry=entry.id)
    return entry.id


async def mails(instance: Instance, session: AsyncSession) -> list[DemoMail]:
    for notice in (await session.exec(select(Notice))).all():
        await jobs.send_mail(instance, session, notice=str(notice.id))
    return list((await session.exec(select(DemoMail))).all())


async def in_demo(session: AsyncSession) -> None:
    await session.exec(text("update deployment set kind = 'demo'"))


async def test_author_and_followers_are_told_once_each_in_their_own_language(
    instance: Instance, session: AsyncSession
) -> None:
    await in_demo(session)
    author = await make.account(session, language="sv")
    follower = await make.account(session, language="fi")
    proposal = await published(session, author)
    await actions.follow(session, proposal, by=resident_of(follower))
    entry = await tell(instance, session, "proposal.evaluated", proposal)

    await jobs.announce(instance, session, entry=entry)
    await mails(instance, session)
    sent = await mails(instance, session)

    assert sorted(mail.to for mail in sent) == sorted([author.email, follower.email])
    assert len({mail.subject for mail in sent}) == 2
    assert all(proposal.title in mail.body for mail in sent)


async def test_a_return_is_between_moderator_and_author(instance: Instance, session: AsyncSession) -> None:
    author, follower = await make.account(session), await make.account(session)
    proposal = await published(session, author)
    await actions.follow(session, proposal, by=resident_of(follower))

    await tell(instance, session, "proposal.returned", proposal)

    assert [notice.account_id for notice in (await session.exec(select(Notice))).all()] == [author.id]


async def test_who_wants_no_mail_reads_the_news_on_the_own_page(
    instance: Instance, session: AsyncSession
) -> None:
    await in_demo(session)
    author = await make.account(session)
    proposal = await published(session, author)
    await actions.choose_mail(session, wanted=False, by=resident_of(author))

    await tell(instance, session, "proposal.evaluated", proposal)

    assert await mails(instance, session) == []
    assert [news.title for news in await queries.news_for(session, author.id)] == [proposal.title]


async def test_nobody_is_told_of_their_own_act(instance: Instance, session: AsyncSession) -> None:
    author = await make.account(session)
    proposal = await published(session, author)
    entry = await audit.record(
        session,
        "proposal.edit_published",
        proposal.id,
        by=resident_of(author),
        process_id=proposal.process_id,
    )

    await jobs.announce(instance, session, entry=entry.id or 0)

    assert (await session.exec(select(Notice))).all() == []


async def test_following_twice_is_following_once_and_can_end(session: AsyncSession) -> None:
    proposal = await published(session, await make.account(session))
    follower = resident_of(await make.account(session))

    await actions.follow(session, proposal, by=follower)
    await actions.follow(session, proposal, by=follower)
    assert len(await queries.followers(session, proposal.id)) == 1

    await actions.unfollow(session, proposal, by=follower)
    assert len(await queries.followers(session, proposal.id)) == 0


async def test_mail_declined_twice_at_once_is_declined(own_database: Database) -> None:
    async with own_database.transaction() as session:
        resident = await make.resident(session)

    async def decline() -> None:
        async with own_database.transaction() as session:
            await actions.choose_mail(session, wanted=False, by=resident)
            await asyncio.sleep(0.05)  # the other writes before this one commits

    await asyncio.gather(decline(), decline())

    async with own_database.transaction() as session:
        assert not await queries.wants_mail(session, resident.id)
        await actions.choose_mail(session, wanted=True, by=resident)
        assert await queries.wants_mail(session, resident.id)
