"""An editor merges proposals on a page, into one of them or into a new text, and undoes it."""

import httpx
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Role
from service.processes.models import Activity
from service.proposals.models import State
from tests import make

TEXT = "Torilta terveysasemalle on kilometri. Ehdotamme yhdessä penkkejä koko matkalle."


async def test_proposals_are_merged_into_a_new_text_and_separated_again(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    process = await make.process(session, open_to=[Activity.SUPPORT])
    first, second = await make.proposal(session, process), await make.proposal(session, process)
    csrf = await make.signed_in(client, session, await make.staff(session, Role.EDITOR))
    address = f"/fi/desk/processes/{process.slug}/merge"
    assert (await client.get(address)).status_code == 200

    sent = {
        "csrf": csrf,
        "sources": f"{first.number}, {second.number}",
        "title": "Penkkejä yhdessä",
        "text": TEXT,
    }
    answer = await client.post(address, data=sent)

    assert answer.status_code == 303, answer.text
    await session.refresh(first)
    await session.refresh(second)
    assert first.state is second.state is State.MERGED
    assert first.merged_into_id == second.merged_into_id

    answer = await client.post(f"{address}/separate", data={"csrf": csrf, "number": str(first.number)})
    assert answer.status_code == 303
    await session.refresh(first)
    assert first.state is State.PUBLISHED


async def test_an_unknown_number_is_named_at_its_field_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    process = await make.process(session, open_to=[Activity.SUPPORT])
    csrf = await make.signed_in(client, session, await make.staff(session, Role.EDITOR))

    sent = {"csrf": csrf, "sources": "99", "title": "Penkkejä yhdessä", "text": TEXT}
    answer = await client.post(f"/sv/desk/processes/{process.slug}/merge", data=sent)

    assert answer.status_code == 422
    assert "Penkkejä yhdessä" in answer.text
    assert TEXT in answer.text


@pytest.mark.parametrize(("number", "status"), [("", 422), ("?", 422), ("99", 422), ("1", 409)])
async def test_what_cannot_be_separated_is_told_at_the_form(
    client: httpx.AsyncClient, session: AsyncSession, number: str, status: int
) -> None:
    process = await make.process(session, open_to=[Activity.SUPPORT])
    await make.proposal(session, process)
    csrf = await make.signed_in(client, session, await make.staff(session, Role.EDITOR))

    sent = {"csrf": csrf, "number": number}
    answer = await client.post(f"/en/desk/processes/{process.slug}/merge/separate", data=sent)

    assert answer.status_code == status
    assert f'name="number" value="{number}"' in answer.text
    assert "ds-error-summary" in answer.text


async def test_merging_is_for_editors(client: httpx.AsyncClient, session: AsyncSession) -> None:
    process = await make.process(session)
    for role in (Role.MODERATOR, Role.ADMINISTRATOR):
        await make.signed_in(client, session, await make.staff(session, role))
        assert (await client.get(f"/fi/desk/processes/{process.slug}/merge")).status_code == 403


async def test_who_wants_no_mail_says_so_on_the_settings_page(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    csrf = await make.signed_in(client, session, await make.account(session))
    assert "checked" in (await client.get("/fi/me/settings")).text.split('name="wanted"')[1].split(">")[0]

    assert (await client.post("/fi/me/mail", data={"csrf": csrf})).status_code == 303

    assert "checked" not in (await client.get("/fi/me/settings")).text.split('name="wanted"')[1].split(">")[0]
