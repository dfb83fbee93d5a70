"""Which steps of a proposal are told to whom, and in which words."""

from dataclasses import dataclass

from service.core.errors import msgid


@dataclass(frozen=True, slots=True)
class Announcement:
    """`subject` with the proposal's %(title)s; `sentence` says what happened and what comes next."""

    subject: str
    sentence: str
    followers: bool = True


NEWS = msgid("News about ‘%(title)s’")

ANNOUNCEMENTS: dict[str, Announcement] = {
    "proposal.published": Announcement(
        msgid("Your proposal has been published"),
        msgid("Your proposal can now be read, discussed and supported by everybody."),
        followers=False,
    ),
    "proposal.returned": Announcement(
        msgid("Your proposal needs some changes"),
        msgid(
            "A moderator returned your proposal with a reason. Read it, mend the proposal and send it again."
        ),
        followers=False,
    ),
    "proposal.refused": Announcement(
        msgid("Your proposal was not published"),
        msgid("A moderator wrote down the reason. You can read it and ask for a second review."),
        followers=False,
    ),
    "proposal.hidden": Announcement(
        msgid("Your proposal was taken out of public view"),
        msgid("A moderator wrote down the reason. You can read it and ask for a second review."),
        followers=False,
    ),
    "ruling.upheld": Announcement(
        msgid("The second review is done"),
        msgid(
            "Another moderator read your text again, and the first ruling stands. You can read the reason on the "
            "proposal’s page."
        ),
        followers=False,
    ),
    "proposal.edit_published": Announcement(
        NEWS, msgid("The proposal has a new version. You can see what changed.")
    ),
    "proposal.edit_returned": Announcement(
        msgid("Your change needs some more work"),
        msgid(
            "A moderator returned your change with a reason. The published text stays as it is until then."
        ),
        followers=False,
    ),
    "proposal.edit_refused": Announcement(
        msgid("Your change was not published"),
        msgid("The published text stays as it was. A moderator wrote down the reason."),
        followers=False,
    ),
    "proposal.merged": Announcement(
        NEWS, msgid("The proposal was merged into another one. The original text has been kept.")
    ),
    "proposal.withdrawn": Announcement(NEWS, msgid("The author has withdrawn the proposal.")),
    "proposal.evaluated": Announcement(
        NEWS, msgid("The city's experts have evaluated the proposal. The reasons can be read on its page.")
    ),
    "project.listed": Announcement(
        NEWS, msgid("The proposal is on the ballot. Residents vote on it when voting is open.")
    ),
    "project.won": Announcement(NEWS, msgid("The proposal was selected to be carried out.")),
    "project.lost": Announcement(
        NEWS, msgid("The proposal was not selected this time. Its page of results says exactly why.")
    ),
    "milestone.changed": Announcement(
        NEWS, msgid("There is news about how the project is being carried out.")
    ),
}
