"""The counting rules by the names that files, commands and processes call them."""

from collections.abc import Callable, Mapping

from service.tally import greedy
from service.tally.ballots import Election
from service.tally.outcome import Outcome

Rule = Callable[[Election, str | None], Outcome]

RULES: Mapping[str, Rule] = {greedy.RULE: greedy.count}
