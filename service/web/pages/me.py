"""A person's own page: what waits for them, their settings and sessions, their data, leaving."""

import json
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service import person
from service.accounts import actions, queries
from service.accounts.models import OwnSettings
from service.accounts.queries import token_digest
from service.accounts.rules import DeletionNotConfirmed
from service.core.errors import Invalid, msgid
from service.notifications import queries as notifications
from service.notifications.rules import ANNOUNCEMENTS
from service.processes import actions as processes_actions
from service.processes import queries as processes
from service.proposals import queries as proposals
from service.web import forms
from service.web.page import page, told
from service.web.pages.sign_in import signed_out
from service.web.visit import ThisVisit, Visit
from service.web.waiting import waiting

NOTICES = {
    "saved": msgid("Your settings have been saved."),
    "session-ended": msgid("The sign-in has been ended."),
    "draft-deleted": msgid("The draft has been deleted."),
    "joined": msgid("You are now a co-author."),
    "declined": msgid("You are not a co-author."),
}


class SettingsForm(OwnSettings):
    area_id: UUID | None = None


class MePages(Controller):
    path = "/me"

    @get()
    async def start(self, visit: ThisVisit) -> Response[str]:
        resident = visit.resident
        return page(
            visit,
            "me/start.html",
            notice=told(visit, NOTICES),
            waiting=await waiting(visit),
            news=[
                (visit.gettext(ANNOUNCEMENTS[news.action].sentence), news)
                for news in await notifications.news_for(visit.session, resident.id)
            ],
            own=await proposals.of_author(visit.session, resident.id),
            followed=await notifications.followed_by(visit.session, resident.id),
        )

    @get("/settings")
    async def settings(self, visit: ThisVisit) -> Response[str]:
        residence = await processes.residence(visit.session, visit.resident.id)
        account = await queries.get(visit.session, visit.resident.id)
        form = forms.filled(
            {
                "name": account.name,
                "language": account.language,
                "birth_year": account.birth_year,
                "area_id": residence.area_id if residence else None,
            }
        )
        return await _settings_page(visit, form)

    @post("/settings", status_code=200)
    async def change_settings(self, visit: ThisVisit) -> Response[str] | Redirect:
        resident = visit.resident
        filled = await forms.read(visit, SettingsForm)
        if filled.value is None:
            return await _settings_page(visit, filled.form, status=422)
        try:
            async with visit.session.begin_nested():
                await actions.change_settings(visit.session, filled.value, by=resident)
                await processes_actions.set_residence(visit.session, filled.value.area_id, by=resident)
        except Invalid as error:
            await visit.session.refresh(visit.account)  # undoing forgot what was read of it
            return await _settings_page(visit, filled.form.refuse(visit, error), status=422)
        return Redirect(f"/{visit.language}/me/settings?done=saved", status_code=303)

    @post("/sessions/{session_id:uuid}/end")
    async def end_session(self, visit: ThisVisit, session_id: FromPath[UUID]) -> Redirect:
        await actions.end_session(visit.session, session_id, by=visit.resident)
        return Redirect(f"/{visit.language}/me/settings?done=session-ended", status_code=303)

    @post("/sign-out-everywhere")
    async def sign_out_everywhere(self, visit: ThisVisit) -> Redirect:
        await actions.end_all_sessions(visit.session, by=visit.resident)
        return signed_out(visit, "signed-out-everywhere")

    @get("/data")
    async def data(self, visit: ThisVisit) -> Response[bytes]:
        kept = await person.data(visit.session, visit.resident.id)
        return Response(
            json.dumps(kept, ensure_ascii=False, indent=2).encode(),
            media_type="application/json",
            headers={
                "Content-Disposition": 'attachment; filename="puntari-own-data.json"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    @get("/delete")
    async def ask_delete(self, visit: ThisVisit) -> Response[str]:
        return page(visit, "me/delete.html", resident=visit.resident)

    @post("/delete")
    async def delete(self, visit: ThisVisit) -> Redirect:
        resident = visit.resident
        if (await visit.form()).get("confirm") != "yes":
            raise DeletionNotConfirmed
        await person.delete(visit.session, by=resident)
        return signed_out(visit, "deleted")


async def _settings_page(visit: Visit, form: forms.Form, *, status: int = 200) -> Response[str]:
    account = await queries.get(visit.session, visit.resident.id)
    own = token_digest(visit.token or "")
    return page(
        visit,
        "me/settings.html",
        status=status,
        form=form,
        notice=told(visit, NOTICES),
        email=account.email,
        wants_mail=await notifications.wants_mail(visit.session, account.id),
        areas=await processes.areas(visit.session),
        sessions=[
            {
                "id": row.id,
                "created_at": row.created_at,
                "expires_at": row.expires_at,
                "is_this": row.token_digest == own,
            }
            for row in await queries.sessions(visit.session, account.id)
        ],
    )
