"""What a file holds besides its bytes: entries of archives with their names, text and metadata of a PDF."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterator
from functools import lru_cache

import pikepdf

#: Archives within archives: a ZIP of the release holds a Word file.
DEEPEST = 3


def pieces(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes themselves, then what they are made of."""
    yield content
    if content.startswith(b"PK\x03\x04") and depth < DEEPEST:
        for name, inner in _entries(content):
            yield name
            yield from pieces(inner, depth + 1)
    elif content.startswith(b"%PDF-"):
        yield from _of_pdf(content)


def _entries(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield b"", archive.comment
        for info in archive.infolist():
            told = f"{info.filename} {info.date_time} {info.comment!r} {info.extra!r}"
            yield told.encode(), archive.read(info)


@lru_cache(maxsize=64)
def _of_pdf(content: bytes) -> list[bytes]:
    """Its text by Poppler where that is installed, its document information, XMP, and every stream unpacked."""
    found: list[bytes] = []
    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError:
        return []  # a few bytes that stand in for a PDF in another program's scene; they are searched as they are
    with opened as document:
        found.append(repr({str(key): str(value) for key, value in document.docinfo.items()}).encode())
        if "/Metadata" in document.Root:
            found.append(document.Root.Metadata.read_bytes())
        for each in document.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") != "/Image":
                found.append(each.read_bytes())
            elif isinstance(each, pikepdf.Dictionary):
                found.append(repr(each).encode())
    found.append(_poppler(content))
    return found


def _poppler(content: bytes) -> bytes:
    try:
        return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, timeout=60).stdout
    except FileNotFoundError:
        return b""
