"""Processes as JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field

from service.processes import queries
from service.processes.models import Phase, Process
from service.web.visit import ThisVisit


class PhaseOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: dict[str, str]
    activities: list[str]
    opens_at: datetime
    closes_at: datetime


class ProcessOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: str
    title: dict[str, str]
    summary: dict[str, str]
    phases: list[PhaseOut] = Field(default_factory=list)


def out(process: Process, phases: Any) -> ProcessOut:
    answer = ProcessOut.model_validate(process)
    answer.phases = [PhaseOut.model_validate(phase) for phase in phases]
    return answer


class ProcessesApi(Controller):
    path = "/processes"
    tags = ["Processes"]

    @get(operation_id="listProcesses")
    async def list(self, visit: ThisVisit) -> list[ProcessOut]:
        """Published processes, newest first."""
        return [out(process, []) for process in await queries.published(visit.session)]

    @get("/{slug:str}", operation_id="getProcess")
    async def get(self, visit: ThisVisit, slug: FromPath[str]) -> ProcessOut:
        """One process with its phases."""
        process = await queries.get(visit.session, slug)
        phases: list[Phase] = [*await queries.phases(visit.session, process.id)]
        return out(process, phases)
