"""The operator's commands about elections: bring one in, take one out, count."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service import operator
from service.core.actor import System
from service.core.settings import Settings
from service.core.text import slug as address
from service.opendata import actions, queries
from service.opendata.election import Source, area_of
from service.opendata.rules import LARGEST_FILE
from service.results import actions as results
from service.results import queries as counts
from service.tally.pabulib import Document, PabulibError, read, write
from service.tally.report import report, report_by_area
from service.tally.rules import RULES

imports = typer.Typer(help="Bring data in.", no_args_is_help=True)
exports = typer.Typer(help="Take data out.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@imports.callback()
@exports.callback()
def formats() -> None:
    """By format."""


@imports.command("pabulib")
def import_pabulib(
    files: Annotated[
        list[Path], typer.Argument(help="A .pb file for each pot.", exists=True, dir_okay=False)
    ],
    slug: Annotated[str, typer.Option(help="The process's address. Without it: made of the title.")] = "",
    title: Annotated[str, typer.Option(help="Without it: as the first file describes itself.")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="Name of a file's area; once for each file, in their order.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a closed and counted process of a real election. A broken file is refused by line and column."""
    with operator.refusals(), operator.progress() as bar:
        documents = [_read(path, bar(f"Reading {path.name}")) for path in files]
        sources = _sources(documents, area or [])
        title = title or sources[0].title or files[0].stem
        with operator.database(operator.settings()) as settings:
            told = asyncio.run(
                _import(settings, sources, slug or address(title), title, bar("Storing ballots"))
            )
    typer.echo(json.dumps(told) if as_json else _imported(told))


@exports.command("pabulib")
def export_pabulib(
    process: Annotated[str, typer.Argument(help="The process's slug.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file; for several pots a folder.")
    ] = None,
    area: Annotated[str, typer.Option(help="One pot alone: its area's key, or city-wide.")] = "",
) -> None:
    """Write a counted process as .pb files, one for each pot, which read back equal."""
    with operator.refusals(), operator.database(operator.settings()) as settings:
        documents = asyncio.run(_documents(settings, process))
    if area:
        documents = {key: document for key, document in documents.items() if key == area}
    if not documents:
        raise typer.BadParameter(f"This process has no pot “{area}”.", param_hint="--area")
    if len(documents) == 1:
        content = write(next(iter(documents.values())))
        if output is None:
            typer.get_binary_stream("stdout").write(content)
        else:
            output.write_bytes(content)
        return
    if output is None:
        keys = ", ".join(documents)
        raise typer.BadParameter(
            f"There are several pots ({keys}): name a folder, or one by --area.", param_hint="-o"
        )
    output.mkdir(parents=True, exist_ok=True)
    for key, document in documents.items():
        (output / f"{process}-{key}.pb").write_bytes(write(document))


def tally(
    target: Annotated[str, typer.Argument(help="A .pb file, or the slug of a process.")],
    rule: Annotated[str, typer.Option(help=f"For a file: {', '.join(RULES)}.")] = "greedy",
    seed: Annotated[str | None, typer.Option(help="For a file: the lot that parts what is equal.")] = None,
    as_json: AsJson = False,
) -> None:
    """Count a file without any database, or a process whose vote has closed; a process is counted once and published."""
    if rule not in RULES:
        raise typer.BadParameter(f"There are: {', '.join(RULES)}.", param_hint="--rule")
    path = Path(target)
    with operator.refusals():
        if path.is_file():
            with operator.progress() as bar:
                document = _read(path, bar(f"Reading {path.name}"))
            told = report(RULES[rule](document.election, seed))
        elif path.suffix == ".pb":
            raise typer.BadParameter(f"There is no file {target}.", param_hint="target")
        else:
            with operator.database(operator.settings()) as settings:
                told = asyncio.run(_count(settings, target))
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _told(told))


def _read(path: Path, told: Any) -> Document:
    if path.stat().st_size > LARGEST_FILE:
        typer.echo(f"{path}: the file is larger than {LARGEST_FILE // 1_000_000} MB.", err=True)
        raise typer.Exit(operator.BAD_INPUT)
    try:
        return read(path.read_bytes(), told)
    except PabulibError as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(operator.BAD_INPUT) from None


def _sources(documents: list[Document], areas: list[str]) -> list[Source]:
    """One file alone is about the whole municipality unless told; of several each names its area itself unless told."""
    if areas and len(areas) != len(documents):
        raise typer.BadParameter("Name one area for each file.", param_hint="--area")
    if areas:
        return [Source(document, name or None) for document, name in zip(documents, areas, strict=True)]
    if len(documents) == 1:
        return [Source(documents[0])]
    return [Source(document, area_of(document)) for document in documents]


async def _import(
    settings: Settings, sources: list[Source], slug: str, title: str, told: Any
) -> dict[str, Any]:
    async with operator.transaction(settings) as (instance, session):
        process = await actions.import_election(
            session,
            sources,
            slug=slug,
            title=title,
            keys=instance.keys,
            by=System("puntari import"),
            progress=told,
        )
        result = await counts.latest(session, process.id)
    return {
        "process": slug,
        "address": f"{settings.address}/{settings.default_language}/processes/{slug}/results",
        "projects": sum(len(source.document.election.projects) for source in sources),
        "ballots": result.ballots if result else 0,
    }


async def _documents(settings: Settings, slug: str) -> dict[str, Document]:
    async with operator.transaction(settings, read_only=True) as (instance, session):
        process = await operator.process(session, slug)
        return await queries.documents(session, process, instance.city)


async def _count(settings: Settings, slug: str) -> dict[str, Any]:
    async with operator.transaction(settings) as (instance, session):
        process = await operator.process(session, slug)
        result = await results.count(session, process, keys=instance.keys, by=System("puntari tally"))
        outcome = await counts.outcome(session, result)
        contests = await counts.contests_of(session, process, without=outcome.left_out)
    counted = {contest.key: RULES[result.rule](contest.election, result.lot_seed) for contest in contests}
    by_area = any(contest.area for contest in contests)
    return {
        "process": slug,
        "result": result.number,
        "published_at": result.published_at.isoformat(),
        **(report_by_area(counted) if by_area else report(next(iter(counted.values())))),
    }


def _imported(told: dict[str, Any]) -> str:
    return f"{told['projects']} projects and {told['ballots']} ballots are in the process “{told['process']}”: {told['address']}"


def _told(told: dict[str, Any]) -> str:
    """The heart of a report in words."""
    parts = told.get("areas", [told])
    return "\n".join(
        f"{part.get('area', 'Winners')}: {', '.join(part['winners']) or 'none'}. "
        f"Used {part['spent']} of {part['budget']} by {part['rule']}; ties: {len(part['ties'])}."
        for part in parts
    )
