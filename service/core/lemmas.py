"""Finding texts by their words whatever their inflection: lemmas for search, trigrams of lemmas for likeness and slips of the pen.

A text's terms are, for each word, the stems of its lemma and of the word itself, and the same for the parts of a compound, so that
"puisto" finds "leikkipuisto". Forms of a Finnish word found by it (tests/core/test_lemmas.py): by Snowball's stem alone 56 %, by
simplemma's lemma 89 %, by its stem 93 %, with the word's own stem 96 %, with the exceptions below 97 % of words unseen while they
were made. In Swedish 70, 88, 98, 99 and 99 %.

The dictionaries load on first use (3 s, 61 MB; read from the stream they take a seventh of the default's memory), so a process calls
`warm()` in a thread when it starts and no request waits for them. After that 3,000 words a second are taken that were not met
before and a million of those that were (50,000 are remembered): 2 ms for a search, at most 0.1 s for the longest proposal. All
functions are safe to call from several threads.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from threading import RLock
from typing import Any, NamedTuple

import snowballstemmer
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import StreamDictionaryFactory

from service.core.text import LANGUAGES, Language

# Kept with each row: a row of another version is indexed again.
VERSION = 1

LEAST_PART, LONGEST_COMPOUND = 4, 40
LONGEST_WORD = 60  # PostgreSQL refuses a lexeme of more than 2 kB
MOST_WORDS = 10  # of a search; what comes after is not asked for

# Measured on titles (tests/core/test_lemmas.py): of two alike nine in ten pairs have so much in common, of two unlike one in 300;
# of a misspelt word's trigrams so many are in the title that has the word. Body text drowns both: keep the trigrams of titles.
LEAST_ALIKE = 0.2
LEAST_CONTAINED = 0.5
UNKNOWN: tuple[Language, ...] = ("fi", "sv")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that only hold a sentence together, as they are written. None of them is also a word of substance in another of the
# languages: no "by" (sv village), "is" (sv ice), "vår" (sv spring); and no form of "tie" such as "teitä".
STOP_WORDS: dict[Language, frozenset[str]] = {
    "fi": _listed(
        """ei eivät eli emme en että he hän ja jo joita joka jonka jos jossa jota jotka jotta koska kuin kun kunhan me mikä
        minä mitä mutta myös ne niiden niin niitä noin nyt näin nämä näitä ole olemme olen oli olisi olisivat olivat olla on ovat
        se sekä sen siellä siihen siinä siitä sille sinä sitä tai tuo tähän tällä tämä tämän tänne tässä tästä tätä täällä vaan vai
        vain vielä voi voisi"""
    ),
    "sv": _listed(
        """alla att av bli blir blev de dem den denna det detta dig du där eller en ett finns från för ha hade han har hon hur
        här i inte jag ju kan kunde man med men mig ni nu när och också om oss på sig sin sina sitt ska skulle som så till ut
        var varit vi vid vill är än även"""
    ),
    "en": _listed(
        """a an and are as at be been but can could for from has have he i if in of on or our she should so that the their there
        these they this those to was we were which will with would you your"""
    ),
}

# Forms that belong to more than one word, where the dictionary names the one a proposal seldom means (teitä: sinä, not tie).
_ALSO = {
    "aita": "aitojen aitoja aidoissa aidoista aitoihin",
    "apu": "avun avut",
    "aukea": "aukealla aukealle",
    "halko": "halon halot",
    "koti": "kotona kotoa",
    "lava": "lavojen",
    "lumi": "lumen",
    "maa": "maata",
    "matto": "mattoja",
    "mela": "meloja",
    "meri": "merta",
    "nuori": "nuorilla",
    "pata": "padat",
    "pensas": "pensaan pensasta",
    "porras": "portaat portaita portaiden portaissa portaisiin porrasta",
    "pyörä": "pyörien pyöriä pyörillä",
    "sauna": "saunoja",
    "suo": "soita",
    "tie": "teiden teitä teille teillä teiltä teissä teistä teihin",
    "tori": "toria",
    "tuki": "tukea tuet",
    "turvallinen": "turvallista",
    "työ": "työ",
    "valo": "valoja",
    "vanhempi": "vanhempi vanhemman vanhempaa vanhemmat vanhempien vanhempia vanhemmille vanhemmilla vanhemmilta",
}
ALSO: dict[tuple[str, str], str] = {
    ("fi", form): word for word, forms in _ALSO.items() for form in forms.split()
} | {
    ("sv", "cyklar"): "cykel",
    ("sv", "cyklarna"): "cykel",
}

# A part of a compound has four letters or is one of these; "ulko" and "lähi" stand in no dictionary, being no words alone.
SHORT_PARTS: dict[Language, frozenset[str]] = {
    "fi": _listed("ikä itä jää lähi maa puu suo sää tie työ ulko yö"),
    "sv": _listed("bad bil bro by båt dag el gym hem hus is lek sim snö tak tåg ute väg ö"),
}

# Words, but at the end of a longer one nearly always something else: an ending (pain-otus, kirja-utua, turvallis-empi) or, in
# Swedish, the s that joins and a shorter word (stad-s-park, odling-s-lott).
NOT_LAST: dict[Language, frozenset[str]] = {
    "fi": _listed("alta eitä empi jata ostaa ottaminen otus telo tola ukselle utua"),
    "sv": _listed("ande hets lags ring slag slott spark tars"),
}

_WORD = re.compile(r"[^\W_]{2,}|[åö0-9]")  # å and ö are words of Swedish (small river, island)


class Word(NamedTuple):
    """One word of a search."""

    typed: str
    tsquery: str
    """Any of its terms, or all parts of a compound, or, for a word no dictionary knows, its beginning; ready for ::tsquery."""
    trigrams: list[str]
    is_known: bool
    """Whether a dictionary has it. A word that none has and that nothing is found by may be misspelt."""


def warm() -> None:
    """Load the dictionaries. Call it in a thread when a process starts."""
    for language in LANGUAGES:
        _terms("puisto", language)


def lemmas(text: str, language: Language | None) -> list[str]:
    """The terms a text is found by, each once, in its order. Language None: unknown or mixed, so Finnish and Swedish both."""
    languages = (language,) if language else UNKNOWN
    return list(
        dict.fromkeys(
            term
            for word in _words(text, languages)
            for language in languages
            for term in _terms(word, language)
        )
    )


def query(text: str) -> list[Word]:
    """The words of a search in any of the languages, for one may search in Finnish on a Swedish page. All must be found."""
    typed = dict.fromkeys(_words(text, LANGUAGES) or _words(text, ()))
    return [_query_word(word) for word in list(typed)[:MOST_WORDS]]


def tsquery(words: Iterable[Word]) -> str:
    """Every word, for ::tsquery; empty where there is no word."""
    return " & ".join(word.tsquery for word in words)


def trigrams(terms: Iterable[str]) -> list[str]:
    """The sorted three-letter pieces of all terms, as pg_trgm cuts them: two spaces before a word, one after."""
    padded = (f"  {term} " for term in terms)
    return sorted({term[start : start + 3] for term in padded for start in range(len(term) - 2)})


def _words(text: str, languages: Iterable[Language]) -> list[str]:
    plain = unicodedata.normalize("NFC", text).lower().replace("\N{SOFT HYPHEN}", "")
    stop_words = frozenset[str]().union(*(STOP_WORDS[language] for language in languages))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain) if word not in stop_words]


def _query_word(word: str) -> Word:
    known = any(_dictionary(language).get(word) for language in LANGUAGES)
    ways = [] if known else [f"'{word}':*"]
    own: list[str] = []
    for language in LANGUAGES:
        own += _own_terms(word, language)
        parts = [_any_of(_own_terms(part, language)) for part in _parts(word, language)]
        if parts:
            ways.append(f"({' & '.join(parts)})")
    ways.insert(0, _any_of(dict.fromkeys(own)))
    return Word(word, f"({' | '.join(dict.fromkeys(ways))})", trigrams([word]), known)


def _any_of(terms: Iterable[str]) -> str:
    return "(" + " | ".join(f"'{term}'" for term in terms) + ")"


@lru_cache(maxsize=50_000)
def _terms(word: str, language: Language) -> tuple[str, ...]:
    """All a word of a text is found by."""
    terms = list(_own_terms(word, language))
    for part in _parts(word, language):
        terms += _own_terms(part, language)
    return tuple(dict.fromkeys(terms))


def _own_terms(word: str, language: Language) -> list[str]:
    """The stems of the word a form is known as, of the form itself and of the word it may also belong to."""
    with _ONE_AT_A_TIME:
        lemma = _lemmatiser().lemmatize(word, language).lower()
        forms = (word if lemma in STOP_WORDS[language] else lemma, word, ALSO.get((language, word), word))
        return list(dict.fromkeys(_stemmer(language).stemWord(form) for form in forms))


def _parts(word: str, language: Language) -> list[str]:
    """The words a compound is put together from; nothing for a word that is none."""
    if language not in SHORT_PARTS or len(word) > LONGEST_COMPOUND:
        return []
    with _ONE_AT_A_TIME:
        lemma = _dictionary(language).get(word)
        # A word no dictionary has may be in any form; one that is only plural (ihmisoikeudet) is its own lemma.
        is_inflected = lemma is None or (language == "fi" and lemma.endswith("t"))
        return _split(lemma or word, language, is_inflected=is_inflected)


def _split(word: str, language: Language, *, is_inflected: bool) -> list[str]:
    for place in range(1, len(word)):
        head, tail = word[:place], word[place:]
        if _is_tail(tail, language, is_inflected=is_inflected) and (first := _head(head, language)):
            return [*first, *(_split(tail, language, is_inflected=is_inflected) or [tail])]
    return []


def _is_tail(tail: str, language: Language, *, is_inflected: bool) -> bool:
    """Whether a compound can end so. If its last part may be inflected, any form will do, else it must be a word's own."""
    if tail in NOT_LAST[language] or not _may_be_part(tail, language):
        return False
    lemma = ALSO.get((language, tail)) or _dictionary(language).get(tail)
    if lemma is None:
        return False
    stem = _stemmer(language).stemWord
    return is_inflected or stem(lemma) == stem(tail)


def _head(head: str, language: Language) -> list[str]:
    """The words a compound's first part stands for: itself, the word it is bent from (ihmis-, trafik-s-), or its own parts."""
    if not _may_be_part(head, language):
        return []
    unbent = [head.removesuffix("s") + ("nen" if language == "fi" else "")] if head.endswith("s") else []
    for word in [head, *unbent]:
        if word in SHORT_PARTS[language] or _dictionary(language).get(word):
            return _split(word, language, is_inflected=False) or [word]
    return _split(head, language, is_inflected=True)


def _may_be_part(part: str, language: Language) -> bool:
    return part in SHORT_PARTS[language] or (len(part) >= LEAST_PART and part not in STOP_WORDS[language])


_ONE_AT_A_TIME = RLock()  # Snowball's stemmers keep the word they work on


@cache
def _factory() -> StreamDictionaryFactory:
    return StreamDictionaryFactory()


def _dictionary(language: Language) -> Mapping[str, str]:
    return _factory().get_dictionary(language)


@cache
def _lemmatiser() -> Lemmatizer:
    return Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(dictionary_factory=_factory()))


@cache
def _stemmer(language: Language) -> Any:
    return snowballstemmer.stemmer({"fi": "finnish", "sv": "swedish", "en": "english"}[language])
