"""The pages of a ballot, put together: a visitor before it, and what each page shows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response
from litestar.response import Redirect

from service.core.errors import DomainError, Invalid, NotFound, msgid
from service.processes import queries as processes
from service.processes.models import Activity, AreaRule, Phase, Pot
from service.processes.rules import voting_phase
from service.voting import queries, rules
from service.voting.ballot import Ballot, OverBudget, TooManyChoices
from service.voting.models import Vote
from service.voting.standing import Standing
from service.web import ballot_paper, booth, forms, process_frame
from service.web.ballot_paper import Sheet
from service.web.page import page, told
from service.web.process_frame import Frame
from service.web.visit import Visit

STEPS = {
    "area": msgid("Area"),
    "projects": msgid("Projects"),
    "review": msgid("Review"),
    "receipt": msgid("Receipt"),
}
NOTICES = {
    "discarded": msgid("Your changes were discarded. You see the choices you have voted with."),
}
LOOKING = ("part", "q", "only", "category", "order", "page")

Press = tuple[str, int]  # add or remove, and the project's number; 0 for none


@dataclass(frozen=True, slots=True)
class AtBooth:
    """A visitor before the ballot; `standing` is None for who is not signed in or where the keys are not there."""

    visit: Visit
    frame: Frame
    ballot: Ballot
    phase: Phase
    standing: Standing | None

    @property
    def address(self) -> str:
        return f"{self.frame.address}/ballot"

    @property
    def is_open(self) -> bool:
        return self.frame.allows(Activity.VOTE)

    @property
    def opened(self) -> bool:
        return self.standing is not None and self.standing.opened

    @property
    def looking(self) -> dict[str, str]:
        """What of the list is looked at, as the address says it."""
        asked = {name: self.visit.request.query_params.get(name, "") for name in LOOKING}
        return {name: value for name, value in asked.items() if value}

    def page(
        self, template: str, *, status: int = 200, step: str | None = None, **context: Any
    ) -> Response[str]:
        names = [name for name in STEPS if name != "area" or self.ballot.area_rule is not AreaRule.NONE]
        return page(
            self.visit,
            f"ballot/{template}.html",
            status=status,
            **{
                **self.frame.context("ballot"),
                "here": self.address,
                "phase": self.phase,
                "ballot": self.ballot,
                "standing": self.standing,
                "is_open": self.is_open,
                "steps": [self.visit.gettext(STEPS[name]) for name in names],
                "step": names.index(step) + 1 if step in names else None,
                "notice": told(self.visit, NOTICES),
                **context,
            },
        )

    def go(self, path: str = "", fragment: str = "", **query: str) -> Redirect:
        asked = f"?{urlencode(query)}" if query else ""
        return Redirect(f"{self.address}{path}{asked}{fragment}", status_code=303)


async def at_booth(visit: Visit, slug: str) -> AtBooth:
    """Raises NotFound where a process has no vote."""
    frame = await process_frame.read(visit, slug)
    phase = voting_phase(frame.phases)
    if phase is None:
        raise NotFound
    ballot = await booth.shown_ballot(visit, slug)
    standing = None
    if visit.account and ballot.box_public_key:
        try:
            standing = await booth.standing(visit, ballot)
        except rules.KeysAreGone:
            standing = None
    return AtBooth(visit, frame, ballot, phase, standing)


async def inside(visit: Visit, slug: str) -> AtBooth:
    """For somebody signed in; raises SignInNeeded, and the form that was sent is kept over the sign-in."""
    _ = visit.resident
    return await at_booth(visit, slug)


async def elsewhere(at: AtBooth) -> Response[str] | Redirect | None:
    """Where one has to go before one can choose."""
    if not at.is_open:
        return await closed(at)
    if at.standing is None or not at.standing.opened:
        return at.go()
    if at.ballot.area_rule is AreaRule.CHOSEN and at.ballot.areas and at.standing.draft is None:
        return at.go("/area")
    return None


async def start(at: AtBooth, press: Press = ("", 0), *, status: int = 200) -> Response[str]:
    """`press`: what was pressed on a project's page before the ballot was open; it goes along."""
    pots: list[tuple[Pot, Any]] = [*await processes.pots(at.visit.session, at.ballot.process_id)]
    return at.page("start", status=status, pots=pots, press=press, unfinished_ballots=[])


async def closed(at: AtBooth, *, status: int = 409) -> Response[str]:
    """Voting is over, or has not begun: what is certain about one's own ballot, asked of the box."""
    held = await vote(at)
    is_there = held is None or held.emptied_at is None
    return at.page(
        "closed",
        status=status,
        vote=held,
        has_ballot=at.standing.mark is not None if at.standing and is_there else None,
        unfinished_ballots=[],
    )


async def facts(at: AtBooth, form: forms.Form, press: Press, *, status: int = 200) -> Response[str]:
    """What has to be known before it is known what one may vote on."""
    asked = _asked(at)
    return at.page(
        "facts",
        status=status,
        step="area",
        form=form,
        press=press,
        asks_age="birth_year" in asked,
        areas=await processes.areas(at.visit.session) if "area_id" in asked else [],
    )


def untold(at: AtBooth, form: forms.Form) -> list[Invalid]:
    """What was asked and left empty, so that all of it is said at once."""
    return [missing(name) for name, missing in _asked(at).items() if not form.value(name)]


def _asked(at: AtBooth) -> dict[str, type[Invalid]]:
    """The facts that decide in this vote, in the order of the page, and what is said where one is missing."""
    process = at.frame.process
    by_home = at.ballot.area_rule is AreaRule.HOME
    by_age = process.minimum_age is not None or process.maximum_age is not None
    return {
        **({"area_id": rules.HomeAreaMissing} if by_home else {}),
        **({"birth_year": rules.BirthYearMissing} if by_age else {}),
    }


async def area(at: AtBooth, *, mistake: str | None = None, status: int = 200) -> Response[str]:
    """Where voters choose one."""
    names = await area_names(at)
    return at.page(
        "area",
        status=status,
        step="area",
        form=forms.Form(mistakes={"area_id": at.visit.gettext(mistake)} if mistake else {}),
        areas=[(area_id, names[area_id], at.ballot.parts(area_id)[0]) for area_id in at.ballot.areas],
        chosen=at.standing.selection.area_id if at.standing else None,
    )


async def projects(at: AtBooth, *, refusal: Invalid | None = None, status: int = 200) -> Response[str]:
    assert at.standing is not None
    sheets = ballot_paper.sheets(at.visit, at.standing)
    if not sheets:
        raise NotFound
    sheet = ballot_paper.sheet_of(sheets, at.looking.get("part", ""))
    names = await area_names(at)
    return at.page(
        "projects",
        step="projects",
        status=status,
        sheet=sheet,
        rows=ballot_paper.rows(sheet, at.looking, at.standing.voter.draft_pseudonym),
        looking=at.looking,
        place=names.get(sheet.part.area_id) if sheet.part.area_id else None,
        categories=await processes.categories(at.visit.session, at.ballot.process_id),
        row=lambda entry: ballot_paper.row(entry, at.visit, at.frame.address),
        refusal=_said(at.visit, refusal),
        too_many=isinstance(refusal, TooManyChoices),
        **({"unfinished_ballots": []} if refusal else {}),
    )


async def review(at: AtBooth, *, refusal: DomainError | None = None, status: int = 200) -> Response[str]:
    assert at.standing is not None
    names = await area_names(at)

    def place(sheet: Sheet) -> dict[str, str] | None:
        return names.get(sheet.part.area_id) if sheet.part.area_id else None

    return at.page(
        "review",
        step="review",
        status=status,
        sheets=[(sheet, place(sheet)) for sheet in ballot_paper.sheets(at.visit, at.standing)],
        row=lambda entry: ballot_paper.row(entry, at.visit, at.frame.address),
        told=lambda sheet: ballot_paper.told(at.visit, sheet.use),
        could_go=lambda sheet: ballot_paper.could_go(at.visit, sheet),
        dearest_first=ballot_paper.dearest_first,
        refusal=_said(at.visit, refusal),
        too_dear=isinstance(refusal, OverBudget),
        unfinished_ballots=[],
    )


async def vote(at: AtBooth) -> Vote | None:
    return await queries.vote(at.visit.session, at.ballot.process_id)


async def area_names(at: AtBooth) -> dict[UUID, dict[str, str]]:
    return {each.id: each.name for each in await processes.areas(at.visit.session)}


def _said(visit: Visit, error: DomainError | None) -> str | None:
    return visit.gettext(error.message, **error.parameters) if error else None
