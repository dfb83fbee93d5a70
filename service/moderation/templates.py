"""What a moderator begins a reason with. It is put into the form in the author's language and edited there."""

from dataclasses import dataclass

from service.core.errors import msgid
from service.moderation.models import Ground, Kind


@dataclass(frozen=True, slots=True)
class Template:
    """`why` the text cannot be shown, and how its author can `mend` it."""

    why: str
    mend: str = ""


REASONS: dict[Ground, Template] = {
    Ground.PERSONAL_DATA: Template(
        msgid(
            "The text contains someone else’s data, such as a name, a phone number or other details by which they can be "
            "recognised."
        ),
        msgid("Remove the data and send the text again. Nothing else needs to change."),
    ),
    Ground.UNCLEAR: Template(
        msgid("The text does not say what the city should do, or where."),
        msgid("Add at least one sentence that does."),
    ),
    Ground.ADVERTISING: Template(
        msgid(
            "The text advertises a product or a service. A proposal is always about what the city could do for everyone. "
            "The city puts its purchases out to tender separately."
        ),
        msgid("Tell what the city should do, without naming who would sell it."),
    ),
    Ground.INSULTING: Template(
        msgid(
            "The text abuses or threatens a person or a group of people. You may criticise a matter as sharply as you "
            "like, but not a person."
        ),
        msgid("Write about the matter again."),
    ),
    Ground.OFF_TOPIC: Template(
        msgid("The text is not about this matter, nor about what the city’s money should be used for."),
        msgid("Tell how the text belongs to this round, or send it to the city as feedback."),
    ),
    Ground.NOT_THE_CITYS: Template(
        msgid("The city does not decide on what the text proposes, and does not own the place."),
        msgid("If the city can do a part of it, write the proposal about that part."),
    ),
    Ground.REPEATED: Template(
        msgid("The same thing has been proposed already."),
        msgid("You can support and discuss the earlier proposal, or tell how yours is different."),
    ),
    Ground.PICTURE: Template(
        msgid("The picture shows people who can be recognised, or it was taken by someone else."),
        msgid("Replace it with a picture that you have permission to use. The text can stay as it is."),
    ),
    Ground.UNLAWFUL: Template(
        msgid("The text is against the law, or it urges others to break the law."),
        msgid("Remove that part and send the text again."),
    ),
    Ground.FALSE_NAME: Template(
        msgid("The text was written in the name of someone who has not agreed to it."),
        msgid("Send the text again in your own name."),
    ),
    Ground.OTHER: Template(msgid("The text does not follow the rules of the service.")),
}

SHOWN = msgid(
    "The text follows the rules, so it is shown. Matters and decisions may be criticised, even sharply."
)


def of(kind: Kind, ground: Ground | None) -> list[str]:
    """The sentences, to be translated; none where a decision needs no reason or its ground is not chosen yet."""
    if kind in {Kind.KEEP, Kind.RESTORE}:
        return [SHOWN]
    if kind is Kind.PUBLISH or ground is None:
        return []
    template = REASONS[ground]
    return [template.why, template.mend] if kind is Kind.RETURN and template.mend else [template.why]
