"""What people would do with the budget, lever by lever, beside the groups of the council."""

import re
from dataclasses import replace
from itertools import groupby
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator import publication, queries, results
from service.calculator.models import CommentState
from service.core.errors import NotFound
from service.processes import queries as processes
from service.web.calculator_pages import at_calculator
from service.web.visit import ThisVisit

MOST_COMMENTS = 30
DIGEST = re.compile("[0-9a-f]{64}")


class CalculatorResultPages(Controller):
    path = ""

    @get("/calculator/{slug:str}/results")
    async def show(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """Nothing is told before ten plans can be told of together."""
        at = await at_calculator(visit, slug)
        asked = str(visit.request.query_params.get("figures", ""))
        found = await results.read(visit.session, at.calculator, asked if DIGEST.fullmatch(asked) else None)
        if found is None:
            return at.page("results_waiting", least=publication.LEAST)
        comments = await queries.comments(
            visit.session, at.calculator.id, CommentState.PUBLISHED, most=MOST_COMMENTS
        )
        released = await queries.released(visit.session, at.calculator.id)
        return at.page(
            "results",
            found=found,
            specification=found.specification,
            others=[other for other in released if other[0] != found.specification.digest],
            groups=_by_group(found),
            outcomes={group.id: found.engine.evaluate(plan.choices) for group, plan in found.groups},
            comments=[plan.comment for plan in comments],
            most_comments=MOST_COMMENTS,
            least=publication.LEAST,
            data_address=f"/api/v1/calculators/{at.calculator.slug}",
        )

    @get("/calculator/{slug:str}/results/{group:str}")
    async def group(self, visit: ThisVisit, slug: FromPath[str], group: FromPath[str]) -> Response[str]:
        """A council group's plan, once the group has published it. Raises NotFound."""
        at = await at_calculator(visit, slug)
        for owner, plan in await queries.published_group_plans(visit.session, at.calculator):
            if owner.slug == group:
                engine = await queries.engine(visit.session, at.calculator, plan.specification)
                made_on = replace(at, engine=engine)
                return made_on.page("group_plan", plan=plan.choices, group=owner, published=plan)
        raise NotFound

    @get("/processes/{slug:str}/calculator")
    async def of_process(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """The calculator of a round: the one that is open, else the last. Raises NotFound."""
        process = await processes.get(visit.session, slug)
        public = [
            each
            for each in await queries.of_process(visit.session, process.id)
            if each.specification is not None
        ]
        if not public:
            raise NotFound
        best = max(public, key=lambda each: (each.is_open(visit.now), each.closes_at))
        return Redirect(f"/{visit.language}/calculator/{best.slug}", status_code=303)


def _by_group(found: results.Results) -> list[tuple[Any, list[results.LeverResult]]]:
    """The levers under their headings, in the order of the form."""
    order = {group.key: place for place, group in enumerate(found.specification.groups)}
    levers = sorted(found.levers, key=lambda each: order[each.lever.group])
    names = {group.key: group for group in found.specification.groups}
    return [(names[key], list(some)) for key, some in groupby(levers, key=lambda each: each.lever.group)]
