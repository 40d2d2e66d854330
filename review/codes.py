"""Pseudonyms, secrets and receipt numbers: drawn at random, so that they tell nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection

#: Without I and O, which are read as digits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PAIRS = [first + second for first in LETTERS for second in LETTERS]
TRIPLES = [pair + letter for pair in PAIRS for letter in LETTERS]
#: Without vowels and look-alikes.
RECEIPT = "23456789BCDFGHJKMNPQRSTVWXZ"


def draw_code(taken: Collection[str]) -> str:
    """A reviewer's letter that is not taken; two letters when more than half of the single ones are; then three."""
    gone = set(taken)
    left: list[str] = []
    for codes in (LETTERS, PAIRS, TRIPLES):
        free = [code for code in codes if code not in gone]
        left += free
        if len(free) > len(codes) // 2:
            break
    return secrets.choice(left)


def mint() -> tuple[str, str]:
    """(a link's secret of 192 random bits, the hash that is stored)."""
    secret = secrets.token_urlsafe(24)
    return secret, digest(secret)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def receipt_number() -> str:
    """``7F3K-9QXD``: to be read out on the telephone."""
    drawn = "".join(secrets.choice(RECEIPT) for _place in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
