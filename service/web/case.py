"""What a moderator has before them: one text, why it waits, what may be decided on it now, and what its author will be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from service.comments.models import Comment
from service.core import markdown
from service.core.errors import msgid
from service.core.text import LANGUAGES
from service.moderation import queries
from service.moderation.models import Appeal, Decision, Kind, Report, Ruling, SecondLook
from service.moderation.queries import BEGINNING
from service.moderation.rules import OF_WAITING
from service.notifications.rules import ANNOUNCEMENTS, Announcement
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals import queries as proposals
from service.proposals import search
from service.proposals.models import Proposal, State, Version
from service.proposals.queries import Changes
from service.proposals.rules import is_public
from service.proposals.search import Similar
from service.web.visit import Visit

MAILED: Mapping[tuple[Kind, bool], str] = {
    (Kind.PUBLISH, False): "proposal.published",
    (Kind.PUBLISH, True): "proposal.edit_published",
    (Kind.RETURN, False): "proposal.returned",
    (Kind.RETURN, True): "proposal.edit_returned",
    (Kind.REFUSE, False): "proposal.refused",
    (Kind.REFUSE, True): "proposal.edit_refused",
    (Kind.HIDE, False): "proposal.hidden",
    (Kind.RESTORE, False): "proposal.published",
}
"""What the author's mail is about, by kind of ruling and whether it is of a change."""


@dataclass(frozen=True, slots=True)
class Case:
    """`kinds` may be decided now, in the order of the form; without any, the case is there to be read."""

    title: str
    language: str
    author_name: str
    kinds: Sequence[Kind]
    is_own: bool
    rulings: Sequence[Ruling]
    reports: Sequence[Report]
    process: Process | None
    proposal: Proposal | None  # the text itself, or what a comment is about
    comment: Comment | None = None
    edit: Version | None = None
    changes: Changes | None = None
    places: Mapping[UUID, dict[str, str]] = field(default_factory=dict)  # names of areas and topics
    similar: Sequence[Similar] = ()
    appeal: Appeal | None = None  # that waits

    @property
    def version(self) -> int:
        """To be sent with the decision: nobody decides on what they have not read."""
        return self.proposal.version if self.proposal and not self.comment else 0


@dataclass(frozen=True, slots=True)
class Appealed:
    """A request for a second review, with the ruling it is about and, once decided, the second one."""

    case: Case
    appeal: Appeal
    first: Ruling
    second: Ruling | None
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the author is told, in the author's language: by mail, of a comment on the own page, and the reason beside the text."""

    language: str
    is_mailed: bool
    subject: str
    sentence: str
    reason: str


async def of_proposal(visit: Visit, proposal_id: UUID, *, public: bool) -> Case:
    """What waits of a proposal; with `public` the text that everyone reads. Raises NotFound."""
    moderator = visit.moderator
    proposal = await queries.proposal_for(visit.session, proposal_id, moderator)
    edit = await _waiting_edit(visit, proposal) if not public else None
    reports = await queries.reports_on(visit.session, proposal_id=proposal.id)
    rulings = await queries.of_proposal(visit.session, proposal.id)
    appeal = await _waiting_appeal(visit, rulings)
    is_own = await proposals.is_writer(visit.session, proposal, moderator.id)
    is_new = proposal.state is State.SUBMITTED
    return Case(
        title=proposal.title,
        language=proposal.language,
        author_name=proposal.author_name,
        kinds=[] if is_own else _kinds(_fitting(proposal, edit, bool(reports)), appeal),
        is_own=is_own,
        rulings=rulings,
        reports=[] if edit else reports,
        process=await visit.session.get(Process, proposal.process_id),
        proposal=proposal,
        edit=edit,
        changes=proposals.changes(proposal, edit) if edit else None,
        places=await _places(visit, proposal),
        similar=await _similar(visit, proposal) if is_new else (),
        appeal=appeal,
    )


async def of_comment(visit: Visit, comment_id: UUID) -> Case:
    """Raises NotFound."""
    moderator = visit.moderator
    comment = await queries.comment_for(visit.session, comment_id, moderator)
    reports = await queries.reports_on(visit.session, comment_id=comment.id)
    rulings = await queries.of_comment(visit.session, comment.id)
    appeal = await _waiting_appeal(visit, rulings)
    is_own = comment.author_id == moderator.id
    can_be_read = comment.hidden_at is None and comment.withdrawn_at is None
    about = await queries.commented(visit.session, comment)
    fitting = [
        *([Kind.KEEP] if reports else []),
        *([Kind.HIDE] if can_be_read else []),
        *([Kind.RESTORE] if comment.hidden_at else []),
    ]
    return Case(
        title=markdown.plain(comment.text, BEGINNING),
        language=comment.language,
        author_name=comment.author_name,
        kinds=[] if is_own else _kinds(fitting, appeal),
        is_own=is_own,
        rulings=rulings,
        reports=reports,
        process=await visit.session.get(Process, about.process_id) if about else None,
        proposal=about,
        comment=comment,
        appeal=appeal,
    )


async def of_appeal(visit: Visit, appeal_id: UUID) -> Appealed:
    """Raises NotFound."""
    moderator = visit.moderator
    appeal, first = await queries.appeal_for(visit.session, appeal_id, moderator)
    if first.comment_id:
        case = await of_comment(visit, first.comment_id)
    else:
        assert first.proposal_id
        case = await of_proposal(visit, first.proposal_id, public=True)
    second = await queries.ruling(visit.session, appeal.second_ruling_id) if appeal.second_ruling_id else None
    may_decide = second is None and first.moderator_id != moderator.id and not case.is_own
    return Appealed(case=case, appeal=appeal, first=first, second=second, may_decide=may_decide)


def preview(visit: Visit, case: Case, decision: Decision) -> Preview | None:
    """None where the author is told nothing: reports are answered by keeping, and a comment is simply back."""
    if case.comment:
        announced = HIDDEN if decision.kind is Kind.HIDE else None
    else:
        action = MAILED.get((decision.kind, decision.kind in OF_WAITING and case.edit is not None))
        announced = ANNOUNCEMENTS[action] if action else None
    return _preview(visit, case, announced, decision.reason)


def preview_of_second(visit: Visit, case: Case, look: SecondLook) -> Preview | None:
    if look.upheld:
        return _preview(visit, case, ANNOUNCEMENTS["ruling.upheld"], look.reason)
    return preview(visit, case, Decision(kind=Kind.RESTORE, reason=look.reason))


def _preview(visit: Visit, case: Case, announced: Announcement | None, reason: str) -> Preview | None:
    if announced is None:
        return None
    language = next(language for language in LANGUAGES if language == case.language)
    gettext = visit.instance.translations.gettext(language)
    return Preview(
        language=language,
        is_mailed=case.comment is None,
        subject=gettext(announced.subject) % {"title": case.title},
        sentence=gettext(announced.sentence),
        reason=reason,
    )


HIDDEN = Announcement(
    msgid("Your comment was taken out of public view"),
    msgid("A moderator wrote down the reason. You can read it and ask for a second review."),
)
"""Said on the author's own page; of comments no mail is sent."""


def _kinds(fitting: Sequence[Kind], appeal: Appeal | None) -> Sequence[Kind]:
    return [kind for kind in fitting if not (appeal and kind is Kind.RESTORE)]


def _fitting(proposal: Proposal, edit: Version | None, has_reports: bool) -> Sequence[Kind]:
    if proposal.state is State.SUBMITTED or edit is not None:
        return [Kind.PUBLISH, Kind.RETURN, Kind.REFUSE]
    if proposal.state is State.NOT_PUBLISHED:
        return [Kind.RESTORE]
    keep = [Kind.KEEP] if has_reports and is_public(proposal) else []
    return [*keep, Kind.HIDE] if proposal.state is State.PUBLISHED else keep


async def _waiting_edit(visit: Visit, proposal: Proposal) -> Version | None:
    if proposal.state is not State.PUBLISHED:
        return None
    edit = await proposals.waiting_edit(visit.session, proposal)
    return edit if edit and edit.returned_at is None else None


async def _waiting_appeal(visit: Visit, rulings: Sequence[Ruling]) -> Appeal | None:
    appeal = await queries.appeal_of(visit.session, rulings[0].id) if rulings else None
    return appeal if appeal and appeal.second_ruling_id is None else None


async def _places(visit: Visit, proposal: Proposal) -> Mapping[UUID, dict[str, str]]:
    areas = await processes.areas(visit.session)
    categories = await processes.categories(visit.session, proposal.process_id)
    return {area.id: area.name for area in areas} | {topic.id: topic.name for topic in categories}


async def _similar(visit: Visit, proposal: Proposal) -> Sequence[Similar]:
    return await search.similar(
        visit.session, proposal.process_id, proposal.title, proposal.text, besides=proposal.id
    )
