"""What every renderer is given: one frozen version, with all that its text refers to.

Renderers are pure: the same Publication gives the same bytes. Whoever builds one (``brief`` for
versions, ``release`` for candidates) takes care that nothing is in it that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from document.checks.records import Acronym, Register
from document.diff import Change
from document.tree import Node


@dataclass(frozen=True)
class SectionText:
    """One section as frozen.

    ``first_number`` is the number of its first numbered paragraph (they run through the brief).
    ``depth`` says within how many sections it stands, 0 to 2: its heading and those in it are lower by so much.
    """

    id: str
    title: str
    doc: Node
    first_number: int = 1
    content_notice: str = ""
    language: str = ""
    depth: int = 0


class Readable(Protocol):
    """What holds bytes: a path, or a file of a storage."""

    def read_bytes(self) -> bytes: ...


@dataclass(frozen=True)
class FigureFile:
    """An image file; ``media_type`` is ``image/png``, ``image/jpeg`` or ``image/svg+xml``."""

    asset: str
    image: Readable
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Imprint:
    """Who publishes, under what terms. Texts may be empty; gates say when they must not be."""

    isbn: str = ""
    copyright: str = ""
    licence: str = ""
    licence_url: str = ""
    disclaimer: str = ""
    contact: str = ""
    acknowledgements: str = ""


@dataclass(frozen=True)
class Entry:
    """A definition of the glossary; ``source`` is how its source reads, with the page."""

    term: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Publication:
    """A brief, ready to be rendered. ``sources`` maps a source's key to its CSL-JSON item."""

    title: str
    subtitle: str
    language: str
    organisations: tuple[str, ...]
    sections: tuple[SectionText, ...]
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, FigureFile] = field(default_factory=dict)
    style: str = "chicago-author-date"
    imprint: Imprint = field(default_factory=Imprint)
    slug: str = ""
    edition: str = "1.0"
    content_hash: str = ""
    dated: date | None = None
    built_at: datetime | None = None
    summary: str = ""
    #: The claims that the texts mark, with what stands between them.
    register: Register = field(default_factory=Register)
    #: Short forms of the texts, in order.
    acronyms: tuple[Acronym, ...] = ()
    glossary: tuple[Entry, ...] = ()
    #: What the marks of a redline mean, by their ids; empty for any other text.
    changes: Mapping[str, Change] = field(default_factory=dict)
