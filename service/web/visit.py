"""Who came, with what, and the transaction they came in: the one dependency of every handler.

It is the only generator among the dependencies: Litestar leaks a second one's session when a sibling raises. Litestar closes
it before the answer is sent, so a failed commit is an error and never a false "done".
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from litestar import Request
from litestar.datastructures import FormMultiDict, State
from litestar.di import NamedDependency
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core import clock
from service.core.actor import (
    Administrator,
    CouncilMember,
    Editor,
    Evaluator,
    Moderator,
    Resident,
    Role,
    Staff,
)
from service.core.errors import Forbidden, SignInNeeded
from service.core.instance import Instance
from service.core.text import Language
from service.processes import queries as processes
from service.processes.queries import Roles
from service.web import csrf
from service.web.language import of_path, of_request, written

READING = frozenset({"GET", "HEAD", "OPTIONS"})

AnyRequest = Request[Any, Any, State]
Person = TypeVar("Person", bound=Staff)


@dataclass
class Visit:
    request: AnyRequest
    instance: Instance
    session: AsyncSession
    language: Language
    now: datetime
    account: Account | None
    roles: Roles = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def has_desk(self) -> bool:
        """A member of a council group has a room of the group instead."""
        return bool(self.roles.keys() - {Role.COUNCIL_MEMBER})

    @property
    def has_council_room(self) -> bool:
        return Role.COUNCIL_MEMBER in self.roles

    @property
    def resident(self) -> Resident:
        """The person signed in; raises SignInNeeded."""
        account = self._signed_in()
        return Resident(account.id, account.name, account.language)

    @property
    def viewer(self) -> Resident | Moderator | None:
        """Who looks, for loaders that show a person their own and a moderator what was sent to the city."""
        if self.account is None:
            return None
        return self.moderator if self.has_role(Role.MODERATOR) else self.resident

    @property
    def moderator(self) -> Moderator:
        return self._staff(Moderator, Role.MODERATOR)

    @property
    def evaluator(self) -> Evaluator:
        return self._staff(Evaluator, Role.EVALUATOR)

    @property
    def editor(self) -> Editor:
        return self._staff(Editor, Role.EDITOR)

    @property
    def council_member(self) -> CouncilMember:
        return self._staff(CouncilMember, Role.COUNCIL_MEMBER)

    @property
    def administrator(self) -> Administrator:
        return self._staff(Administrator, Role.ADMINISTRATOR)

    @property
    def token(self) -> str | None:
        """Of the session this visit came with."""
        return _bearer_token(self.request) or self.request.cookies.get(csrf.SESSION_COOKIE)

    def has_role(self, role: Role) -> bool:
        return role in self.roles

    def gettext(self, message: str, **parameters: object) -> str:
        return self.instance.translations.gettext(self.language)(message) % written(parameters, self.language)

    async def form(self) -> FormMultiDict:
        return await self.request.form()

    def _signed_in(self) -> Account:
        if self.account is None:
            raise SignInNeeded
        return self.account

    def _staff(self, kind: type[Person], role: Role) -> Person:
        account = self._signed_in()
        if role not in self.roles:
            raise Forbidden
        return kind(account.id, account.name, self.roles[role])


ThisVisit = NamedDependency[Visit]


async def receive(request: AnyRequest, state: State) -> AsyncIterator[Visit]:
    """Open the transaction: read-only in PostgreSQL itself for GET, so that a page that writes fails in its first test."""
    reading = request.method in READING
    if not reading and of_path(request.url.path):
        form = await request.form()
        csrf.check(request, str(form.get(csrf.FIELD, "")))
        request.state.sent_form = form  # for the sign-in page, should this visit need one first
    instance: Instance = state.instance
    async with instance.database.transaction(read_only=reading) as session:
        account, roles = await _who(request, session)
        yield Visit(
            request=request,
            instance=instance,
            session=session,
            language=of_request(request, instance.settings.default_language),
            now=await clock.now(session),
            account=account,
            roles=roles,
        )


async def _who(request: AnyRequest, session: AsyncSession) -> tuple[Account | None, Roles]:
    """By cookie from a browser, by bearer token from a program. A cookie alone may change nothing through the API."""
    if token := _bearer_token(request):
        found = await processes.signed_in(session, token)
        if found is None:
            raise SignInNeeded
        return found
    cookie = request.cookies.get(csrf.SESSION_COOKIE)
    found = await processes.signed_in(session, cookie) if cookie else None
    if found is None:
        return None, {}
    if request.method not in READING and of_path(request.url.path) is None:
        csrf.check(request, request.headers.get(csrf.HEADER, ""))
    return found


def _bearer_token(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
