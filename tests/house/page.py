"""A page as a program reads it: its links, its forms as a browser would send them, and the shape of what it shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin

import httpx

WITHOUT_END = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
LOOKS = frozenset(("class", "data-color", "data-size", "data-variant", "role", "type"))
KINDS = {"radio": "option", "checkbox": "option", "hidden": "hidden", "file": "file"}
NUMBERS = frozenset(("numeric", "decimal"))

SHAPES: dict[tuple[object, ...], int] = {}


def shape(*parts: object) -> int:
    """A number for a tag with what is in it; the same for the same."""
    return SHAPES.setdefault(parts, len(SHAPES))


@dataclass
class Field:
    """`kind` is hidden, text, number, file or option (of radios, ticks and selects). Buttons are none: a sender names theirs."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = True


@dataclass
class Form:
    action: str
    fields: list[Field] = field(default_factory=list)

    @property
    def to_fill_in(self) -> frozenset[str]:
        """The names of what a person types or chooses."""
        return frozenset(each.name for each in self.fields if each.kind != "hidden")

    def as_shown(self, **typed: str) -> dict[str, list[str]]:
        """What a browser sends with `typed` in its place."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.chosen and each.kind != "file":
                sent.setdefault(each.name, []).append(each.value)
        return {**sent, **{name: [value] for name, value in typed.items()}}

    def left_empty(self) -> dict[str, list[str]]:
        """Nothing typed, nothing chosen, and no number a number."""
        typed = {"text": "", "number": "?"}
        return {
            each.name: [typed.get(each.kind, each.value)]
            for each in self.fields
            if each.kind in ("hidden", "text", "number")
        }


class Open(NamedTuple):
    """A tag that is not closed yet, and the shapes of what is in it so far."""

    tag: str
    look: int
    inside: dict[int, None]


class Page(HTMLParser):
    """`main` and `frame` are the shapes of the main part and of what stands around it.

    Two pages of one template that differ in words alone, or in the length of their lists, have the same shape. A page whose
    tags do not close each other is refused.
    """

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.main = 0
        self._open = [Open("", 0, {})]
        self._form: Form | None = None
        self._select = ""
        if "text/html" in answer.headers["content-type"]:
            self.feed(answer.text)
            self.close()
        self.frame = shape(*self._open.pop().inside)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        look = shape(tag, *((name, value if name in LOOKS else bool(value)) for name, value in given.items()))
        if tag in WITHOUT_END:
            self._open[-1].inside[look] = None
        else:
            self._open.append(Open(tag, look, {}))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form" and given.get("method") == "post":
            self._form = Form(urljoin(str(self.answer.url), given.get("action")))
            self.forms.append(self._form)
        elif self._form:
            self._read_field(self._form, tag, given)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in WITHOUT_END:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        opened, look, inside = self._open.pop()
        assert opened == tag, f"{self.answer.url}: <{opened}> is closed by </{tag}>"
        if tag == "main":
            self.main = shape(look, *inside)
        else:
            self._open[-1].inside[shape(look, *inside)] = None
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        self._open[-1].inside[shape("words")] = None
        if self._form and self._open[-1].tag == "textarea":
            self._form.fields[-1].value = data.removeprefix("\n")

    def _read_field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        match tag:
            case "select":
                self._select = name
            case "option":
                form.fields.append(Field(self._select, "option", value, "selected" in given))
            case "textarea":
                form.fields.append(Field(name, "text"))
            case "input":
                kind = KINDS.get(
                    given.get("type", ""), "number" if given.get("inputmode") in NUMBERS else "text"
                )
                form.fields.append(Field(name, kind, value, kind != "option" or "checked" in given))
