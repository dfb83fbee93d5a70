"""What the pages of writing a proposal share: the steps in their order, and a sheet of what is typed on them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from service.core.errors import Invalid, msgid
from service.core.money import TooMuchMoney, parse_money
from service.proposals import rules
from service.proposals.models import Content

MOST_CENTS = 100_000_000_00


class Step(StrEnum):
    """The pages of writing, in their order; the value is the end of the address."""

    IDEA = "idea"
    PLACE = "place"
    DETAILS = "details"
    PICTURE = "picture"
    AUTHOR = "author"
    COAUTHORS = "coauthors"
    CHECK = "check"


# What a resident counts as a step: uploading the picture and asking others are pages of their own, so that nothing typed hangs on them.
CHAPTERS: Mapping[str, tuple[Step, ...]] = {
    msgid("What and why"): (Step.IDEA,),
    msgid("Where"): (Step.PLACE,),
    msgid("Topic, cost and picture"): (Step.DETAILS, Step.PICTURE),
    msgid("Who proposes"): (Step.AUTHOR, Step.COAUTHORS),
    msgid("Check and send"): (Step.CHECK,),
}

FIELDS: Mapping[Step, tuple[str, ...]] = {
    Step.IDEA: ("title", "text"),
    Step.PLACE: ("address", "area_id", "latitude", "longitude"),
    Step.DETAILS: ("category_id", "cost_wish"),
    Step.PICTURE: ("picture_alt",),
    Step.AUTHOR: ("author_kind", "organisation"),
}
"""The fields of `Sheet` that each page asks for."""


def cents(typed: object) -> object:
    """Of a sum as it is typed. Raises NotMoney, which pydantic turns into a mistake of the field."""
    if not isinstance(typed, str):
        return typed
    found = parse_money(typed)
    if found > MOST_CENTS:
        raise TooMuchMoney
    return found


class Sheet(Content):
    """What a page of writing sends: some of the content, with a sum of money as people type it."""

    cost_wish: Annotated[int | None, BeforeValidator(cents)] = None
    version: int = Field(default=0, ge=0, le=2_147_483_647)

    def content(self) -> dict[str, Any]:
        return {**super().content(), "cost_wish_cents": self.cost_wish}


def merged(before: Content, sheet: Sheet, fields: tuple[str, ...]) -> Content:
    """The content with what these fields of the sheet say."""
    typed = sheet.content()
    names = ["cost_wish_cents" if name == "cost_wish" else name for name in fields]
    return Content.model_validate({**before.content(), **{name: typed[name] for name in names}})


def typed(content: Content) -> dict[str, Any]:
    """The content as its author would type it."""
    values = content.content()
    wish = content.cost_wish_cents
    values["cost_wish"] = (
        None if wish is None else f"{wish // 100}" + (f",{wish % 100:02}" if wish % 100 else "")
    )
    return values


def mistakes(content: Content, fields: tuple[str, ...], *, has_picture: bool = False) -> list[Invalid]:
    """What has to be mended in these fields before the proposal can be sent."""
    return [each for each in rules.mistakes(content, has_picture=has_picture) if each.field in fields]


def after(step: Step) -> Step:
    pages = list(Step)
    return pages[pages.index(step) + 1]


def before(step: Step) -> Step | None:
    pages = list(Step)
    return pages[pages.index(step) - 1] if step is not Step.IDEA else None


def chapter(step: Step) -> int:
    """1 for the first."""
    return next(number for number, pages in enumerate(CHAPTERS.values(), start=1) if step in pages)
