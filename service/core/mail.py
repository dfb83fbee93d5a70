"""Mail leaves in jobs only: by SMTP, or in a demo into a mailbox that is a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.database import moment_column
from service.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    body: str


class DemoMail(SQLModel, table=True):
    """A mail of the demo city. The table stays empty everywhere else."""

    __tablename__ = "demo_mail"

    id: int | None = Field(default=None, primary_key=True)
    to: str = Field(index=True)
    subject: str
    body: str
    sent_at: datetime = moment_column(default_now=True)


async def demo_mails(session: AsyncSession, *, limit: int = 100) -> Sequence[DemoMail]:
    """Newest first."""
    return (await session.exec(select(DemoMail).order_by(col(DemoMail.id).desc()).limit(limit))).all()


class MailNotConfigured(Exception):
    """SMTP_URL is empty in a service that is not a demo: the job waits and is tried again."""


async def send(session: AsyncSession, mail: Mail, *, settings: Settings, demo: bool) -> None:
    """Hand a mail over. Raises aiosmtplib.SMTPException when the server refuses; the job is then tried again."""
    smtp = settings.smtp_url.get_secret_value()
    if demo:  # whatever is configured: its people are invented, their addresses might not be
        session.add(DemoMail(to=mail.to, subject=mail.subject, body=mail.body))
    elif smtp:
        await _send_by_smtp(mail, smtp, settings.mail_from)
    else:
        raise MailNotConfigured


async def _send_by_smtp(mail: Mail, smtp: str, sender: str) -> None:
    url = urlsplit(smtp)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message.set_content(mail.body)
    await aiosmtplib.send(
        message,
        hostname=url.hostname,
        port=url.port or (465 if url.scheme == "smtps" else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        start_tls=None,
        timeout=20,
    )
