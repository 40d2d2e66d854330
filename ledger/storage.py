"""Private files on a disk: there as a whole, and lasting, before their row is; or not at all.

Django's own storage writes into the file's place: a full disk leaves half of it there, and a power cut may
take what was just acknowledged. Here the bytes are written beside it, brought to the disk, and renamed.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="ledger.storage.LastingStorage")
class LastingStorage(FileSystemStorage):
    """Raises OSError, with nothing left behind, when a file cannot be kept."""

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with fresh.open("xb") as file:
                _copy(content, file)
            # The name was free a moment ago; whoever took it meanwhile keeps it.
            path.open("xb").close()
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _keep_name(path.parent)
        if self.file_permissions_mode is not None:
            path.chmod(self.file_permissions_mode)
        return name


def _copy(content: Any, file: IO[bytes]) -> None:
    for piece in content.chunks():
        file.write(piece.encode() if isinstance(piece, str) else piece)
    file.flush()
    os.fsync(file.fileno())


def _keep_name(folder: Path) -> None:
    """A new name lasts when its folder was brought to the disk too (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
