"""Discussions: answers in their place, what is taken back or hidden keeps its place, and a closed discussion is read."""

from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import event

from service.accounts.models import Account
from service.comments import actions, queries
from service.comments.models import Comment, Words
from service.comments.queries import Shown
from service.comments.rules import CommentIsGone
from service.core.actor import Role
from service.core.errors import Forbidden, NotFound, SentBefore
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals import rules as proposal_rules
from service.proposals.models import State
from tests import make

WORDS = Words(text="Apteekin edessä ei ole tilaa rollaattorille.")


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.COMMENT])


@pytest.fixture
async def proposal(session, process):
    return await make.proposal(session, process)


@pytest.fixture
async def irja(session):
    return await make.resident(session, name="Irja K.", language="sv")


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process)


@pytest.fixture
def say(session, proposal, irja):
    async def say(text="Hyvä ajatus.", to=None, by=None):
        return await proposals.comment(
            session,
            proposal,
            Words(text=text),
            nonce=uuid4(),
            by=by or irja,
            parent_id=to.id if to else None,
        )

    return say


async def test_a_comment_stands_under_its_writers_name_in_the_own_language(session, proposal, say):
    comment = await say()

    (conversation,) = await queries.conversations(session, proposal.thread_id)
    said = conversation.first
    assert (said.id, said.author_name, said.language, said.text, said.shown) == (
        comment.id,
        "Irja K.",
        "sv",
        "Hyvä ajatus.",
        Shown.TEXT,
    )
    assert said.written_at


async def test_each_answer_stands_after_what_it_answers(session, proposal, say):
    first, second = await say("1a"), await say("2a")
    b = await say("1b", to=first)
    c = await say("1c", to=first)
    await say("1b1", to=b)
    await say("1c1", to=c)
    await say("1b1x", to=b)
    await say("2b", to=second)

    found = await queries.conversations(session, proposal.thread_id)

    assert [one.first.text for one in found] == ["1a", "2a"]
    assert [[reply.text for reply in one.replies] for one in found] == [
        ["1b", "1b1", "1b1x", "1c", "1c1"],
        ["2b"],
    ]


async def test_an_answer_to_an_answer_says_whom_it_answers(session, proposal, say):
    maija = await make.resident(session, name="Maija")
    first = await say()
    reply = await say(to=first, by=maija)
    await say(to=reply)

    (found,) = await queries.conversations(session, proposal.thread_id)

    assert [reply.answers for reply in found.replies] == ["", "Maija"]


async def test_people_may_answer_each_other_a_thousand_deep(session, proposal, irja):
    parent = None
    for number in range(1_100):
        parent = await make.comment(
            session,
            proposal.thread_id,
            text=str(number),
            parent_id=parent.id if parent else None,
            author=irja,
        )

    (found,) = await queries.conversations(session, proposal.thread_id)

    assert [reply.text for reply in found.replies] == [str(number) for number in range(1, 1_100)]


async def test_a_form_sent_twice_is_one_comment(session, proposal, irja):
    nonce = uuid4()
    ids = [(await proposals.comment(session, proposal, WORDS, nonce=nonce, by=irja)).id for _ in range(2)]

    assert len(set(ids)) == 1
    assert len(await make.recorded(session, ids[0])) == 1
    with pytest.raises(SentBefore):
        await proposals.comment(session, proposal, WORDS, nonce=nonce, by=await make.resident(session))


async def test_people_comment_while_commenting_is_open_on_what_is_published(session, irja):
    closed = await make.process(session, open_to=[Activity.PROPOSE, Activity.SUPPORT])
    with pytest.raises(proposal_rules.CommentingIsClosed):
        await proposals.comment(session, await make.proposal(session, closed), WORDS, nonce=uuid4(), by=irja)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
async def test_what_is_not_published_is_not_commented(session, process, proposal, irja, state):
    values = {"merged_into_id": proposal.id} if state is State.MERGED else {}
    other = await make.proposal(session, process, state=state, **values)

    with pytest.raises(proposal_rules.CommentingIsClosed):
        await proposals.comment(session, other, WORDS, nonce=uuid4(), by=irja)


async def test_an_answer_belongs_to_the_same_discussion(session, process, say):
    elsewhere = await make.proposal(session, process)
    foreign = await make.comment(session, elsewhere.thread_id)

    with pytest.raises(NotFound):
        await say(to=foreign)
    with pytest.raises(NotFound):
        await say(to=Comment(id=uuid4()))


async def test_what_was_taken_back_or_hidden_is_not_answered(session, say, irja, moderator):
    withdrawn, hidden = await say(), await say()
    await actions.withdraw(session, withdrawn, by=irja)
    await actions.hide(session, hidden, by=moderator)

    for gone in (withdrawn, hidden):
        with pytest.raises(CommentIsGone):
            await say(to=gone)


async def test_a_comment_taken_back_keeps_its_place_and_not_its_words(session, proposal, say, irja):
    comment = await say("Ajattelin väärin.")
    await say("Minä en.", to=comment)

    for _ in range(2):
        await actions.withdraw(session, comment, by=irja)

    (found,) = await queries.conversations(session, proposal.thread_id)
    assert (found.first.shown, found.first.text, found.first.author_name) == (Shown.WITHDRAWN, "", "")
    assert [reply.text for reply in found.replies] == ["Minä en."]
    assert [entry.action for entry in await make.recorded(session, comment.id)] == [
        "comment.added",
        "comment.withdrawn",
    ]


async def test_nobody_takes_back_anothers_comment(session, say):
    comment = await say()

    with pytest.raises(NotFound):
        await actions.withdraw(session, comment, by=await make.resident(session))


async def test_a_hidden_comment_keeps_its_place_and_comes_back(session, proposal, say, moderator):
    comment = await say("Asiatonta.")
    for _ in range(2):
        await actions.hide(session, comment, by=moderator)
    (found,) = await queries.conversations(session, proposal.thread_id)
    assert (found.first.shown, found.first.text, found.first.author_name) == (Shown.HIDDEN, "", "")

    for _ in range(2):
        await actions.show(session, comment, by=moderator)

    (found,) = await queries.conversations(session, proposal.thread_id)
    assert (found.first.shown, found.first.text) == (Shown.TEXT, "Asiatonta.")


async def test_whose_answer_was_hidden_is_not_said_by_those_who_answered_it(
    session, proposal, say, moderator
):
    first = await say()
    hidden = await say(to=first)
    await say("Vastaus.", to=hidden)
    (found,) = await queries.conversations(session, proposal.thread_id)
    assert [bool(reply.answers) for reply in found.replies] == [False, True]

    await actions.hide(session, hidden, by=moderator)

    (found,) = await queries.conversations(session, proposal.thread_id)
    assert [reply.answers for reply in found.replies] == ["", ""]


async def test_a_moderator_hides_in_the_own_processes_alone(session, say):
    comment = await say()
    stranger = await make.staff(session, Role.MODERATOR, await make.process(session))

    with pytest.raises(Forbidden):
        await actions.hide(session, comment, by=stranger)
    with pytest.raises(Forbidden):
        await actions.show(session, comment, by=stranger)


def test_a_comment_says_something_and_not_a_book():
    assert Words(text="  Ok \r\n sitten ").text == "Ok \n sitten"
    for text in ("", " ", " x ", "x" * 3_001):
        with pytest.raises(ValidationError):
            Words(text=text)


async def test_a_discussion_costs_one_statement_however_long(session, proposal, connection):
    for _ in range(20):
        await make.comment(session, proposal.thread_id)
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await queries.conversations(session, proposal.thread_id)
    event.remove(connection.sync_connection, "before_cursor_execute", note)

    assert len(sent) == 1


async def test_when_a_person_leaves_comments_stay_without_the_name_and_those_taken_back_without_words(
    session, proposal, say, irja
):
    stays, gone = await say("Jää tänne."), await say("Katoaa.")
    await actions.withdraw(session, gone, by=irja)
    assert [row["text"] for row in await queries.of_person(session, irja.id)] == ["Jää tänne.", "Katoaa."]

    await actions.forget(session, irja.id)
    await session.delete(await session.get_one(Account, irja.id))
    await session.flush()

    for comment, text in ((stays, "Jää tänne."), (gone, "")):
        await session.refresh(comment)
        assert (comment.text, comment.author_id, comment.author_name) == (text, None, "")


async def test_what_is_told_of_a_person_holds_no_key(session, say, irja):
    await say()

    (row,) = await queries.of_person(session, irja.id)

    assert not {"nonce", "author_id"} & set(row)
    assert row["text"] == "Hyvä ajatus."
