"""A survey with a question of every type, as plain JSON that a test changes."""

from typing import Any

from service.surveys.definition import Definition

Json = dict[str, Any]


def words(text: str) -> Json:
    return {"fi": text, "sv": text, "en": text}


def option(id_: str, code: int, role: str | None = None) -> Json:
    return {"id": id_, "code": code, "text": words(f"Option {id_}")} | ({"role": role} if role else {})


def question(type_: str, id_: str, **fields: Any) -> Json:
    return {"type": type_, "id": id_, "code": id_.upper(), "text": words(f"Question {id_}?"), **fields}


OPTIONS = [option("o1", 1), option("o2", 2), option("o3", 3)]
DONT_KNOW = option("o9", 98, "dont_know")
ROWS = [{"id": row, "code": f"ROW_{row}", "text": words(row)} for row in ("r1", "r2")]


def age() -> Json:
    return question("single", "age", options=OPTIONS, demographic="age_band", required=True)


def uses() -> Json:
    return question(
        "multiple", "uses", most=2,
        options=[*OPTIONS, option("o7", 97, "other"), option("o8", 96, "none_of_these"), DONT_KNOW],
    )  # fmt: skip


def mood() -> Json:
    return question(
        "scale",
        "mood",
        least=1,
        most=5,
        least_text=words("Bad"),
        most_text=words("Good"),
        options=[DONT_KNOW],
    )


def view() -> Json:
    return question("matrix", "view", rows=ROWS, options=[*OPTIONS, DONT_KNOW])


def best() -> Json:
    return question("ranking", "best", options=OPTIONS)


def visits() -> Json:
    return question("number", "visits", least="0", most="99.5", decimals=1)


def moved() -> Json:
    return question("date", "moved", least="1990-01-01", most="2026-12-31")


def postcode() -> Json:
    return question("short_text", "postcode", validator="postcode")


def idea() -> Json:
    return question("long_text", "idea", most=100)


def agree() -> Json:
    return question("consent", "agree")


def money() -> Json:
    return question("budget", "money", options=OPTIONS, total=100, step=10, unit=words("€"))


def info() -> Json:
    return {"type": "info", "id": "info", "text": words("Thank you so far.")}


def every_type() -> list[Json]:
    return [
        age(), uses(), mood(), view(), best(), visits(), moved(), postcode(), idea(), agree(), money(), info(),
    ]  # fmt: skip


def page(id_: str, *items: Json, **fields: Any) -> Json:
    return {"id": id_, "title": words(f"Page {id_}"), "items": list(items), **fields}


def definition(*pages: Json) -> Definition:
    return Definition.model_validate({"pages": list(pages)})


def last(condition: Json) -> Definition:
    """Every type, and then an item that is shown when the condition is met."""
    return definition(
        page("p1", *every_type()), page("p2", question("long_text", "why", visible_if=condition))
    )
