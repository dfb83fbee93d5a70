"""What can go wrong in the city's terms. Doors turn a kind into a status code and translate the sentence.

A subclass stands beside the rule that raises it and is a sentence about the world: `ProposingIsClosed`, `OverBudget`.
Its `message` is an English msgid with named parameters (`%(amount)s`); parameters are plain values, formatted by the door.
"""

from typing import ClassVar


def msgid(text: str) -> str:
    """Mark a text that a door translates later."""
    return text


class DomainError(Exception):
    message: ClassVar[str] = ""

    def __init__(self, **parameters: object) -> None:
        super().__init__(self.message)
        self.parameters = parameters


class NotFound(DomainError):
    """Not there, or not for this viewer: the two are told apart nowhere."""

    message = msgid(
        "Page not found. It may have been moved or removed, or it may not be public. "
        "Go on from the front page."
    )


class SignInNeeded(DomainError):
    message = msgid("Sign in to continue.")


class Forbidden(DomainError):
    message = msgid("You do not have permission to see this page.")


class Conflict(DomainError):
    """The thing exists, but not in a state that permits the act now."""


class SentBefore(Conflict):
    """The form's nonce already belongs to something else."""

    message = msgid("This form was sent before. Open it again and send it from there.")


class TooManyAttempts(DomainError):
    """Refused for a while; `minutes` says for how long."""

    message = msgid("Too many attempts. Try again in %(minutes)s min.")


class Unavailable(DomainError):
    """The service lacks something of its own, and no other attempt of the visitor's mends that."""


class Invalid(DomainError):
    """A value cannot be taken. `field` names the input it belongs to."""

    def __init__(self, field: str = "", **parameters: object) -> None:
        super().__init__(**parameters)
        self.field = field
