"""What becomes of each proposal: written, sent, moderated, edited, merged, withdrawn."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial

from service.core.actor import Resident
from service.demo import story as told
from service.demo.calendar import chance
from service.demo.lives import Life
from service.demo.stage import Act, Stage, nonce
from service.moderation import actions as moderation
from service.moderation import queries as rulings
from service.moderation.models import Decision, Kind, Plea, SecondLook
from service.proposals import actions, queries
from service.proposals.models import AuthorKind, Content, Idea

ANSWERED_WITHIN = timedelta(hours=30)  # by those who are asked to be co-authors


def acts(life: Life) -> Iterator[Act]:
    script = life.script
    yield Act(life.begun, partial(combine if script.merged_from else write, script=script))
    for coauthor in script.coauthors:
        dice = chance("joins", coauthor, script.key)
        accepted = life.calendar.between(life.begun, life.begun + ANSWERED_WITHIN, dice)
        yield Act(accepted, partial(join, script=script, coauthor=coauthor))
    if script.stays != "draft" and not script.merged_from:
        yield Act(life.submitted, partial(submit, script=script))
    for event, moment in life.steps:
        if event.event != "merged":  # done by what it is merged into
            yield Act(moment, partial(STEPS[event.event], script=script, event=event))


def author(stage: Stage, script: told.Proposal) -> Resident:
    return stage.resident(script.author, script.language)


def content(stage: Stage, script: told.Proposal, *, title: str = "", text: str = "") -> Content:
    organisation = stage.story.organisations.get(script.author)
    return Content(
        title=title or script.title,
        text=text or script.text,
        area_id=stage.areas.get(script.area),
        category_id=stage.categories[script.category],
        address=script.address,
        latitude=script.latitude,
        longitude=script.longitude,
        cost_wish_cents=None if script.cost_wish is None else script.cost_wish * 100,
        author_kind=organisation.kind if organisation else AuthorKind.PERSON,
        organisation=organisation.name if organisation else "",
        picture_alt=script.picture.alt if script.picture else "",
    )


async def write(stage: Stage, script: told.Proposal) -> None:
    session, by = stage.session, author(stage, script)
    removed = "\n\n".join(event.removed for event in script.events if event.removed)
    first = content(stage, script, text=f"{script.text.rstrip()} {removed}")
    process = await stage.process(script.process)
    proposal = await actions.start(session, process, first, nonce=nonce("proposal", script.key), by=by)
    stage.proposals[script.key] = proposal.id
    if script.picture:
        data = await stage.pictures.take(script.key)
        await actions.attach_picture(session, proposal, data, script.picture.alt, by=by)
    for coauthor in script.coauthors:
        address = stage.accounts[coauthor].email
        await actions.ask_coauthor(session, stage.instance.keys, proposal, address, by=by)


async def combine(stage: Stage, script: told.Proposal) -> None:
    """The first source's author becomes its author, the others are asked to be co-authors."""
    originals = [stage.story.proposals[key] for key in script.merged_from]
    originals.sort(key=lambda original: original.author != script.author)
    sources = [await stage.proposal(original.key) for original in originals]
    idea = Idea.model_validate(content(stage, script).model_dump())
    proposal = await actions.combine(
        stage.session, sources, idea, nonce=nonce("proposal", script.key), by=stage.editor
    )
    stage.proposals[script.key] = proposal.id


async def join(stage: Stage, script: told.Proposal, coauthor: str) -> None:
    digest = stage.accounts[coauthor].sign_in_digest
    asked = await queries.coauthors(stage.session, await stage.proposal(script.key))
    question = next(row for row in asked if row.sign_in_digest == digest)
    await actions.accept(stage.session, question.id, by=stage.resident(coauthor))


async def submit(stage: Stage, script: told.Proposal) -> None:
    await actions.submit(stage.session, await stage.proposal(script.key), by=author(stage, script))


async def decide(stage: Stage, script: told.Proposal, event: told.Event, kind: Kind) -> None:
    proposal = await stage.proposal(script.key)
    decision = Decision(kind=kind, ground=told.GROUNDS.get(event.ruling), reason=event.reason)
    await moderation.decide(
        stage.session, proposal, decision, version=proposal.version, by=stage.moderators[event.by]
    )


async def send_again(stage: Stage, script: told.Proposal, event: told.Event) -> None:  # noqa: ARG001 - as every step
    """Without what the moderator asked to remove."""
    proposal, by = await stage.proposal(script.key), author(stage, script)
    await actions.save(stage.session, proposal, content(stage, script), version=proposal.version, by=by)
    await actions.submit(stage.session, proposal, by=by)


async def edit(stage: Stage, script: told.Proposal, event: told.Event) -> None:
    proposal = await stage.proposal(script.key)
    idea = Idea.model_validate(content(stage, script, title=event.title, text=event.text).model_dump())
    await actions.edit(
        stage.session, proposal, idea, version=proposal.version, note=event.why, by=author(stage, script)
    )


async def appeal(stage: Stage, script: told.Proposal, event: told.Event) -> None:
    ruling = await rulings.latest_of(stage.session, stage.proposals[script.key])
    assert ruling is not None
    await moderation.appeal(stage.session, ruling, Plea(text=event.reason), by=author(stage, script))


async def overturn(stage: Stage, script: told.Proposal, event: told.Event) -> None:
    ruling = await rulings.latest_of(stage.session, stage.proposals[script.key])
    assert ruling is not None
    asked = await rulings.appeal_of(stage.session, ruling.id)
    assert asked is not None
    look = SecondLook(upheld=False, reason=event.reason)
    await moderation.decide_appeal(stage.session, asked, look, by=stage.moderators[event.by])


async def withdraw(stage: Stage, script: told.Proposal, event: told.Event) -> None:  # noqa: ARG001 - as every step
    await actions.withdraw(stage.session, await stage.proposal(script.key), by=author(stage, script))


STEPS: dict[str, Callable[..., Awaitable[None]]] = {
    "published": partial(decide, kind=Kind.PUBLISH),
    "returned": partial(decide, kind=Kind.RETURN),
    "not_published": partial(decide, kind=Kind.REFUSE),
    "resubmitted": send_again,
    "edited": edit,
    "appealed": appeal,
    "overturned": overturn,
    "withdrawn": withdraw,
}
