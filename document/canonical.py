"""One spelling for every piece of data that is hashed or signed.

Canonical JSON: keys sorted, no white space, UTF-8, characters as they are (no normalisation: what
was typed is what is signed). Hashes are lower-case hexadecimal SHA-256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("words.txt")


def dumps(value: Any) -> str:
    """Canonical JSON text. Raises ValueError for NaN, infinities and lone surrogates."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    text.encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    return text


def sha256(value: str | bytes) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the value's canonical JSON."""
    return sha256(dumps(value))


@dataclass(frozen=True)
class SectionDigest:
    """What of a section enters the content hash. ``text`` is the SHA-256 of its document's text."""

    id: str
    title: str
    text: str
    notice: str = ""
    depth: int = 0

    def told(self) -> dict[str, Any]:
        """As it is hashed. A section within none is told as before there were others: old hashes hold."""
        told = asdict(self)
        return told if self.depth else {name: value for name, value in told.items() if name != "depth"}


def content_hash(
    *,
    sections: Iterable[SectionDigest],
    figures: Mapping[str, str] | None = None,
    sources: Mapping[str, Any] | None = None,
    claims: Iterable[Any] = (),
    objectives: Iterable[str] = (),
    head: Mapping[str, Any] | None = None,
) -> str:
    """The hash that artefacts print and approvers see (DECISIONS, *Hashes*).

    ``sections`` in reading order; ``figures`` maps an asset to its file's SHA-256; ``sources`` maps a
    key to its CSL-JSON; ``head`` holds what else is part of the words (title, subtitle, language).
    """
    return digest(
        {
            "sections": [section.told() for section in sections],
            "figures": dict(figures or {}),
            "sources": dict(sources or {}),
            "claims": list(claims),
            "objectives": list(objectives),
            "head": dict(head or {}),
        }
    )


@cache
def vocabulary() -> tuple[str, ...]:
    """256 short English words, one for each byte."""
    words = tuple(WORDS.read_text().split())
    if len(set(words)) != 256:
        raise ValueError("words.txt must hold 256 different words")
    return words


def words(hexadecimal: str, count: int = 6) -> str:
    """The first ``count`` bytes of a hash as words, to be read aloud and compared by people.

    Six words are 48 bits: enough to notice a mistake, not a proof. The proof is the whole hash.
    """
    names = vocabulary()
    return " ".join(names[byte] for byte in bytes.fromhex(hexadecimal)[:count])
