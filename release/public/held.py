"""What the current generation of the public folder holds, as a web process answers it without asking anybody.

A generation's ``.answers.json`` names each address with its file and its own headers, as ``release.public.views``
answered when it was written. A generation is never early; from the moment at which something else becomes
public until the next generation is there, nothing is held, and the pages decide by the database's clock.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

#: Beside a generation's files.
NAME = ".answers.json"
#: Seconds before the next launch at which the pages take over; clocks of web hosts are not all right.
ASIDE = 30.0
#: Files up to the first size are kept in memory, altogether up to the second.
SMALL, MOST = 512 * 1024, 32 * 1024 * 1024


@dataclass
class Held:
    """One address: its own headers, its file, and (when small) the bytes."""

    headers: list[tuple[str, str]]
    path: Path
    size: int
    etag: str
    content: bytes | None = None
    checked: bool = False

    def chunks(self, size: int = 65_536) -> Iterator[bytes]:
        if self.content is not None:
            yield self.content
            return
        with self.path.open("rb") as file:
            while piece := file.read(size):
                yield piece


@dataclass
class Generation:
    """The answers of one generation; empty when it was written before there were any."""

    name: str = ""
    until: float | None = None
    answers: dict[str, Held] = field(default_factory=dict)
    kept: int = 0
    lock: Any = field(default_factory=Lock)

    def find(self, address: str) -> Held | None:
        """What is held at an address (without its leading slash), as sound as when it was written."""
        held = self.answers.get(address)
        if held is None or (self.until is not None and time.time() >= self.until - ASIDE):
            return None
        return held if held.checked or self._checked(held) else None

    def _checked(self, held: Held) -> bool:
        """Read a file once: what is not what was written is not sent from here (TRUST 1)."""
        with self.lock:
            try:
                with held.path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                    if held.etag.strip('"') != digest:
                        return False
                    if held.size <= SMALL and self.kept + held.size <= MOST:
                        file.seek(0)
                        held.content = file.read()
                        self.kept += held.size
            except OSError:
                return False
            held.checked = True
        return True


_current = Generation()


def current(root: Path) -> Generation:
    """The generation that ``root/current`` points at; read anew when that changes."""
    global _current
    try:
        name = str((root / "current").readlink())
    except OSError:
        return Generation()
    known = _current
    if known.name != name:
        known = _current = _read(root / name, name)
    return known


def _read(folder: Path, name: str) -> Generation:
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Generation(name)
    answers = {
        address: Held(
            [(key, value) for key, value in each["headers"]], folder / each["file"], each["size"], each["etag"]
        )
        for address, each in told["answers"].items()
    }
    return Generation(name, told["until"], answers)
