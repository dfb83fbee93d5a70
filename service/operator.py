"""What every command of the operator stands in: a database, an answer to what went wrong, a sign of progress."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from service import migrate
from service.core import deployment
from service.core.city import CityFileIncomplete
from service.core.database import Database, DatabaseAway
from service.core.errors import Conflict, DomainError, Forbidden
from service.core.instance import Instance, make
from service.core.settings import Settings
from service.embedded import EmbeddedServer
from service.processes import queries as processes
from service.processes.models import Process

BAD_INPUT, NOT_ALLOWED = 2, 3


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Settings that name a database: the operator's, else the embedded one, which runs at least as long as this."""
    if settings.database_url:
        yield settings
        return
    embedded = EmbeddedServer(settings.var_folder)
    embedded.start()
    try:
        embedded.create_database("puntari")
        asyncio.run(migrate.upgrade(embedded.url()))
        yield settings.model_copy(update={"database_url": embedded.url()})
    finally:
        if embedded.started:
            embedded.stop()


def settings() -> Settings:
    """As the operator has them; what cannot be read of them is told by name."""
    try:
        return Settings()
    except ValidationError as error:
        for mistake in error.errors():
            told = mistake["msg"].removeprefix("Value error, ")
            typer.echo(f"{str(mistake['loc'][0]).upper()}: {told}", err=True)
        raise typer.Exit(BAD_INPUT) from None


def settings_of_a_part() -> Settings:
    """Of a web server or a worker, when all holds that must hold before it starts.

    Nothing is said of a database that is away: the part waits for it.
    """
    found = settings()
    if not found.database_url:
        typer.echo(
            "DATABASE_URL is empty. A web server or a worker alone needs one; `puntari run` brings its own.",
            err=True,
        )
        raise typer.Exit(BAD_INPUT)
    with refusals(), suppress(DatabaseAway, SQLAlchemyError):
        asyncio.run(_check(found))
    return found


def check_demo(settings: Settings) -> None:
    """A demo answers on loopback, or where the operator said that it may."""
    if not settings.may_show_a_demo:
        typer.echo(
            f"In the demo anyone can act as anyone, so it does not answer on {settings.host}. "
            "Set DEMO_PUBLIC=1 if that is what you want.",
            err=True,
        )
        raise typer.Exit(NOT_ALLOWED)


def check_port(settings: Settings) -> None:
    """Nobody else listens there. The server itself would share a port that is taken, and each would have some visitors."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            # Connections that have ended may linger.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        typer.echo(
            f"Puntari cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Stop what is there, or set another HOST or PORT.",
            err=True,
        )
        raise typer.Exit(BAD_INPUT) from None


async def _check(settings: Settings) -> None:
    async with transaction(settings, read_only=True) as (instance, session):
        if migrate.is_behind(await migrate.revision(session)):
            raise migrate.NotMigrated
        if await deployment.kind(session) is deployment.Kind.DEMO:
            check_demo(settings)
        try:
            await deployment.check_identity_key(session, instance.keys)
        except deployment.IdentityKeyIsAnother:
            typer.echo(
                f"In {settings.key_folder} there is no identity.key, or another than this database's people are "
                "known by. Put back the one from the backup of the keys.",
                err=True,
            )
            raise typer.Exit(BAD_INPUT) from None


@asynccontextmanager
async def transaction(
    settings: Settings, *, read_only: bool = False
) -> AsyncIterator[tuple[Instance, AsyncSession]]:
    """One command's. Raises NotMigrated where there are no tables."""
    instance = make(settings, Database(settings.database_url))
    try:
        async with instance.database.transaction(read_only=read_only) as session:
            if not await migrate.revision(session):
                raise migrate.NotMigrated
            yield instance, session
    finally:
        await instance.database.close()


async def process(session: AsyncSession, slug: str) -> Process:
    """Also one in preparation."""
    for found in await processes.looked_after(session, None):
        if found.slug == slug:
            return found
    raise typer.BadParameter(f"There is no process “{slug}”.")


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused is told in a sentence, and the exit code says whether the input or the act was wrong."""
    try:
        yield
    except CityFileIncomplete as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except DatabaseAway as error:
        typer.echo(f"The database does not answer: {error}.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except migrate.NotMigrated:
        typer.echo(
            "The database lacks tables that this version needs: run `puntari migrate` first.", err=True
        )
        raise typer.Exit(BAD_INPUT) from None
    except DomainError as error:
        typer.echo(error.message % error.parameters, err=True)
        raise typer.Exit(NOT_ALLOWED if isinstance(error, (Forbidden, Conflict)) else BAD_INPUT) from None


@contextmanager
def progress() -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars on a terminal, nothing elsewhere: `told = bar("Reading")`, then `told(done, total)`."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:

        def bar(text: str) -> Callable[[int, int], None]:
            task = shown.add_task(text, total=None)
            return lambda done, total: shown.update(task, completed=done, total=total)

        yield bar
