"""Finding proposals through SQL: words in any inflection, filters, orders, pages, and no query per row."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from service.core import clock, lemmas
from service.proposals import actions, jobs, queries, search
from service.proposals.models import Idea, SearchEntry, State
from service.proposals.search import Order, Search
from tests import make


@contextmanager
def statements(connection):
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection.sync_connection, "before_cursor_execute", note)


async def add(session, process, title, text="Tämä olisi hyvä kaikille asukkaille.", language="fi", **values):
    made = await make.proposal(session, process, title=title, text=text, language=language, **values)
    await search.index(session, made)
    return made


async def titles(session, process, **wanted):
    found = await search.listed(session, process.id, Search(**{"order": Order.NEWEST, **wanted}))
    assert found.total >= len(found.rows)
    return [row.title for row in found.rows]


@pytest.mark.parametrize(
    ("language", "title", "queries"),
    [
        ("fi", "Penkkejä Puistokadulle", ["penkki", "penkit", "penkeille", "puistokatu", "Puistokatujen", "puisto"]),
        ("fi", "Katujen hiekoitus talvella", ["katu", "kadun", "kaduilla", "talvi", "hiekoituksen kadut"]),
        ("fi", "Lasten leikkipuiston vesi", ["lapsi", "lapsille", "vettä", "veden", "leikkipuisto", "puisto"]),
        ("fi", "Asukkaiden oma tupa", ["asukas", "asukkaalle", "tuvassa"]),
        ("fi", "Teiden kunnostus", ["tie", "teillä", "teitä"]),
        ("sv", "Gatorna i hamnen", ["gata", "gatan", "gator", "hamn"]),
        ("sv", "En ny lekplats för barnen i skolan", ["barn", "barnet", "skola", "skolor", "lekplatser"]),
        ("sv", "Cykelställ vid stationen", ["cykel", "cyklar", "station", "stationer"]),
    ],
)  # fmt: skip
async def test_a_word_finds_its_inflections_and_the_compounds_it_is_in(
    session, process, language, title, queries
):
    await add(session, process, title, "–" * 20, language)
    await add(session, process, "Frisbeegolf", "–" * 20)
    misses = [query for query in queries if await titles(session, process, q=query) != [title]]

    assert misses == []


async def test_every_word_must_be_found_in_title_text_or_place(session, process):
    both = await add(session, process, "Penkkejä rantaan", "Laituri on kaukana.", address="Satamakatu 2")
    await add(session, process, "Penkkejä torille")

    for q in ("penkki laituri", "penkit satamakadulla", "RANNAN penkki"):
        assert await titles(session, process, q=q) == [both.title]
    assert await titles(session, process, q="penkki jäähalli") == []


async def test_a_slip_of_the_pen_is_forgiven_where_nothing_else_is_found(session, process):
    await add(session, process, "Leikkipuisto Kirkonkylään")
    await add(session, process, "Skeittiparkki keskustaan")

    assert await titles(session, process, q="leikipuisto") == ["Leikkipuisto Kirkonkylään"]
    assert await titles(session, process, q="skeitiparki") == ["Skeittiparkki keskustaan"]
    assert await titles(session, process, q="leikipuisto kirkonkylä") == ["Leikkipuisto Kirkonkylään"]
    assert await titles(session, process, q="xyzzyplugh") == []


async def test_a_search_of_signs_alone_finds_nothing_and_spaces_are_no_search(session, process):
    await add(session, process, "Penkkejä rantaan")

    for q in ("!!!", "&|!:*'\\", "''", "():<->", "%_"):
        assert await titles(session, process, q=q) == []
    assert await titles(session, process, q="   ") == ["Penkkejä rantaan"]


async def test_a_word_with_signs_of_the_query_language_is_a_word(session, process):
    await add(session, process, "Don't panic: penkkejä & pöytiä (5 kpl)")

    for q in ("don't", "penkki & pöytä", "penkki | jäähalli!", "'penkki'", "penkki:*", "5 penkkiä"):
        found = await titles(session, process, q=q)
        assert found in (["Don't panic: penkkejä & pöytiä (5 kpl)"], []), q
    assert await titles(session, process, q="penkki & pöytä")


async def test_an_edited_text_is_found_by_its_new_words(session, process, published, aino, moderator):
    assert await titles(session, process, q="penkki")
    idea = Idea(title="Keinuja Puistokadulle", text="Aikuisetkin haluavat keinua joskus illalla.")
    await actions.edit(session, published, idea, version=published.version, note="", by=aino)
    assert await titles(session, process, q="keinu") == []

    await actions.publish(session, published, version=published.version, by=moderator)

    assert await titles(session, process, q="keinut") == ["Keinuja Puistokadulle"]
    assert await titles(session, process, q="penkki") == []


async def test_filters_take_several_areas_and_topics_and_the_whole_city(session, process):
    harbour, village = await make.area(session, "Harbour"), await make.area(session, "Village")
    parks, culture = await make.category(session, "Parks"), await make.category(session, "Culture")
    await make.proposal(session, process, title="A", area_id=harbour.id, category_id=parks.id)
    await make.proposal(session, process, title="B", area_id=village.id, category_id=culture.id)
    await make.proposal(session, process, title="C", category_id=parks.id)

    async def found(**wanted):
        return "".join(sorted(await titles(session, process, **wanted)))

    assert await found() == "ABC"
    assert await found(area=[harbour.key]) == "A"
    assert await found(area=[harbour.key, village.key]) == "AB"
    assert await found(area=["whole_city"]) == "C"
    assert await found(area=["whole_city", village.key]) == "BC"
    assert await found(category=[parks.key]) == "AC"
    assert await found(category=[parks.key], area=[harbour.key]) == "A"
    assert await found(category=["nothing"]) == ""
    assert await found(area=["nothing"]) == ""


async def test_a_list_holds_what_is_published_and_nothing_else_unless_asked(session, process):
    now = await clock.now(session)
    target = await make.proposal(session, process, title="published")
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.NOT_PUBLISHED):
        await make.proposal(session, process, state=state, title=state)
    await make.proposal(session, process, state=State.MERGED, title="merged", merged_into_id=target.id)
    await make.proposal(session, process, state=State.WITHDRAWN, title="withdrawn", published_at=now)
    await make.proposal(session, process, state=State.WITHDRAWN, title="never public")
    await make.proposal(session, await make.process(session), title="of another process")

    assert await titles(session, process) == ["published"]
    assert await titles(session, process, state=["merged"]) == ["merged"]
    assert await titles(session, process, state=["withdrawn"]) == ["withdrawn"]
    assert len(await titles(session, process, state=["published", "merged", "withdrawn"])) == 3


async def test_newest_first(session, process):
    now = await clock.now(session)
    for title, days in (("old", 9), ("new", 1), ("middle", 5)):
        await make.proposal(session, process, title=title, published_at=now - timedelta(days=days))

    assert await titles(session, process, order="newest") == ["new", "middle", "old"]


async def test_most_supported_first(session, process):
    people = [await make.resident(session) for _ in range(3)]
    for title, supporters in (("one", 1), ("none", 0), ("three", 3)):
        proposal = await make.proposal(session, process, title=title)
        for person in people[:supporters]:
            await actions.support(session, proposal, by=person)

    assert await titles(session, process, order="supports") == ["three", "one", "none"]


@pytest.fixture
async def many(session, process):
    author = await make.resident(session)
    for number in range(201):
        await make.proposal(session, process, author, number=number + 1, title=f"Ehdotus {number}")


@pytest.mark.parametrize("order", list(Order))
async def test_pages_neither_repeat_nor_lose_a_proposal(session, process, many, order):
    pages = [
        await search.listed(session, process.id, Search(order=order, seed="kevät", page=page))
        for page in range(1, 5)
    ]

    assert [len(page.rows) for page in pages] == [60, 60, 60, 21]
    assert {(page.total, page.pages) for page in pages} == {(201, 4)}
    assert len({row.number for page in pages for row in page.rows}) == 201


async def test_a_page_beyond_the_last_is_the_last(session, process, many):
    found = await search.listed(session, process.id, Search(page=9_999))

    assert (found.page, len(found.rows)) == (4, 21)


async def test_a_seed_is_an_order_and_another_seed_another(session, process, many):
    async def numbers(seed):
        found = await search.listed(session, process.id, Search(order="random", seed=seed))
        return [row.number for row in found.rows]

    assert await numbers("a") == await numbers("a")
    assert await numbers("a") != await numbers("b")
    assert await numbers("a") != sorted(await numbers("a"))


async def test_without_a_seed_everybody_has_the_order_of_the_day(session, process):
    found = await search.listed(session, process.id, Search())

    today = (await clock.now(session)).astimezone(clock.HELSINKI).date()
    assert found.seed == today.isoformat()


async def test_200_proposals_stand_on_one_page_and_cost_one_statement(session, connection, process, many):
    last = (await search.listed(session, process.id, Search(order="newest"))).rows[0]
    (await queries.get(session, last.id)).state = State.WITHDRAWN
    await session.flush()

    with statements(connection) as sent:
        found = await search.listed(session, process.id, Search(seed="kevät"))

    assert (len(found.rows), found.pages) == (200, 1)
    assert len(sent) == 1


async def test_a_search_that_forgives_costs_two_statements(session, connection, process):
    await add(session, process, "Skeittiparkki keskustaan")

    with statements(connection) as sent:
        found = await search.listed(session, process.id, Search(q="skeitiparki", seed="kevät"))

    assert (found.total, len(sent)) == (1, 2)


async def test_a_row_has_all_that_a_list_shows(session, process, aino):
    area, category = await make.area(session), await make.category(session)
    proposal = await make.proposal(
        session,
        process,
        aino,
        title="Penkkejä rantaan",
        text="a" * 400,
        area_id=area.id,
        category_id=category.id,
        address="Rantakatu 1",
        latitude=60.5,
        longitude=27.2,
        cost_wish_cents=900_00,
        picture_alt="Penkki",
    )
    await make.comment(session, proposal.thread_id)
    await make.comment(session, proposal.thread_id, hidden_at=await clock.now(session))
    await make.comment(session, proposal.thread_id, withdrawn_at=await clock.now(session))
    await actions.support(session, proposal, by=aino)

    (row,) = (await search.listed(session, process.id, Search())).rows

    same = ["id", "number", "state", "language", "title", "area_id", "category_id", "address", "latitude",
            "longitude", "cost_wish_cents", "author_id", "author_name", "author_kind", "organisation",
            "picture_id", "picture_alt", "published_at"]  # fmt: skip
    assert {name: getattr(row, name) for name in same} == {name: getattr(proposal, name) for name in same}
    assert (row.excerpt, row.supports, row.comments) == ("a" * 300, 1, 1)
    assert isinstance(row.state, State)


async def test_texts_are_indexed_again_when_the_dictionaries_change(session, instance, process, monkeypatch):
    proposals = [await add(session, process, f"Penkki {number}") for number in range(3)]
    monkeypatch.setattr(lemmas, "VERSION", lemmas.VERSION + 1)
    monkeypatch.setattr(jobs, "BATCH", 2)

    await jobs.index_again(instance, session)
    await jobs.index_again(instance, session)

    rows = (
        await session.exec(
            select(SearchEntry.lemma_version).where(
                col(SearchEntry.proposal_id).in_([proposal.id for proposal in proposals])
            )
        )
    ).all()
    assert set(rows) == {lemmas.VERSION}
    assert len(await titles(session, process, q="penkit")) == 3
