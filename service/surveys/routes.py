"""The ways through a survey that its conditions leave open. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from service.surveys.condition import Leaf, Node, leaves
from service.surveys.definition import Definition, Page
from service.surveys.examples import TooMany, examples
from service.surveys.items import AnyItem
from service.surveys.logic import Answers, met

MOST_ROUTES, MOST_TRIED = 10_000, 1_000
"""Ways through the whole survey that are walked, and combinations of answers that one condition is tried with."""

Route = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """Distinct rows of shown items; `complete` where all were walked, and there are not more."""

    routes: tuple[Route, ...]
    complete: bool


class Walk:
    """A survey made ready to be walked through."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps = [(page, item) for page in definition.pages for item in page.items]
        self.conditions: dict[str, tuple[Node | None, ...]] = {
            item.id: (page.visible_if, item.visible_if) for page, item in self.steps
        }
        asked: dict[str, list[Leaf]] = defaultdict(list)
        for _, condition in definition.conditions():
            for leaf in leaves(condition):
                asked[leaf.item].append(leaf)
        self.asked: Mapping[str, Sequence[Leaf]] = asked
        self._examples: dict[str, list[object]] = {}

    def routes(self) -> Routes:
        try:
            walked = list(islice(self._ways(self.steps, frozenset(self.asked)), MOST_ROUTES + 1))
        except TooMany:
            return Routes((), complete=False)
        distinct = dict.fromkeys(route for route, _ in walked[:MOST_ROUTES])
        return Routes(tuple(distinct), complete=len(walked) <= MOST_ROUTES)

    def outcomes(self, condition: Node, within: Node | None = None) -> set[bool] | None:
        """How the condition comes out wherever `within` is met; None where there is too much to try."""
        needed = self._needed([condition, within])
        steps = [step for step in self.steps if step[1].id in needed]
        found: set[bool] = set()
        try:
            for number, (_, seen) in enumerate(self._ways(steps, needed)):
                if number == MOST_TRIED:
                    return None
                if met(self.definition, within, seen):
                    found.add(met(self.definition, condition, seen))
        except TooMany:
            return None
        return found

    def _needed(self, conditions: Sequence[Node | None]) -> frozenset[str]:
        """The questions that the conditions look at, and those that their being shown depends on."""
        needed: set[str] = set()
        ahead = {leaf.item for condition in conditions for leaf in leaves(condition)}
        while ahead:
            needed |= ahead
            ahead = {
                leaf.item
                for item in ahead
                for condition in self.conditions[item]
                for leaf in leaves(condition)
            } - needed
        return frozenset(needed)

    def _ways(
        self, steps: Sequence[tuple[Page, AnyItem]], deciding: frozenset[str]
    ) -> Iterator[tuple[Route, Answers]]:
        """What is shown, and the answers that led there, for each combination of examples."""
        ahead: list[tuple[int, Route, dict[str, object]]] = [(0, (), {})]
        while ahead:
            place, shown, seen = ahead.pop()
            while place < len(steps):
                item = steps[place][1]
                place += 1
                if not all(met(self.definition, each, seen) for each in self.conditions[item.id]):
                    continue
                shown = (*shown, item.id)
                if item.id in deciding:
                    first, *others = self._answers(item.id)
                    ahead += [(place, shown, seen | {item.id: other}) for other in others]
                    seen = seen | {item.id: first}
            yield shown, seen

    def _answers(self, item: str) -> list[object]:
        if item not in self._examples:
            self._examples[item] = examples(self.definition, self.definition.by_id[item], self.asked[item])
        return self._examples[item]
