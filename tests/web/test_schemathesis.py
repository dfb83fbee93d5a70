"""Whatever a program sends, the answer is a problem in plain words and never a fault of ours.

Every operation of the OpenAPI description, 50 examples each with FULL=1 (`make prove`) and 6 else, anonymous and as each role, against the real service.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Session as Connection
from schemathesis import APIOperation, Case, GenerationMode

from service.accounts.models import Session
from service.accounts.queries import token_digest
from service.core import clock
from service.core.actor import Role
from service.core.database import Database
from service.processes.models import Activity
from tests import FULL, make
from tests.live import LiveService

EXAMPLES = 50 if FULL else 6
SESSION = Connection()
WHO = ("anonymous", "resident", *(role.value for role in make.STAFF if role is not Role.COUNCIL_MEMBER))

CALM = settings(
    max_examples=EXAMPLES // 2,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(params=WHO)
async def caller(
    request: pytest.FixtureRequest, own_url: str, own_database: Database, tmp_path: Path
) -> AsyncIterator[tuple[str, LiveService, dict[str, str]]]:
    """A service with one open process, and the headers of one kind of person."""
    headers = {}
    async with own_database.transaction() as session:
        process = await make.process(
            session, slug="oma-kaupunki", open_to=[Activity.PROPOSE, Activity.SUPPORT]
        )
        if request.param != "anonymous":
            role = None if request.param == "resident" else Role(request.param)
            person = await (make.staff(session, role) if role else make.account(session))
            expires_at = await clock.now(session) + make.timedelta(days=1)
            session.add(
                Session(token_digest=token_digest("t" * 43), account_id=person.id, expires_at=expires_at)
            )
            headers["Authorization"] = f"Bearer {'t' * 43}"
        assert process
    live = LiveService(own_url, tmp_path / "keys", worker=False)
    live.start()
    yield request.param, live, headers
    live.stop()


def test_no_operation_answers_with_a_fault_of_ours(
    caller: tuple[str, LiveService, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    who, live, headers = caller
    schema = schemathesis.openapi.from_url(f"{live.url}/api/v1/openapi.json")
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if "session" in operation.path and operation.method == "delete":
            continue  # it would end the session that the others need
        if operation.path.endswith("/me") and operation.method == "delete":
            continue
        _exercise(operation, live, headers, counts, faults)
    with capsys.disabled():
        print(f"\n{who}: {len(counts)} operations, {counts.total()} requests, fewest {min(counts.values())}")  # noqa: T201 - the count is wanted
    assert faults == []
    assert min(counts.values()) >= EXAMPLES


def _exercise(
    operation: APIOperation,
    live: LiveService,
    headers: dict[str, str],
    counts: Counter[str],
    faults: list[str],
) -> None:
    """Half of what is sent fits the description, half breaks it; what takes no input is asked as often."""

    sent: list[Case] = []

    def send(case: Case) -> None:
        response = case.call(base_url=live.url, headers=headers, timeout=10, session=SESSION)
        counts[operation.label] += 1
        sent.append(case)
        if response.status_code >= 500:
            faults.append(f"{response.status_code} {case.as_curl_command()[:600]}")
        elif response.status_code >= 400 and not response.headers["content-type"][0].startswith(
            "application/problem+json"
        ):
            faults.append(f"no problem document: {response.status_code} {operation.label}")

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        with suppress(Unsatisfiable):  # an operation without input cannot be given a wrong one
            CALM(given(case=operation.as_strategy(generation_mode=mode))(send))()
    for case in islice(cycle(list(sent)), EXAMPLES - counts[operation.label]):
        send(case)
