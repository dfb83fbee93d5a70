"""Voting by pages, as a browser without script does it."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from service.core import clock
from service.core.actor import System
from service.processes.models import AreaRule, BallotType
from service.voting import actions, box, queries
from service.voting.models import RollEntry, SealedBallot
from tests import make


class Browser:
    """Reads a page, fills its forms, follows what it is told."""

    def __init__(self, client, process, language="en"):
        self.client = client
        self.home = f"/{language}/processes/{process.slug}"
        self.here = f"{self.home}/ballot"
        self.page = None

    async def go(self, path=""):
        self.page = await self.client.get(f"{self.here}{path}", follow_redirects=True)
        return self

    async def send(self, path="", **fields):
        proof = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)[1]
        self.page = await self.client.post(
            f"{self.here}{path}", data={"csrf": proof, **fields}, follow_redirects=True
        )
        return self

    async def press(self, name, number):
        return await self.send("/projects", **{name: str(number)})

    async def review_and_cast(self):
        await self.go("/review")
        numbers = re.findall(r'name="number" value="(\d+)"', self.page.text)
        return await self.send("/cast", number=numbers)

    @property
    def words(self):
        main = re.search(r"<main.*?</main>", self.page.text, re.DOTALL)[0]
        return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))

    @property
    def heading(self):
        return " ".join(
            unescape(re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", self.page.text, re.DOTALL)[0])).split()
        )

    @property
    def address(self):
        return str(self.page.url).removeprefix("http://puntari.test")

    @property
    def receipt(self):
        return re.search(r"data-copy>([^<]+)<", self.page.text)[1]


async def browser(client, session, process, language="en", **values):
    await make.signed_in(client, session, await make.account(session, **values))
    return Browser(client, process, language)


async def in_box(session):
    return len((await session.exec(select(SealedBallot))).all())


async def test_a_vote_by_pages_ends_at_its_receipt_and_stays_there(client, session):
    process = await make.vote(session)
    it = await browser(client, session, process)

    await it.go()
    assert it.heading == "Voting"
    await it.send()
    assert it.address == f"{it.here}/projects"
    await it.press("add", 2)
    assert it.address == f"{it.here}/projects#p2"
    await it.press("add", 5)
    assert "Selected 2/5" in it.words
    await it.go("/review")
    assert it.heading == "Review your choices and vote"
    assert "You have not voted yet." in it.words
    assert await in_box(session) == 0

    await it.review_and_cast()

    assert it.address == f"{it.here}/receipt"
    assert it.heading == "Your vote has been received"
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", it.receipt)
    assert "Project 2" not in it.page.text
    code = it.receipt
    assert (await it.go("/receipt")).receipt == code
    assert await in_box(session) == 1
    await it.go("/review")
    assert it.heading == "Your vote"
    assert 'name="number"' not in it.page.text


async def test_a_visitor_without_account_reads_how_it_goes_and_is_asked_to_sign_in(client, session):
    process = await make.vote(session)
    it = Browser(client, process)

    await it.go()
    assert f"/en/sign-in?next=/en/processes/{process.slug}/ballot" in unescape(it.page.text)
    assert it.page.headers["cache-control"] == "private, no-cache"
    for path in ("/projects", "/review", "/receipt", "/area"):
        answer = await client.get(f"{it.here}{path}")
        assert answer.status_code == 303
        assert "/sign-in?next=" in answer.headers["location"]


async def test_a_press_on_a_projects_page_goes_along_until_it_is_in_the_draft(client, session):
    """Pressed before the ballot was open: the press is asked for again on the way, and never in an address."""
    process = await make.vote(session)
    it = await browser(client, session, process)

    await it.go()
    await it.press("add", 3)
    assert it.page.status_code == 409
    assert 'name="add" value="3"' in it.page.text
    await it.send("", add="3")
    assert it.heading == "Your ballot is open"
    await it.press("add", 3)

    assert "Selected 1/5" in it.words


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_of_a_vote_is_there_in_every_language(client, session, language):
    process = await make.vote(session)
    it = await browser(client, session, process, language)

    await it.go()
    await it.send()
    await it.press("add", 1)
    for path in ("", "/projects", "/review", "/receipt", "/check"):
        await it.go(path)
        assert it.page.status_code == 200
        assert f'lang="{language}"' in it.page.text
    await it.review_and_cast()
    assert it.page.status_code == 200


async def test_the_sixth_choice_is_answered_with_the_five_and_their_remove_buttons(client, session):
    process = await make.vote(session, projects=[(None, 100)] * 7)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    for number in (1, 2, 3, 4, 5):
        await it.press("add", number)

    await it.press("add", 6)

    assert it.page.status_code == 422
    assert "<title>Error: " in it.page.text
    alert = re.search(r'<div class="ds-alert" data-color="danger".*?</form>', it.page.text, re.DOTALL)[0]
    assert "You can select up to 5 projects. Remove one to add another." in alert
    assert re.findall(r'name="remove" value="(\d)"', alert) == ["1", "2", "3", "4", "5"]
    await it.press("remove", 2)
    await it.press("add", 6)
    assert "Selected 5/5" in it.words


async def test_a_knapsack_over_its_money_says_by_how_much_and_is_cast_only_within_it(client, session):
    process = await make.vote(session, ballot_type=BallotType.KNAPSACK, max_choices=None)
    it = await browser(client, session, process, "fi")
    await it.go()
    await it.send()
    for number in (3, 4, 5):
        await it.press("add", number)
    assert "20\xa0000\xa0€" in it.words

    await it.review_and_cast()

    assert it.page.status_code == 422
    assert "20\xa0000\xa0€" in it.words
    assert "Riittää, että poistat yhden näistä:" in it.words
    could_go, chosen = ["5", "4", "3"], ["5", "4", "3"]
    assert re.findall(r'name="remove" value="(\d)"', it.page.text) == could_go + chosen
    assert await in_box(session) == 0
    await it.send("/projects", remove="3", back="review")
    assert it.address == f"{it.here}/review"
    await it.review_and_cast()
    assert it.address == f"{it.here}/receipt"


async def test_where_no_single_choice_is_enough_the_dearest_together_are_named(client, session):
    process = await make.vote(
        session,
        ballot_type=BallotType.KNAPSACK,
        max_choices=None,
        projects=[(None, euros * 100) for euros in (30, 40, 35, 5)],
        pots=[(None, 50 * 100)],
    )
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    for number in (1, 2, 3, 4):
        await it.press("add", number)

    await it.review_and_cast()

    assert "It is enough to remove these:" in it.words
    assert re.findall(r'name="remove" value="(\d)"', it.page.text)[:2] == ["2", "3"]


async def test_the_front_page_reminds_of_each_ballot_not_yet_cast(client, session):
    first, second = await make.vote(session), await make.vote(session, title={"en": "Harbour Park"})
    it = await browser(client, session, first)
    for process in (first, second):
        at = Browser(client, process)
        await at.go()
        await at.send()
        await at.press("add", 1)
    await it.review_and_cast()

    it.page = await client.get("/en/")

    assert "Harbour Park. You have not voted yet." in it.words
    assert it.words.count("You have not voted yet.") == 1
    assert f'href="/en/processes/{second.slug}/ballot/review"' in it.page.text


async def test_choices_changed_in_another_window_are_shown_before_they_are_cast(client, session):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    await it.press("add", 1)
    await it.go("/review")
    other = Browser(client, process)
    await other.go("/projects")
    await other.press("add", 4)

    await it.send("/cast", number="1")

    assert it.page.status_code == 409
    assert "another window" in it.words
    assert "Project 4" in it.words
    assert await in_box(session) == 0


async def test_two_short_ballots_come_after_each_other_where_there_are_two(client, session):
    harbour = await make.area(session)
    process = await make.vote(
        session,
        area_rule=AreaRule.HOME,
        max_choices=1,
        pots=[(harbour, 1_000_00), (None, 1_000_00)],
        projects=[(harbour, 100_00), (harbour, 100_00), (None, 100_00)],
    )
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    assert it.heading == "Where do you live?"
    await it.send("/area", area_id=str(harbour.id))
    assert it.heading == "Choose projects: Harbour"
    assert "Project 3" not in it.words
    await it.press("add", 1)
    assert "After these come the projects that everyone votes on." in it.words
    assert f'href="{it.here}/projects?part=city"' in it.page.text

    await it.go("/projects?part=city")
    assert it.heading == "Choose projects: Whole city"
    await it.press("add", 3)
    assert it.address == f"{it.here}/projects?part=city#p3"
    await it.review_and_cast()

    assert it.address == f"{it.here}/receipt"


async def test_what_is_missing_is_asked_and_what_was_typed_is_kept(client, session):
    harbour = await make.area(session)
    process = await make.vote(
        session,
        area_rule=AreaRule.HOME,
        minimum_age=13,
        pots=[(harbour, 1_000_00)],
        projects=[(harbour, 100_00)],
    )
    it = await browser(client, session, process)
    await it.go()
    await it.send()

    await it.send("/area")
    assert "Choose your home area" in it.words
    assert "Give your year of birth" in it.words
    await it.send("/area", birth_year="19x4", area_id=str(harbour.id))
    assert it.page.status_code == 422
    assert 'value="19x4"' in it.page.text
    await it.send("/area", birth_year="1984")
    assert it.page.status_code == 422
    assert "Choose your home area" in it.words
    assert 'value="1984"' in it.page.text
    await it.send("/area", birth_year="1984", area_id=str(harbour.id))

    assert it.heading == "Choose projects: Harbour"


async def test_who_is_too_young_is_told_the_rule_and_whom_to_call(client, session):
    process = await make.vote(session, minimum_age=13, voters=make.words("those who live here and are 13"))
    now = await clock.now(session)
    it = await browser(client, session, process, birth_year=now.year - 5)
    await it.go()

    await it.send()

    assert it.page.status_code == 403
    assert "those who turn 13 or more this year" in it.words
    assert "those who live here and are 13" in it.words
    assert "05 555 0100" in it.words
    assert (await session.exec(select(RollEntry))).all() == []


async def test_an_area_is_chosen_where_the_rule_lets_one(client, session):
    harbour, forest = await make.area(session), await make.area(session, "Forest")
    process = await make.vote(
        session,
        area_rule=AreaRule.CHOSEN,
        pots=[(harbour, 1_000_00), (forest, 2_000_00)],
        projects=[(harbour, 100_00), (forest, 100_00), (forest, 100_00)],
    )
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    assert it.heading == "Choose an area"
    assert "2 projects, €2,000 to share" in it.words
    await it.send("/area")
    assert it.page.status_code == 422
    await it.send("/area", area_id=str(forest.id))

    assert it.heading == "Choose projects: Forest"
    await it.press("add", 1)
    assert it.page.status_code == 422
    assert "belongs to an area that is not on your ballot" in it.words


async def test_the_script_is_answered_what_is_stored(client, session):
    process = await make.vote(session, ballot_type=BallotType.KNAPSACK, max_choices=None)
    it = await browser(client, session, process, "fi")
    await it.go()
    await it.send()
    await it.press("add", 2)
    proof = re.search(r'name="csrf" value="([0-9a-f]+)"', it.page.text)[1]

    answer = await client.post(
        f"{it.here}/projects", data={"csrf": proof, "add": "4"}, headers={"Accept": "application/json"}
    )

    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {
        "projects": [
            {"number": 2, "title": "Project 2", "cost": "20\xa0000\xa0€"},
            {"number": 4, "title": "Project 4", "cost": "40\xa0000\xa0€"},
        ],
        "totals": {"selected": 2, "spent": 60_000_00, "most": None, "budget": 100_000_00},
        "announcement": answer.json()["announcement"],
    }
    assert "40\xa0000\xa0€" in answer.json()["announcement"]


async def test_while_a_ballot_is_unfinished_every_page_of_the_process_and_the_own_page_say_so(
    client, session
):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    assert "You have not voted yet." not in (await client.get(it.home)).text
    await it.press("add", 1)

    for address in (it.home, f"{it.home}/proposals", f"{it.here}/projects"):
        page = await client.get(address)
        assert "You have not voted yet." in page.text
        assert f'href="{it.here}/review"' in page.text
    assert f'href="{it.here}/review"' in (await client.get("/en/me")).text
    await it.review_and_cast()
    assert "You have not voted yet." not in (await client.get(it.home)).text
    assert f'href="{it.here}/review"' not in (await client.get("/en/me")).text

    await it.go("/projects")
    await it.press("add", 2)
    assert "Your vote stands." in (await client.get(it.home)).text
    await it.go("/review")
    await it.send("/discard")
    assert "Your changes were discarded" in it.words
    assert "Your vote stands." not in (await client.get(it.home)).text


@pytest.mark.parametrize("voted", [False, True])
async def test_when_the_vote_closes_on_someone_choosing_the_page_is_certain(client, session, voted):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    await it.press("add", 1)
    if voted:
        await it.review_and_cast()
        await it.go("/projects")
        await it.press("add", 2)
    await it.go("/review")
    opened = it.page
    await session.exec(text("update session set expires_at = expires_at + interval '1 year'"))
    await clock.shift(session, timedelta(days=11))
    certain = "the last one you gave is counted" if voted else "there is no vote of yours in the box"

    for path, fields in (("/cast", {"number": "1"}), ("/projects", {"add": "3"})):
        it.page = opened
        await it.send(path, **fields)
        assert it.page.status_code == 409
        assert it.heading == "Voting has closed"
        assert certain in it.words
    for path, status in (("", 200), ("/review", 409), ("/projects", 409)):
        await it.go(path)
        assert it.page.status_code == status
        assert certain in it.words
    assert await in_box(session) == voted


async def test_a_receipt_is_checked_by_whoever_has_it_once_the_votes_are_counted(client, session, instance):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    await it.press("add", 1)
    await it.review_and_cast()
    code = it.receipt
    await it.go("/check")
    assert "when the votes have been counted" in it.words
    await clock.shift(session, timedelta(days=11))
    await actions.open_box(session, process, keys=instance.keys, by=System("test"))
    client.cookies.clear()

    await it.go("/check")
    await it.send("/check", receipt=code.lower().replace("-", " "))
    assert "The vote with this receipt is in the count." in it.words
    await it.send("/check", receipt="0000-0000-0000-0000")
    assert "No vote with this receipt is in the count." in it.words
    await it.send("/check", receipt="")
    assert it.page.status_code == 422
    assert "Project 1" not in it.page.text


async def test_when_casting_fails_on_our_side_the_next_page_asks_the_box(client, session, monkeypatch):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    await it.press("add", 1)
    await it.go("/review")

    async def away(*_args):
        raise OperationalError("cast", {}, ConnectionResetError())

    with monkeypatch.context() as patch:
        patch.setattr(box, "cast", away)
        await it.send("/cast", number="1")

    assert it.heading == "Your vote is not in the box"
    await it.review_and_cast()
    assert it.heading == "Your vote has been received"


async def test_nothing_chosen_stands_in_an_address(client, session):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    proof = re.search(r'name="csrf" value="([0-9a-f]+)"', it.page.text)[1]

    pressed = await client.post(f"{it.here}/projects", data={"csrf": proof, "add": "2"})
    assert pressed.headers["location"] == f"{it.here}/projects#p2"  # a fragment is never sent
    cast = await client.post(f"{it.here}/cast", data={"csrf": proof, "number": "2"})
    assert cast.headers["location"] == f"{it.here}/receipt"
    for page in (await client.get(f"{it.here}/review"), await client.get(f"{it.here}/receipt")):
        assert page.headers["cache-control"] == "no-store"
        hrefs = re.findall(r'(?:href|action)="([^"]+)"', page.text)
        assert not [href for href in hrefs if re.search(r"[?/](?:add|number|receipt)=?\d", href)]


async def test_a_form_without_proof_stores_nothing(client, session):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()

    for path, fields in (("/projects", {"add": "1"}), ("/cast", {"number": "1"}), ("/discard", {}), ("", {})):
        answer = await client.post(f"{it.here}{path}", data={"csrf": "00", **fields})
        assert answer.status_code == 403
    assert "Selected 0/5" in (await it.go("/projects")).words


async def test_nonsense_in_a_form_or_an_address_is_answered_and_stores_nothing(client, session):
    process = await make.vote(session)
    it = await browser(client, session, process)
    await it.go()
    await it.send()
    proof = re.search(r'name="csrf" value="([0-9a-f]+)"', it.page.text)[1]
    nonsense = [
        {},
        {"add": "x"},
        {"add": "9" * 40},
        {"add": "999999999"},
        {"remove": "\x00"},
        {"number": ["x", "\x00", "9" * 40]},
        {"receipt": "\x00"},
        {"receipt": "x" * 101},
        {"area_id": "x"},
        {"birth_year": "9" * 50},
    ]
    for path in ("/projects", "/cast", "/area", "/check", "/discard"):
        for fields in nonsense:
            answer = await client.post(f"{it.here}{path}", data={"csrf": proof, **fields})
            assert answer.status_code in {200, 303, 422}, (path, fields)
    for query in (
        "part=x",
        "q=%00",
        "page=" + "9" * 40,
        "page=-1",
        "order=x",
        "category=x",
        "only=x",
        "done=x",
    ):
        for path in ("", "/projects", "/review", "/receipt", "/check"):
            assert (await client.get(f"{it.here}{path}?{query}")).status_code == 200, (path, query)
    assert await in_box(session) == 0
    assert "Selected 0/5" in (await it.go("/projects")).words


@pytest.fixture
async def keyless(client, session, instance, caplog):
    """Somebody has voted, and then the folder of the vote's keys is another."""
    process = await make.vote(session)
    await make.signed_in(client, session, await make.account(session, keys=instance.keys))
    it = await Browser(client, process).go()
    await it.send()
    await it.press("add", 2)
    await it.review_and_cast()
    folder = instance.keys.folder / str(process.id)
    folder.rename(f"{folder}.away")
    yield it, process
    if folder.exists():
        folder.rmdir()
    Path(f"{folder}.away").rename(folder)


async def test_with_the_keys_missing_nobody_is_told_that_they_have_not_voted_and_the_log_says_what_is_wrong(
    keyless, caplog
):
    it, process = keyless

    for path in ("", "/projects", "/review", "/receipt"):
        caplog.clear()
        await it.go(path)
        assert it.page.status_code == 503, path
        assert "The keys of this vote cannot be found" in it.page.text
        assert "KeysAreMissing" in caplog.text
    for path in ("", "/receipt"):
        answer = await it.client.get(f"/api/v1/processes/{process.slug}/ballot{path}")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:puntari:problem:KeysAreMissing")
    assert (await it.client.get(it.home)).status_code == 200


async def test_with_the_keys_destroyed_after_the_count_the_page_says_so_much_and_no_more(keyless, session):
    it, process = keyless
    vote = await queries.vote(session, process.id)
    await clock.shift(session, timedelta(days=50))
    vote.counted_at = vote.emptied_at = await clock.now(session)
    await session.flush()
    await make.signed_in(it.client, session, await make.account(session))

    await it.go("/receipt")

    assert it.heading == "Voting has closed"
    assert "You did not vote" not in it.words
    answer = await it.client.get(f"/api/v1/processes/{process.slug}/ballot")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puntari:problem:KeysAreGone")


async def test_a_number_of_any_length_is_no_fault_of_ours(client, session, instance):
    process = await make.vote(session, projects=[(None, 100)] * 201)
    await make.signed_in(client, session, await make.account(session, keys=instance.keys))
    it = await Browser(client, process).go()
    await it.send()
    await it.press("add", 2)
    await it.go("/review")

    await it.send("/cast", number="1" * 5_000)
    assert (it.page.status_code, it.address) == (422, f"{it.here}/cast")
    assert "Choose at least one project before you vote." in it.words

    await it.go(f"/projects?page={'9' * 5_000}")
    assert it.page.status_code == 200
