"""A resident's plan by pages alone: chosen, counted, reviewed, sent once, withdrawn; and what people and programs send wrong."""

from datetime import timedelta

import pytest
from sqlmodel import select

from service.calculator import actions, queries
from service.calculator.models import SavedPlan, SubmittedPlan
from service.core import clock
from service.web import own_plan
from tests import make
from tests.calculator import small
from tests.web.visitor import Visitor, h1, hidden, title, words

BALANCED = {"lever.tax": "8.90", "lever.school": "close"}
LACKING = {"lever.school": "close"}


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


@pytest.fixture
def visitor(client, session, calculator):
    return Visitor(client, session, f"/en/calculator/{calculator.slug}")


async def form_of(visitor, path="/plan"):
    """The page, and its proof at hand for what is sent next."""
    page = await visitor.get(path)
    visitor.proof = hidden(page, "csrf")
    return page


async def choose(visitor, **fields):
    """Send the form of the plan; the page that follows."""
    page = await form_of(visitor)
    answer = await visitor.post("/plan", specification=hidden(page, "specification"), **fields)
    assert answer.status_code == 303, words(answer)
    return await visitor.get(answer.headers["location"])


async def review(visitor):
    page = await form_of(visitor, "/review")
    return {name: hidden(page, name) for name in ("specification", "code")}


async def submit(visitor, **fields):
    sent = await review(visitor)
    return await visitor.post("/review", **sent, **fields)


async def plans_of(session):
    return (await session.exec(select(SubmittedPlan))).all()


class TestThePath:
    async def test_a_plan_is_chosen_counted_reviewed_and_sent(self, visitor, session):
        start = await visitor.get("")
        assert "€199 is missing in 2028" in words(start)

        page = await choose(visitor, **BALANCED)
        assert "The budget is in balance in 2028." in words(page) or "left over" in words(page)
        assert 'name="lever.school" value="close" checked' in page.text

        answer = await submit(visitor, **BALANCED, comment="The children matter.")
        assert answer.headers["location"].endswith("/receipt")
        receipt = await visitor.get(answer.headers["location"])
        assert h1(receipt) == "Your plan has been received"
        (stored,) = await plans_of(session)
        assert stored.choices == {"tax": "8.90", "school": "close"}
        assert (stored.comment, stored.comment_state) == ("The children matter.", "waiting")
