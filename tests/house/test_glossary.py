"""The glossary is what the code says and what the pages say."""

import importlib
import re

from sqlmodel import SQLModel

import service.tables  # noqa: F401 - fills the metadata
from service.core.settings import CHECKOUT
from service.core.translations import Translations

ROW = re.compile(r"^\| `([a-z_]+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
PLUMBING = {"audit_entry", "no_mail", "demo_mail", "thread", "session", "residence", "assignment"}

glossary = {
    code: (finnish, swedish, english)
    for code, finnish, swedish, english in ROW.findall((CHECKOUT / "docs" / "glossary.md").read_text())
}


def choices(cell: str) -> set[str]:
    """The words a cell permits: alternatives stand with a slash, remarks in brackets."""
    bare = re.sub(r"\(.*?\)", "", cell)
    return {word.strip().lower() for word in bare.split("/")} | {bare.strip().lower()}


def test_states_have_their_word_in_the_glossary() -> None:
    states = {
        member.value
        for module, name in (
            ("proposals.models", "State"),
            ("evaluation.models", "Feasibility"),
        )
        for member in vars(importlib.import_module(f"service.{module}"))[name]
    }
    known = set(glossary) | {code.removeprefix("feasibility_").removeprefix("proposal_") for code in glossary}
    assert states - known == set()


def test_tables_are_named_by_the_glossary() -> None:
    named = set(glossary) | {code.rpartition("_")[2] for code in glossary}
    unknown = {
        table
        for table in SQLModel.metadata.tables
        if table not in named
        and table not in PLUMBING
        and not any(part in named for part in (table, *table.split("_")))
    }
    assert unknown == set(), "name the table by a term of the field, or add the term"


def test_pages_say_what_the_glossary_says() -> None:
    """Where a text is a term, its translations are the term's, or a part of it where the page has said the rest."""
    translations = Translations.load(CHECKOUT / "frontend" / "locales")
    different = []
    for code, (finnish, swedish, english) in glossary.items():
        if code.startswith("phase_"):
            continue  # a phase's name in English is also a heading or a button
        for language, cell in (("fi", finnish), ("sv", swedish)):
            for term in choices(english):
                said = translations.gettext(language)(term.capitalize())
                permitted = choices(cell) | others(language, term)
                if said != term.capitalize() and not any(said.lower() in word for word in permitted):
                    different.append(f"{code}: {language} {said!r}, glossary {cell!r}")
    assert different == []


def others(language: str, term: str) -> set[str]:
    """Another row may have the same English word with another meaning."""
    column = {"fi": 0, "sv": 1}[language]
    return {word for row in glossary.values() if term in choices(row[2]) for word in choices(row[column])}
