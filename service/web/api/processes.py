"""Processes as JSON: reading them, and for those who look after them, making and changing them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.processes import actions, queries
from service.processes.models import Activity, AreaRule, BallotType, LegalBasis, Phase, Process
from service.processes.parts import Beginning, Budget, PhasePlan, Settings, Texts, VotingRules
from service.web import steward
from service.web.visit import ThisVisit, Visit

Words = dict[str, str]
PLACE = "6f0f2f0e-2b3c-4a3e-9f0a-1d2e3f405162"


def example(**value: Any) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [value]})


class Versioned(BaseModel):
    version: int = Field(ge=0, le=2_147_483_647, description="The one that was read.")


class BeginningIn(Beginning):
    model_config = example(title={"fi": "Oma kaupunki 2028", "sv": "Min stad 2028"}, slug="oma-kaupunki-2028")


class SettingsIn(Settings, Versioned):
    model_config = example(
        version=1,
        slug="oma-kaupunki-2028",
        owner={"fi": "Osallisuus ja viestintä", "sv": "Delaktighet och kommunikation"},
        legal_basis="public_task",
        categories=[PLACE],
    )


class TextsIn(Texts, Versioned):
    model_config = example(
        version=2,
        title={"fi": "Oma kaupunki 2028", "sv": "Min stad 2028", "en": "Our city 2028"},
        summary={"fi": "Kerro, mihin 300 000 € käytetään.", "sv": "Berätta vad 300 000 € ska användas till."},
    )


class VotingRulesIn(VotingRules, Versioned):
    model_config = example(
        version=3,
        ballot_type="approval",
        max_choices=5,
        area_rule="home",
        minimum_age=13,
        eligible_count=18620,
    )


class BudgetsIn(Versioned):
    model_config = example(
        version=4, budgets=[{"area_id": PLACE, "cents": 6_200_000}, {"area_id": None, "cents": 8_000_000}]
    )

    budgets: list[Budget] = Field(max_length=1_000)


class PhaseIn(PhasePlan):
    model_config = example(
        name={"fi": "Äänestys", "sv": "Omröstning"},
        activities=["vote"],
        opens_at="2028-03-01T09:00:00+02:00",
        closes_at="2028-03-21T20:00:00+02:00",
    )

    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second phase.")


class PhaseChangeIn(PhasePlan, Versioned):
    model_config = example(
        version=1,
        name={"fi": "Äänestys", "sv": "Omröstning"},
        activities=["vote", "comment"],
        opens_at="2028-03-01T09:00:00+02:00",
        closes_at="2028-03-28T20:00:00+03:00",
    )


class PhaseOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    name: Words
    activities: list[Activity]
    opens_at: datetime
    closes_at: datetime


class NamedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    key: str
    name: Words


class AreaOut(NamedOut):
    population: int | None


class BudgetOut(BaseModel):
    area: NamedOut | None = Field(description="Null: the whole municipality.")
    cents: int


class ProcessInListOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: str
    title: Words
    summary: Words
    phases: list[PhaseOut] = []


class ProcessOut(ProcessInListOut):
    version: int
    published_at: datetime | None = Field(description="Null: in preparation, seen by its staff alone.")
    description: Words
    plain_summary: Words
    rules: Words
    voters: Words
    owner: Words
    legal_basis: LegalBasis
    ballot_type: BallotType
    max_choices: int | None
    area_rule: AreaRule
    minimum_age: int | None
    maximum_age: int | None
    eligible_count: int | None
    currency: str
    budgets: list[BudgetOut] = []
    categories: list[NamedOut] = []


async def out(visit: Visit, process: Process) -> ProcessOut:
    session = visit.session
    answer = ProcessOut.model_validate(process)
    answer.phases = _phases(await queries.phases(session, process.id))
    answer.budgets = [
        BudgetOut(area=NamedOut.model_validate(area) if area else None, cents=pot.cents)
        for pot, area in await queries.pots(session, process.id)
    ]
    answer.categories = [
        NamedOut.model_validate(category) for category in await queries.categories(session, process.id)
    ]
    return answer


def _phases(phases: Any) -> list[PhaseOut]:
    return [PhaseOut.model_validate(phase) for phase in phases]


def in_list(process: Process, phases: list[Phase]) -> ProcessInListOut:
    answer = ProcessInListOut.model_validate(process)
    answer.phases = _phases(phases)
    return answer


class ProcessesApi(Controller):
    path = "/processes"
    tags = ["Processes"]

    @get(operation_id="listProcesses")
    async def list(self, visit: ThisVisit) -> list[ProcessInListOut]:
        """Published processes with their phases, newest first."""
        return [in_list(*pair) for pair in await queries.rounds(visit.session)]

    @get("/{slug:str}", operation_id="getProcess")
    async def get(self, visit: ThisVisit, slug: FromPath[str]) -> ProcessOut:
        """One process with its phases, money, topics and rules. One in preparation is shown to its staff."""
        return await out(visit, await steward.visible(visit, slug))

    @post(operation_id="createProcess")
    async def create(self, visit: ThisVisit, data: JSONBody[BeginningIn]) -> ProcessOut:
        """Begin a process. Nobody but its staff sees it before it is published. For editors and administrators of all."""
        return await out(visit, await actions.create(visit.session, data, by=steward.of_all(visit)))

    @put("/{slug:str}/settings", operation_id="changeProcessSettings")
    async def change_settings(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[SettingsIn]
    ) -> ProcessOut:
        """Address, owner, legal basis and topics. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        await actions.change_settings(visit.session, process, data, version=data.version, by=by)
        return await out(visit, process)

    @put("/{slug:str}/texts", operation_id="changeProcessTexts")
    async def change_texts(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[TextsIn]
    ) -> ProcessOut:
        """All texts in all languages; one that is left out is removed. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        await actions.change_texts(visit.session, process, data, version=data.version, by=by)
        return await out(visit, process)

    @put("/{slug:str}/voting-rules", operation_id="changeVotingRules")
    async def change_voting_rules(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[VotingRulesIn]
    ) -> ProcessOut:
        """Fixed when voting opens, but for the number of people who may vote. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        await actions.change_voting_rules(visit.session, process, data, version=data.version, by=by)
        return await out(visit, process)

    @put("/{slug:str}/budgets", operation_id="setBudgets")
    async def set_budgets(
        self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[BudgetsIn]
    ) -> ProcessOut:
        """All money of the process; an area that is left out has none. Fixed when voting opens. For its editors."""
        process, by = await steward.process_of(visit, slug)
        await actions.set_budgets(visit.session, process, data.budgets, version=data.version, by=by)
        return await out(visit, process)

    @put("/{slug:str}/publication", operation_id="publishProcess")
    async def publish(self, visit: ThisVisit, slug: FromPath[str]) -> ProcessOut:
        """From now on anyone can see the process. For its editors."""
        process, by = await steward.process_of(visit, slug)
        await actions.publish(visit.session, process, bilingual=visit.instance.city.bilingual, by=by)
        return await out(visit, process)

    @post("/{slug:str}/phases", operation_id="addPhase")
    async def add_phase(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[PhaseIn]) -> PhaseOut:
        """Phases may overlap and leave gaps; one of them at most is the vote. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        return PhaseOut.model_validate(
            await actions.add_phase(visit.session, process, data, nonce=data.nonce, by=by)
        )

    @put("/{slug:str}/phases/{phase_id:uuid}", operation_id="changePhase")
    async def change_phase(
        self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID], data: JSONBody[PhaseChangeIn]
    ) -> PhaseOut:
        """When voting has opened, its opening stays; when it has closed, its closing too. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        phase = await queries.phase(visit.session, process.id, phase_id)
        changed = await actions.change_phase(visit.session, process, phase, data, version=data.version, by=by)
        return PhaseOut.model_validate(changed)

    @delete("/{slug:str}/phases/{phase_id:uuid}", operation_id="removePhase")
    async def remove_phase(self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID]) -> None:
        """A vote that has opened stays. For the process's editors."""
        process, by = await steward.process_of(visit, slug)
        phase = await queries.phase(visit.session, process.id, phase_id)
        await actions.remove_phase(visit.session, process, phase, by=by)


@get("/areas", tags=["Processes"], operation_id="listAreas")
async def areas(visit: ThisVisit) -> list[AreaOut]:
    """The areas of the municipality."""
    return [AreaOut.model_validate(area) for area in await queries.areas(visit.session)]


@get("/categories", tags=["Processes"], operation_id="listCategories")
async def categories(visit: ThisVisit) -> list[NamedOut]:
    """The topics a proposal can belong to."""
    return [NamedOut.model_validate(category) for category in await queries.all_categories(visit.session)]
