"""The text of a .pb file as its three tables, each row with its line."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from service.tally.pabulib.findings import PabulibError, msgid, shown

TITLES = ("META", "PROJECTS", "VOTES")
REQUIRED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
FREE_TEXT = {"key", "project_id", "name", "description"}

# Follows the last line. A text holds no NUL itself, so a row that ends with this one was still inside a quote.
_END = "\0"


@dataclass
class Section:
    title: str
    line: int
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def filled(self, line: int, cells: list[str]) -> list[str]:
        """The cells of a row, one for each column: files leave out empty cells at the end, or add some."""
        width = len(self.columns)
        if any(cells[width:]):
            raise PabulibError(
                line, str(width + 1), msgid("The row has more values than the section has columns.")
            )
        return cells[:width] + [""] * (width - len(cells))

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows as column → value. Files write None for no value; only a free text may be that word."""
        for line, cells in self.rows:
            record = {}
            for name, cell in zip(self.columns, self.filled(line, cells), strict=True):
                value = cell.strip()
                record[name] = "" if value == "None" and name not in FREE_TEXT else value
            yield line, record


def sections(content: bytes) -> dict[str, Section]:
    """META, PROJECTS and VOTES by title. Raises PabulibError where the file does not have this form."""
    found: dict[str, Section] = {}
    line = 1
    for line, cells in _rows(_text(content)):
        title = _title(line, cells)
        if title:
            _expect(title, line, found)
            found[title] = section = Section(title, line)
        elif not found:
            raise PabulibError(line, "1", msgid("The file does not begin with the section META."))
        elif not section.columns:
            section.columns = _columns(section.title, line, cells)
        else:
            section.rows.append((line, cells))
    for title in TITLES:
        if title not in found or not found[title].columns:
            raise PabulibError(line, "1", msgid("The section %(title)s is missing."), title=title)
    return found


def _text(content: bytes) -> str:
    content = content.removeprefix(BOM_UTF8)
    if not content.strip():
        raise PabulibError(1, "1", msgid("The file is empty."))
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line, column = _position(content, error.start)
        raise PabulibError(line, column, msgid("This is not text in UTF-8.")) from None
    if _END in text:
        line, column = _position(content, content.index(b"\0"))
        raise PabulibError(line, column, msgid("There is a NUL character, which no text has."))
    return text


def _position(content: bytes, offset: int) -> tuple[int, str]:
    return content.count(b"\n", 0, offset) + 1, str(offset - content.rfind(b"\n", 0, offset))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; empty ones are passed over.

    Quotes are read leniently: real files hold names like `"Odkupmy" i my` that are not quoted fields.
    """
    rows = csv.reader(chain(io.StringIO(text, newline=""), [_END]), delimiter=";")
    line = 1
    try:
        for cells in rows:
            if cells and cells[-1].endswith(_END):
                break
            if any(cells):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error:
        raise PabulibError(line, "1", msgid("A value is too long. Is a quotation mark not closed?")) from None
    if cells != [_END]:
        raise PabulibError(line, str(len(cells)), msgid("A quotation mark is not closed."))


def _title(line: int, cells: list[str]) -> str | None:
    """The section that this row opens, if it does. Spreadsheets leave empty cells behind a title."""
    if any(cells[1:]):
        return None
    word = cells[0].strip()
    if word.upper() in TITLES:
        return word.upper()
    if len(cells) == 1 and word.isalpha() and word.isupper():
        raise PabulibError(
            line, "1", msgid("There is no section %(title)s in this format."), title=shown(word)
        )
    return None


def _expect(title: str, line: int, found: dict[str, Section]) -> None:
    if title in found:
        raise PabulibError(line, "1", msgid("The section %(title)s is there twice."), title=title)
    for earlier in TITLES[: TITLES.index(title)]:
        if earlier not in found:
            message = msgid("The section %(title)s comes before the section %(earlier)s.")
            raise PabulibError(line, "1", message, title=title, earlier=earlier)


def _columns(title: str, line: int, cells: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for number, cell in enumerate(cells):
        name = cell.strip()
        if name in columns:
            raise PabulibError(
                line, str(number + 1), msgid("The column %(name)s is there twice."), name=shown(name)
            )
        columns[name] = number
    for name in REQUIRED[title]:
        if name not in columns:
            message = msgid("The section %(title)s has no column %(name)s.")
            raise PabulibError(line, name, message, title=title, name=name)
    return columns
