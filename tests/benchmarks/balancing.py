"""How many plans one core evaluates in a second, and how long it takes to count a hundred thousand."""

import json
import random
import statistics
import time
from datetime import timedelta

from sqlalchemy import text

from service.calculator import actions, queries
from service.calculator.engine import Engine
from service.calculator.rules import whole
from service.core import clock
from service.core.actor import System
from service.core.text import Localized
from service.demo import balancing as story
from tests.benchmarks.city import Bench

SYSTEM = System("benchmark")
KINDS = 20_000  # plans that differ; the others are theirs once more
SAMPLE = 2_000
SIZES = (25_000, 50_000, 100_000)
FILL = text(
    """
    insert into plan_box (key, calculator_id, specification, choices, missing, result, reason, comment)
    select decode(md5(number::text), 'hex'), cast(:calculator as uuid), :specification,
           cast(:plans as jsonb) -> (number % cast(:kinds as int)), 0,
           (number % 900 - 600) * 1000000::bigint, '', ''
    from generate_series(cast(:first as int), cast(:last as int)) as number
    """
)


async def balancing(bench: Bench, figures: dict[str, float], notes: dict[str, str]) -> None:
    engine = Engine(whole(story.draft()))
    dice = random.Random(7)
    plans = [story.likely(engine, dice) for _ in range(KINDS)]
    figures["plans_per_s"] = round(statistics.median(_rate(engine, plans[:SAMPLE]) for _ in range(3)))
    seconds = await _counts(bench, plans)
    figures["aggregate_100k_s"] = round(seconds[SIZES[-1]], 2)
    notes["aggregate_100k_s"] = "linear growth: " + ", ".join(
        f"{size:,} plans {seconds[size]:.2f} s" for size in SIZES
    )


def _rate(engine: Engine, plans: list[dict[str, str]]) -> float:
    started = time.perf_counter()
    for plan in plans:
        engine.evaluate(plan)
    return len(plans) / (time.perf_counter() - started)


async def _counts(bench: Bench, plans: list[dict[str, str]]) -> dict[int, float]:
    """Seconds of a release by how many plans there are."""
    async with bench.database.transaction() as session:
        now = await clock.now(session)
        details = actions.Details(
            slug="tasapaino",
            title=Localized(fi="Laskuri"),
            summary=Localized(fi="Laskuri"),
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=9),
        )
        calculator = await actions.found(session, bench.proposing, details, by=SYSTEM)
        await actions.write(session, calculator, story.draft(), "draft", version=1, by=SYSTEM)
        await actions.publish(session, calculator, version=2, by=SYSTEM)
    seconds, first = {}, 1
    for size in SIZES:
        async with bench.database.transaction() as session:
            values = {
                "calculator": calculator.id,
                "specification": calculator.specification,
                "plans": json.dumps(plans),
                "kinds": KINDS,
                "first": first,
                "last": size,
            }
            await session.exec(FILL, params=values)  # type: ignore[call-overload]
            await session.exec(text("analyze plan_box"))  # type: ignore[call-overload]
        first = size + 1
        async with bench.database.transaction() as session:
            started = time.perf_counter()
            found = await queries.get(session, "tasapaino")
            await actions.release(session, found, str(found.specification), by=SYSTEM)
            seconds[size] = time.perf_counter() - started
    return seconds
