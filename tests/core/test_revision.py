"""The public revision cannot be asked: visitors are served all the same, and the log says so once."""

import logging

import pytest

from service.core.database import DatabaseAway
from service.core.revision import Revisions


async def test_a_database_that_cannot_be_reached_is_in_the_log_once(
    caplog: pytest.LogCaptureFixture, database_url: str
) -> None:
    caplog.set_level(logging.WARNING, "puntari")
    revisions = Revisions("postgresql://puntari:geheim@127.0.0.1:1/puntari")
    for _ in range(3):
        with pytest.raises(DatabaseAway):
            await revisions.current()
    revisions._url = database_url  # it comes back
    await revisions.current()
    assert [record.getMessage() for record in caplog.records] == [
        "no page is kept, the public revision is not known: ConnectionRefusedError"
    ]
    await revisions.close()
