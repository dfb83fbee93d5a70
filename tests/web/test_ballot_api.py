"""A vote by the API, as a program sees it."""

import httpx
import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.voting.models import SealedBallot
from tests import make


async def opened(client, session, process, **values):
    """A resident at the booth; headers for whatever changes something."""
    resident = await make.resident(session, **values)
    headers = {"X-CSRF-Token": await make.signed_in(client, session, resident)}
    address = f"/api/v1/processes/{process.slug}/ballot"
    answer = await client.post(address, json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    return address, headers


async def test_a_program_votes_and_has_its_receipt_again(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    process = await make.vote(session)
    address, headers = await opened(client, session, process)

    draft = await client.put(f"{address}/draft", json={"selection": [4, 2]}, headers=headers)
    assert draft.json()["state"] == "not_cast"
    assert draft.json()["selection"] == [2, 4]
    assert draft.json()["parts"] == [
        {"area_id": None, "selected": 2, "most": 5, "spent_cents": 60_000_00, "budget_cents": None, "projects": [1, 2, 3, 4, 5]}
    ]  # fmt: skip
    assert (await client.get(f"{address}/receipt")).status_code == 404

    cast = await client.post(f"{address}/cast", json={"selection": [2, 4]}, headers=headers)
    again = await client.post(f"{address}/cast", json={"selection": [2, 4]}, headers=headers)
    read = await client.get(f"{address}/receipt")

    assert cast.status_code == 200, cast.text
    assert cast.json() == again.json() == read.json()
    assert (await client.get(address)).json()["state"] == "cast"
    assert len((await session.exec(select(SealedBallot))).all()) == 1


@pytest.mark.parametrize(
    ("selection", "kind", "said"),
    [
        ([1, 77], "UnknownProject", "77"),
        ([1, 2, 3], "TooManyChoices", "2"),
        ([], "NothingChosen", "Choose"),
        ([2], "ChoicesChanged", "another window"),
    ],
)
async def test_what_cannot_be_cast_is_named_and_the_draft_kept(
    client: httpx.AsyncClient, session: AsyncSession, selection: list[int], kind: str, said: str
) -> None:
    process = await make.vote(session, max_choices=2)
    address, headers = await opened(client, session, process)
    await client.put(f"{address}/draft", json={"selection": [1, 2]}, headers=headers)

    answer = await client.post(f"{address}/cast", json={"selection": selection}, headers=headers)

    assert answer.status_code == (409 if kind == "ChoicesChanged" else 422)
    assert answer.json()["type"].endswith(kind)
    assert said in answer.json()["title"]
    assert (await client.get(address)).json()["selection"] == [1, 2]
    assert (await session.exec(select(SealedBallot))).all() == []
