"""A receipt as people copy it: Crockford's base32 in groups of four, forgiving about what looks alike."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 16
READ_AS = str.maketrans("OIL", "011")


def written(receipt: bytes) -> str:
    """7K2M-9QXD-4TBA-1FHE of ten bytes."""
    bits = int.from_bytes(receipt, "big")
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LETTERS)))
    return "-".join(letters[start : start + 4] for start in range(0, LETTERS, 4))


def read(typed: str) -> bytes | None:
    """The ten bytes of a typed code; None for what cannot be one."""
    letters = re.sub(r"[\s\-\u2010-\u2015\u2212]", "", typed).upper().translate(READ_AS)
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return None
    bits = 0
    for letter in letters:
        bits = bits << 5 | ALPHABET.index(letter)
    return bits.to_bytes(10, "big")
