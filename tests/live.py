"""The real service on a free port: the same commands an operator runs, against a database of the test's own."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx

PUNTARI = str(Path(sys.executable).with_name("puntari"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class LiveService:
    """Web server and, unless told otherwise, worker. `url` ends without a slash."""

    def __init__(self, database_url: str, key_folder: Path, *, worker: bool = True) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "KEY_FOLDER": str(key_folder),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": self.url,
        }
        self.commands = ["serve", "work"] if worker else ["serve"]
        self.processes: list[subprocess.Popen[bytes]] = []
        self.shift = timedelta()

    def start(self, *, patience: float = 30) -> None:
        self.processes = [
            subprocess.Popen([PUNTARI, command], env=self.environment, start_new_session=True)
            for command in self.commands
        ]
        self.wait(patience)

    def wait(self, patience: float = 30) -> None:
        """Until it answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/api/v1/health", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise TimeoutError(f"the service did not answer on {self.url}")

    async def travel(self, database_url: str, by: timedelta) -> None:
        """Let time pass: the database's own setting shifts its clock for every connection made from now on; the others are ended."""
        connection = await asyncpg.connect(database_url)
        name = await connection.fetchval("select current_database()")
        self.shift += by
        await connection.execute(
            f"alter database \"{name}\" set puntari.shift = '{self.shift.total_seconds()} seconds'"
        )
        await connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
            name,
        )
        await connection.close()
        self.wait()

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.processes = []

    def kill(self) -> None:
        """As a power cut would: the web server and its children, without a word."""
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes = []
