"""“Try it”: which ballots a resident of this age and area would get by the voting rules as they stand."""

from dataclasses import dataclass

from service.core.errors import DomainError
from service.processes.models import Area, AreaRule, Pot
from service.processes.rules import voting_phase
from service.voting import rules
from service.web.process_desk import Workspace


@dataclass(frozen=True, slots=True)
class Trial:
    """`fixed` are the ballots everyone like this gets, `choice` those of which they choose one; or the `refusal`."""

    birth_year: int | None
    area: Area | None
    fixed: list[tuple[Pot, Area | None]]
    choice: list[tuple[Pot, Area | None]]
    refusal: str = ""


def of(workspace: Workspace) -> Trial | None:
    """By the query `?area=…&birth_year=…`; None where nobody was tried."""
    query = workspace.visit.request.query_params
    if "birth_year" not in query:
        return None
    typed = query.get("birth_year", "").strip()
    birth_year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None
    area = next((area for area in workspace.areas if area.key == query.get("area")), None)
    return _try(workspace, birth_year, area)


def _try(workspace: Workspace, birth_year: int | None, area: Area | None) -> Trial:
    process, vote = workspace.process, voting_phase(workspace.phases)
    at = vote.opens_at if vote else workspace.visit.now
    try:
        rules.check_age(process, birth_year, at=at)
        home = rules.fixed_area(process, area.id if area else None)
    except DomainError as error:
        refusal = workspace.visit.gettext(error.message, **error.parameters)
        return Trial(birth_year, area, [], [], refusal)
    own = [pair for pair in workspace.pots if pair[0].area_id is not None and pair[0].area_id == home]
    city_wide = [pair for pair in workspace.pots if pair[0].area_id is None]
    every = [pair for pair in workspace.pots if pair[0].area_id is not None]
    choice = every if process.area_rule is AreaRule.CHOSEN else []
    if not own and not city_wide and not choice:
        refusal = workspace.visit.gettext(rules.NoBallotForYourArea.message)
        return Trial(birth_year, area, [], [], refusal)
    return Trial(birth_year, area, own + city_wide, choice)
