"""The name beside a text: who has none yet gives it when they first write something that others read."""

from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, Field

from service.accounts import actions as accounts
from service.accounts.models import OneLine, OwnSettings
from service.core.actor import Resident
from service.core.errors import Invalid, msgid
from service.web.visit import Visit


class NameMissing(Invalid):
    message = msgid("Write the name that is shown beside your text.")


class Signed(BaseModel):
    """Of a form that asks for the name."""

    name: OneLine = Field(default="", max_length=80)


def writer(visit: Visit) -> Resident:
    """The person signed in, writing in the language of the page: whoever reads mails in Finnish may write in Swedish."""
    return replace(visit.resident, language=visit.language)


def is_missing(visit: Visit, author_id: UUID | None) -> bool:
    """Is this the author, and without a name so far?"""
    return author_id == visit.resident.id and not visit.resident.name


async def sign(visit: Visit, name: str) -> Resident:
    """The writer under their name; the one given is kept where there was none. Raises NameMissing."""
    account, by = visit.account, writer(visit)
    if by.name or account is None:
        return by
    if not name:
        raise NameMissing("name")
    settings = OwnSettings(name=name, language=account.language, birth_year=account.birth_year)
    await accounts.change_settings(visit.session, settings, by=by)
    return writer(visit)
