"""Voting: start, area, projects, review, receipt. Nothing that was chosen stands in an address."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from service.core import receipt
from service.core.errors import Invalid, msgid
from service.processes import queries as processes
from service.processes.models import AreaRule
from service.voting import actions, queries, rules
from service.voting.standing import Standing
from service.web import ballot_paper, booth, booth_pages, forms
from service.web.booth_pages import AtBooth, Press, at_booth, inside
from service.web.errors import error_page, status_of
from service.web.visit import AnyRequest, ThisVisit, Visit

AREA_TO_CHOOSE = msgid("Choose the area whose projects you vote on.")
SENTENCES = {"receipt": msgid("Write the code of your receipt.")}


class ReceiptForm(BaseModel):
    receipt: str = Field(max_length=100)


def ask_the_box(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something failed on our side while casting. Nobody guesses whether the ballot is in the box: the next page asks it."""
    answer = error_page(request, error)
    if status_of(error) < 500:
        return answer
    return Redirect(f"{request.url.path.removesuffix('/cast')}/receipt", status_code=303)


class BallotPages(Controller):
    path = "/processes/{slug:str}/ballot"

    @get()
    async def start(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        at = await at_booth(visit, slug)
        over = visit.now >= at.phase.closes_at
        return await (booth_pages.closed(at, status=200) if over else booth_pages.start(at))

    @post(status_code=200)
    async def open(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        try:
            return await _enrolled(at, booth.Facts())
        except Invalid:
            return await _facts_page(at)

    @get("/area")
    async def area(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        if not at.is_open:
            return await booth_pages.closed(at)
        if not at.opened:
            return await _facts_page(at)
        chosen = at.ballot.area_rule is AreaRule.CHOSEN
        return await booth_pages.area(at) if chosen else at.go("/projects")

    @post("/area", status_code=200)
    async def choose_area(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        filled = await forms.read(visit, booth.Facts)
        if not at.opened:
            return await _told(at, filled)
        area_id = filled.value.area_id if filled.value else None
        if area_id is None:
            return await booth_pages.area(at, mistake=AREA_TO_CHOOSE, status=422)
        try:
            await actions.choose_area(
                visit.session, at.ballot, area_id, by=await booth.voter(visit, at.ballot)
            )
        except Invalid as error:
            return await booth_pages.area(at, mistake=error.message, status=422)
        except rules.VotingIsClosed:
            return await booth_pages.closed(at)
        return at.go("/projects")

    @get("/projects")
    async def projects(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        return await booth_pages.elsewhere(at) or await booth_pages.projects(at)

    @post("/projects", status_code=200)
    async def choose(self, visit: ThisVisit, slug: FromPath[str]) -> Response[Any] | Redirect:
        """One press: `add` or `remove` with a project's number. Stored, and back to the same place."""
        at = await inside(visit, slug)
        press = await _press(visit)
        if at.is_open and not at.opened:
            return await booth_pages.start(at, press, status=409)
        try:
            standing = await _pressed(at, press)
        except rules.VotingIsClosed:
            return await booth_pages.closed(at)
        except Invalid as error:
            return await booth_pages.projects(at, refusal=error, status=422)
        if (await visit.form()).get("back") == "review":
            return at.go("/review")
        sheet = ballot_paper.sheet_with(ballot_paper.sheets(visit, standing), press[1])
        if visit.request.headers.get("accept", "").startswith("application/json"):
            headers = {"Cache-Control": "no-store"}
            return Response(sheet.answer, media_type="application/json", headers=headers)
        query = {**at.looking, "part": sheet.key} if sheet.key else at.looking
        return at.go("/projects", f"#p{press[1]}", **query)

    @get("/review")
    async def review(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        return await booth_pages.elsewhere(at) or await booth_pages.review(at)

    @get("/cast")
    async def not_cast(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """Where the language is switched on a page that answered a form."""
        return (await inside(visit, slug)).go("/review")

    @post("/cast", status_code=200, exception_handlers={Exception: ask_the_box})
    async def cast(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        at = await inside(visit, slug)
        if at.is_open and not at.opened:
            return at.go()
        sent = (await visit.form()).getall("number", [])
        reviewed = frozenset(
            int(number) for number in map(str, sent) if number.isdecimal() and len(number) < 10
        )
        try:
            await actions.cast(visit.session, at.ballot, reviewed, by=await booth.voter(visit, at.ballot))
        except rules.VotingIsClosed:
            return await booth_pages.closed(at)
        except rules.ChoicesChanged as error:
            return await booth_pages.review(at, refusal=error, status=409)
        except Invalid as error:
            return await booth_pages.review(at, refusal=error, status=422)
        return at.go("/receipt")

    @post("/discard")
    async def discard(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """Changes made since the ballot was cast."""
        at = await inside(visit, slug)
        await actions.discard_changes(visit.session, at.ballot, by=await booth.voter(visit, at.ballot))
        return at.go("/review", done="discarded")

    @get("/receipt")
    async def receipt(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """What the box itself says: also where one lands when casting failed on our side."""
        at = await inside(visit, slug)
        code = at.standing.receipt if at.standing else None
        if code is None:
            return at.page("not_cast", step="review") if at.is_open else await booth_pages.closed(at)
        return at.page("receipt", step="receipt", receipt=receipt.written(code), unfinished_ballots=[])

    @get("/check")
    async def ask_receipt(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        at = await at_booth(visit, slug)
        return at.page("check", form=forms.Form(), vote=await booth_pages.vote(at), counted=None)

    @post("/check", status_code=200)
    async def check(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """Answered at once and not by a redirect: the receipt stands in no address."""
        at = await at_booth(visit, slug)
        filled = await forms.read(visit, ReceiptForm, sentences=SENTENCES)
        vote = await booth_pages.vote(at)
        if filled.value is None:
            return at.page("check", status=422, form=filled.form, vote=vote, counted=None)
        counted = await queries.is_counted(visit.session, at.ballot.process_id, filled.value.receipt)
        return at.page("check", form=filled.form, vote=vote, counted=counted)


async def _enrolled(at: AtBooth, facts: booth.Facts) -> Response[str] | Redirect:
    """Open the ballot and go on to it. Raises Invalid where something has to be told first."""
    try:
        await booth.enrol(at.visit, at.frame.process.slug, facts)
    except rules.NotEligible as error:
        reason = at.visit.gettext(error.message, **error.parameters)
        return at.page("not_eligible", status=403, reason=reason)
    except (rules.VotingIsClosed, rules.VotingHasNotOpened):
        return await booth_pages.closed(at)
    press = await _press(at.visit)
    if press[1]:
        entry = at.ballot.by_number.get(press[1])
        return at.page("opened", press=press, title=ballot_paper.title(entry, at.visit) if entry else "")
    return at.go("/area" if at.ballot.area_rule is AreaRule.CHOSEN and at.ballot.areas else "/projects")


async def _told(at: AtBooth, filled: forms.Filled[booth.Facts]) -> Response[str] | Redirect:
    form = filled.form
    for untold in booth_pages.untold(at, form):
        form.refuse(at.visit, untold)
    try:
        if filled.value and not form.mistakes:
            return await _enrolled(at, filled.value)
    except Invalid as error:
        form.refuse(at.visit, error)
    return await booth_pages.facts(at, form, await _press(at.visit), status=422)


async def _facts_page(at: AtBooth) -> Response[str]:
    """With what is known already."""
    assert at.visit.account is not None
    residence = await processes.residence(at.visit.session, at.visit.account.id)
    known = {
        "birth_year": at.visit.account.birth_year,
        "area_id": residence.area_id if residence else None,
    }
    return await booth_pages.facts(at, forms.filled(known), await _press(at.visit))


async def _press(visit: Visit) -> Press:
    """What was pressed; a project's number has at most nine figures."""
    sent = await visit.form() if visit.request.method == "POST" else {}
    for name in ("add", "remove"):
        value = str(sent.get(name, ""))
        if value.isdecimal() and len(value) < 10:
            return name, int(value)
    return "", 0


async def _pressed(at: AtBooth, press: Press) -> Standing:
    name, number = press
    act = actions.unchoose if name == "remove" else actions.choose
    return await act(at.visit.session, at.ballot, number, by=await booth.voter(at.visit, at.ballot))
