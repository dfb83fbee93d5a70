"""Keys are there for whoever asks, and there to stay."""

import os
from uuid import uuid4

from service.core.keys import KeyStore


def test_the_name_of_a_key_is_on_the_disk_before_anything_is_sealed_with_it(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync

    def keep(descriptor):
        fsync(descriptor)
        seen = os.fstat(descriptor)
        names = sorted(path.name for path in tmp_path.rglob("*.key"))
        synced.append((seen.st_ino, names))

    monkeypatch.setattr(os, "fsync", keep)
    process_id, keys = uuid4(), KeyStore(tmp_path)

    keys.make(process_id, "vote")

    folder = tmp_path / str(process_id)
    assert tmp_path.stat().st_ino in {inode for inode, _ in synced}
    assert (folder.stat().st_ino, ["vote.key"]) in synced

    keys.destroy(process_id, "vote")
    assert synced[-1] == (folder.stat().st_ino, [])
