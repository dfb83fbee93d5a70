"""What residents do with each other's proposals: they support, discuss, follow and report them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from service.comments.models import Words
from service.demo import story as told
from service.demo.calendar import AFTER_NOON, OFFICE_HOURS, Calendar, chance
from service.demo.lives import Life
from service.demo.stage import Act, Stage, nonce
from service.moderation import actions as moderation
from service.moderation.models import Complaint, Decision, Kind
from service.notifications import actions as notifications
from service.processes.models import Activity
from service.proposals import actions as proposals

OUTCOMES = {"hidden": Kind.HIDE, "kept": Kind.KEEP}


# --- support


def supports(story: told.Story, lives: dict[str, Life], calendar: Calendar) -> Iterator[Act]:
    """Exactly as many as the story tells. All of a day are given at one hour: moving the clock costs a statement."""
    for key, supporters in _supporters(story).items():
        life = lives[key]
        if not supporters or life.published is None:
            continue
        closed = calendar.at(story.processes[life.script.process].phase(Activity.SUPPORT).closes)
        end = min(closed, life.ended or closed)
        for supporter in supporters:
            evening = calendar.evening(life.published, end, chance("supports", key, supporter))
            yield Act(evening, partial(support, key=key, supporter=supporter))


def _supporters(story: told.Story) -> dict[str, list[str]]:
    """Never its authors. Whoever supported an original counts for what it was merged into."""
    found: dict[str, list[str]] = {}
    for script in story.proposals.values():
        if script.merged_from:
            authors = {
                key for source in script.merged_from for key in _authors(story, story.proposals[source])
            }
            people = _sample(story, script, authors)
            first, second = (story.proposals[source] for source in script.merged_from)
            found[first.key] = people[: first.supports]
            found[second.key] = people[-second.supports :]
        elif script.key not in found:
            found[script.key] = _sample(story, script, _authors(story, script))
    return found


def _authors(story: told.Story, script: told.Proposal) -> set[str]:
    organisation = story.organisations.get(script.author)
    return {organisation.representative if organisation else script.author, *script.coauthors}


def _sample(story: told.Story, script: told.Proposal, authors: set[str]) -> list[str]:
    others = [resident.key for resident in story.residents if resident.key not in authors]
    return chance("supporters", script.key).sample(others, script.supports)


async def support(stage: Stage, key: str, supporter: str) -> None:
    await proposals.support(stage.session, await stage.proposal(key), by=stage.resident(supporter))


# --- discussion


def discussion(story: told.Story, lives: dict[str, Life], calendar: Calendar) -> Iterator[Act]:
    written: dict[str, datetime] = {}
    for script in story.comments:
        seen = lives[script.proposal].published
        after = written[script.reply_to] if script.reply_to else seen
        moment = calendar.moment(script.day, chance("says", script.key), AFTER_NOON, after=after)
        written[script.key] = moment
        yield Act(moment, partial(comment, script=script))
        if script.report:
            yield from _report(script, script.report, moment, calendar)


def _report(
    script: told.Comment, complaint: told.Report, written: datetime, calendar: Calendar
) -> Iterator[Act]:
    dice, outcome = chance("reports", script.key), complaint.outcome
    reported = calendar.moment(complaint.day, dice, AFTER_NOON, after=written)
    yield Act(reported, partial(report, script=script, complaint=complaint))
    if outcome:
        ruled = calendar.moment(outcome.day, dice, OFFICE_HOURS, after=reported)
        yield Act(ruled, partial(rule, script=script, outcome=outcome))


async def comment(stage: Stage, script: told.Comment) -> None:
    """Who joins a discussion follows it, unless it is about the own proposal."""
    proposal, by = await stage.proposal(script.proposal), stage.resident(script.author, script.language)
    made = await proposals.comment(
        stage.session,
        proposal,
        Words(text=script.text),
        nonce=nonce("comment", script.key),
        by=by,
        parent_id=stage.comments[script.reply_to] if script.reply_to else None,
    )
    stage.comments[script.key] = made.id
    if proposal.author_id != by.id:
        await notifications.follow(stage.session, proposal, by=by)


async def report(stage: Stage, script: told.Comment, complaint: told.Report) -> None:
    await moderation.report_comment(
        stage.session,
        stage.comments[script.key],
        Complaint(ground=complaint.ground, text=complaint.reason),
        nonce=nonce("report", script.key),
        by=stage.resident(complaint.by),
    )


async def rule(stage: Stage, script: told.Comment, outcome: told.Outcome) -> None:
    decision = Decision(
        kind=OUTCOMES[outcome.event], ground=told.GROUNDS.get(outcome.ruling), reason=outcome.reason
    )
    await moderation.decide_on_comment(
        stage.session, stage.comments[script.key], decision, by=stage.moderators[outcome.by]
    )
