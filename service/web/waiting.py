"""What waits for a person, on the top of their own page. A slice's part reads its own queries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.core.errors import msgid
from service.core.text import wording
from service.moderation import queries as moderation
from service.processes import queries as processes
from service.proposals import queries as proposals
from service.proposals.queries import Own
from service.proposals.rules import TIME_TO_COMPLETE
from service.web import booth
from service.web.visit import Visit

NEWS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing; `until` where it has a last moment."""

    text: str
    href: str
    until: datetime | None = None


async def waiting(visit: Visit) -> list[Waiting]:
    """In the order it is shown."""
    return [item for waits in PARTS for item in await waits(visit)]


async def ballots_to_cast(visit: Visit) -> list[Waiting]:
    not_cast = msgid("You have chosen in %(process)s and not voted yet.")
    changed = msgid(
        "You have changed your choices in %(process)s. Your earlier vote stands until you vote again."
    )
    found = []
    for ballot in await booth.unfinished_ballots(visit, await processes.rounds(visit.session)):
        sentence = changed if ballot["voted"] else not_cast
        text = visit.gettext(sentence, process=wording(ballot["title"], visit.language).text)
        found.append(Waiting(text, ballot["href"], ballot["closes_at"]))
    return found


async def proposals_to_finish(visit: Visit) -> list[Waiting]:
    returned = msgid("Returned to you for changes: %(title)s")
    edit_returned = msgid("Your change was returned to you: %(title)s")
    draft = msgid("A draft waits to be sent: %(title)s")
    found = await proposals.waiting_for(visit.session, visit.resident)
    return [
        *(
            Waiting(
                visit.gettext(edit_returned if own.edit_returned else returned, title=own.title),
                _address(visit, own, "edit" if own.edit_returned else "write/check"),
                None if own.edit_returned or own.returned_at is None else own.returned_at + TIME_TO_COMPLETE,
            )
            for own in found.returned
        ),
        *(
            Waiting(
                visit.gettext("You are asked to be a co-author: %(title)s", title=asked.title),
                f"/{visit.language}/me/invitations/{asked.coauthor_id}",
            )
            for asked in found.invitations
        ),
        *(
            Waiting(visit.gettext(draft, title=own.title), _address(visit, own, "write/check"))
            for own in found.drafts
        ),
    ]


async def hidden_comments(visit: Visit) -> list[Waiting]:
    """Of which a second review can be asked."""
    text = msgid("A moderator has taken your comment out of public view. See why.")
    rulings = await moderation.hidden_comments(visit.session, visit.resident.id, since=visit.now - NEWS_FOR)
    slugs = (
        {process.id: process.slug for process in await processes.published(visit.session)} if rulings else {}
    )
    found = []
    for ruling in rulings:
        assert ruling.comment_id is not None
        comment, _ = await moderation.comment(visit.session, ruling.comment_id)
        proposal = await moderation.commented(visit.session, comment)
        if proposal is not None:
            here = f"/{visit.language}/processes/{slugs[proposal.process_id]}/proposals/{proposal.number}"
            found.append(Waiting(visit.gettext(text), f"{here}/comments/{comment.id}/appeal"))
    return found


async def name_to_choose(visit: Visit) -> list[Waiting]:
    if visit.resident.name:
        return []
    text = visit.gettext("Choose the name that is shown beside your proposals and comments.")
    return [Waiting(text, f"/{visit.language}/me/settings#name")]


PARTS: list[Callable[[Visit], Awaitable[list[Waiting]]]] = [
    ballots_to_cast,
    proposals_to_finish,
    hidden_comments,
    name_to_choose,
]


def _address(visit: Visit, own: Own, page: str) -> str:
    return f"/{visit.language}/processes/{own.process_slug}/proposals/{own.number}/{page}"
