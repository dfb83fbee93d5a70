"""A table from a spreadsheet: rows with the line each stands on, or the line and column that make the file unusable. Pure."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.core.errors import Invalid, msgid

DELIMITERS = ";\t,"
MOST_DIGITS = 10
"""Of whole euros: ten thousand million is more than any municipality has."""

MOST_TIMES = 100
"""That a figure may be of its neighbouring year's."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
_NUMBER = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]{1,2}))?")


class FileFault(Invalid):
    """`line` counts from 1; `column` is the name of a column, or its number where it has none."""

    def __init__(self, line: int, column: str, **parameters: object) -> None:
        super().__init__("file", line=line, column=column, **parameters)
        self.line, self.column = line, column

    def __str__(self) -> str:
        return self.message % self.parameters


class NotText(FileFault):
    message = msgid("Line %(line)s: this is not text in UTF-8. Save the table as “CSV UTF-8”.")


class Empty(FileFault):
    message = msgid("There are no figures in the file.")


class QuoteOpen(FileFault):
    message = msgid("Line %(line)s: a quotation mark is not closed.")


class ColumnMissing(FileFault):
    message = msgid("The column %(column)s is missing.")


class ColumnTwice(FileFault):
    message = msgid("The column %(column)s is there twice.")


class TooManyValues(FileFault):
    message = msgid(
        "Line %(line)s has more values than there are columns. Is a comma in a number not within quotation marks?"
    )


class FormulaCell(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: “%(value)s” is a formula. Save the values, not the formulas."
    )


class ValueMissing(FileFault):
    message = msgid("Line %(line)s, column %(column)s: the value is missing.")


class NotANumber(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: “%(value)s” is not a number. Write for example 1234567,50, without points between thousands."
    )


class NotWhole(FileFault):
    message = msgid("Line %(line)s, column %(column)s: “%(value)s” is not a whole number.")


class TooLarge(FileFault):
    message = msgid("Line %(line)s, column %(column)s: %(value)s is too large.")


class NotOneOf(FileFault):
    message = msgid("Line %(line)s, column %(column)s: “%(value)s” is not known here.")


class RowTwice(FileFault):
    message = msgid("Line %(line)s says what line %(earlier)s says already: %(code)s.")


class OutOfProportion(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: %(code)s in %(year)s is more than a hundred times, or less than a hundredth of, "
        "what it is in %(neighbour)s. Are both in the same unit?"
    )


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column, without blanks around them; a column the file does not have is empty."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def filled(self, column: str) -> str:
        """Raises ValueMissing."""
        text = self.text(column)
        if not text:
            raise ValueMissing(self.line, column)
        return text

    def one_of(self, column: str, known: Iterable[str]) -> str:
        """Raises ValueMissing and NotOneOf."""
        text = self.filled(column)
        if text not in known:
            raise NotOneOf(self.line, column, value=_short(text))
        return text

    def hundredths(self, column: str) -> int:
        """A number with at most two decimals: cents of euros. Raises ValueMissing, NotANumber and TooLarge."""
        text = self.filled(column)
        match = _number(text)
        if match is None:
            raise NotANumber(self.line, column, value=_short(text))
        sign, whole, decimals = match[1], match[2].replace(" ", "").lstrip("0"), match[3] or ""
        if len(whole) > MOST_DIGITS:
            raise TooLarge(self.line, column, value=_short(text))
        amount = int((whole or "0") + decimals.ljust(2, "0"))
        return -amount if sign == "-" else amount

    def whole(self, column: str) -> int:
        """Raises NotWhole besides what `hundredths` raises."""
        hundredths = self.hundredths(column)
        if hundredths % 100:
            raise NotWhole(self.line, column, value=_short(self.text(column)))
        return hundredths // 100


def rows(data: bytes, needed: Iterable[str]) -> list[Row]:
    """The rows under the heading, empty ones left out. Columns are parted by semicolons, tabs or commas.

    Raises FileFault, also where a column that is needed is missing or a cell would be a formula in a spreadsheet.
    """
    lines = _cells(_text(data))
    heading, columns = next(lines, (1, []))
    columns = [column.strip().lower() for column in columns]
    for place, column in enumerate(columns):
        if column and column in columns[:place]:
            raise ColumnTwice(heading, column)
    for column in needed:
        if column not in columns:
            raise ColumnMissing(heading, column)
    found = [Row(line, _named(line, columns, cells)) for line, cells in lines]
    if not found:
        raise Empty(heading, columns[0])
    return found


def out_of_proportion(figure: int, neighbour: int) -> bool:
    """Whether a figure was entered in another unit than its neighbouring year's; a nought tells nothing."""
    least, most = sorted((abs(figure), abs(neighbour)))
    return 0 < MOST_TIMES * least < most


def _named(line: int, columns: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(columns) :]):
        raise TooManyValues(line, str(len(columns) + 1))
    named = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
    for column, cell in named.items():
        if cell.startswith(("=", "@")) or (cell.startswith(("+", "-")) and not _number(cell)):
            raise FormulaCell(line, column, value=_short(cell))
    return named


def _text(data: bytes) -> str:
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NotText(data.count(b"\n", 0, error.start) + 1, "1") from None
    if "\0" in text:
        raise NotText(text.count("\n", 0, text.index("\0")) + 1, "1")
    if not text.strip():
        raise Empty(1, "1")
    return text


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; empty ones are passed over."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True
    )
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise QuoteOpen(line, "1") from None


def _number(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(_SPACES.sub(" ", text).replace("\N{MINUS SIGN}", "-"))


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}…"
