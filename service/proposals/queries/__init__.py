"""Every SELECT about single proposals and people's own. Lists and likeness are in `search`."""

from service.proposals.queries.access import (
    get,
    is_coauthor,
    is_made,
    is_writer,
    public,
    public_numbers,
    seen_by,
    shows_picture,
    written_by,
)
from service.proposals.queries.details import Detail, Link, carried_supports, coauthors, detail, own_supports
from service.proposals.queries.history import Changes, changes, versions, waiting_edit
from service.proposals.queries.own import (
    Invitation,
    Own,
    Waiting,
    invitations,
    of_author,
    of_person,
    waiting_for,
)
from service.proposals.queries.scope import Places, places
from service.proposals.queries.waiting import outdated, untouched, waiting_for_moderation

__all__ = [
    "Changes",
    "Detail",
    "Invitation",
    "Link",
    "Own",
    "Places",
    "Waiting",
    "carried_supports",
    "changes",
    "coauthors",
    "detail",
    "get",
    "invitations",
    "is_coauthor",
    "is_made",
    "is_writer",
    "of_author",
    "of_person",
    "outdated",
    "own_supports",
    "places",
    "public",
    "public_numbers",
    "seen_by",
    "shows_picture",
    "untouched",
    "versions",
    "waiting_edit",
    "waiting_for",
    "waiting_for_moderation",
    "written_by",
]
