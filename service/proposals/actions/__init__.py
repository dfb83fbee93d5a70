"""Everything that changes a proposal. Doors call it by the verb alone; which file holds it is told by its noun."""

from service.proposals.actions.coauthors import accept, ask_coauthor, decline, remove_coauthor
from service.proposals.actions.discussion import comment
from service.proposals.actions.edits import discard_edit, edit
from service.proposals.actions.leaving import expire_drafts, forget
from service.proposals.actions.merging import combine, merge, separate
from service.proposals.actions.publication import hide, publish, refuse, return_to_author
from service.proposals.actions.supports import support, unsupport
from service.proposals.actions.writing import (
    attach_picture,
    discard,
    remove_picture,
    save,
    start,
    submit,
    take_back,
    withdraw,
)

__all__ = [
    "accept",
    "ask_coauthor",
    "attach_picture",
    "combine",
    "comment",
    "decline",
    "discard",
    "discard_edit",
    "edit",
    "expire_drafts",
    "forget",
    "hide",
    "merge",
    "publish",
    "refuse",
    "remove_coauthor",
    "remove_picture",
    "return_to_author",
    "save",
    "separate",
    "start",
    "submit",
    "support",
    "take_back",
    "unsupport",
    "withdraw",
]
