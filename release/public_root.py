"""The public site as plain files, for a web server: a generation is written whole, then swapped in.

``DATA_DIR/public/current`` is one symbolic link; readers see the old generation or the new one,
never something between. A web server that finds no file asks the web process, which decides by the
clock: so a generation may be late, and never early.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from pathlib import Path

from django.conf import settings

from release.public import site
from release.stored import NotAsSigned

KEPT = 3


def root() -> Path:
    return Path(settings.DATA_DIR) / "public"


def write() -> str:
    """Write all that is public now; the new generation's name."""
    generations = root() / "generations"
    name = uuid.uuid4().hex
    folder = generations / name
    folder.mkdir(parents=True)
    try:
        for address in site.addresses():
            _write(folder, address)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _swap(name)
    _sweep(generations, name)
    return name


def _write(folder: Path, address: str) -> None:
    answer = site.find(address)
    # 410 needs a status, which a file has not: the web process tells of withdrawals.
    if answer is None or answer.status != 200:
        return
    path = folder / file_name(address)
    path.parent.mkdir(parents=True, exist_ok=True)
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
