"""The files of a release as they were signed: whoever reads one asks here whether it still is.

A release publishes exactly the bytes that its manifest names (TRUST 1). Storage is not ours alone:
a disk errs, a bucket is written to by others. What is not what was signed is not sent.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.core.files.storage import default_storage

from release.models import Artefact


class NotAsSigned(Exception):
    """A stored file is not the one that was signed; the message names its address, no title."""


def check(artefact: Artefact, signed: str) -> None:
    """Raises NotAsSigned unless the stored bytes have the SHA-256 ``signed``.

    A file is read once a process: its name is random, private, and never written to again.
    """
    if artefact.sha256 != signed or _kept_digest(str(artefact.file.name)) != signed:
        raise NotAsSigned(f"artefact {artefact.pk}")


def digest(name: str) -> str:
    """The SHA-256 of a stored file, read now."""
    reading = hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        for piece in file.chunks():
            reading.update(piece)
    return reading.hexdigest()


_kept_digest = lru_cache(maxsize=4096)(digest)
