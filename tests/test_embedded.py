"""The embedded server trusts whoever reaches its socket, so nobody else reaches it."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from service.embedded import EmbeddedServer


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user can enter, with a name too long for a socket's path."""
    folder = Path(mkdtemp(prefix="puntari-embedded-"))
    folder.chmod(0o755)
    yield folder / ("long-" * 20)
    shutil.rmtree(folder, ignore_errors=True)


def test_its_socket_is_for_its_user_alone(place: Path) -> None:
    server = EmbeddedServer(place, durable=False)
    server.start()
    try:
        socket = next(server.socket_folder.glob(".s.PGSQL.*[0-9]"))
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        assert server.run("psql", "-tAc", "select 1", "postgres").strip() == "1"
    finally:
        server.stop()
        shutil.rmtree(server.socket_folder)
        shutil.rmtree(server.folder)


def test_a_folder_made_by_somebody_else_before_is_not_taken(place: Path) -> None:
    server = EmbeddedServer(place, durable=False)
    server.folder.mkdir(
        parents=True, exist_ok=True
    )  # elsewhere than the place where the user may not read the checkout
    server.socket_folder.mkdir(mode=0o777)
    server.socket_folder.chmod(0o777)
    try:
        with pytest.raises(RuntimeError, match="not ours alone"):
            server.start()
        assert not server.is_running()
    finally:
        server.socket_folder.rmdir()
        shutil.rmtree(server.folder)
