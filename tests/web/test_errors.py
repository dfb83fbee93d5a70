"""What went wrong is told to the visitor in a sentence and to the operator by its kind and place, never by what was typed."""

import logging
from dataclasses import replace

import httpx
import pytest
from litestar import Litestar, get
from pydantic import BaseModel
from sqlalchemy import text

from service.app import create_app
from service.core.database import Database
from service.core.keys import KeyStore
from service.web import errors
from service.web.visit import ThisVisit

TYPED = "Matti Meikäläinen"


class Typed(BaseModel):
    year: int


@get("/api/v1/misread")
async def misread() -> None:
    Typed.model_validate({"year": TYPED})


@get("/api/v1/twice")
async def twice(visit: ThisVisit) -> None:
    await visit.session.exec(text(f"insert into deployment (kind) values ('{TYPED}')"))  # type: ignore[call-overload]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "puntari")
    return caplog


async def answer_of(app: Litestar, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/v1/misread", "ValidationError"), ("/api/v1/twice", "ReadOnlySQLTransactionError")],
)
async def test_a_fault_of_ours_is_logged_with_its_place_and_without_what_was_typed(
    instance, session, log, path, kind
):
    app = create_app(instance)
    for handler in (misread, twice):
        app.register(handler)
    answer = await answer_of(app, path)

    assert answer.status_code == 500
    assert f"unexpected {kind}" in log.text
    assert f"in {path.rsplit('/', 1)[1]}" in log.text
    assert TYPED not in log.text


async def test_keys_that_may_not_be_read_are_a_fault_of_ours_and_no_outage(instance, session, log, tmp_path):
    (tmp_path / "identity.key").mkdir()  # whoever runs the tests, this cannot be read as a file
    elsewhere = create_app(replace(instance, keys=KeyStore(tmp_path)))
    transport = httpx.ASGITransport(elsewhere)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as visitor:
        answer = await visitor.post("/api/v1/sign-in", json={"email": "aino@posti.example", "language": "fi"})

    assert answer.status_code == 500
    assert "IsADirectoryError" in log.text
    assert "identity.key" in log.text
    assert "database away" not in log.text


async def test_no_answer_from_the_database_is_an_outage_with_its_kind_in_the_log(instance, log):
    away = Database("postgresql://puntari:geheim@127.0.0.1:1/puntari")
    answer = await answer_of(create_app(replace(instance, database=away)), "/api/v1/processes")

    assert answer.status_code == 503
    assert "database away: ConnectionRefusedError" in log.text
    assert "geheim" not in log.text


def test_a_file_that_may_not_be_read_is_no_outage():
    assert errors.status_of(PermissionError()) == 500
    assert errors.status_of(ConnectionResetError()) == 503


@pytest.mark.parametrize(
    ("language", "way_on"),
    [("fi", "Jatka etusivulta."), ("sv", "Fortsätt från startsidan."), ("en", "Go on from the front page.")],
)
async def test_a_page_that_is_not_there_tells_of_the_way_it_offers(client, session, language, way_on):
    answer = await client.get(f"/{language}/nothing")

    assert way_on in answer.text
    assert f'<a class="ds-link" href="/{language}/">' in answer.text
