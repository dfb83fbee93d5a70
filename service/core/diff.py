"""What changed between two versions of a text."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

# Below this share of common words a paragraph was written anew; showing the few chance matches would only tear it apart.
LEAST_LIKENESS = 0.3


class Piece(NamedTuple):
    kind: Literal["same", "added", "removed"]
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in reading order, what was removed before what took its place.

    Same and removed pieces joined are the old text, same and added the new one. Lines are matched first and words only inside
    changed lines, so a new paragraph leaves the others whole. A piece is never empty, and no two in a row are of one kind.
    """
    return [
        Piece(kind, "".join(piece.text for piece in pieces))
        for kind, pieces in groupby(_by_lines(old, new), key=lambda piece: piece.kind)
    ]


def _by_lines(old: str, new: str) -> Iterator[Piece]:
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for operation, a, b, c, d in SequenceMatcher(None, old_lines, new_lines).get_opcodes():
        before, after = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        if operation == "equal":
            yield Piece("same", before)
        else:
            yield from _by_words(before, after)


def _by_words(old: str, new: str) -> Iterator[Piece]:
    old_words, new_words = re.findall(r"\s+|\S+\s*", old), re.findall(r"\s+|\S+\s*", new)
    matcher = SequenceMatcher(None, old_words, new_words)
    if matcher.ratio() < LEAST_LIKENESS:
        yield from _replaced(old, new)
        return
    for operation, a, b, c, d in matcher.get_opcodes():
        before, after = "".join(old_words[a:b]), "".join(new_words[c:d])
        if operation == "equal":
            yield Piece("same", before)
        else:
            yield from _replaced(before, after)


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("removed", before)
    if after:
        yield Piece("added", after)
