from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.diff import compare
from tests.core.effort import steps

words = st.lists(
    st.sampled_from(
        ["lisää", "penkkejä", "puistoon", "rantaan", "ja", "valoa", " ", "  ", "\n", "\n\n", "\t", "."]
    )
).map(" ".join)
texts = st.one_of(words, st.text())


@given(texts, texts)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(old, new):
    pieces = compare(old, new)
    assert "".join(text for kind, text in pieces if kind != "added") == old
    assert "".join(text for kind, text in pieces if kind != "removed") == new


@given(texts, texts)
def test_pieces_are_not_empty_and_two_of_a_kind_are_one(old, new):
    pieces = compare(old, new)
    assert all(text for _, text in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(texts)
def test_a_text_is_the_same_as_itself(text):
    assert compare(text, text) == ([("same", text)] if text else [])


def test_a_changed_word_is_shown_among_its_neighbours():
    assert compare("Lisää penkkejä rantaan.", "Lisää valoja rantaan.") == [
        ("same", "Lisää "),
        ("removed", "penkkejä "),
        ("added", "valoja "),
        ("same", "rantaan."),
    ]


def test_a_new_paragraph_leaves_the_others_whole():
    old = "Ensimmäinen kappale.\n\nToinen kappale."
    new = "Ensimmäinen kappale.\n\nUusi kappale välissä.\n\nToinen kappale."
    assert compare(old, new) == [
        ("same", "Ensimmäinen kappale.\n\n"),
        ("added", "Uusi kappale välissä.\n\n"),
        ("same", "Toinen kappale."),
    ]


def test_a_word_changed_in_one_paragraph_leaves_the_others_whole():
    old = "Rannassa on pimeää iltaisin.\n\nSiksi tarvitaan valoja.\n\nKiitos"
    assert compare(old, old.replace("iltaisin", "öisin")) == [
        ("same", "Rannassa on pimeää "),
        ("removed", "iltaisin.\n"),
        ("added", "öisin.\n"),
        ("same", "\nSiksi tarvitaan valoja.\n\nKiitos"),
    ]


def test_a_paragraph_written_anew_is_not_torn_apart():
    old = "Rannassa on iltaisin pimeää ja liukasta."
    new = "Toivon lisää penkkejä keskustaan, koska siellä on vanhuksia ja lapsia."
    assert compare(old, new) == [("removed", old), ("added", new)]


def test_something_from_nothing_and_nothing_from_something():
    assert compare("", "uusi") == [("added", "uusi")]
    assert compare("vanha", "") == [("removed", "vanha")]
    assert compare("", "") == []


@pytest.mark.parametrize("word", ["a ", "a\n", "a b ", "\n"])
def test_texts_of_the_longest_length_are_compared_in_few_steps(word):
    old = word * (5_000 // len(word))
    assert steps(lambda: compare(old, "b " + old[:-100] + "c " * 50)) < 10_000_000
