"""A plan in the making, sealed with a key that only its code gives. What is stored cannot be opened or linked without it."""

import json
from collections.abc import Mapping
from hashlib import blake2b

from nacl.secret import SecretBox

from service.calculator.engine import Plan

PADDED = 4096


def keys(code: bytes) -> tuple[bytes, bytes]:
    """Under which a plan is stored, and with which it is sealed. The code has 80 random bits, so nobody tries them all."""
    derived = blake2b(code, digest_size=64, person=b"saved plan").digest()
    return derived[:32], derived[32:]


def seal(key: bytes, digest: str, plan: Plan) -> bytes:
    """All of one length: how much was chosen is not seen."""
    words = json.dumps({"specification": digest, "plan": dict(plan)}).encode()
    return bytes(SecretBox(key).encrypt(words.ljust(PADDED)))


def opened(key: bytes, sealed: bytes) -> tuple[str, Mapping[str, str]]:
    """The digest of the specification it was made on, and the plan."""
    words = json.loads(SecretBox(key).decrypt(sealed))
    return words["specification"], words["plan"]
