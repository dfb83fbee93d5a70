"""What a selection on a ballot may be, for any ballot and any marks."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.errors import Invalid
from service.processes.models import AreaRule, BallotType
from service.voting.ballot import (
    AreaUnknown,
    Ballot,
    Entry,
    ForeignProject,
    NothingChosen,
    OnlyOneChoice,
    OverBudget,
    Selection,
    TooManyChoices,
    UnknownProject,
)

AREAS = [UUID(int=number) for number in (1, 2, 3)]


def entry(number: int, area_id: UUID | None, cost_cents: int) -> Entry:
    return Entry(number, None, None, area_id, f"Project {number}", "", "fi", cost_cents)


@st.composite
def ballots(draw: st.DrawFn) -> Ballot:
    pots = draw(st.dictionaries(st.sampled_from([None, *AREAS]), st.integers(0, 10**7), min_size=1))
    numbers = sorted(draw(st.sets(st.integers(1, 200), max_size=40)))
    return Ballot(
        process_id=uuid4(),
        slug="x",
        type=draw(st.sampled_from(BallotType)),
        max_choices=draw(st.integers(1, 6)),
        area_rule=draw(st.sampled_from(AreaRule)),
        box_public_key=None,
        pots=pots,
        entries=tuple(
            entry(number, draw(st.sampled_from(list(pots))), draw(st.integers(0, 10**6)))
            for number in numbers
        ),
    )


@st.composite
def marked(draw: st.DrawFn) -> tuple[Ballot, Selection]:
    """Any ballot, with any marks: of it, not of it, of another area."""
    ballot = draw(ballots())
    known = [e.number for e in ballot.entries]
    number = st.sampled_from(known) | st.integers(1, 10**6) if known else st.integers(1, 10**6)
    numbers = draw(st.frozensets(number, max_size=12))
    return ballot, Selection(draw(st.sampled_from([None, *AREAS])), numbers)


@settings(deadline=None)
@given(marked())
def test_what_may_be_cast_is_on_the_ballot_and_within_every_limit(pair: tuple[Ballot, Selection]) -> None:
    ballot, selection = pair
    try:
        ballot.check(selection)
    except Invalid:
        return

    chosen = [e for e in ballot.entries if e.number in selection.numbers]
    assert selection.numbers
    assert len(chosen) == len(selection.numbers)
    assert {e.area_id for e in chosen} <= {None, selection.area_id}
    for area in {e.area_id for e in chosen}:
        of_area = [e for e in chosen if e.area_id == area]
        if ballot.type is BallotType.APPROVAL:
            assert len(of_area) <= ballot.max_choices
        else:
            assert sum(e.cost_cents for e in of_area) <= ballot.pots[area]


@settings(deadline=None)
@given(marked())
def test_what_is_refused_has_the_fault_that_is_named(pair: tuple[Ballot, Selection]) -> None:
    ballot, selection = pair
    try:
        ballot.check(selection)
        refusal = None
    except Invalid as error:
        refusal = error

    chosen = [e for e in ballot.entries if e.number in selection.numbers]
    match refusal:
        case UnknownProject():
            assert refusal.parameters["number"] not in ballot.by_number
        case ForeignProject():
            named = ballot.by_number[refusal.parameters["number"]]
            assert named.area_id not in {None, selection.area_id}
        case TooManyChoices():
            assert len(chosen) > ballot.max_choices
        case OverBudget():
            assert 0 < refusal.parameters["amount"] <= sum(e.cost_cents for e in chosen)
        case NothingChosen():
            assert not selection.numbers


@settings(deadline=None)
@given(marked())
def test_a_selection_comes_back_from_its_marks_and_all_marks_are_of_one_length(
    pair: tuple[Ballot, Selection],
) -> None:
    ballot, selection = pair
    selection = Selection(selection.area_id, selection.numbers & ballot.by_number.keys())

    marks = ballot.marks(selection)

    assert ballot.read(marks) == selection
    assert len(marks) == len(ballot.marks(Selection())) == ballot.length


@settings(deadline=None)
@given(ballots(), st.binary(max_size=40))
def test_other_bytes_are_no_selection(ballot: Ballot, noise: bytes) -> None:
    try:
        selection = ballot.read(noise)
    except ValueError:
        return
    assert ballot.marks(selection) == noise


@settings(deadline=None)
@given(marked())
def test_what_is_left_after_a_change_of_area_may_be_kept_unless_it_is_too_much(
    pair: tuple[Ballot, Selection],
) -> None:
    ballot, selection = pair

    left = ballot.without_foreign(selection)

    assert left.numbers <= selection.numbers
    try:
        ballot.check_draft(left)
    except TooManyChoices:
        assert ballot.type is BallotType.APPROVAL


def small(**values: object) -> Ballot:
    given_values = {
        "process_id": uuid4(),
        "slug": "x",
        "type": BallotType.APPROVAL,
        "max_choices": 2,
        "area_rule": AreaRule.CHOSEN,
        "box_public_key": None,
        "pots": {AREAS[0]: 100, AREAS[1]: 100, None: 150},
        "entries": (entry(1, AREAS[0], 60), entry(2, AREAS[0], 60), entry(3, None, 100), entry(4, None, 50)),
    }
    return Ballot(**{**given_values, **values})


def test_each_part_has_its_own_limit() -> None:
    approval, knapsack = small(), small(type=BallotType.KNAPSACK)
    everything = Selection(AREAS[0], frozenset({1, 2, 3, 4}))

    approval.check(everything)
    with pytest.raises(OverBudget) as refusal:
        knapsack.check(everything)

    assert refusal.value.parameters["amount"] == 20
    knapsack.check(Selection(AREAS[0], frozenset({1, 3, 4})))


def test_exactly_the_budget_is_not_too_much() -> None:
    small(type=BallotType.KNAPSACK).check(Selection(None, frozenset({3, 4})))


def test_where_one_may_be_chosen_the_sentence_is_its_own() -> None:
    with pytest.raises(OnlyOneChoice):
        small(max_choices=1).check_draft(Selection(None, frozenset({3, 4})))


def test_only_an_area_with_projects_can_be_chosen_and_only_where_the_rule_lets_one() -> None:
    ballot = small()
    ballot.check_area(AREAS[0])

    for area in (AREAS[1], AREAS[2], uuid4()):
        with pytest.raises(AreaUnknown):
            ballot.check_area(area)
    with pytest.raises(AreaUnknown):
        small(area_rule=AreaRule.HOME).check_area(AREAS[0])


def test_marks_are_read_on_no_other_paper() -> None:
    ballot = small()
    marks = ballot.marks(Selection(None, frozenset({3})))
    another_order = (ballot.entries[1], ballot.entries[0], *ballot.entries[2:])
    another_project = (entry(9, AREAS[0], 60), *ballot.entries[1:])

    for other in (
        small(process_id=ballot.process_id, entries=another_order),
        small(process_id=ballot.process_id, entries=another_project),
        small(),
    ):
        with pytest.raises(ValueError, match="not of this ballot"):
            other.read(marks)
