"""What has to be mended, who sees what, and when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from service.core.actor import Moderator, Resident
from service.processes.models import Activity, Phase
from service.proposals import rules
from service.proposals.models import AuthorKind, Content, Idea, Proposal, State

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
GOOD = {"title": "Penkkejä Puistokadulle", "text": "Matkalla torilta terveysasemalle ei voi istua."}


def phase(*activities, opens=-1, closes=1):
    return Phase(
        process_id=uuid4(),
        activities=[activity.value for activity in activities],
        opens_at=NOW + timedelta(days=opens),
        closes_at=NOW + timedelta(days=closes),
    )


def a_proposal(state, **values):
    return Proposal(
        process_id=uuid4(), number=1, language="fi", thread_id=uuid4(), nonce=uuid4(), state=state, **values
    )


def names(content, *, has_picture=False):
    return [type(mistake) for mistake in rules.mistakes(Content(**content), has_picture=has_picture)]


def test_a_good_proposal_has_no_mistakes():
    assert names(GOOD) == []
    rules.check_complete(Content(**GOOD), has_picture=False)


@pytest.mark.parametrize(
    ("change", "mistakes"),
    [
        ({"title": "", "text": ""}, [rules.TitleMissing, rules.TextMissing]),
        ({"title": "Abcd"}, [rules.TitleIsShort]),
        ({"title": "Abcde"}, []),
        ({"text": "x" * 19}, [rules.TextIsShort]),
        ({"text": "x" * 20}, []),
        ({"latitude": 60.0}, [rules.PlaceIsHalf]),
        ({"longitude": 27.0}, [rules.PlaceIsHalf]),
        ({"latitude": 0.0, "longitude": 0.0}, []),
        ({"author_kind": AuthorKind.COMPANY}, [rules.OrganisationMissing]),
        ({"author_kind": AuthorKind.ASSOCIATION, "organisation": "Puistoväki ry"}, []),
    ],
)
def test_each_mistake_is_named(change, mistakes):
    assert names({**GOOD, **change}) == mistakes


def test_a_picture_needs_its_words_and_words_alone_are_no_mistake():
    assert names(GOOD, has_picture=True) == [rules.PictureNotDescribed]
    assert names({**GOOD, "picture_alt": "Penkki"}, has_picture=True) == []
    assert names({**GOOD, "picture_alt": "Penkki"}) == []


def test_a_mistake_says_its_field_and_its_limit():
    (mistake,) = rules.mistakes(Content(**{**GOOD, "title": "Abc"}), has_picture=False)

    assert mistake.field == "title"
    assert mistake.message % mistake.parameters == "Write a longer title, at least 5 characters."


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 121},
        {"text": "x" * 5_001},
        {"address": "x" * 201},
        {"organisation": "x" * 121},
        {"picture_alt": "x" * 301},
        {"latitude": 90.1},
        {"longitude": -180.1},
        {"latitude": float("nan")},
        {"cost_wish_cents": -1},
        {"cost_wish_cents": 100_000_000_00 + 1},
        {"author_kind": "party"},
        {"area_id": "somewhere"},
    ],
)
def test_a_draft_too_is_held_to_the_largest_sizes(change):
    with pytest.raises(ValidationError):
        Content(**{**GOOD, **change})


def test_spaces_are_no_title():
    content = Content(title=" \n a \t  b ", text="\r\n  rivi\r\nrivi \n")

    assert (content.title, content.text) == ("a b", "rivi\nrivi")
    with pytest.raises(ValidationError):
        Idea(title="     a", text=GOOD["text"])


@pytest.mark.parametrize(
    ("state", "was_public", "is_public", "moderators"),
    [
        (State.DRAFT, False, False, False),
        (State.SUBMITTED, False, False, True),
        (State.RETURNED, False, False, True),
        (State.NOT_PUBLISHED, False, False, True),
        (State.NOT_PUBLISHED, True, False, True),
        (State.PUBLISHED, True, True, True),
        (State.MERGED, True, True, True),
        (State.WITHDRAWN, True, True, False),
        (State.WITHDRAWN, False, False, False),
    ],
)
def test_who_sees_a_proposal_hangs_on_its_state(state, was_public, is_public, moderators):
    proposal = a_proposal(state, published_at=NOW if was_public else None)
    here = Moderator(uuid4(), "Katri M.", frozenset({proposal.process_id}))
    elsewhere = Moderator(uuid4(), "Katri M.", frozenset({uuid4()}))

    assert rules.is_public(proposal) is is_public
    assert rules.is_moderated_by(proposal, here) is moderators
    assert not rules.is_moderated_by(proposal, elsewhere)
    assert not rules.is_moderated_by(proposal, Resident(uuid4(), "Aino K.", "fi"))
    assert not rules.is_moderated_by(proposal, None)


def test_a_proposal_is_sent_while_proposing_is_open():
    rules.check_submitting(a_proposal(State.DRAFT), [phase(Activity.PROPOSE)], at=NOW)
    for phases in ([], [phase(Activity.COMMENT)], [phase(Activity.PROPOSE, opens=-2, closes=0)]):
        with pytest.raises(rules.ProposingIsClosed):
            rules.check_submitting(a_proposal(State.DRAFT), phases, at=NOW)


def test_what_was_returned_may_be_completed_for_two_weeks_after_proposing_has_closed():
    just_in_time = a_proposal(State.RETURNED, returned_at=NOW - timedelta(days=14) + timedelta(seconds=1))
    too_late = a_proposal(State.RETURNED, returned_at=NOW - timedelta(days=14))

    rules.check_submitting(just_in_time, [], at=NOW)
    with pytest.raises(rules.ProposingIsClosed):
        rules.check_submitting(too_late, [], at=NOW)


def test_nobody_decides_on_what_they_have_not_read():
    proposal = a_proposal(State.SUBMITTED, version=4, **GOOD)

    rules.check_version(proposal, 4)
    with pytest.raises(rules.EditedMeanwhile) as conflict:
        rules.check_version(proposal, 3)
    assert (conflict.value.version, conflict.value.current) == (4, Content(**GOOD))
