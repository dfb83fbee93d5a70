"""On what terms the city gives its data away."""

from dataclasses import dataclass
from typing import Any

from service.core.city import City


@dataclass(frozen=True, slots=True)
class Licence:
    id: str  # SPDX
    name: str
    url: str


CC_BY = Licence(
    "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"
)


def licence(city: City) -> Licence:
    """The city file's table `open_data.licence` (id, name, url), else CC BY 4.0."""
    told: dict[str, Any] = city.facts.get("open_data", {}).get("licence", {})
    return Licence(**told) if told else CC_BY
