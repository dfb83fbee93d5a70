"""Secret keys: 0600 files in a folder outside the database, its data folder and its backups."""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from uuid import UUID


class KeysAreInsideTheDatabase(Exception):
    """A key beside the data it protects protects nothing."""


class KeyGone(Exception):
    """The key was destroyed, or never made: what it opened stays closed."""


class KeyStore:
    def __init__(self, folder: Path) -> None:
        if any((parent / "PG_VERSION").exists() for parent in (folder, *folder.resolve().parents)):
            raise KeysAreInsideTheDatabase(str(folder))
        self.folder = folder

    def instance(self, name: str) -> bytes:
        """A key of the whole service, made at first use (`identity`: digests of sign-in addresses)."""
        return self._read_or_make(self.folder / f"{name}.key")

    def has_instance(self, name: str) -> bool:
        return (self.folder / f"{name}.key").exists()

    def make(self, process_id: UUID, name: str) -> bytes:
        """A key of one process; the same key when it is there already."""
        return self._read_or_make(self.folder / str(process_id) / f"{name}.key")

    def read(self, process_id: UUID, name: str) -> bytes:
        try:
            return (self.folder / str(process_id) / f"{name}.key").read_bytes()
        except FileNotFoundError:
            raise KeyGone(name) from None

    def exists(self, process_id: UUID, name: str) -> bool:
        return (self.folder / str(process_id) / f"{name}.key").exists()

    def destroy(self, process_id: UUID, name: str) -> None:
        """Overwrite and remove. What was under this key cannot be opened or linked any more."""
        path = self.folder / str(process_id) / f"{name}.key"
        if path.exists():
            path.write_bytes(secrets.token_bytes(32))
            path.unlink()
            _keep_entry(path)

    @staticmethod
    def _read_or_make(path: Path) -> bytes:
        """Two processes may ask at once: the one that links its file first wins, both read the winner's."""
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            own = path.with_suffix(f".{secrets.token_hex(8)}")
            descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(own, path)
            except FileExistsError:
                pass
            finally:
                own.unlink()
            _keep_entry(path)
            _keep_entry(path.parent)
        return path.read_bytes()


def _keep_entry(path: Path) -> None:
    """What has become of this name in its folder outlasts a power cut, as the ballots sealed with the key do."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def digest(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 over length-prefixed parts, so that no two lists of parts share a digest."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, message, sha256).digest()
