"""The service speaks Finnish and Swedish as fully as English, and writes them as they are written."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from service.core.translations import TRANSLATED, Message, Translations, extract, read_catalogue

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "frontend" / "locales"
TEMPLATES = ROOT / "frontend" / "templates"
SAME_IN_ALL = Path(__file__).with_name("same_in_all.txt")
PLACEHOLDER = re.compile(r"%\((\w+)\)")

SLIPS = {
    "a hyphen as a minus (write −)": re.compile(r"(?<![\w.)-])-\d"),
    "a colon in a time (write 20.00)": re.compile(r"\bkl(?:o|\.)?\s?\d{1,2}:\d\d"),
    "a space before € or % that can break (write U+00A0)": re.compile(r"[ \d]€| %(?!\()|[\d)]%(?!\()|\)s%%"),
    "a straight quote (write ” or ’)": re.compile(r"""["']"""),
}

every_language = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture(scope="module")
def used():
    templates = [path for suffix in ("html", "txt", "xml") for path in TEMPLATES.rglob(f"*.{suffix}")]
    return extract([*(ROOT / "service").rglob("*.py"), *templates])


@pytest.fixture(scope="module")
def catalogues():
    Translations.load(LOCALES)  # refuses files that contradict each other
    return {
        language: {
            message: forms
            for path in (LOCALES / language).glob("*.po")
            for message, forms in read_catalogue(path).items()
        }
        for language in TRANSLATED
    }


def slice_of(path):
    """The catalogue a file's texts belong to: service/web/pages/voting.py, templates/voting/cast.html → voting."""
    parts = (
        path.relative_to(TEMPLATES if path.is_relative_to(TEMPLATES) else ROOT / "service")
        .with_suffix("")
        .parts
    )
    if parts[0] == "web" and parts[1] in {"api", "pages"}:
        return parts[-1] if len(parts) == 3 else parts[2]
    return parts[0] if len(parts) > 1 and parts[0] != "parts" else "web"


def pasteable(message):
    lines = [f'msgid "{_escaped(message.singular)}"', 'msgstr ""']
    if message.plural is not None:
        lines[1:] = [f'msgid_plural "{_escaped(message.plural)}"', 'msgstr[0] ""', 'msgstr[1] ""']
    return "\n".join(lines)


def _escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def fail_with(problems):
    if lines := list(problems):
        pytest.fail("\n".join(["", *lines]), pytrace=False)


@every_language
def test_every_text_of_the_service_is_translated(language, used, catalogues):
    translated = catalogues[language]
    counted = {message.singular for message in translated if message.plural is not None}
    missing = defaultdict(list)
    for message, paths in used.items():
        if message not in translated and not (message.plural is None and message.singular in counted):
            missing[slice_of(min(paths))].append(pasteable(message))

    fail_with(
        f"# frontend/locales/{language}/{name}.po misses {len(texts)}:\n\n"
        + "\n\n".join(sorted(texts))
        + "\n"
        for name, texts in sorted(missing.items())
    )


@every_language
def test_no_translation_has_outlived_its_text(language, used, catalogues):
    fail_with(
        [f"{language}: {message.singular!r}" for message in catalogues[language] if message not in used]
    )


@every_language
def test_a_translation_takes_the_same_values_as_its_text(language, catalogues):
    fail_with(
        [
            f"{language}: {original!r} → {form!r}"
            for message, forms in catalogues[language].items()
            for original, form in zip(filter(None, message), forms, strict=True)
            if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(form)) or not formats(form)
        ]
    )


def formats(text):
    """Whether the text is a %-format of named values only: a literal per cent is doubled."""
    try:
        text % dict.fromkeys(PLACEHOLDER.findall(text), "1 234")
    except (TypeError, ValueError, KeyError):
        return False
    return True


def test_every_english_text_is_a_format_too(used):
    fail_with([repr(text) for message in used for text in filter(None, message) if not formats(text)])


@every_language
def test_a_text_that_counts_has_both_forms(language, catalogues):
    fail_with(
        [
            f"{language}: {message.singular!r} has {len(forms)} forms"
            for message, forms in catalogues[language].items()
            if len(forms) != len(list(filter(None, message)))
        ]
    )


def test_no_translation_is_the_english_text_unless_it_was_agreed(catalogues):
    agreed = set(SAME_IN_ALL.read_text(encoding="utf-8").splitlines())
    same = [
        (language, original)
        for language, catalogue in catalogues.items()
        for message, forms in catalogue.items()
        for original, form in zip(filter(None, message), forms, strict=True)
        if form == original
    ]
    stale = {text for text in agreed if text and not text.startswith("#")} - {text for _, text in same}

    fail_with(
        [f"{language}: {text!r} is the same in English" for language, text in same if text not in agreed]
        + [f"{SAME_IN_ALL.name}: {text!r} is the same in no language any more" for text in sorted(stale)]
    )


def slips(text):
    words = re.sub(r"<[^>]*>", "", text)
    return [name for name, pattern in SLIPS.items() if pattern.search(words)]


@every_language
def test_texts_are_typeset_as_the_language_is(language, catalogues):
    fail_with(
        [
            f"{language}: {form!r} has {slip}"
            for forms in catalogues[language].values()
            for form in forms
            for slip in slips(form)
        ]
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Muutos -4,8", 1), ("Muutos −4,8", 0), ("COVID-19", 0), ("1234567-8", 0),
        ("klo 20:00", 1), ("kl. 20:00", 1), ("kl 20:00", 1), ("klo\xa020.00", 0), ("Suhde 3:1", 0),
        ("12 €", 1), ("12€", 1), ("12\xa0€", 0), ("8 %%", 1), ("8%%", 1), ("8\xa0%%", 0), ("Alle %(n)s", 0), ("%(n)s %%", 1), ("%(n)s%%", 1),
        ('"Otsikko"', 1), ("raa'at", 1), ("”Otsikko” vaa’assa", 0), ('<a href="%(address)s">tästä</a>', 0),
    ],
)  # fmt: skip
def test_slips_of_the_pen_are_seen(text, found):
    assert len(slips(text)) == found


def test_an_errors_sentence_is_marked_for_translation():
    unmarked = [
        f"{path.relative_to(ROOT)}:{line.lineno}: message = msgid(…)"
        for path in (ROOT / "service").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if _names(line) == ["message"] and isinstance(line.value, ast.Constant) and line.value.value
    ]
    fail_with(unmarked)


def _names(line):
    targets = (
        line.targets
        if isinstance(line, ast.Assign)
        else [line.target]
        if isinstance(line, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


def test_a_missing_text_is_shown_ready_to_paste():
    assert pasteable(Message('Say "yes"')) == 'msgid "Say \\"yes\\""\nmsgstr ""'
    assert pasteable(Message("one", "many")).splitlines() == [
        'msgid "one"', 'msgid_plural "many"', 'msgstr[0] ""', 'msgstr[1] ""',
    ]  # fmt: skip
    assert slice_of(ROOT / "service/voting/actions.py") == "voting"
    assert slice_of(ROOT / "service/web/pages/voting.py") == "voting"
    assert slice_of(ROOT / "service/web/errors.py") == "web"
    assert slice_of(ROOT / "service/app.py") == "web"
    assert slice_of(TEMPLATES / "voting/cast.html") == "voting"
    assert slice_of(TEMPLATES / "parts/forms.html") == "web"
