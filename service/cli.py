"""The operator's door: `puntari …`. Each command opens a transaction and calls an action as System; no second brain."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from alembic.util import CommandError

from service import backup as backups
from service import budgets, elections, operator, worker
from service import migrate as migrations
from service import serve as server
from service.accounts import actions as accounts
from service.core import clock
from service.core.actor import Role, System
from service.core.database import Database
from service.core.instance import make
from service.core.settings import Settings
from service.demo import player
from service.demo.player import Ground, Watch
from service.lifeline import end_with_parent
from service.processes import actions as team
from service.processes.parts import Named

app = typer.Typer(
    help="Puntari: participatory budgeting for municipalities.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

staff = typer.Typer(help="Who has which role.", no_args_is_help=True)
app.add_typer(staff, name="staff")
elections.imports.command("budget")(budgets.import_budget)
elections.imports.command("ktas")(budgets.import_ktas)
app.add_typer(elections.imports, name="import")
app.add_typer(elections.exports, name="export")
app.command()(elections.tally)


@app.command()
def run() -> None:
    """Everything on this machine: database, migrations, demo city, web server and worker, until Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # on the way out the database is stopped
    wanted = operator.settings()
    operator.check_port(wanted)
    with operator.refusals(), operator.database(wanted) as settings:
        code = _run_parts(settings)
    raise typer.Exit(code)


@app.command()
def serve() -> None:
    """The web server alone."""
    settings = operator.settings_of_a_part()
    operator.check_port(settings)
    server.serve(settings)


@app.command()
def work(
    *,
    again: Annotated[
        bool, typer.Option("--again", help="First make due what was tried for days and is held.")
    ] = False,
) -> None:
    """The worker alone."""
    settings = operator.settings_of_a_part()
    with operator.refusals():
        asyncio.run(_work(settings, again=again))


@app.command()
def migrate(revision: Annotated[str, typer.Argument(help="A migration's name, or head.")] = "head") -> None:
    """Bring the database to the newest migration."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        try:
            asyncio.run(migrations.upgrade(settings.database_url, revision))
        except CommandError as error:
            raise typer.BadParameter(str(error), param_hint="revision") from None


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where the two files go; it is made if need be.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write the database and, in a file of its own, the keys. Keep the two apart."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        at = asyncio.run(_moment(settings))
        try:
            taken = backups.take(settings, folder, at, os.environ)
        except (OSError, backups.BackupFailed) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(operator.BAD_INPUT) from None
    files = {"database": str(taken.database), "keys": str(taken.keys)}
    typer.echo(json.dumps(files) if as_json else "\n".join(files.values()))


async def _moment(settings: Settings) -> datetime:
    async with operator.transaction(settings, read_only=True) as (_, session):
        return (await clock.now(session)).astimezone(UTC)


@app.command()
def demo() -> None:
    """Fill an empty database with an invented city and its last year and a half."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        uvloop.run(migrations.upgrade(settings.database_url))
        if uvloop.run(_play_demo(settings)) in {Ground.PLAYED, Ground.TAKEN}:
            typer.echo("The demo needs an empty database, and this one has something in it.", err=True)
            raise typer.Exit(operator.NOT_ALLOWED)


@staff.command("add")
def staff_add(
    email: Annotated[str, typer.Argument(help="The address the person signs in with.")],
    role: Annotated[
        Role, typer.Option(help="moderator, evaluator, editor, council_member or administrator.")
    ],
    process: Annotated[str, typer.Option(help="A process's slug. Without it: in all processes.")] = "",
    name: Annotated[str, typer.Option(help="Used if the account is new.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Give a role, also to who has never signed in. The first administrator is made so."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        given = asyncio.run(_appoint(settings, email, role, process, name))
    typer.echo(json.dumps(given) if as_json else f"{given['email']} is now {given['role']}.")


async def _appoint(settings: Settings, email: str, role: Role, slug: str, name: str) -> dict[str, str | None]:
    by = System("puntari staff add")
    async with operator.transaction(settings) as (instance, session):
        process = await operator.process(session, slug) if slug else None
        account = await accounts.open_account(
            session, instance.keys, email, language=settings.default_language, name=name, by=by
        )
        member = await team.appoint(session, account, role, process.id if process else None, by=by)
    return {"email": account.email, "role": member.role, "process": slug or None}


@app.command()
def city() -> None:
    """Take the areas and topics of the city's file into the database, or their new names."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        asyncio.run(_take_city(settings))


async def _take_city(settings: Settings) -> None:
    async with operator.transaction(settings) as (instance, session):
        for define, key in ((team.define_areas, "area"), (team.define_categories, "category")):
            named = [Named.model_validate(item) for item in instance.city.facts.get(key, [])]
            await define(session, named, by=System("puntari city"))


async def _work(settings: Settings, *, again: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    instance = make(settings, Database(settings.database_url))
    if again:
        typer.echo(f"Jobs to be tried again: {await worker.again(instance)}", err=True)
    await worker.keep_working(instance, stop)


async def _play_demo(settings: Settings) -> Ground:
    """What was found: the demo is played on empty ground alone, and where a play was interrupted the ground is cleared first."""
    ground = await _ground(settings)
    if ground in {Ground.PLAYED, Ground.TAKEN}:
        return ground
    if ground is Ground.INTERRUPTED:
        await migrations.downgrade(settings.database_url, "base")
        await migrations.upgrade(settings.database_url)
    typer.echo("Making the demo city; this takes about half a minute.", err=True)
    instance = make(settings, Database(settings.database_url))
    try:
        with operator.progress() as bar:
            await player.play(instance, worker.HANDLERS, _watch(bar("Its year")))
    finally:
        await instance.database.close()
    return ground


async def _ground(settings: Settings) -> Ground:
    async with operator.transaction(settings, read_only=True) as (_, session):
        return await player.ground(session)


def _watch(told: Callable[[int, int], None]) -> Watch:
    """The bar of a terminal; elsewhere a line for each month."""
    months: list[str] = []

    def watch(moment: datetime, played: int, in_all: int) -> None:
        told(played, in_all)
        month = f"{moment:%Y-%m}"
        if month not in months[-1:]:
            months.append(month)
            if not sys.stderr.isatty():
                typer.echo(f"{month}: {played} of {in_all}", err=True)

    return watch


def _run_parts(settings: Settings) -> int:
    """Web server and worker as processes of their own; a signal stops both and is a good end."""
    uvloop.run(migrations.upgrade(settings.database_url))
    is_demo = uvloop.run(_ground(settings)) is not Ground.TAKEN
    if is_demo:
        operator.check_demo(settings)
        uvloop.run(_play_demo(settings))
    command = str(Path(sys.executable).with_name("puntari"))
    here = {**os.environ, "DATABASE_URL": settings.database_url}
    parts = [
        subprocess.Popen(  # noqa: S603 - our own command
            [command, name],
            env=here,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - no thread runs here
        )
        for name in ("serve", "work")
    ]
    typer.echo(f"Puntari is on {settings.address} (stop with Ctrl-C)")
    if is_demo:
        typer.echo(f"Sign in as anyone: {settings.address}/fi/demo")
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.append(received))
    while not asked and all(part.poll() is None for part in parts):
        time.sleep(0.2)
    for part in parts:
        part.terminate()
    for part in parts:
        try:
            part.wait(timeout=15)
        except subprocess.TimeoutExpired:
            part.kill()
    return 0 if asked else 1
