"""What may happen to a comment."""

from service.core.errors import Conflict, msgid


class CommentIsGone(Conflict):
    message = msgid("The comment you are answering has been removed. What you wrote was not sent.")
