"""Every 2xx answer, in a file that is fsynced before the next request is sent (TRUST, figures)."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One acknowledged write. ``parts`` is how many rows it must have left; ``sha256`` is of the request's body."""

    writer: str
    method: str
    path: str
    key: str
    marker: str
    parts: int
    sha256: str


class Ledger:
    """Appended to by all writers; read back from the disk for the verdict."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_RDWR, 0o600)
        self._path, self._lock = path, threading.Lock()

    def write(self, writer: str, path: str, key: str, marker: str, parts: int, body: bytes) -> None:
        entry = Entry(writer, "POST", path, key, marker, parts, hashlib.sha256(body).hexdigest())
        with self._lock:
            os.write(self._file, json.dumps(asdict(entry)).encode() + b"\n")
            os.fsync(self._file)

    def entries(self) -> list[Entry]:
        return [Entry(**json.loads(line)) for line in self._path.read_text().splitlines()]
