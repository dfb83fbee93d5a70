"""Keys, pseudonyms, receipts, and what cannot be opened without its key."""

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core import receipt
from service.core.actor import Resident
from service.core.keys import KeysAreInsideTheDatabase, KeyStore
from service.voting import seal
from service.voting.rules import KeysAreMissing
from service.voting.seal import BoxKey, CannotBeOpened, DraftSeal, Voter, VoteSeal


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


def voter(keys: KeyStore, process_id: UUID, digest: bytes = b"digest") -> Voter:
    return Voter.of(Resident(uuid4(), "Aino", "fi"), digest, keys, process_id)


def test_a_votes_keys_are_files_of_the_owner_alone(keys: KeyStore) -> None:
    process_id = uuid4()

    seal.make_keys(keys, process_id)

    files = list((keys.folder / str(process_id)).iterdir())
    assert {file.name for file in files} == {"vote.key", "draft.key", "box.key"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len({file.read_bytes() for file in files}) == 3


def test_keys_are_refused_inside_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("18")

    for folder in (tmp_path, tmp_path / "keys", tmp_path / "base" / "keys"):
        with pytest.raises(KeysAreInsideTheDatabase):
            KeyStore(folder)


def test_making_keys_again_changes_nothing(keys: KeyStore) -> None:
    process_id = uuid4()

    assert seal.make_keys(keys, process_id) == seal.make_keys(keys, process_id)


def test_one_person_has_unlike_pseudonyms_in_every_vote_and_for_draft_and_box(keys: KeyStore) -> None:
    one, other = uuid4(), uuid4()
    seal.make_keys(keys, one)
    seal.make_keys(keys, other)

    first, again, elsewhere = voter(keys, one), voter(keys, one), voter(keys, other)

    assert first.pseudonym == again.pseudonym
    assert first.draft_pseudonym == again.draft_pseudonym
    assert len({first.pseudonym, first.draft_pseudonym, elsewhere.pseudonym, elsewhere.draft_pseudonym}) == 4


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=60), st.binary(min_size=16, max_size=60))
def test_the_same_marks_have_the_same_receipt_and_a_mark_fits_no_other_voter_and_no_other_marks(
    marks: bytes, other: bytes
) -> None:
    vote_seal = VoteSeal(uuid4(), b"k" * 32)
    mark = vote_seal.mark(b"one", marks)

    assert vote_seal.fits(mark, b"one", marks)
    assert vote_seal.mark(b"one", marks) == mark
    assert vote_seal.fits(mark, b"one", other) == (marks == other)
    assert not vote_seal.fits(mark, b"another", marks)
    assert not VoteSeal(uuid4(), b"l" * 32).fits(mark, b"one", marks)


def test_a_ballot_is_opened_by_the_boxes_key_alone(keys: KeyStore) -> None:
    one, other = uuid4(), uuid4()
    sealed = seal.seal(seal.make_keys(keys, one), b"marks")
    seal.make_keys(keys, other)

    assert BoxKey(keys, one).open(sealed) == b"marks"
    for opener, content in (
        (BoxKey(keys, other), sealed),
        (BoxKey(keys, one), sealed[:-1] + b"?"),
        (BoxKey(keys, one), b""),
    ):
        with pytest.raises(CannotBeOpened):
            opener.open(content)  # fmt: skip


def test_two_sealings_of_the_same_marks_look_unlike_and_are_of_one_length(keys: KeyStore) -> None:
    public = seal.make_keys(keys, uuid4())

    one, two = seal.seal(public, b"marks"), seal.seal(public, b"marks")

    assert one != two
    assert len(one) == len(two)


def test_a_draft_is_opened_under_its_own_pseudonym_alone() -> None:
    draft_seal = DraftSeal(uuid4(), b"k" * 32)
    sealed = draft_seal.close(b"p" * 32, b"chosen")

    assert draft_seal.open(b"p" * 32, sealed) == b"chosen"
    for opener, pseudonym, content in (
        (draft_seal, b"q" * 32, sealed),
        (DraftSeal(uuid4(), b"l" * 32), b"p" * 32, sealed),
        (draft_seal, b"p" * 32, b"short"),
    ):
        with pytest.raises(CannotBeOpened):
            opener.open(pseudonym, content)


def test_casting_does_not_need_the_private_half(keys: KeyStore) -> None:
    process_id = uuid4()
    public = seal.make_keys(keys, process_id)
    keys.destroy(process_id, "box")

    assert seal.seal(public, b"marks")
    assert voter(keys, process_id)
    with pytest.raises(KeysAreMissing):
        BoxKey(keys, process_id)


def test_with_the_vote_key_gone_nobody_is_a_voter_and_with_the_draft_key_gone_nobody_has_a_draft(
    keys: KeyStore,
) -> None:
    process_id = uuid4()
    seal.make_keys(keys, process_id)

    keys.destroy(process_id, "draft")
    assert voter(keys, process_id).draft_seal is None
    keys.destroy(process_id, "vote")
    with pytest.raises(KeysAreMissing):
        voter(keys, process_id)


@settings(deadline=None)
@given(st.binary(min_size=10, max_size=10))
def test_a_receipt_is_read_as_people_write_it(code: bytes) -> None:
    written = receipt.written(code)

    assert len(written) == 19
    assert receipt.read(written) == code
    assert receipt.read(written.lower().replace("-", " ")) == code
    assert receipt.read(f"  {written.replace('-', '–').replace('0', 'o').replace('1', 'l')}\n") == code


@settings(deadline=None)
@given(st.text(max_size=30))
def test_anything_else_is_read_or_refused_and_never_an_error(typed: str) -> None:
    code = receipt.read(typed)

    assert code is None or len(code) == 10
