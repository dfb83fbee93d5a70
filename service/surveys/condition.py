"""When an item or a page is shown: a closed tree over earlier answers (docs/decisions/0007-surveys.md). Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

MOST_DEPTH, MOST_NODES = 8, 200
DECIMAL = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,4})?", re.ASCII)
DAY = r"^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")]
Number = Annotated[str, StringConstraints(pattern=rf"^{DECIMAL.pattern}$")]
Whole = Annotated[int, Field(strict=True, ge=-(10**10), lt=10**10)]
Day = Annotated[str, StringConstraints(pattern=DAY)]
Value = Whole | Number | Day | Id


class Closed(BaseModel):
    """Knows no other field than its own and does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Comparison(Closed):
    """`part` is the row of a matrix, or the option of a ranking or a budget, whose own answer is meant."""

    item: Id
    part: Id | None = None


class Answered(Comparison):
    """Also “I do not know” is an answer."""

    op: Literal["answered"] = "answered"


class Equal(Comparison):
    """`ne` is met by another answer, never by none."""

    op: Literal["eq", "ne"]
    value: Value


class In(Comparison):
    op: Literal["in"] = "in"
    value: tuple[Value, ...] = Field(min_length=1, max_length=100)


class Includes(Comparison):
    """Among the options chosen or ranked is this one."""

    op: Literal["includes"] = "includes"
    value: Id


class Count(Comparison):
    """So many options are chosen or ranked; none at all counts only as unanswered."""

    op: Literal["count"] = "count"
    least: Annotated[int, Field(strict=True, ge=1)] = 1
    most: Annotated[int, Field(strict=True, ge=1)] | None = None

    @model_validator(mode="after")
    def _goes_upwards(self) -> Self:
        if self.most is not None and self.most < self.least:
            raise ValueError("a count goes from more to less")
        return self


class Ordered(Comparison):
    op: Literal["lt", "lte", "gt", "gte"]
    value: Whole | Number


class Dated(Comparison):
    op: Literal["before", "after"]
    value: Day


class Combined(Closed):
    op: Literal["all", "any"]
    of: tuple["Node", ...] = Field(min_length=1, max_length=MOST_NODES)


class Not(Closed):
    op: Literal["not"] = "not"
    of: "Node"


Leaf = Answered | Equal | In | Includes | Count | Ordered | Dated
Node = Annotated[Leaf | Combined | Not, Field(discriminator="op")]


def _within_limits(raw: Any) -> Any:
    """Measured before anything is read, so that no tree is too deep to be refused."""
    level, nodes = [raw], 0
    for _ in range(MOST_DEPTH):
        nodes += len(level)
        if not level or nodes > MOST_NODES:
            break
        level = [branch for node in level for branch in _branches(node)]
    if level:
        raise ValueError(f"a condition has at most {MOST_DEPTH} levels and {MOST_NODES} parts")
    return raw


def _branches(node: Any) -> list[Any]:
    of = node.get("of") if isinstance(node, dict) else getattr(node, "of", None)
    return list(of) if isinstance(of, list | tuple) else [] if of is None else [of]


Condition = Annotated[Node, BeforeValidator(_within_limits)]


def leaves(condition: Node | None) -> Iterator[Leaf]:
    """The comparisons of a condition, in their order."""
    match condition:
        case None:
            return
        case Combined():
            for branch in condition.of:
                yield from leaves(branch)
        case Not():
            yield from leaves(condition.of)
        case _:
            yield condition


def decimal(value: object) -> Decimal | None:
    """A whole number, or a decimal written out; anything else is no number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and DECIMAL.fullmatch(value) else None
