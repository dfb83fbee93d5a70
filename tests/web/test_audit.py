"""The audit trail in a browser, and words for whatever staff can do."""

import ast

import pytest

from service.audit import actions as audit
from service.core.actor import Role, System
from service.core.settings import CHECKOUT
from service.moderation import actions as moderation
from service.moderation.models import Decision, Ground, Kind
from service.proposals.models import State
from service.web.trail import WORDS
from tests import make
from tests.web.visitor import Visitor, words

STAFF = {"Moderator", "Evaluator", "Editor", "Administrator", "Staff", "Steward", "System", "Actor"}


@pytest.fixture
async def process(session):
    return await make.process(session, title=make.words("Our city"))


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
def visitor(client, session):
    return Visitor(client, session, "/fi/desk/audit")


async def test_the_trail_says_when_who_what_and_where(session, process, editor, visitor):
    moderator = await make.staff(session, Role.MODERATOR, name="Maija Moderaattori")
    proposal = await make.proposal(session, process, state=State.SUBMITTED, title="Salainen otsikko")
    refusal = Decision(kind=Kind.REFUSE, ground=Ground.OTHER, reason="Salainen perustelu.")
    await moderation.decide(session, proposal, refusal, version=proposal.version, by=moderator)
    await visitor.enter(editor)

    page = await visitor.get("")

    assert "Tarkistaja Jätti ehdotuksen julkaisematta Ehdotus 1 Our city (fi)" in words(page)
    assert f"/proposals/{proposal.number}" not in page.text  # it is not public, so no link leads astray
    for secret in ("Maija", "Salainen"):
        assert secret not in page.text


async def test_what_residents_do_is_not_in_the_staffs_trail(session, process, editor, visitor):
    by = await make.resident(session)
    await audit.record(session, "proposal.submitted", by=by, process_id=process.id)
    await audit.record(session, "keys.destroyed", by=System("worker"), process_id=process.id)
    await visitor.enter(editor)

    page = words(await visitor.get(""))

    assert "Palvelu Hävitti äänestyksen avaimet" in page
    assert "proposal.submitted" not in page


async def test_the_trail_is_read_page_by_page_and_by_process(session, process, visitor):
    other = await make.process(session, title=make.words("Youth budget"))
    for number in range(60):
        by = System("test")
        await audit.record(
            session, "process.changed", by=by, process_id=(process if number % 3 else other).id
        )
    await visitor.enter(await make.staff(session, Role.ADMINISTRATOR))

    first = await visitor.get("")
    assert first.text.count("<tr ") == 51
    older = first.text.partition("before=")[2].partition('"')[0]
    second = await visitor.get(f"?before={older}")
    assert second.text.count("<tr ") == 11
    only = await visitor.get(f"?process={other.id}")
    assert only.text.count("<tr ") == 21
    assert f'value="{other.id}" selected' in only.text


async def test_nonsense_in_the_address_is_the_whole_trail(session, editor, visitor):
    await visitor.enter(editor)
    for query in ("?process=x", "?before=x", "?before=-1", "?before=99999999999"):
        assert (await visitor.get(query)).status_code == 200


async def test_the_trail_is_not_for_everybody(session, process, visitor):
    for person in (
        await make.resident(session),
        await make.staff(session, Role.MODERATOR),
        await make.staff(session, Role.EVALUATOR),
    ):
        await visitor.enter(person)
        assert (await visitor.get("")).status_code == 403
    visitor.leave()
    assert (await visitor.get("", follow=False)).headers["location"].startswith("/fi/sign-in")


def staff_actions():
    """Codes that a function records whose `by` may be one of the staff."""
    for path in (CHECKOUT / "service").glob("*/**/*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.AsyncFunctionDef) or path.parts[-2] == "notifications":
                continue
            by = [argument.annotation for argument in function.args.kwonlyargs if argument.arg == "by"]
            if not by or not STAFF & {node.id for node in ast.walk(by[0]) if isinstance(node, ast.Name)}:
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and "record" in ast.unparse(call.func):
                    yield from (
                        argument.value
                        for argument in call.args
                        if isinstance(argument, ast.Constant) and "." in str(argument.value)
                    )


def test_whatever_staff_do_has_words_in_the_trail():
    found = set(staff_actions())
    assert len(found) > 25
    assert found - set(WORDS) == set()
