"""Templates: Jinja, escaped, strict about names, in the visit's language."""

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from service.core import markdown, money, text
from service.core.instance import Instance
from service.core.settings import CHECKOUT
from service.core.text import LANGUAGES, Language
from service.web import addresses
from service.web.assets import Assets
from service.web.city_map import CityMap

KEPT = 10_000  # pieces of pages a language, of about 600 bytes

FOLDER = CHECKOUT / "frontend" / "templates"


class Templates:
    """One environment a language, so that filters and texts need no context."""

    def __init__(self, instance: Instance, assets: Assets, city_map: CityMap | None) -> None:
        self._environments = {
            language: _environment(instance, assets, city_map, language) for language in LANGUAGES
        }

    def render(self, name: str, language: Language, context: dict[str, Any]) -> str:
        return self._environments[language].get_template(name).render(context)


def _environment(
    instance: Instance, assets: Assets, city_map: CityMap | None, language: Language
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True  # as core/translations.py extracts them
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        instance.translations.gettext(language), instance.translations.ngettext(language), newstyle=True
    )
    environment.globals.update(
        language=language,
        city=instance.city.in_language(language),
        asset=assets.url,
        proposal_address=addresses.proposal,
        city_map=city_map.on_page if city_map else None,
        kept=lru_cache(KEPT)(_made),
    )
    filters: dict[str, Callable[..., Any]] = {
        "money": partial(money.money, language=language),
        "money_words": partial(money.money_words, language=language),
        "money_range": partial(money.money_range, language=language),
        "moment": partial(text.moment, language=language),
        "weekday_moment": partial(text.weekday_moment, language=language),
        "until": partial(text.until, language=language),
        "period": partial(text.period, language=language),
        "days": partial(text.days, language=language),
        "day": partial(text.day, language=language),
        "number": partial(text.number, language=language),
        "percent": partial(text.percent, language=language),
        "markdown": markdown.render,
        "plain": markdown.plain,
        "capitalised": text.capitalised,
        "wording": partial(text.wording, language=language),
        "words": lambda texts: text.wording(texts, language).text,
        "own_words": partial(_own_words, language=language),
        "words_markdown": partial(_words_markdown, language=language),
        "iso": datetime.isoformat,
    }
    environment.filters.update(filters)
    return environment


def _made(macro: Callable[..., Markup], *of: Hashable) -> Markup:
    """A macro's piece of a page: a list has hundreds, and the next visitor's differs in a few."""
    return macro(*of)


def _own_words(texts: dict[str, str], language: Language) -> Markup:
    """The city's own short text, carrying the language it is in where that is not the page's."""
    words = text.wording(texts, language)
    if words.language == language:
        return escape(words.text)
    return Markup('<span lang="{}">{}</span>').format(words.language, words.text)


def _words_markdown(texts: dict[str, str], language: Language) -> Markup:
    """The city's longer text. Where it is missing in this language, the passage carries the language it is in."""
    words = text.wording(texts, language)
    rendered = markdown.render(words.text)
    return (
        rendered
        if words.language == language
        else Markup('<div lang="{}">{}</div>').format(words.language, rendered)
    )
