"""What is wrong or odd in a file: where, and a sentence that a door can translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def msgid(text: str) -> str:
    """Mark a text that a door translates later, with parameters like `%(value)s`."""
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1; `column` is the name of a column or META key, or a number counted from 1."""

    line: int
    column: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.message % self.parameters

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.sentence}"


class PabulibError(ValueError):
    """The file cannot be counted as it stands. Nothing of it should be used."""

    def __init__(self, line: int, column: str, message: str, **parameters: object) -> None:
        self.finding = Finding(line, column, message, parameters)
        super().__init__(str(self.finding))


def shown(value: str) -> str:
    """A value from a file, short enough to stand in a sentence."""
    return value if len(value) <= 40 else f"{value[:39]}…"
