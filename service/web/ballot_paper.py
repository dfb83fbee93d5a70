"""A ballot as pages show it: one part at a time, its rows, what of it is used, and what the script is answered."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from service.core.errors import msgid
from service.core.money import money
from service.voting.ballot import Ballot, Entry, Part, Selection, Use
from service.voting.rules import OUT_OF_VIEW
from service.voting.standing import Standing
from service.web import addresses
from service.web.visit import Visit

CITY_WIDE = "city"
ALL_AT_ONCE = 200  # more rows than this are given in pages
ON_A_PAGE = 60

CHOSEN_OF = msgid("Selected: %(selected)s/%(most)s. Left: %(open)s.")
USED_OF = msgid("Used: %(spent)s. Left: %(left)s.")
OVER = msgid(
    "Your choices cost %(over)s too much. You can go on choosing, but remove something before you vote."
)
ONE_IS_ENOUGH = msgid("It is enough to remove one of these:")
ALL_ARE_NEEDED = msgid("It is enough to remove these:")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of a voter's ballot, in the voter's own random order."""

    visit: Visit
    ballot: Ballot
    part: Part
    selection: Selection
    key: str  # in the page's address: "" for the first part
    following: str | None  # the next part's key; None: then comes the review

    @property
    def use(self) -> Use:
        return self.ballot.use(self.part, self.selection)

    @property
    def chosen(self) -> list[Entry]:
        return [entry for entry in self.part.entries if entry.number in self.selection.numbers]

    @property
    def answer(self) -> dict[str, Any]:
        """For the island `ballot-box`."""
        use = self.use
        return {
            "projects": [item(entry, self.visit) for entry in self.chosen],
            "totals": {
                "selected": use.selected,
                "spent": use.spent,
                "most": use.most,
                "budget": use.budget,
            },
            "announcement": told(self.visit, use),
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """What of a sheet is looked at."""

    shown: Sequence[Entry]
    found: int
    page: int
    pages: int


def sheets(visit: Visit, standing: Standing) -> list[Sheet]:
    parts = standing.ballot.parts(standing.selection.area_id)
    keys = ["", *([CITY_WIDE] if len(parts) > 1 else [])]
    following = [*keys[1:], None]
    return [
        Sheet(visit, standing.ballot, part, standing.selection, key, after)
        for part, key, after in zip(parts, keys, following, strict=True)
    ]


def rows(sheet: Sheet, wanted: Mapping[str, str], seed: bytes) -> Rows:
    """`wanted` is the page's query: q, only=chosen, category, order, page."""
    entries = list(sheet.part.entries)
    random.Random(seed).shuffle(entries)  # noqa: S311 - a fair order, not a secret
    words = wanted.get("q", "").casefold().split()
    entries = [
        entry
        for entry in entries
        if all(word in f"{entry.title} {entry.text}".casefold() for word in words)
        and (wanted.get("only") != "chosen" or entry.number in sheet.selection.numbers)
        and (not wanted.get("category") or wanted["category"] == str(entry.category_id))
    ]
    if wanted.get("order") in ORDERS:
        entries.sort(key=lambda entry: entry.cost_cents, reverse=wanted["order"] == "dearest")
    if len(entries) <= ALL_AT_ONCE:
        return Rows(entries, len(entries), 1, 1)
    pages = -(-len(entries) // ON_A_PAGE)
    typed = wanted.get("page", "")
    page = min(max(int(typed), 1), pages) if typed.isdecimal() and len(typed) < 10 else 1
    return Rows(entries[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], len(entries), page, pages)


ORDERS = ("cheapest", "dearest")


def item(entry: Entry, visit: Visit) -> dict[str, Any]:
    """A chosen one at the side."""
    cost = money(entry.cost_cents, visit.language)
    return {"number": entry.number, "title": title(entry, visit), "cost": cost}


def title(entry: Entry, visit: Visit) -> str:
    return entry.title or visit.gettext(OUT_OF_VIEW, number=entry.number)


def row(entry: Entry, visit: Visit, process_address: str) -> dict[str, Any]:
    """For parts/ballot.html."""
    there = entry.proposal_id is not None
    address = f"{process_address}/proposals/{addresses.proposal(entry.number, entry.title)}"
    return {
        "number": entry.number,
        "title": title(entry, visit),
        "href": address if there else f"#p{entry.number}",
        "cost": entry.cost_cents,
        "text": entry.text or None,
        "lang": entry.language if entry.language not in {"", visit.language} else None,
    }


def told(visit: Visit, use: Use) -> str:
    """What is used of a part, as a full sentence."""
    language = visit.language
    if use.budget is None:
        return visit.gettext(
            CHOSEN_OF, selected=use.selected, most=use.most, open=(use.most or 0) - use.selected
        )
    if use.over:
        return visit.gettext(OVER, over=money(use.over, language))
    return visit.gettext(
        USED_OF, spent=money(use.spent, language), left=money(use.budget - use.spent, language)
    )


def sheet_of(all_sheets: Sequence[Sheet], key: str) -> Sheet:
    """The part an address asks for; the first one where it asks for none there is."""
    return next((sheet for sheet in all_sheets if sheet.key == key), all_sheets[0])


def sheet_with(all_sheets: Sequence[Sheet], number: int) -> Sheet:
    """The part a project stands on: a press on the project's own page knows no parts."""
    having = (sheet for sheet in all_sheets if any(entry.number == number for entry in sheet.part.entries))
    return next(having, all_sheets[0])


def could_go(visit: Visit, sheet: Sheet) -> tuple[str, list[Entry]]:
    """Where the choices cost too much: what is enough to remove, each alone if one is enough, else together."""
    over, dearest = sheet.use.over, dearest_first(sheet.chosen)
    alone = [entry for entry in dearest if entry.cost_cents >= over]
    if alone:
        return visit.gettext(ONE_IS_ENOUGH), alone
    before = accumulate((entry.cost_cents for entry in dearest), initial=0)
    together = [entry for entry, gone in zip(dearest, before, strict=False) if gone < over]
    return visit.gettext(ALL_ARE_NEEDED), together


def dearest_first(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-entry.cost_cents, entry.number))
