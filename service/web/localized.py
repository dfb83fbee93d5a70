"""The city's words in a form: three inputs `title_fi`, `title_sv`, `title_en` for one text."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, model_validator

from service.core.text import LANGUAGES


class InLanguages(BaseModel):
    """A form's schema whose texts come as one input a language."""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, sent: Any) -> Any:
        if not isinstance(sent, Mapping):
            return sent
        gathered = dict(sent)
        for name in cls.model_fields:
            texts = {language: str(sent.get(f"{name}_{language}", "")).strip() for language in LANGUAGES}
            if any(texts.values()):
                gathered[name] = texts
        return gathered


def typed(name: str, words: Mapping[str, str]) -> dict[str, str]:
    """What the three inputs show."""
    return {f"{name}_{language}": words.get(language, "") for language in LANGUAGES}
