"""The operator's door: `puntari …`. Each command opens a transaction and calls an action as System; no second brain."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from service import migrate as migrations
from service import serve as server
from service import worker
from service.core.database import Database
from service.core.instance import make
from service.core.settings import Settings
from service.embedded import EmbeddedServer

app = typer.Typer(
    help="Puntari: participatory budgeting for municipalities.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@app.command()
def run() -> None:
    """Everything on this machine: database, migrations, demo city, web server and worker, until Ctrl-C."""
    settings = Settings()
    if settings.host not in LOOPBACK and not settings.demo_public:
        typer.echo(
            f"In the demo anyone can act as anyone, so it does not answer on {settings.host}. "
            "Set DEMO_PUBLIC=1 if that is what you want.",
            err=True,
        )
        raise typer.Exit(3)
    embedded = None
    if not settings.database_url:
        embedded = EmbeddedServer(settings.var_folder)
        embedded.start()
        embedded.create_database("puntari")
        os.environ["DATABASE_URL"] = embedded.url()
    try:
        code = _run_parts(Settings())
    finally:
        if embedded is not None and embedded.started:
            embedded.stop()
    raise typer.Exit(code)


@app.command()
def serve() -> None:
    """The web server alone."""
    server.serve(Settings())


@app.command()
def work() -> None:
    """The worker alone."""
    asyncio.run(_work(Settings()))


@app.command()
def migrate(revision: Annotated[str, typer.Argument(help="A migration's name, or head.")] = "head") -> None:
    """Bring the database to the newest migration."""
    asyncio.run(migrations.upgrade(Settings().database_url, revision))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await worker.run(make(settings, Database(settings.database_url)), stop=stop)


def _run_parts(settings: Settings) -> int:
    """Web server and worker as processes of their own; a signal stops both and is a good end."""
    asyncio.run(migrations.upgrade(settings.database_url))
    command = str(Path(sys.executable).with_name("puntari"))
    parts = [subprocess.Popen([command, name], start_new_session=True) for name in ("serve", "work")]  # noqa: S603 - our own command
    typer.echo(f"Puntari is on {settings.address} (stop with Ctrl-C)")
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
