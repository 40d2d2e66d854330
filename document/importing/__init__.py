"""Importing drafts: a file becomes a reading, a reading and an outline become sections.

``read`` chooses by the file's ending. Nothing here knows Django or a database.
"""

from __future__ import annotations

from collections.abc import Callable

from document.importing import embedded, webpage
from document.importing.assemble import Imported
from document.importing.reading import Reading
from document.importing.report import Finding, Report
from document.importing.text import read_text
from document.importing.word import read_other, read_word
from document.uploads import Refused, check_archive

#: File endings that are taken.
ENDINGS = ("docx", "odt", "html", "htm", "md", "markdown", "txt")

__all__ = ["ENDINGS", "Finding", "Imported", "Reading", "Refused", "Report", "pictures", "read"]


def read(data: bytes, name: str, seed: str = "") -> Reading:
    """A draft as a reading, by the ending of its name. Raises Refused with a sentence."""
    ending = name.rpartition(".")[2].lower()
    if ending == "docx":
        return read_word(data, seed)
    if ending == "odt":
        return read_other(data, "odt", seed)
    if ending in ("html", "htm"):
        return read_other(data, "html", seed)
    if ending in ("md", "markdown"):
        return read_other(data, "md", seed)
    if ending == "txt":
        return read_text(data, seed)
    raise Refused("kind", "Only Word (.docx), ODT, HTML, Markdown and text files are taken.")


def pictures(data: bytes, name: str) -> Callable[[str], bytes]:
    """The pictures of a file by the names that ``Imported.figures`` has for them."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("html", "htm"):
        held = webpage.pictures(data)
        return lambda path: held.get(path, b"")
    if ending in ("md", "markdown"):
        held = embedded.pictures(data.decode("utf-8", "replace"), "md")
        return lambda path: held.get(path, b"")
    archive = check_archive(data)
    return lambda path: archive.read(path) or b""
