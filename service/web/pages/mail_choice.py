"""Mails about one's own and followed proposals: wanted or not."""

from litestar import Controller, post
from litestar.response import Redirect

from service.notifications import actions
from service.web.visit import ThisVisit


class MailChoicePages(Controller):
    path = "/me/mail"

    @post()
    async def choose(self, visit: ThisVisit) -> Redirect:
        by = visit.resident
        wanted = (await visit.form()).get("wanted") == "yes"
        await actions.choose_mail(visit.session, wanted=wanted, by=by)
        return Redirect(f"/{visit.language}/me/settings?done=saved", status_code=303)
