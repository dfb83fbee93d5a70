"""What was typed, the value it makes, and the mistakes beside each field. Nothing typed is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError

from service.core.errors import DomainError, Invalid, msgid
from service.core.money import NotMoney
from service.web.visit import Visit

Schema = TypeVar("Schema", bound=BaseModel)

SENTENCES: dict[str, str] = {
    "missing": msgid("Fill in this field."),
    "string_too_short": msgid("Write at least %(min_length)s characters."),
    "string_too_long": msgid("Write at most %(max_length)s characters."),
    "int_parsing": msgid("Write a whole number."),
    "float_parsing": msgid("Write a number."),
    "greater_than_equal": msgid("The smallest possible value is %(ge)s."),
    "less_than_equal": msgid("The largest possible value is %(le)s."),
    "enum": msgid("Choose one of the options."),
    "uuid_parsing": msgid("Choose one of the options."),
}
UNREADABLE = msgid("This could not be read. Check it.")
TOP = ""


@dataclass
class Form:
    """For templates: `form.typed.title`, `form.mistakes.title`. The key `""` is a mistake of the whole form.

    `file_lost`: it came with a file, which has to be chosen again.
    """

    typed: dict[str, Any] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    file_lost: bool = False

    def value(self, name: str, default: Any = "") -> Any:
        return self.typed.get(name, default)

    def mistake(self, name: str) -> str:
        return self.mistakes.get(name, "")

    @property
    def errors(self) -> list[dict[str, str]]:
        """For the error summary, in the order of the fields."""
        return [{"field": name, "text": text} for name, text in self.mistakes.items()]

    def refuse(self, visit: Visit, error: DomainError) -> "Form":
        """Put a domain's refusal beside its field, or above the form where it is of none."""
        self.mistakes[error.field if isinstance(error, Invalid) else TOP] = visit.gettext(
            error.message, **error.parameters
        )
        return self


@dataclass
class Filled(Generic[Schema]):
    """A form that was sent: `value` is None where something has to be mended."""

    form: Form
    value: Schema | None


def filled(values: Mapping[str, Any]) -> Form:
    """A form that shows what is already known."""
    return Form(typed={name: "" if value is None else value for name, value in values.items()})


async def read(
    visit: Visit,
    schema: type[Schema],
    *,
    sentences: Mapping[str, str] | None = None,
    many: frozenset[str] = frozenset(),
) -> Filled[Schema]:
    """Read the sent form as `schema`.

    `sentences` gives a field its own msgid for an empty value (`{"title": "Give your proposal a title."}`); `many` names fields
    that are lists. An empty field counts as not given, so that a default or a "fill in" applies.
    """
    sent = await visit.form()
    typed: dict[str, Any] = {}
    for name in {key for key, _ in sent.multi_items()}:
        values = [value for value in sent.getall(name) if not isinstance(value, UploadFile)]
        if values:
            typed[name] = values if name in many else values[0]
    given = {name: value for name, value in typed.items() if value not in ("", [])}
    form = Form(typed=typed)
    try:
        return Filled(form, schema.model_validate(given))
    except ValidationError as error:
        for mistake in error.errors():
            cause = mistake.get("ctx", {}).get("error")
            name = str(mistake["loc"][0]) if mistake["loc"] else getattr(cause, "field", TOP)
            form.mistakes.setdefault(name, _sentence(visit, name, dict(mistake), sentences or {}))
        return Filled(form, None)


def _sentence(visit: Visit, name: str, mistake: dict[str, Any], sentences: Mapping[str, str]) -> str:
    kind = str(mistake["type"])
    if kind == "missing" and name in sentences:
        return visit.gettext(sentences[name])
    cause = mistake.get("ctx", {}).get("error")
    if isinstance(cause, Invalid):
        return visit.gettext(cause.message, **cause.parameters)
    if isinstance(cause, NotMoney):
        return visit.gettext(cause.message)
    return visit.gettext(SENTENCES.get(kind, UNREADABLE), **mistake.get("ctx", {}))
