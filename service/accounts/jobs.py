"""The code leaves by mail, and the warning to who has not come for long; what has expired goes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import queries, rules
from service.accounts.models import Account, Session, SignInCode
from service.core import clock, deployment, mail, text
from service.core.errors import msgid
from service.core.instance import Instance

SUBJECT = msgid("%(service)s: your sign-in code")
BODY = msgid(
    "Your sign-in code is %(code)s\n"
    "\n"
    "It can be used once, until %(when)s Finnish time, on the page where you asked for it.\n"
    "\n"
    "If you did not ask for a code, you need not do anything. Do not tell the code to anyone.\n"
    "\n"
    "%(service)s\n"
    "%(address)s\n"
)

WARNING = msgid("%(service)s: your account will be deleted")
WARNING_BODY = msgid(
    "You have not used the service %(service)s for a long time. Unused accounts are deleted. Yours will go after %(day)s.\n"
    "\n"
    "If you want to keep it, sign in before that:\n"
    "%(link)s\n"
    "\n"
    "If you do not need it, you need not do anything. Your published proposals and comments stay without your name.\n"
    "\n"
    "%(service)s\n"
)


async def send_code(instance: Instance, session: AsyncSession, *, request: str) -> None:
    """Make the code, keep its digest, mail it. A second run mails nothing: the first one's code is on its way."""
    asked = await queries.code_request(session, UUID(request))
    now = await clock.now(session)
    if asked is None or asked.code_digest is not None or not rules.may_be_tried(asked, at=now):
        return
    code = rules.new_code()
    asked.code_digest = rules.code_digest(instance.keys.instance("codes"), asked, code)
    gettext = instance.translations.gettext(asked.language)
    city = instance.city.in_language(asked.language)
    values = {
        "service": city.brand or city.name,
        "code": f"{code[:3]} {code[3:]}",
        "when": text.moment(asked.expires_at, asked.language),
        "address": instance.settings.address,
    }
    await mail.send(
        session,
        mail.Mail(to=asked.email, subject=gettext(SUBJECT) % values, body=gettext(BODY) % values),
        settings=instance.settings,
        demo=await deployment.kind(session) is deployment.Kind.DEMO,
    )


async def warn(instance: Instance, session: AsyncSession, *, account: str, until: str) -> None:
    """Mail that an unused account will be deleted. Also to who wants no mails: it is the last one."""
    to = await session.get(Account, UUID(account))
    if to is None:
        return
    gettext = instance.translations.gettext(to.language)
    city = instance.city.in_language(to.language)
    values = {
        "service": city.brand or city.name,
        "day": text.day(datetime.fromisoformat(until), to.language),
        "link": f"{instance.settings.address}/{to.language}/sign-in",
    }
    await mail.send(
        session,
        mail.Mail(to=to.email, subject=gettext(WARNING) % values, body=gettext(WARNING_BODY) % values),
        settings=instance.settings,
        demo=await deployment.kind(session) is deployment.Kind.DEMO,
    )


async def clean_up(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """Remove codes that no throttle counts any more, and sessions that have expired."""
    now = await clock.now(session)
    await session.exec(
        delete(SignInCode).where(
            col(SignInCode.requested_at) < now - max(rules.ADDRESS_WINDOW, rules.WINDOW_IN_ALL)
        )
    )
    await session.exec(delete(Session).where(col(Session.expires_at) <= func.puntari_now()))
