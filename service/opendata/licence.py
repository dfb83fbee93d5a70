"""On what terms the city gives its data away."""

from dataclasses import dataclass

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
    """As the city file's table `open_data` says (licence_id, licence_name, licence_url), else CC BY 4.0."""
    told: dict[str, str] = city.facts.get("open_data", {})
    if "licence_name" not in told:
        return CC_BY
    return Licence(told.get("licence_id", ""), told["licence_name"], told.get("licence_url", ""))
