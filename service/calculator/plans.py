"""Plans that people make: submitted, withdrawn, saved and taken up again. Anybody may, and nobody is known by it.

Each is a transaction that writes its own row and nothing else: no trail, no job, no time (docs/decisions/0006-calculator.md).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, Uuid, bindparam, delete, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator import queries, rules, saved
from service.calculator.engine import Engine, NotInSpecification, Outcome, Plan
from service.calculator.models import Calculator, CommentState, SavedPlan, SubmittedPlan
from service.core import receipt
from service.core.errors import NotFound, SentBefore

CODE_BYTES = 10
TURN = 7_214_014  # advisory lock

OPEN = (
    "select from calculator where id = :calculator_id and specification = :specification "
    "and opens_at <= puntari_now() and puntari_now() < closes_at"
)
SUBMIT = text(
    f"""
    insert into plan_box (key, calculator_id, specification, choices, missing, result, reason, comment, comment_state)
    select :key, :calculator_id, :specification, :choices, :missing, :result, :reason, :comment, :comment_state
    where exists ({OPEN})
    on conflict (key) do nothing
    """
).bindparams(
    bindparam("key", type_=LargeBinary),
    bindparam("calculator_id", type_=Uuid),
    bindparam("choices", type_=JSONB),
    bindparam("missing", type_=BigInteger),
    bindparam("result", type_=BigInteger),
    *(bindparam(name, type_=Text) for name in ("specification", "reason", "comment", "comment_state")),
)
# The order of rows and of their transactions tells who came after whom.
MIX = [
    text(
        f"with taken as (delete from {table} where calculator_id = any (:calculators) returning *) "  # noqa: S608 - our own words
        f"insert into {table} select * from taken order by gen_random_uuid()"
    ).bindparams(bindparam("calculators", type_=ARRAY(Uuid)))
    for table in ("plan_box", "saved_plan")
]


@dataclass(frozen=True, slots=True)
class Submission:
    """`specification` is the digest of what the plan was made on; `code` a receipt made beforehand, so that a form sent twice is one plan."""

    specification: str
    plan: Plan
    code: bytes
    reason: str = ""
    comment: str = ""


def new_code() -> bytes:
    return secrets.token_bytes(CODE_BYTES)


async def submit(session: AsyncSession, calculator: Calculator, submission: Submission) -> Outcome:
    """What the plan leads to, as the server counts it.

    Raises CalculatorIsClosed, SpecificationChanged, OptionUnknown, NothingChosen, RulesBroken, ReasonNeeded, SentBefore.
    """
    engine = await queries.engine(session, calculator)
    await _check_specification(session, calculator, engine, submission)
    outcome = evaluated(engine, submission.plan)
    if not submission.plan:
        raise rules.NothingChosen
    if outcome.violations:
        raise rules.RulesBroken(outcome.violations)
    if not outcome.is_balanced and not submission.reason.strip():
        raise rules.ReasonNeeded("reason")
    comment = submission.comment.strip()
    stored = await session.exec(  # type: ignore[call-overload]
        SUBMIT,
        params={
            "key": _key(submission.code),
            "calculator_id": calculator.id,
            "specification": submission.specification,
            "choices": dict(submission.plan),
            "missing": outcome.missing,
            "result": outcome.years[engine.target].structural_result,
            "reason": "" if outcome.is_balanced else submission.reason.strip(),
            "comment": comment,
            "comment_state": CommentState.WAITING.value if comment else None,
        },
    )
    if not stored.rowcount:
        await _check_sent_before(session, calculator, submission, comment)
    return outcome


async def withdraw(session: AsyncSession, calculator: Calculator, typed: str) -> None:
    """The plan of this receipt goes; the next release is without it. Raises NoSuchPlan."""
    code = receipt.read(typed)
    await take_turn(session)
    gone = delete(SubmittedPlan).where(
        col(SubmittedPlan.key) == _key(code or b""), col(SubmittedPlan.calculator_id) == calculator.id
    )
    if not (await session.exec(gone)).rowcount:
        raise rules.NoSuchPlan


async def of_receipt(session: AsyncSession, calculator: Calculator, typed: str) -> SubmittedPlan:
    """Raises NoSuchPlan."""
    found = await _of_code(session, calculator, receipt.read(typed) or b"")
    if found is None:
        raise rules.NoSuchPlan
    return found


async def save(
    session: AsyncSession, calculator: Calculator, specification: str, plan: Plan, code: bytes
) -> None:
    """Keep a plan in the making under a code; the same code again takes its place. Raises OptionUnknown, NotFound."""
    evaluated(await queries.engine(session, calculator, specification), plan)
    key, secret = saved.keys(code)
    sealed = saved.seal(secret, specification, plan)
    kept = insert(SavedPlan).values(key=key, calculator_id=calculator.id, sealed=sealed)
    await session.exec(kept.on_conflict_do_update(constraint="pk_saved_plan", set_={"sealed": sealed}))


async def restore(session: AsyncSession, calculator: Calculator, typed: str) -> dict[str, str]:
    """A saved plan, as far as it can still be chosen. Raises NoSuchPlan."""
    code = receipt.read(typed)
    key, secret = saved.keys(code or b"")
    row = await session.get(SavedPlan, key)
    if code is None or row is None or row.calculator_id != calculator.id:
        raise rules.NoSuchPlan
    digest, plan = saved.opened(secret, row.sealed)
    engine = await queries.engine(session, calculator)
    old = await queries.engine(session, calculator, digest)
    still, _, _ = rules.kept(plan, old.specification, engine.specification)
    return still


async def mix(session: AsyncSession, calculators: Sequence[UUID]) -> None:
    """Write the plans of these calculators anew in a random order and in one transaction."""
    await take_turn(session)
    for statement in MIX:
        await session.exec(statement, params={"calculators": list(calculators)})  # type: ignore[call-overload]


async def take_turn(session: AsyncSession) -> None:
    """Whoever changes or removes a plan does not meet its being written anew: the row would seem to be gone."""
    await session.exec(select(func.pg_advisory_xact_lock(TURN)))


async def remove_saved(session: AsyncSession, calculator: Calculator) -> None:
    """Plans in the making of a calculator that has closed."""
    await session.exec(delete(SavedPlan).where(col(SavedPlan.calculator_id) == calculator.id))


def evaluated(engine: Engine, plan: Plan) -> Outcome:
    """Raises OptionUnknown."""
    try:
        return engine.evaluate(plan)
    except NotInSpecification as error:
        raise rules.OptionUnknown(error.lever, value=error.value) from None


async def _check_specification(
    session: AsyncSession, calculator: Calculator, engine: Engine, submission: Submission
) -> None:
    if submission.specification == engine.specification.digest:
        return
    try:
        old = await queries.engine(session, calculator, submission.specification)
    except NotFound:
        raise rules.SpecificationChanged((), submission.plan) from None
    _, changed, gone = rules.kept(submission.plan, old.specification, engine.specification)
    raise rules.SpecificationChanged(changed, gone)


async def _check_sent_before(
    session: AsyncSession, calculator: Calculator, submission: Submission, comment: str
) -> None:
    """Nothing was stored: the same plan is there already, or it came too late. Raises SentBefore and what `submit` raises."""
    there = await _of_code(session, calculator, submission.code)
    if there is None:
        await session.refresh(calculator)
        if calculator.specification != submission.specification:
            await _check_specification(
                session, calculator, await queries.engine(session, calculator), submission
            )
        raise rules.CalculatorIsClosed
    if (there.choices, there.comment) != (dict(submission.plan), comment):
        raise SentBefore


async def _of_code(session: AsyncSession, calculator: Calculator, code: bytes) -> SubmittedPlan | None:
    statement = select(SubmittedPlan).where(
        SubmittedPlan.key == _key(code), SubmittedPlan.calculator_id == calculator.id
    )
    return (await session.exec(statement)).one_or_none()


def _key(code: bytes) -> bytes:
    return blake2b(code, digest_size=16, person=b"submitted plan").digest()
