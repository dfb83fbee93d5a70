"""The list of a process's proposals: searched, filtered, in a fair order. Its address says all of it, so it can be cached and sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.datastructures import MultiDict
from litestar.params import FromPath
from pydantic import ValidationError

from service.core.errors import msgid
from service.core.text import Wording, wording
from service.processes import queries as processes
from service.processes.models import Activity
from service.proposals import search
from service.proposals.models import State
from service.proposals.search import LONGEST_QUERY, WHOLE_CITY, Order, Search
from service.web import process_frame
from service.web.page import page
from service.web.proposal_frame import whole_city
from service.web.visit import ThisVisit, Visit

FILTERS = {
    "area": msgid("Area: %(name)s"),
    "category": msgid("Topic: %(name)s"),
    "state": msgid("State: %(name)s"),
}
STATES = {
    State.PUBLISHED: msgid("Published"),
    State.MERGED: msgid("Merged"),
    State.WITHDRAWN: msgid("Withdrawn"),
}
ORDERS = {
    Order.RANDOM: msgid("Random"),
    Order.NEWEST: msgid("Newest"),
    Order.SUPPORTS: msgid("Most supported"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter."""

    value: str
    name: Wording

    @property
    def text(self) -> str:
        return self.name.text


class ProposalListPages(Controller):
    path = "/processes/{slug:str}/proposals"

    @get("/")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        frame = await process_frame.read(visit, slug)
        wanted = asked(visit.request.query_params)
        listing = await search.listed(visit.session, frame.process.id, wanted)
        areas = await processes.areas_of(visit.session, frame.process.id)
        categories = await processes.categories(visit.session, frame.process.id)
        options = {
            "area": [*_options(visit, areas), Option(WHOLE_CITY, Wording(whole_city(visit), visit.language))],
            "category": _options(visit, categories),
            "state": [
                Option(key, Wording(visit.gettext(text), visit.language)) for key, text in STATES.items()
            ],
        }
        return page(
            visit,
            "proposals/list.html",
            **frame.context("proposals"),
            proposals_address=frame.proposals_address,
            search=wanted,
            longest_query=LONGEST_QUERY,
            is_cut=len(visit.request.query_params.get("q", "")) > LONGEST_QUERY,
            listing=listing,
            options=options,
            applied=_applied(visit, wanted, options),
            orders=_orders(visit, wanted),
            page_address=_page_address(wanted, listing.seed),
            without_filters=address(Search(order=wanted.order)),
            whole_city=whole_city(visit),
            names={area.id: area.name for area in areas} | {topic.id: topic.name for topic in categories},
            may_propose=frame.allows(Activity.PROPOSE),
            may_vote=frame.allows(Activity.VOTE),
        )


def asked(query: MultiDict[Any]) -> Search:
    """What the address asks for. What cannot be read in it is left out: addresses are mangled on their way.

    Of a long search the first words count, which the page says.
    """
    given: dict[str, Any] = {
        name: query.getall(name) if name in FILTERS else query[name]
        for name in Search.model_fields
        if name in query
    }
    if "q" in given:
        given["q"] = _first_words(given["q"])
    if given.get("state") == [State.PUBLISHED]:
        del given["state"]  # which goes without saying
    try:
        return Search.model_validate(given)
    except ValidationError as error:
        mangled = {mistake["loc"][0] for mistake in error.errors()}
        return Search.model_validate({name: value for name, value in given.items() if name not in mangled})


def _first_words(query: str) -> str:
    if len(query) <= LONGEST_QUERY:
        return query
    whole_words, _, _ = query[: LONGEST_QUERY + 1].rpartition(" ")
    return whole_words or query[:LONGEST_QUERY]


def address(wanted: Search, **changes: object) -> str:
    """The list with these changes, from its first page on; what goes without saying is left out."""
    changed = wanted.model_copy(update={"page": 1, **changes})
    return "?" + urlencode(changed.model_dump(mode="json", exclude_defaults=True), doseq=True)


def _page_address(wanted: Search, seed: str) -> str:
    """To be completed by a number. The random order's seed is in it, so that its pages and the Back button agree."""
    query = address(wanted, seed=seed if wanted.order is Order.RANDOM else "")
    return query + ("page=" if query == "?" else "&page=")


def _options(visit: Visit, things: Any) -> list[Option]:
    return [Option(thing.key, wording(thing.name, visit.language)) for thing in things]


def _applied(visit: Visit, wanted: Search, options: Mapping[str, list[Option]]) -> list[dict[str, str]]:
    """Each filter in use, with the address of the list without it."""
    found = []
    if wanted.q:
        found.append(
            {"text": visit.gettext("Search: %(name)s", name=wanted.q), "href": address(wanted, q="")}
        )
    for name, text in FILTERS.items():
        names = {option.value: option.text for option in options[name]}
        chosen: list[str] = getattr(wanted, name)
        found += [
            {
                "text": visit.gettext(text, name=names.get(value, value)),
                "href": address(wanted, **{name: [other for other in chosen if other != value]}),
            }
            for value in chosen
        ]
    return found


def _orders(visit: Visit, wanted: Search) -> list[dict[str, Any]]:
    return [
        {
            "text": visit.gettext(text),
            "href": address(wanted, order=order, seed=""),
            "current": order is wanted.order,
        }
        for order, text in ORDERS.items()
    ]
