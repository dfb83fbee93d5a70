"""The city is founded: its areas and topics, its residents, those who work for it, and voters who do nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from service.accounts import actions as accounts
from service.accounts.models import Account, OwnSettings
from service.core.actor import (
    Administrator,
    CouncilMember,
    Editor,
    Evaluator,
    Moderator,
    Resident,
    Role,
    System,
)
from service.core.text import Language
from service.council import actions as groups
from service.council import queries as council
from service.demo import story as told
from service.demo.calendar import AFTER_NOON, Calendar, chance
from service.demo.stage import Act, Stage
from service.processes import actions as processes

OPERATOR = System("puntari demo")
DAYS_BEFORE = 30  # the city is founded so long before its first round begins
SWEDISH = {"saaristo": 0.6, "kirkonkyla": 0.3}
SWEDISH_ELSEWHERE = 0.15


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    first = min(phase.opens.day for process in story.processes.values() for phase in process.phases)
    beginning = calendar.moment(first - DAYS_BEFORE, chance("beginning"), (8, 9))
    yield Act(beginning, define)
    for number, employee in enumerate(story.staff, 1):
        yield Act(beginning + timedelta(minutes=number), partial(employ, script=employee))
    for resident in story.residents:
        joined = calendar.moment(first, chance("joins", resident.key), AFTER_NOON)
        yield Act(joined, partial(join, script=resident))


async def define(stage: Stage) -> None:
    areas = await processes.define_areas(stage.session, stage.story.areas, by=OPERATOR)
    stage.areas = {area.key: area.id for area in areas}
    categories = await processes.define_categories(stage.session, stage.story.categories, by=OPERATOR)
    stage.categories = {category.key: category.id for category in categories}
    for group in stage.story.council_groups:
        await groups.found(stage.session, group.key, group.name, by=OPERATOR)


async def employ(stage: Stage, script: told.Employee | told.Councillor) -> None:
    account = await _open_account(stage, script.key, script.email, script.language, script.name)
    await processes.appoint(stage.session, account, script.role, None, by=OPERATOR)
    if isinstance(script, told.Councillor):
        stage.councillors[script.group] = CouncilMember(account.id, account.name, None)
        group = await council.get(stage.session, script.group)
        await groups.add_member(stage.session, group, account, by=OPERATOR)
    match script.role:
        case Role.MODERATOR:
            stage.moderators[script.key] = Moderator(account.id, account.name, None)
        case Role.EVALUATOR:
            stage.evaluators[script.key] = Evaluator(account.id, account.name, None)
        case Role.EDITOR:
            stage.editor = Editor(account.id, account.name, None)
        case Role.ADMINISTRATOR:
            stage.administrator = Administrator(account.id, account.name, None)


async def join(stage: Stage, script: told.Resident) -> None:
    account = await _open_account(stage, script.key, script.email, script.language, script.name)
    await _tell(stage, account, stage.calendar.today.year - script.age, script.area)


async def join_to_vote(stage: Stage, key: str) -> None:
    """Most of a city only votes. They have no name in the service, for they never write there; their key begins with the area."""
    dice, area = chance("voter", key), key.split(maxsplit=1)[0]
    language: Language = "sv" if dice.random() < SWEDISH.get(area, SWEDISH_ELSEWHERE) else "fi"
    account = await _open_account(stage, key, f"{key.replace(' ', '.')}@posti.example", language, "")
    await _tell(stage, account, stage.calendar.today.year - dice.randrange(16, 86), area)


async def _open_account(stage: Stage, key: str, email: str, language: Language, name: str) -> Account:
    account = await accounts.open_account(
        stage.session, stage.instance.keys, email, language=language, name=name, by=OPERATOR
    )
    stage.accounts[key] = account
    return account


async def _tell(stage: Stage, account: Account, birth_year: int, area: str) -> None:
    by = Resident(account.id, account.name, account.language)
    settings = OwnSettings(name=account.name, language=account.language, birth_year=birth_year)
    await accounts.change_settings(stage.session, settings, by=by)
    await processes.set_residence(stage.session, stage.areas[area], by=by)
