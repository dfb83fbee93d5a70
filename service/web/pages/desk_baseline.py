"""A calculator's starting point: the budget file with a preview, what is supposed of the years after it, the official figures beside it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import ValidationError

from service.calculator import budget_file, official, projection, queries
from service.calculator.budget_file import GROWTH, RESIDENTS
from service.calculator.engine import statement
from service.calculator.models import OfficialFigure
from service.calculator.projection import BudgetTooLarge
from service.calculator.specification import Assumption, Baseline, Line
from service.core.errors import Invalid, msgid
from service.core.text import LANGUAGES, Localized
from service.processes.rules import EditedMeanwhile
from service.web import forms, localized, typed
from service.web.calculator_desk import LINES, Part, Workspace, mark, open_workspace
from service.web.forms import Form
from service.web.typed import Typed, typed_hundredths
from service.web.visit import ThisVisit, Visit

NO_FILE = msgid("Choose the file of the budget.")
NO_SOURCE = msgid("Tell where the figures come from.")
LOST = msgid("The figures could not be read any more. Upload the file once more.")
BUDGET_OF = msgid("Budget of %(year)s")
PEOPLE = msgid("Number of residents")
DERIVED = {
    "interest": msgid("Interest on loans"),
    "operating_margin": msgid("Operating margin"),
    "annual_margin": msgid("Annual margin"),
    "result": msgid("Result for the financial year"),
    "accumulated": msgid("Accumulated result"),
    "loans": msgid("Loan stock"),
}


class DeskBaselinePages(Controller):
    path = "/desk/calculator/{slug:str}/baseline"

    @get()
    async def baseline(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return await baseline_page(workspace, Form(), Form(typed=_supposed(workspace)))

    @post(status_code=200)
    async def press(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """A file is read and shown; what was shown is kept; other assumptions are counted."""
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        match given.text("act"):
            case "keep":
                return await _keep(workspace, given)
            case "suppose":
                return await _suppose(workspace, given)
            case _:
                return await _upload(workspace, given)


async def _upload(workspace: Workspace, given: Typed) -> Response[str]:
    """The preview carries the figures; nothing is kept yet."""
    file, rest = [await _content(workspace.visit, name) for name in ("file", "rest")]
    if not file:
        given.refuse("file", NO_FILE)
        return await baseline_page(workspace, given.form, status=422)
    try:
        budget = budget_file.read(file)
        source = _source(workspace, budget.year)
        found = projection.baseline(budget, budget_file.read(rest) if rest else None, source=source)
    except Invalid as error:
        return await baseline_page(workspace, given.form.refuse(workspace.visit, error), status=422)
    form = forms.filled(localized.typed("source", source.stored()))
    return preview_page(workspace, found, form)


async def _keep(workspace: Workspace, given: Typed) -> Response[str] | Redirect:
    try:
        found = Baseline.model_validate_json(given.text("figures"))
    except ValidationError:
        given.refuse("file", LOST)
        return await baseline_page(workspace, given.form, status=422)
    source = given.words("source", NO_SOURCE)
    if source is None:
        return preview_page(workspace, found, given.form, status=422)
    try:
        workspace.check_seen(given.text("seen"), workspace.draft.baseline)
        await workspace.write(Part.BASELINE, baseline=found.model_copy(update={"source": source}))
    except EditedMeanwhile as error:
        again = await open_workspace(workspace.visit, workspace.calculator.slug)
        return preview_page(again, found, given.form.refuse(workspace.visit, error), status=409)
    return Redirect(f"{workspace.address}/baseline?done=saved", status_code=303)


async def _suppose(workspace: Workspace, given: Typed) -> Response[str] | Redirect:
    """What is left empty stays as it was in the file."""
    before = workspace.draft.baseline
    if before is None:
        given.refuse("file", NO_FILE)
        return await baseline_page(workspace, given.form, status=422)
    interest = given.hundredths("interest_rate", least=0, most=2_000)
    assumptions = {}
    for key, name in _grows(workspace).items():
        if given.text(key) and (growth := given.hundredths(key, least=-5_000, most=5_000)) is not None:
            assumptions[key] = Assumption(key=key, name=name, growth=growth)
    if given.form.mistakes or interest is None:
        return await baseline_page(workspace, Form(), given.form, status=422)
    try:
        workspace.check_seen(given.text("seen"), before)
        found = projection.supposing(before, assumptions, interest)
        await workspace.write(Part.BASELINE, baseline=found)
    except BudgetTooLarge as error:
        return await baseline_page(workspace, Form(), given.form.refuse(workspace.visit, error), status=422)
    except EditedMeanwhile as error:
        again = await open_workspace(workspace.visit, workspace.calculator.slug)
        given.form.typed["seen"] = mark(again.draft.baseline)
        return await baseline_page(again, Form(), given.form.refuse(workspace.visit, error), status=409)
    return Redirect(f"{workspace.address}/baseline?done=saved", status_code=303)


async def baseline_page(
    workspace: Workspace, upload: Form, supposing: Form | None = None, *, status: int = 200
) -> Response[str]:
    """Two forms: a file, and what is supposed. `supposing` is none where the other one was sent."""
    visit, baseline = workspace.visit, workspace.draft.baseline
    supposing = supposing or Form(typed=_supposed(workspace))
    municipalities = await queries.municipalities(visit.session)
    asked = visit.request.query_params.get("municipality", "")
    business_id = asked if asked in {each for each, _ in municipalities} else ""
    figures = await queries.official(visit.session, business_id) if business_id else ()
    return workspace.page(
        "baseline",
        Part.BASELINE,
        status=status,
        upload=upload,
        supposing=supposing,
        errors=[*upload.errors, *supposing.errors],
        baseline=baseline,
        table=table(visit, baseline) if baseline else None,
        growths=[
            {"name": key, "label": name.text(visit.language).text} for key, name in _grows(workspace).items()
        ],
        municipalities=municipalities,
        business_id=business_id,
        official=beside(visit, baseline, figures) if baseline and figures else [],
    )


def preview_page(workspace: Workspace, found: Baseline, form: Form, *, status: int = 200) -> Response[str]:
    years = tuple(year.year for year in found.years)
    return workspace.page(
        "baseline_preview",
        Part.BASELINE,
        status=status,
        form=form,
        found=found,
        figures=found.model_dump_json(),
        seen=mark(workspace.draft.baseline),
        table=table(workspace.visit, found),
        other_years=bool(workspace.draft.levers) and years != workspace.years,
    )


def table(visit: Visit, baseline: Baseline) -> dict[str, Any]:
    """The budget and the years after it: the name of each line and its cents, with what follows from the lines."""
    outcomes, budget = statement(baseline), baseline.budget
    rows = [
        (visit.gettext(text), [budget.lines[line], *(year.lines[line] for year in outcomes)])
        for line, text in LINES.items()
        if any([budget.lines[line], *(year.lines[line] for year in outcomes)])
    ]
    reported = official.totals(baseline)
    first = {
        "interest": baseline.budget_interest,
        "operating_margin": reported["operating_margin"],
        "annual_margin": reported["annual_margin"],
        "result": reported["result"],
        "accumulated": baseline.accumulated,
        "loans": baseline.loans,
    }
    rows += [
        (visit.gettext(text), [first[name], *(getattr(year, name) for year in outcomes)])
        for name, text in DERIVED.items()
    ]
    return {
        "years": [budget.year, *(year.year for year in outcomes)],
        "rows": rows,
        "residents": [budget.residents, *(year.residents for year in outcomes)],
    }


def beside(visit: Visit, baseline: Baseline, figures: Any) -> list[dict[str, Any]]:
    """What the municipality reported of the budget year, and the same of this table; `differs` by more than half a per cent."""
    stored: list[OfficialFigure] = [
        each for each in figures if each.year == baseline.budget.year and each.phase == official.BUDGET
    ]
    reported = [
        official.Figure(each.municipality, each.business_id, each.line, each.year, each.phase, each.amount)
        for each in stored
    ]
    whole = [*reported, *official.derived(reported)]
    own, names = official.totals(baseline), official.names()
    differing = {difference.line for difference in official.check(baseline, whole)}
    return [
        {
            "name": names[each.line].text(visit.language).text,
            "official": each.amount,
            "own": own[each.line],
            "derived": each.derived,
            "differs": each.line in differing,
        }
        for each in whole
        if each.line in own
    ]


def _supposed(workspace: Workspace) -> dict[str, Any]:
    baseline, language = workspace.draft.baseline, workspace.visit.language
    if baseline is None:
        return {}
    return {
        "seen": mark(baseline),
        "interest_rate": typed_hundredths(baseline.interest_rate, language),
        **{each.key: typed_hundredths(each.growth, language) for each in baseline.assumptions},
    }


def _grows(workspace: Workspace) -> dict[str, Localized]:
    """What can be supposed to grow, with its name: residents and every line of the statement."""
    texts: dict[str, str] = {RESIDENTS: PEOPLE, **{line.value: LINES[line] for line in Line}}
    return {f"{GROWTH}{code}": _in_languages(workspace.visit, text) for code, text in texts.items()}


def _source(workspace: Workspace, year: int | None) -> Localized:
    """What it was, else the budget of the year."""
    if workspace.draft.baseline:
        return workspace.draft.baseline.source
    return _in_languages(workspace.visit, BUDGET_OF, year=year or "")


def _in_languages(visit: Visit, message: str, **parameters: object) -> Localized:
    translations = visit.instance.translations
    return Localized(
        **{language: translations.gettext(language)(message) % parameters for language in LANGUAGES}
    )


async def _content(visit: Visit, name: str) -> bytes:
    file = (await visit.form()).get(name)
    return await file.read() if isinstance(file, UploadFile) else b""
