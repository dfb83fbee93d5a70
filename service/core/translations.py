"""The service's own words: English in the source, Finnish and Swedish in `frontend/locales/<language>/<slice>.po`.

The files are read as they are; nothing is compiled. Every text is a %-format: values are named, a literal per cent is written %%.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple, Self

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from service.core.text import Language

TRANSLATED: tuple[Language, ...] = ("fi", "sv")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "msgid": None}
# The same whitespace rules as the templates are rendered with, else a block's msgid would differ.
TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}


class Message(NamedTuple):
    """An English text and, where it counts something, its plural."""

    singular: str
    plural: str | None = None


class MalformedCatalogue(ValueError):
    """A .po file with a line that Babel would silently misread."""


class ConflictingTranslations(ValueError):
    """Two files of one language translate a text differently."""


_LINE = re.compile(r'#.*|\s*|(?:(?:msgid|msgid_plural|msgstr|msgstr\[[01]\]) )?"(?:[^"\\]|\\.)*"')
Catalogue = dict[Message, tuple[str, ...]]


class Translations:
    def __init__(self, catalogues: dict[Language, Catalogue]) -> None:
        self._forms: dict[Language, dict[str, tuple[str, ...]]] = {
            language: {message.singular: forms for message, forms in catalogue.items()}
            for language, catalogue in catalogues.items()
        }

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `<folder>/{fi,sv}/*.po`.

        Raises:
            ConflictingTranslations: a text stands in two files of a language with different translations.
            MalformedCatalogue: a file is not well-formed.
        """
        return cls({language: _merged(sorted((folder / language).glob("*.po"))) for language in TRANSLATED})

    def gettext(self, language: Language) -> Callable[[str], str]:
        """A function giving a text in this language, or in English where it is not translated."""
        forms = self._forms.get(language, {})

        def gettext(message: str) -> str:
            return forms[message][0] if message in forms else message

        return gettext

    def ngettext(self, language: Language) -> Callable[[str, str, int], str]:
        """The same for a text that counts; fi, sv and en all have one form for 1 and another for the rest."""
        forms = self._forms.get(language, {})

        def ngettext(singular: str, plural: str, n: int) -> str:
            return forms.get(singular, (singular, plural))[n != 1]

        return ngettext


def read_catalogue(path: Path) -> Catalogue:
    """The translated texts of a file; what is empty, marked fuzzy or obsolete is not there.

    Raises:
        MalformedCatalogue: a line is none of the format's, or a text stands twice.
    """
    source = path.read_text(encoding="utf-8")
    for number, line in enumerate(source.splitlines(), start=1):
        if not _LINE.fullmatch(line):
            raise MalformedCatalogue(f"{path}:{number}: {line}")
    entries = list(
        read_po(StringIO(source), locale=path.parent.name, ignore_obsolete=True, abort_invalid=True)
    )
    if len(entries) != len(re.findall(r"^msgid ", source, re.MULTILINE)):
        raise MalformedCatalogue(f"{path}: a text stands twice")
    catalogue: Catalogue = {}
    for entry in entries:
        forms = tuple([entry.string] if isinstance(entry.string, str) else entry.string or [])
        if entry.id and not entry.fuzzy and all(forms):
            catalogue[_message(entry.id)] = forms
    return catalogue


def extract(paths: Iterable[Path]) -> dict[Message, set[Path]]:
    """Every text marked for translation in these sources (Python, else Jinja), with the files that use it."""
    used: dict[Message, set[Path]] = defaultdict(set)
    for path in paths:
        method, options = (
            ("python", {}) if path.suffix == ".py" else ("jinja2.ext:babel_extract", TEMPLATE_OPTIONS)
        )
        for _, message, _, _ in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            used[_message(message)].add(path)
    return dict(used)


def _message(identity: str | Sequence[str]) -> Message:
    return Message(identity) if isinstance(identity, str) else Message(*identity)


def _merged(paths: Iterable[Path]) -> Catalogue:
    merged: Catalogue = {}
    origin: dict[str, Path] = {}
    for path in paths:
        for message, forms in read_catalogue(path).items():
            first = origin.setdefault(message.singular, path)
            if first != path and merged.get(message) != forms:
                raise ConflictingTranslations(f"{message.singular!r} differs in {first} and {path}")
            merged[message] = forms
    return merged
