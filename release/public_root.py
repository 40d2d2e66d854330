"""The public site as plain files, for a web server: a generation is written whole, then swapped in.

``DATA_DIR/public/current`` is one symbolic link; readers see the old generation or the new one,
never something between. A web server that finds no file asks the web process, which decides by the
clock: so a generation may be late, and never early.

A generation's name begins with the fingerprint of what it says. Each host that serves readers keeps its
own (`manage.py public_root --watch`) and needs nothing from the others but the database and the files.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from release import visibility
from release.models import Artefact
from release.public import held, site, state
from release.public.answers import Answer
from release.public.views import own_headers
from release.stored import NotAsSigned

KEPT = 3


def root() -> Path:
    return Path(settings.DATA_DIR) / "public"


@dataclass(frozen=True)
class Generation:
    """The generation that readers are served: its name, when it was written, what it says."""

    name: str
    written: datetime

    @property
    def fingerprint(self) -> str:
        return self.name.partition("-")[0]


def generation() -> Generation | None:
    """What is served from this host's folder now."""
    folder = root() / "current"
    try:
        name, written = folder.readlink().name, folder.stat().st_mtime
    except OSError:
        return None
    return Generation(name, datetime.fromtimestamp(written, UTC))


def is_current() -> bool:
    """Whether the folder says what the database says at this moment."""
    served = generation()
    return served is not None and served.fingerprint == state.fingerprint()


def follow() -> str:
    """Write a generation if the folder is behind; its name, or an empty string."""
    return "" if is_current() else write()


def write() -> str:
    """Write all that is public now; the new generation's name."""
    with _alone():
        generations = root() / "generations"
        # Asked before anything is written: what changes meanwhile makes the next one due.
        name = f"{state.fingerprint()}-{uuid.uuid4().hex[:8]}"
        folder = generations / name
        folder.mkdir(parents=True)
        try:
            until = visibility.next_instant()
            written = {address: _write(folder, address) for address in site.addresses()}
            _describe(folder, until, {address: told for address, told in written.items() if told})
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _swap(name)
        _sweep(generations, name)
        return name


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time on a host: a job and a watcher may both find the folder behind."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(folder: Path, address: str) -> dict[str, Any] | None:
    """Write one answer; its file, size, ETag and headers for ``release.public.held``."""
    answer = site.find(address)
    # 410 needs a status, which a file has not: the web process tells of withdrawals.
    if answer is None or answer.status != 200:
        return None
    path = folder / file_name(address)
    path.parent.mkdir(parents=True, exist_ok=True)
    if answer.artefact is None or not _linked(answer.artefact, root() / "current" / file_name(address), path):
        _copy(answer, path)
    headers = list(own_headers(answer).items())
    return {"file": file_name(address), "size": answer.size, "etag": answer.etag, "headers": headers}


def _describe(folder: Path, until: datetime | None, answers: dict[str, dict[str, Any]]) -> None:
    told = {"until": until.timestamp() if until else None, "answers": answers}
    with (folder / held.NAME).open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def _linked(artefact: Artefact, before: Path, path: Path) -> bool:
    """Take a signed file over from the generation before, when it still is what was signed.

    A library of a thousand briefs is then neither fetched nor stored a second time.
    """
    try:
        with before.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != artefact.sha256:
                return False
        path.hardlink_to(before)
    except OSError:
        return False
    return True


def _copy(answer: Answer, path: Path) -> None:
    written = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in answer.chunks():
            file.write(chunk)
            written.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    if answer.artefact and written.hexdigest() != answer.artefact.sha256:
        raise NotAsSigned(f"artefact {answer.artefact.pk}")


def file_name(address: str) -> str:
    """Where a web server looks for an address: ``index.html``, or ``index.xml`` for the feed."""
    if address == "feed/":
        return "feed/index.xml"
    return f"{address}index.html" if address.endswith("/") or not address else address


def _swap(name: str) -> None:
    link, fresh = root() / "current", root() / f".current-{name}"
    fresh.symlink_to(Path("generations") / name)
    fresh.replace(link)


def _sweep(generations: Path, current: str) -> None:
    """Keep the last few: a web server may still be sending from them."""
    others = [each for each in generations.iterdir() if each.is_dir() and each.name != current]
    with contextlib.suppress(FileNotFoundError):
        for old in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
