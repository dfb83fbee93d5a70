"""What may happen to a comment."""

from service.core.errors import Conflict, TooManyAttempts, msgid


class CommentIsGone(Conflict):
    message = msgid("The comment you are answering has been removed. What you wrote was not sent.")


class TooManyComments(TooManyAttempts):
    message = msgid(
        "One person can write at most %(most)s comments in 24 hours. Nothing you wrote has been lost. "
        "You can send it after %(when)s."
    )
