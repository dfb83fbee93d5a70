"""Everything that changes a proposal."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment, Words
from service.core.actor import Editor, Moderator, Resident
from service.processes.models import Process
from service.proposals.models import Coauthor, Content, Idea, Proposal, Version

# --- writing


async def start(
    session: AsyncSession, process: Process, content: Content, *, nonce: UUID, by: Resident
) -> Proposal:
    """A draft in the author's language. Raises ProposingIsClosed, AreaUnknown, CategoryUnknown."""
    raise NotImplementedError


async def save(
    session: AsyncSession, proposal: Proposal, content: Content, *, version: int, by: Resident
) -> Proposal:
    """Keep a draft or a returned proposal as far as it is written, also after proposing has closed.

    Raises EditedMeanwhile, StateForbids (not a draft nor returned), AreaUnknown, CategoryUnknown.
    """
    raise NotImplementedError


async def attach_picture(
    session: AsyncSession, proposal: Proposal, data: bytes, alt: str, *, by: Resident
) -> Proposal:
    """Replace the picture of a draft; of a published proposal, of the edit that waits (made if there is none).

    Raises core.pictures.PictureRefused, StateForbids, ProposingIsClosed.
    """
    raise NotImplementedError


async def remove_picture(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    raise NotImplementedError


async def submit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """Send a draft or a returned proposal to moderation.

    Raises the first of `rules.mistakes(proposal)`, ProposingIsClosed, StateForbids.
    """
    raise NotImplementedError


async def take_back(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """A submitted proposal becomes a draft again."""
    raise NotImplementedError


async def edit(
    session: AsyncSession, proposal: Proposal, idea: Idea, *, version: int, note: str, by: Resident
) -> Version:
    """Change a published proposal. The change waits for moderation; until then the public reads the earlier text.

    Raises EditedMeanwhile, StateForbids, ProposingIsClosed, mistakes as in `submit`.
    """
    raise NotImplementedError


async def discard_edit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    raise NotImplementedError


async def discard(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Delete a draft that was never submitted."""
    raise NotImplementedError


async def withdraw(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """The author's own step back. What was published stays readable with a note. Raises TextsAreFixed, StateForbids."""
    raise NotImplementedError


# --- moderation: decides on what waits, a submitted proposal or the edit of a published one


async def publish(session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator) -> Proposal:
    """Also puts back what was refused or hidden. `version` is `proposal.version` as the moderator read it (EditedMeanwhile)."""
    raise NotImplementedError


async def return_to_author(
    session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator
) -> Proposal:
    raise NotImplementedError


async def refuse(session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator) -> Proposal:
    raise NotImplementedError


async def hide(session: AsyncSession, proposal: Proposal, *, by: Moderator) -> Proposal:
    """Take a published proposal out of public."""
    raise NotImplementedError


# --- residents


async def support(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    raise NotImplementedError


async def unsupport(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    raise NotImplementedError


async def comment(
    session: AsyncSession,
    proposal: Proposal,
    words: Words,
    *,
    nonce: UUID,
    by: Resident,
    parent_id: UUID | None = None,
) -> Comment:
    """Raises CommentingIsClosed, CommentIsGone."""
    raise NotImplementedError


# --- co-authors


async def ask_coauthor(
    session: AsyncSession, proposal: Proposal, sign_in_digest: bytes, *, by: Resident
) -> Coauthor:
    """Ask whoever signs in with this address. The same whether an account has it or not. Raises AskedOneself, TooManyCoauthors."""
    raise NotImplementedError


async def remove_coauthor(
    session: AsyncSession, proposal: Proposal, coauthor_id: UUID, *, by: Resident
) -> None:
    raise NotImplementedError


async def accept(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> Coauthor:
    raise NotImplementedError


async def decline(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> None:
    """Also how a co-author leaves."""
    raise NotImplementedError


# --- editors


async def merge(
    session: AsyncSession, target: Proposal, sources: Sequence[Proposal], *, by: Editor
) -> Proposal:
    """Raises CannotBeMerged, TextsAreFixed."""
    raise NotImplementedError


async def combine(
    session: AsyncSession, sources: Sequence[Proposal], idea: Idea, *, nonce: UUID, by: Editor
) -> Proposal:
    """Merge into a new proposal with a common text. Its author is the first source's; the others' are asked to be co-authors."""
    raise NotImplementedError


async def separate(session: AsyncSession, source: Proposal, *, by: Editor) -> Proposal:
    """Undo a merge: the source stands on its own again."""
    raise NotImplementedError


# --- leaving


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: what was public stays without the name, what never was goes."""
    raise NotImplementedError
