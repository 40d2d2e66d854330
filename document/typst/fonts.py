"""Fonts for print: where they are, and which characters they can show.

A PDF for everyone may not hold a character without a glyph; typst refuses it. What no font shows is
written as its code point, so that nothing is lost silently.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Filled by ``python -m document.build``.
FOLDER = Path(__file__).resolve().parent.parent.parent / "build" / "fonts"
#: npm package → the faces that are copied. The order is that in which characters are looked for.
FACES = {
    "source-serif-4": ("400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"),
    "source-sans-3": ("400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"),
    "noto-naskh-arabic": ("400Regular", "600SemiBold"),
    "noto-serif-hebrew": ("400Regular", "600SemiBold"),
    "noto-serif-devanagari": ("400Regular", "600SemiBold"),
    "noto-sans-math": ("400Regular",),
    "noto-sans-symbols-2": ("400Regular",),
}


class NotBuilt(Exception):
    """The fonts are missing; ``python -m document.build`` copies them."""

    sentence = "The fonts for print are missing. Run make build."


def folder() -> Path:
    """The folder of fonts. Raises NotBuilt."""
    if not any(FOLDER.glob("*.ttf")):
        raise NotBuilt(NotBuilt.sentence)
    return FOLDER


@cache
def coverage() -> tuple[frozenset[int], ...]:
    """For each family, the code points it shows."""
    return tuple(
        frozenset(_characters((folder() / f"{package}-{faces[0]}.ttf").read_bytes()))
        for package, faces in FACES.items()
    )


def _characters(font: bytes) -> Iterator[int]:
    """The code points of a TrueType font's ``cmap`` (formats 4 and 12; OpenType specification)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(count))
    start = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    for n in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHL", font, start + 4 + 8 * n)[2]
        kind = struct.unpack_from(">H", font, offset)[0]
        if kind == 4:
            yield from _format4(font, offset)
        elif kind == 12:
            groups = struct.unpack_from(">L", font, offset + 12)[0]
            for group in range(groups):
                first, last, _ = struct.unpack_from(">LLL", font, offset + 16 + 12 * group)
                yield from range(first, last + 1)


def _format4(font: bytes, offset: int) -> Iterator[int]:
    segments = struct.unpack_from(">H", font, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, offset + 14)
    starts = struct.unpack_from(f">{segments}H", font, offset + 16 + 2 * segments)
    for first, last in zip(starts, ends, strict=True):
        yield from (code for code in range(first, last + 1) if code != 0xFFFF)


def _clusters(text: str) -> Iterator[str]:
    """A character with the marks and joiners that belong to it."""
    cluster = ""
    for char in text:
        joins = unicodedata.category(char) in ("Mn", "Me", "Mc") or char in "\u200d\ufe0e\ufe0f"
        if cluster and not joins:
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


#: Spaces and format characters that are drawn, so that typst asks for their glyph (each tried).
DRAWN = frozenset("\u070f\u1680\U000110bd\U000110cd") | {chr(code) for code in range(0x13430, 0x13440)}
#: A byte order mark inside a text: PDF/A forbids it, and nobody sees it.
MARK = "\ufeff"


def _visible(char: str) -> bool:
    """Whether a character needs a glyph: spaces and format characters do not, but for a few."""
    if char in DRAWN:
        return True
    return unicodedata.category(char) not in ("Cf", "Zs", "Zl", "Zp", "Cc") and not "\ufe00" <= char <= "\ufe0f"


@cache
def _shown(cluster: str) -> str:
    codes = {ord(char) for char in cluster if _visible(char)}
    if any(codes <= family for family in coverage()):
        return cluster
    everything = frozenset().union(*coverage())
    head, rest = cluster[0], cluster[1:]
    first = head if ord(head) in everything or not _visible(head) else f"[U+{ord(head):04X}]"
    return first + "".join(f"[U+{ord(char):04X}]" for char in rest if _visible(char))


def showable(text: str) -> str:
    """The text with what no font shows written as ``[U+1F600]``."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFC", text.replace(MARK, ""))
    return "".join(_shown(cluster) for cluster in _clusters(plain))


def missing(text: str) -> set[str]:
    """The characters of a text that no font shows."""
    if text.isascii():
        return set()
    everything = frozenset().union(*coverage())
    return {char for char in unicodedata.normalize("NFC", text) if _visible(char) and ord(char) not in everything}
