"""People's texts: Markdown to safe HTML, and to a plain excerpt.

Two guards stand in a row: the parser knows no HTML, so tags are shown as text, and the cleaner lets through only the tags named
here. Headings begin at h3, below the page's own, and skip no level; a link always has words.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
}
FIRST_HEADING = 3
SCHEMES = {"http", "https", "mailto"}
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def render(text: str) -> Markup:
    """Safe HTML of a person's text. A line break in it stays one, as people who know no Markdown expect."""
    return Markup(_CLEANER.clean(_PARSER.render(text)))  # noqa: S704 - cleaned in this very line


def plain(text: str, limit: int) -> str:
    """The words alone, on one line, cut after a word to at most `limit` characters. Not escaped: the template does that."""
    words = " ".join(" ".join(_words(_PARSER.parse(text))).split())
    if len(words) <= limit:
        return words
    whole_words, _, _ = words[:limit].rpartition(" ")
    return (whole_words or words[: limit - 1]).rstrip(" .,;:–-") + ELLIPSIS


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Absolute addresses only: a relative one would mean whatever page the text happens to be shown on."""
        try:
            address = urlsplit(url)
        except ValueError:
            return False
        return address.scheme == "mailto" or (address.scheme in SCHEMES and bool(address.hostname))


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    """The text of each block."""
    for token in tokens:
        if token.children is not None:
            yield "".join(_inline_words(token.children))
        else:
            yield token.content


def _inline_words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in {"softbreak", "hardbreak"} else token.content


def _amend_inline(state: StateCore) -> None:
    for block in state.tokens:
        if block.children:
            block.children = list(_without_pictures_and_empty_links(block.children))


def _without_pictures_and_empty_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """A picture becomes its description; a link without words shows its address."""
    unworded = ""
    for token in tokens:
        shown = token
        if token.type == "image":
            shown = _text("".join(_inline_words(token.children or [])))
        if shown.type == "link_open":
            unworded = str(shown.attrs["href"])
        elif shown.type == "link_close" and unworded:
            yield _text(unworded)
            unworded = ""
        elif shown.content.strip():
            unworded = ""
        yield shown


def _drop_blank_headings(state: StateCore) -> None:
    tokens = state.tokens
    blank = {
        part
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and not "".join(_words([tokens[place + 1]])).strip()
        for part in range(place, place + 3)
    }
    state.tokens = [token for place, token in enumerate(tokens) if place not in blank]


def _shift_headings(state: StateCore) -> None:
    """Move headings below the page's own and close the gaps between their levels."""
    outer: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            outer = [*(above for above in outer if above < level), level]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(FIRST_HEADING + len(outer) - 1, 6)}"


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


_PARSER = _Parser("commonmark", {"html": False, "breaks": True})
_PARSER.core.ruler.push("inline", _amend_inline)
_PARSER.core.ruler.push("blank_headings", _drop_blank_headings)
_PARSER.core.ruler.push("headings", _shift_headings)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes=SCHEMES,
    url_relative="deny",
    link_rel="nofollow ugc",
)
