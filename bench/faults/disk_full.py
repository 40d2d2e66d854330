"""Guards that a full disk is answered 507 or 503 with a clear sentence, never with a yes that was not stored, and
that all goes on when there is room again, without a restart of ours (TRUST, figures).

PostgreSQL's folder and the private files are each put on a small tmpfs that a ballast file fills, which needs
root. PostgreSQL's own end (a full log makes it panic) is its container's to mend. Units: writes, files, seconds.

Broken on purpose: without ``handler500`` in config/urls.py it ended with "the disk is full, and nobody was told"; with
Django's FileSystemStorage "disk_full.files_half" said 4 (files of nobody, after 4 refused uploads at SCALE=0.2).
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from bench.faults.slow_disk import _kept
from bench.figures import Figure, at_most, none
from bench.filling import fill
from bench.stack import Stack
from bench.stack.people import fresh_connections
from bench.writing import Writer, judge, until_all_go_on, writing

#: What there is room for beside what is there already.
ROOM = 48 * 1024 * 1024
CLEAR = ("not saved", "no room left")


def run(stack: Stack) -> Iterable[Figure]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        yield at_most("disk_full.skipped", 1, "times", note="only root may mount a small disk: nothing was tried")
        return
    yield from _database(stack)
    yield from _files(stack)


def _database(stack: Stack) -> Iterator[Figure]:
    database = stack.processes["database"]
    back: list[float] = []
    rounds = stack.times(5)
    with _small_disk(_data_folder(stack), stop=database) as disk, writing(stack, "full") as (ledger, writers):
        for _round in range(rounds):
            time.sleep(1)
            said = _Said(writers)
            with _full(disk):
                said.until_all(stack, seconds=40)
                time.sleep(1)
            back.append(until_all_go_on(writers, time.monotonic(), engine=database))
    found = judge(ledger, writers)
    statuses = ", ".join(f"{sum(each.tries[code] for each in writers)} × {code}" for code in ("507", "503", "cut"))
    yield from _kept("disk_full.database", found, writers, note=f"{rounds} times full, {statuses}")
    unclear = [words for writer in writers for words in writer.refusals if not any(each in words for each in CLEAR)]
    heard = sum(len(writer.refusals) for writer in writers)
    yield none("disk_full.unclear", len(unclear), heard, unit="answers", note="; ".join(unclear[:1]))
    yield at_most("disk_full.back", max(back), "s", gate=30, note="from when there was room")


class _Said:
    """What the writers have heard since."""

    def __init__(self, writers: list[Writer]) -> None:
        self._writers, self._before = writers, [self._count(each) for each in writers]

    def until_all(self, stack: Stack, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # Its container's engine starts it again and again while there is no room.
            stack.processes["database"].start()
            if all(self._count(each) > before for each, before in zip(self._writers, self._before, strict=True)):
                return
            time.sleep(0.1)
        raise RuntimeError("the disk is full, and nobody was told")

    @staticmethod
    def _count(writer: Writer) -> int:
        return writer.tries["503"] + writer.tries["507"] + writer.tries["cut"]


def _files(stack: Stack) -> Iterator[Figure]:
    made = fill(words=60, sections=1, reviewers=0, versions=0)
    client = stack.client(made.lead)
    path = f"/write/{made.brief.pk}/figures/"
    answers: list[Any] = []
    with _small_disk(stack.data / "private") as disk:
        before = _upload(client, path, 1)
        with _full(disk):
            answers = [_upload(client, path, number) for number in range(2, stack.times(20) + 2)]
        after = _upload(client, path, 1)
        rows = _figures(made.brief)
        half = [str(row.file) for row in rows if not _whole(stack, row)]
        strays = len(_names(disk) - {Path(str(row.file)).name for row in rows} - _known_before(disk))
    yields = [answer for answer in answers if answer.status < 300]
    unclear = [answer.text[:100] for answer in answers if answer.status != 507 or "no room left" not in answer.text]
    yield none("disk_full.files_accepted", len(yields), len(answers), unit="files")
    yield none("disk_full.files_unclear", len(unclear), len(answers), unit="answers", note="; ".join(unclear[:1]))
    yield none("disk_full.files_half", len(half) + strays, len(rows), unit="files", note=f"{strays} of nobody")
    went = int(before.status != 200) + int(after.status != 200)
    yield none("disk_full.files_refused_with_room", went, 2, unit="files")


def _upload(client: Any, path: str, number: int) -> Any:
    """An image of noise, which no encoder makes small."""
    image = Image.frombytes("RGB", (400, 300), os.urandom(400 * 300 * 3))
    written = io.BytesIO()
    image.save(written, "PNG")
    headers = {"Accept": "application/json"}
    return client.post(path, {}, files={"file": (f"n{number}.png", written.getvalue(), "image/png")}, headers=headers)


def _figures(brief: Any) -> list[Any]:
    from brief.models import Figure as BriefFigure

    return list(BriefFigure.objects.filter(brief=brief))


def _whole(stack: Stack, row: Any) -> bool:
    with Image.open(stack.data / "private" / str(row.file)) as image:
        image.load()
    return True


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def _known_before(folder: Path) -> set[str]:
    return _names(folder.with_name(f"{folder.name}.kept"))


def _data_folder(stack: Stack) -> Path:
    command = stack.processes["database"].command
    return Path(command[command.index("-D") + 1])


@contextlib.contextmanager
def _small_disk(folder: Path, *, stop: Any = None) -> Iterator[Path]:
    """A tmpfs in the place of ``folder``, with its files; what was written there is carried back."""
    kept = folder.with_name(f"{folder.name}.kept")
    if stop is not None:
        stop.stop()
    folder.rename(kept)
    folder.mkdir()
    size = int(subprocess.run(["du", "-sb", str(kept)], capture_output=True, check=True).stdout.split()[0])
    options = f"size={size * 5 // 4 + ROOM},mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", f"{folder}/"], check=True)
        _start(stop)
        yield folder
    finally:
        if stop is not None:
            stop.stop()
        fresh = folder.with_name(f"{folder.name}.fresh")
        subprocess.run(["cp", "-a", str(folder), str(fresh)], check=True)
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        fresh.rename(folder)
        shutil.rmtree(kept)
        _start(stop)


def _start(part: Any) -> None:
    if part is not None:
        part.start()
        part.wait_ready(60)
        fresh_connections()


@contextlib.contextmanager
def _full(disk: Path) -> Iterator[None]:
    """Not a byte is left, until it ends."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        ballast.unlink()
