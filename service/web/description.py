"""The description of the API (OpenAPI 3.1): what Litestar gathers, and what it leaves out: problems, sign-in, sentences.

Litestar describes its own error bodies and takes an operation's summary from the handler's name; ours are problems (RFC 9457) and
docstrings.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from litestar import Litestar
from litestar.routes import HTTPRoute

from service.web.csrf import HEADER, SESSION_COOKIE

ABOUT = """\
Everything a page of this service does can be done here, by the same rules.

Reading what is public needs no key. To act, ask for a code by `requestSignInCode`, send it by `signIn`, and put the token you get \
into the header `Authorization: Bearer …`. A browser's session cookie works too, with the proof of a form in `X-CSRF-Token`.

Sums are in cents, moments in ISO 8601 with their time zone. Every error is a problem document (RFC 9457) whose `title` is a sentence \
in the language of `Accept-Language` (fi, sv or en) and whose `type` names the rule.
"""
TAGS = {
    "Accounts": "Signing in and out, and what is kept about you.",
    "Staff": "Who has which role.",
    "Processes": "Rounds with their phases, areas, topics and money.",
    "Proposals": "Ideas from draft to ballot, support, co-authors, versions.",
    "Comments": "The discussion of a proposal.",
    "Merging": "Making one proposal of several, and parting them again.",
    "Moderation": "What waits for review, and decisions with their reasons.",
    "Evaluation": "Feasibility and cost.",
    "Voting": "The ballot: opening, choosing, casting, the receipt.",
    "Results": "Counts, with the reason for every project.",
    "Implementation": "What becomes of the winners.",
    "Calculator": "The city’s budget over four years: what would change it, and what people would do.",
    "Council groups": "The groups of the council and their own plans.",
    "Open data": "Proposals, results and ballots as files.",
    "Following": "Following a proposal and being told of its steps.",
    "Service": "Is the service well?",
}
# What a path's parameter may look like, for programs that try things out.
EXAMPLES: dict[str, Any] = {"slug": "oma-2027", "number": 14, "pot": "city-wide.pb"}

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "Name of the rule: `urn:puntari:problem:…`."},
        "title": {
            "type": "string",
            "description": "A sentence for people, in the language that was asked for.",
        },
        "status": {"type": "integer"},
        "field": {"type": "string", "description": "The input it belongs to."},
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "examples": [
        {
            "type": "urn:puntari:problem:VoteIsOpen",
            "title": "Votes are counted when voting has closed. It is open until 29 March 2027 at 20:00.",
            "status": 409,
            "parameters": {"when": "2027-03-29 17:00:00+00:00"},
        }
    ],
}
REFUSED = (
    "Refused: 400 and 422 what was sent cannot be taken, 401 sign in first, 403 not for you, 404 not there, 409 not in this state, "
    "429 too often."
)
AWAY = "Not now: the database is away. `Retry-After` says when to try again."
FIXED = ("const", "default")
SAMPLES: dict[str, Any] = {
    "date-time": "2027-03-29T20:00:00+03:00",
    "date": "2027-03-29",
    "uuid": "3f8a1c52-9d0e-4b7a-8c61-2f5e9b0d7a14",
    "string": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "null": None,
    "array": [],
}
METHODS = ("get", "put", "post", "delete", "patch")


class Operation(NamedTuple):
    method: str
    path: str
    facts: dict[str, Any]


def describe(app: Litestar) -> dict[str, Any]:
    found = deepcopy(app.openapi_schema.to_schema())
    found["info"] |= {"description": ABOUT, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}}
    found["components"] |= {
        "schemas": found["components"]["schemas"] | {"Problem": PROBLEM},
        "responses": {"Refused": _problem(REFUSED), "Away": _problem(AWAY)},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "What `signIn` gave."},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": SESSION_COOKIE,
                "description": f"A browser's session. What changes something needs `{HEADER}` too.",
            },
        },
    }
    found["security"] = [{}, {"token": []}, {"session": []}]
    used = {tag for operation in operations(found) for tag in operation.facts["tags"]}
    found["tags"] = [{"name": name, "description": TAGS.get(name, "")} for name in sorted(used, key=_order)]
    examples = _examples(app)
    for operation in operations(found):
        _amend(operation.facts, examples.get(operation.facts["operationId"]))
    return found


def operations(description: dict[str, Any]) -> Iterator[Operation]:
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(method, path, item[method])


def sample(schema: dict[str, Any], schemas: dict[str, Any], *, depth: int = 6) -> Any:
    """A value of a schema's form: its own example where there is one, null where it would never end."""
    if depth == 0:
        return None
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    given = [
        *schema.get("examples", []),
        *schema.get("enum", []),
        *(schema[key] for key in FIXED if key in schema),
    ]
    if given:
        return given[0]
    alternatives = [one for key in ("oneOf", "anyOf", "allOf") for one in schema.get(key, [])]
    if alternatives:
        return sample(alternatives[0], schemas, depth=depth - 1)
    if "properties" in schema:
        return {name: sample(inner, schemas, depth=depth - 1) for name, inner in schema["properties"].items()}
    if schema.get("items"):
        return [sample(schema["items"], schemas, depth=depth - 1)]
    return SAMPLES.get(schema.get("format", ""), SAMPLES.get(str(schema.get("type")), {}))


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _examples(app: Litestar) -> dict[str, Any]:
    """What is sent, by operation, as the models of the bodies show it; Litestar does not take it from there."""
    handlers = [
        handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers
    ]
    found = {}
    for handler in handlers:
        body = handler.parsed_data_field
        extra = getattr(body.annotation, "model_config", {}).get("json_schema_extra") if body else None
        if isinstance(extra, dict) and isinstance(handler.operation_id, str):
            found[handler.operation_id] = extra["examples"][0]
    return found


def _amend(operation: dict[str, Any], example: Any) -> None:
    """Sentences from the docstring, problems instead of the framework's errors, examples for the path."""
    text = " ".join(operation.get("description", "").split())
    first, _, rest = text.partition(". ")
    operation["summary"] = first.removesuffix(".")
    operation["description"] = rest or text
    operation["responses"] = {
        **{status: answer for status, answer in operation["responses"].items() if status.startswith("2")},
        "4XX": {"$ref": "#/components/responses/Refused"},
        "503": {"$ref": "#/components/responses/Away"},
    }
    if example is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["name"] in EXAMPLES:
            parameter["example"] = EXAMPLES[parameter["name"]]


def _order(tag: str) -> tuple[int, str]:
    names = list(TAGS)
    return (names.index(tag) if tag in names else len(names), tag)
