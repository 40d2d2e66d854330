"""What a public address answers with. One function for the web process and for the files on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from release.models import Artefact

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """Either ``content`` (a page) or an ``artefact`` (streamed from private storage)."""

    media_type: str
    content: bytes = b""
    artefact: Artefact | None = None
    status: int = 200
    #: The address names the bytes, so they may be kept for ever.
    immutable: bool = False
    #: A file name for the reader's disk; empty to show it in the browser.
    download: str = ""
    links: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{self.artefact.sha256 if self.artefact else hashlib.sha256(self.content).hexdigest()}"'

    @property
    def size(self) -> int:
        return self.artefact.size if self.artefact else len(self.content)

    def open(self) -> IO[bytes]:
        """The artefact's file, from its first byte."""
        assert self.artefact is not None
        opened: IO[bytes] = self.artefact.file.storage.open(str(self.artefact.file.name), "rb")
        return opened

    def chunks(self, start: int = 0, end: int | None = None, size: int = 65_536) -> Iterator[bytes]:
        """Bytes ``start`` to ``end`` (exclusive) of either."""
        stop = self.size if end is None else end
        if self.artefact is None:
            yield self.content[start:stop]
            return
        with self.open() as file:
            file.seek(start)
            left = stop - start
            while left > 0 and (piece := file.read(min(size, left))):
                left -= len(piece)
                yield piece


def page(content: str, *, status: int = 200) -> Answer:
    return Answer(HTML, content.encode(), status=status)


def data(content: str, media_type: str, *, download: str = "") -> Answer:
    return Answer(media_type, content.encode(), download=download)
