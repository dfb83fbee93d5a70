from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError

from service.core.translations import (
    ConflictingTranslations,
    MalformedCatalogue,
    Message,
    Translations,
    extract,
    read_catalogue,
)
from tests.core.effort import steps

HEADER = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
VOTE = 'msgid "Vote"\nmsgstr "Äänestä"\n\n'
DRAFT = 'msgid "Draft"\nmsgstr "Luonnos"\n\n'
COUNT = """\
msgid "%(n)s proposal"
msgid_plural "%(n)s proposals"
msgstr[0] "%(n)s ehdotus"
msgstr[1] "%(n)s ehdotusta"

"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, entries in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + entries, encoding="utf-8")
    return folder


def test_the_files_of_a_language_are_one_catalogue(tmp_path):
    translations = Translations.load(
        write(tmp_path, {"fi/voting.po": VOTE, "fi/proposals.po": DRAFT + COUNT})
    )

    gettext, ngettext = translations.gettext("fi"), translations.ngettext("fi")

    assert [gettext("Vote"), gettext("Draft")] == ["Äänestä", "Luonnos"]
    counted = [ngettext("%(n)s proposal", "%(n)s proposals", n) % {"n": n} for n in (0, 1, 2, 21)]
    assert counted == ["0 ehdotusta", "1 ehdotus", "2 ehdotusta", "21 ehdotusta"]


def test_what_is_not_translated_is_english(tmp_path):
    translations = Translations.load(write(tmp_path, {"fi/voting.po": VOTE}))

    assert translations.gettext("fi")("Not there") == "Not there"
    assert translations.gettext("sv")("Vote") == "Vote"
    assert translations.gettext("en")("Vote") == "Vote"
    assert [translations.ngettext("en")("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]
    assert [translations.ngettext("fi")("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]


def test_an_entry_that_is_empty_doubtful_or_put_aside_is_not_there(tmp_path):
    path = (
        write(tmp_path, {
            "fi/a.po": 'msgid "Empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "Doubtful"\nmsgstr "Ehkä"\n\n'
            'msgid "One"\nmsgid_plural "Many"\nmsgstr[0] "Yksi"\nmsgstr[1] ""\n\n' + VOTE + '#~ msgid "Old"\n#~ msgstr "Vanha"\n'
        })
        / "fi/a.po"
    )  # fmt: skip
    assert read_catalogue(path) == {Message("Vote"): ("Äänestä",)}


def test_the_same_translation_in_two_files_is_no_conflict(tmp_path):
    translations = Translations.load(write(tmp_path, {"fi/a.po": VOTE, "fi/b.po": VOTE + DRAFT}))
    assert translations.gettext("fi")("Vote") == "Äänestä"


@pytest.mark.parametrize(
    "other",
    [
        'msgid "Vote"\nmsgstr "Ääni"\n',
        'msgid "Vote"\nmsgid_plural "Votes"\nmsgstr[0] "Ääni"\nmsgstr[1] "Ääntä"\n',
    ],
)
def test_two_files_that_translate_a_text_differently_are_refused(tmp_path, other):
    with pytest.raises(ConflictingTranslations, match="'Vote' differs"):
        Translations.load(write(tmp_path, {"fi/a.po": VOTE, "fi/b.po": other}))


@pytest.mark.parametrize(
    "entries",
    [
        'msgid "Vote"\nmsgstr "Äänestä\n',
        'msgid "Vote"\nmsgstr Äänestä\n',
        'msgid "Vote"\nmsgstr "Äänestä "nyt""\n',
        'msgid "Vote"\nmsgtsr "Äänestä"\n',
        'msgctxt "button"\nmsgid "Vote"\nmsgstr "Äänestä"\n',
        VOTE + VOTE,
        VOTE + 'msgid "Vote"\nmsgstr "Ääni"\n',
    ],
)
def test_a_file_that_is_not_well_formed_is_refused_by_its_name(tmp_path, entries):
    with pytest.raises(MalformedCatalogue, match=r"fi/a\.po"):
        Translations.load(write(tmp_path, {"fi/a.po": entries}))


def test_texts_are_found_in_python(tmp_path):
    path = tmp_path / "actions.py"
    path.write_text(
        'class OverBudget:\n    message = msgid(\n        "Over by "\n        "%(amount)s."\n    )\n'
        'visit.gettext("Saved", n=1)\n_("Vote")\nngettext("one", "many", n)\ngettext(error.message)\nprint("not me")\n',
        encoding="utf-8",
    )
    assert set(extract([path])) == {
        Message("Over by %(amount)s."),
        Message("Saved"),
        Message("Vote"),
        Message("one", "many"),
    }


def test_texts_are_found_in_templates(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        '{% do items.append(1) %}<h1>{{ _("Vote") }}</h1>{{ gettext("By %(name)s", name=name) }}'
        '{{ ngettext("%(num)s vote", "%(num)s votes", n) }}\n'
        "{% trans when=closes_at %}\n    Voting closes on\n    {{ when }}. 5 % of\n{% endtrans %}\n"
        "{% trans n=count %}{{ n }} day{% pluralize %}{{ n }} days{% endtrans %}",
        encoding="utf-8",
    )
    assert set(extract([path])) == {
        Message("Vote"),
        Message("By %(name)s"),
        Message("%(num)s vote", "%(num)s votes"),
        Message("Voting closes on %(when)s. 5 %% of"),
        Message("%(n)s day", "%(n)s days"),
    }


def test_a_text_knows_every_file_that_uses_it(tmp_path):
    paths = [tmp_path / "a.py", tmp_path / "b.html"]
    for path, source in zip(paths, ['_("Vote")', '{{ _("Vote") }}'], strict=True):
        path.write_text(source, encoding="utf-8")
    assert extract(paths) == {Message("Vote"): set(paths)}


def test_a_template_that_does_not_parse_is_not_passed_over(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("{% trans %}", encoding="utf-8")
    with pytest.raises(TemplateSyntaxError, match="unclosed translation block"):
        extract([path])


def test_two_thousand_texts_load_in_few_steps(tmp_path):
    texts = "".join(
        f'msgid "A sentence {n}, %(when)s."\nmsgstr "Lause {n}, %(when)s."\n\n' for n in range(1_000)
    )
    write(tmp_path, {"fi/a.po": texts, "sv/a.po": texts})

    assert steps(lambda: Translations.load(tmp_path)) < 10_000_000
