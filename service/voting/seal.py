"""What the keys of a vote do: pseudonyms, receipts, sealing and opening. Knows neither database nor ballot paper.

`vote` makes the pseudonym a ballot stands under and its receipt; `draft` hides drafts; `box` (X25519) opens the ballots, and its
private half is not needed while people vote. Each is a 0600 file outside the database, destroyed after the count.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Self
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from service.core.actor import Resident
from service.core.keys import KeyGone, KeyStore, digest
from service.voting.rules import KeysAreMissing

KEYS = ("vote", "draft", "box")


class CannotBeOpened(Exception):
    """Sealed with another key, or altered since."""


class Mark(NamedTuple):
    """What stands in the box beside a sealed ballot: its receipt comes from `nonce`, `commitment` tells it from another."""

    nonce: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class VoteSeal:
    process_id: UUID
    key: bytes

    @classmethod
    def of(cls, keys: KeyStore, process_id: UUID) -> Self:
        return cls(process_id, _read(keys, process_id, "vote"))

    def pseudonym(self, sign_in_digest: bytes) -> bytes:
        return digest(self.key, b"pseudonym", self.process_id.bytes, sign_in_digest)

    def mark(self, pseudonym: bytes, marks: bytes) -> Mark:
        """The same voter and choices have the same mark, so that casting twice at once leaves one ballot and one receipt.

        It binds the ballot to its voter: one copied to another's pseudonym does not fit there.
        """
        nonce = digest(self.key, b"nonce", pseudonym, marks)[:16]
        return Mark(nonce, digest(self.key, b"commitment", nonce, marks))

    def fits(self, mark: Mark, pseudonym: bytes, marks: bytes) -> bool:
        made = self.mark(pseudonym, marks)
        return hmac.compare_digest(made.nonce + made.commitment, mark.nonce + mark.commitment)

    def receipt(self, nonce: bytes) -> bytes:
        """80 bits that only a ballot in the box has."""
        return digest(self.key, b"receipt", nonce)[:10]


@dataclass(frozen=True, slots=True)
class DraftSeal:
    process_id: UUID
    key: bytes

    @classmethod
    def of(cls, keys: KeyStore, process_id: UUID) -> Self:
        return cls(process_id, _read(keys, process_id, "draft"))

    def pseudonym(self, sign_in_digest: bytes) -> bytes:
        return digest(self.key, b"pseudonym", self.process_id.bytes, sign_in_digest)

    def close(self, pseudonym: bytes, content: bytes) -> bytes:
        return bytes(self._box(pseudonym).encrypt(content))

    def open(self, pseudonym: bytes, sealed: bytes) -> bytes:
        """Raises CannotBeOpened."""
        try:
            return self._box(pseudonym).decrypt(sealed)
        except (CryptoError, ValueError) as error:
            raise CannotBeOpened from error

    def _box(self, pseudonym: bytes) -> SecretBox:
        return SecretBox(digest(self.key, b"seal", pseudonym))


@dataclass(frozen=True, slots=True)
class Voter:
    """A resident at the ballot box: known to it by pseudonyms that nobody can join without the keys."""

    resident: Resident
    sign_in_digest: bytes
    vote_seal: VoteSeal
    draft_seal: DraftSeal | None  # None: its key is gone, and the drafts with it
    pseudonym: bytes
    draft_pseudonym: bytes

    @classmethod
    def of(cls, resident: Resident, sign_in_digest: bytes, keys: KeyStore, process_id: UUID) -> Self:
        """Raises KeysAreMissing."""
        vote_seal = VoteSeal.of(keys, process_id)
        draft_seal = DraftSeal.of(keys, process_id) if keys.exists(process_id, "draft") else None
        return cls(
            resident,
            sign_in_digest,
            vote_seal,
            draft_seal,
            vote_seal.pseudonym(sign_in_digest),
            draft_seal.pseudonym(sign_in_digest) if draft_seal else b"",
        )


def make_keys(keys: KeyStore, process_id: UUID) -> bytes:
    """Make what is missing of a vote's three keys; the public half of the box's."""
    made = {name: keys.make(process_id, name) for name in KEYS}
    return bytes(PrivateKey(made["box"]).public_key)


def seal(box_public_key: bytes, marks: bytes) -> bytes:
    return SealedBox(PublicKey(box_public_key)).encrypt(marks)


class BoxKey:
    """Opens what was sealed. Only the count makes one."""

    def __init__(self, keys: KeyStore, process_id: UUID) -> None:
        self._box = SealedBox(PrivateKey(_read(keys, process_id, "box")))

    def open(self, sealed: bytes) -> bytes:
        """Raises CannotBeOpened."""
        try:
            return bytes(self._box.decrypt(sealed))
        except (CryptoError, ValueError) as error:
            raise CannotBeOpened from error


def receipt_digest(receipt: bytes) -> bytes:
    """What a counted ballot is found by; the receipt itself is kept nowhere."""
    return sha256(b"receipt" + receipt).digest()


def _read(keys: KeyStore, process_id: UUID, name: str) -> bytes:
    try:
        return keys.read(process_id, name)
    except KeyGone:
        raise KeysAreMissing from None
