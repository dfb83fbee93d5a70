"""The operator takes the city's areas and topics into the database, once and again."""

import pytest

from service import cli
from service.core.database import Database
from service.core.instance import make
from service.core.settings import Settings
from service.processes import queries


async def test_the_citys_file_gives_its_areas_and_topics_in_their_order(
    own_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of a developer
    settings = Settings(database_url=own_url, key_folder=tmp_path)
    for _ in range(2):
        await cli._take_city(settings)

    instance = make(settings, Database(settings.database_url))
    async with instance.database.transaction(read_only=True) as session:
        areas, topics = await queries.areas(session), await queries.all_categories(session)
    await instance.database.close()
    facts = instance.city.facts
    assert [(area.key, area.name, area.population) for area in areas] == [
        (area["key"], area["name"], area["population"]) for area in facts["area"]
    ]
    assert [topic.key for topic in topics] == [topic["key"] for topic in facts["category"]]
