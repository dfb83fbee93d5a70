"""What of a calculator may be done and what is refused. Pure: no session, no clock of its own."""

from collections.abc import Iterable

from service.calculator.engine import Plan
from service.calculator.specification import Draft, Specification
from service.core.errors import Conflict, Invalid, NotFound, msgid

LONGEST_REASON = 2000


class NoSuchPlan(NotFound):
    message = msgid("No plan was found with this code. Check the code: it has 16 letters and digits.")


class CalculatorIsClosed(Conflict):
    message = msgid("This calculator is not open now. Nothing was sent.")


class SpecificationChanged(Conflict):
    """`changed` are the levers whose price or options are new, `gone` those of the plan that can no longer be chosen so."""

    message = msgid(
        "The figures have changed since you opened the calculator. Your answers were kept where they still can be chosen. "
        "Look at the result once more and send then."
    )

    def __init__(self, changed: Iterable[str], gone: Iterable[str]) -> None:
        self.changed, self.gone = tuple(changed), tuple(gone)
        super().__init__(changed=", ".join(self.changed), gone=", ".join(self.gone))


class OptionUnknown(Invalid):
    message = msgid("The choice “%(value)s” is not one of those that can be chosen here.")


class RulesBroken(Invalid):
    """`numbers` are those of the rules."""

    message = msgid("Two of your choices cannot go together. Change one of them.")

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = tuple(numbers)
        super().__init__("plan", rules=", ".join(str(number) for number in self.numbers))


class ReasonNeeded(Invalid):
    message = msgid("Say in a few words why you send the plan with a deficit.")


class NothingChosen(Invalid):
    message = msgid("Choose at least one thing before you send the plan.")


class CalculatorSlugTaken(Invalid):
    message = msgid("Another calculator has this address already. Choose another.")


class CalculatorHasOpened(Conflict):
    message = msgid("The address cannot change any more, because the calculator has been published.")


class NotReady(Conflict):
    """`faults` are what `readiness` found."""

    message = msgid("The calculator cannot be published yet. What is missing is listed below.")

    def __init__(self, faults: Iterable[object]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class NotMember(NotFound):
    """Another group's plan is told apart from none nowhere."""


class PlanIsPublished(Conflict):
    message = msgid("The group's plan has been published. It cannot change any more.")


class FiguresAreOld(Conflict):
    message = msgid(
        "The figures have changed since the plan was made. Look at it once more, save it and publish then."
    )


class CommentIsDecided(Conflict):
    message = msgid("This comment has been decided on already.")


def whole(draft: Draft) -> Specification:
    """Raises pydantic's ValidationError where something is missing or does not fit together."""
    return Specification.model_validate(draft.model_dump())


def kept(plan: Plan, old: Specification, new: Specification) -> tuple[dict[str, str], list[str], list[str]]:
    """Of a plan made on `old`: what can still be chosen on `new`, the chosen levers that changed, and those that are gone."""
    still = {
        key: value
        for key, value in plan.items()
        if (lever := new.by_key.get(key)) and not lever.locked and value in lever.by_value
    }
    changed = [key for key in still if new.by_key[key] != old.by_key.get(key)]
    return still, changed, [key for key in plan if key not in still]
