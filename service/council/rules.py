"""What is refused in the groups' own matters."""

from service.core.errors import Conflict, Invalid, msgid


class GroupSlugTaken(Invalid):
    message = msgid("Another group has this address already. Choose another.")


class GroupHasWork(Conflict):
    message = msgid("The group has plans or statements. It cannot be removed.")
