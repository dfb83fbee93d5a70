"""The API to browse and try: every operation with its parameters, an example of what is sent and of what comes back."""

import json
from functools import cache
from typing import Any

from litestar import Litestar, Response, get

from service.processes import queries as processes
from service.web.description import EXAMPLES, Operation, describe, operations, sample
from service.web.page import page
from service.web.visit import ThisVisit


@get("/about/api")
async def api(visit: ThisVisit) -> Response[str]:
    published = await processes.published(visit.session)
    return page(
        visit,
        "opendata/api.html",
        groups=_groups(visit.request.app),
        address=visit.instance.settings.address,
        slug=published[0].slug if published else EXAMPLES["slug"],
    )


@cache
def _groups(app: Litestar) -> list[dict[str, Any]]:
    """The operations by tag. The description does not change while the service runs."""
    description = describe(app)
    schemas = description["components"]["schemas"]
    return [
        {
            **tag,
            "operations": [
                _shown(operation, schemas)
                for operation in operations(description)
                if operation.facts["tags"][0] == tag["name"]
            ],
        }
        for tag in description["tags"]
    ]


def _shown(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    facts = operation.facts
    status, answer = next(iter(facts["responses"].items()))
    body = facts.get("requestBody", {}).get("content", {}).get("application/json")
    content = next(iter(answer.get("content", {}).items()), None)
    return {
        "id": facts["operationId"],
        "method": operation.method.upper(),
        "path": operation.path,
        "summary": facts["summary"],
        "description": facts["description"],
        "parameters": [_parameter(parameter) for parameter in facts.get("parameters", [])],
        "body": _text(body.get("example") or sample(body["schema"], schemas)) if body else "",
        "status": status,
        "media_type": content[0] if content else "",
        "answer": _text(sample(content[1].get("schema", {}), schemas))
        if content and "json" in content[0]
        else "",
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema", {})
    kinds = [schema, *schema.get("oneOf", [])]
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": parameter.get("required", False),
        "kind": next((kind["type"] for kind in kinds if isinstance(kind.get("type"), str)), "string"),
        "description": parameter.get("description") or schema.get("description", ""),
        "example": EXAMPLES.get(parameter["name"], "") if parameter["in"] == "path" else "",
    }


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
