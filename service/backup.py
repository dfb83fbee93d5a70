"""A backup is two files that are kept apart: the database as pg_dump writes it, and the keys it is of no use without."""

import os
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from service.core.settings import Settings
from service.embedded import program


class BackupFailed(Exception):
    """What pg_dump said."""


@dataclass(frozen=True, slots=True)
class Backup:
    database: Path
    keys: Path


def take(settings: Settings, folder: Path, at: datetime, environment: Mapping[str, str]) -> Backup:
    """Two files that only this user may read, named by the moment. Raises BackupFailed, FileExistsError, OSError.

    The keys come second: whatever the dump holds sealed, its key was there before.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{at:%Y-%m-%dT%H%M%SZ}"
    backup = Backup(folder / f"database-{name}.dump", folder / f"keys-{name}.tar")
    _dump(settings.database_url, _new(backup.database), environment)
    with os.fdopen(_new(backup.keys), "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        archive.add(settings.key_folder, arcname="keys")
    return backup


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _dump(address: str, file: int, environment: Mapping[str, str]) -> None:
    """The password goes by the environment: a command's words can be read by everybody on the machine."""
    url = make_url(address)
    password = {"PGPASSWORD": url.password} if url.password else {}
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--dbname"]
    command.append(url.set(password=None).render_as_string())
    with os.fdopen(file, "wb") as output:
        done = subprocess.run(  # noqa: S603 - our own words
            command, stdout=output, stderr=subprocess.PIPE, env={**environment, **password}, check=False
        )
    if done.returncode != 0:
        raise BackupFailed(done.stderr.decode(errors="replace"))
