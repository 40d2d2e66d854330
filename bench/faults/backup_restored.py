"""Guards that a backup of a system at work comes back whole: rows and hashes equal, files included (TRUST, figures).

Three people write while `manage.py backup` runs. It is restored, by the documented commands, into a second
database and a second folder: what was acknowledged before the backup began is there, what came later is there
whole or not at all, and sections have no gaps. Then the rehearsal, and 200 copies with a byte changed or the
end cut off. Units: rows, files, writes, backups, seconds.

Broken on purpose: without "ISOLATION LEVEL REPEATABLE READ" in config/keeping/backup.py a section came back with
fewer steps than its version says ("backup_restored.half" 1 of 215, at SCALE=0.1).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from bench.figures import Figure, at_most, none
from bench.filling import fill
from bench.stack import Stack
from bench.writing import Entry, Saver, Writer, writing

SECOND = "countersign_second"
#: Bytes that a slow disk takes each 20 ms.
PIECE = 4096


def run(stack: Stack) -> Iterable[Figure]:
    fill(
        words=stack.times(35_000),
        sections=6,
        threads=stack.times(500),
        versions=3,
        reviewers=3,
        comments=50,
        released=True,
    )
    folder = stack.folder / "backups"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with writing(stack, "backup") as (ledger, writers):
        time.sleep(5)
        before = ledger.entries()
        began = time.monotonic()
        _backup_slowly(stack, folder / "one.zip")
        took = time.monotonic() - began
        time.sleep(1)
    yield at_most(
        "backup_restored.backup",
        took,
        "s",
        note=f"{(folder / 'one.zip').stat().st_size / 1e6:.1f} MB, to a disk of 200 kB/s",
    )
    environment = _second(stack)
    began = time.monotonic()
    _manage(stack, environment, "migrate")
    _manage(stack, environment, "restore", str(folder / "one.zip"))
    yield at_most("backup_restored.restore", time.monotonic() - began, "s", note="migrate and restore")
    with psycopg.connect(environment["DATABASE_URL"]) as restored:
        yield from _judge(restored, before, ledger.entries(), writers)
    yield from _compare(stack, folder / "one.zip", environment)
    yield from _broken(stack, folder / "one.zip")


def _backup_slowly(stack: Stack, path: Path) -> None:
    """To standard output, taken up a little at a time: people write between any two tables."""
    command = [sys.executable, str(stack.root / "manage.py"), "backup", "-"]
    with (
        path.open("xb") as out,
        subprocess.Popen(
            command, env=stack.environment, cwd=stack.root, stdout=subprocess.PIPE, pipesize=PIECE
        ) as making,
    ):
        assert making.stdout is not None
        while piece := os.read(making.stdout.fileno(), PIECE):
            out.write(piece)
            time.sleep(0.02)
    if making.returncode:
        raise RuntimeError("the backup was not made")


def _second(stack: Stack) -> dict[str, str]:
    """An empty database on the same server, and an empty folder."""
    url, data = stack.environment["DATABASE_URL"], stack.folder / "second-data"
    shutil.rmtree(data, ignore_errors=True)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {SECOND} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {SECOND}")
    return {**stack.environment, "DATABASE_URL": url.rpartition("/")[0] + f"/{SECOND}", "DATA_DIR": str(data)}


def _manage(stack: Stack, environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, str(stack.root / "manage.py"), *words]
    return subprocess.run(command, env=environment, cwd=stack.root, check=True, capture_output=True, text=True).stdout


def _judge(
    restored: psycopg.Connection[Any], before: list[Entry], entries: list[Entry], writers: list[Writer]
) -> Iterator[Figure]:
    """Hold the second database against what people were told."""
    lost, half, gaps = [], [], []
    early = {entry.marker for entry in before}
    for writer in writers:
        stored = _stored(restored, writer)
        gaps += [writer.name] if isinstance(writer, Saver) and _has_gaps(restored, writer) else []
        for entry in (entry for entry in entries if entry.writer == writer.name):
            count = stored[entry.marker]
            lost += [entry.marker] if entry.marker in early and not count else []
            half += [entry.marker] if count not in (0, entry.parts) else []
    yield none("backup_restored.lost", len(lost), len(early), unit="writes", note="; ".join(lost[:2]))
    yield none("backup_restored.half", len(half) + len(gaps), len(entries), unit="writes", note="; ".join(gaps))


def _stored(restored: psycopg.Connection[Any], writer: Writer) -> Counter[str]:
    """Marker → how often it stands in the second database."""
    if not isinstance(writer, Saver):
        query = """SELECT c.body FROM brief_comment c JOIN ledger_event e ON e.subject_id = c.thread_id::text
                   AND e.verb = 'thread.started' WHERE c.body LIKE %s"""
        return Counter(row[0] for row in restored.execute(query, [f"{writer.name}x%"]))
    rows = restored.execute("SELECT step FROM brief_step WHERE section_id = %s", [writer.section.pk])
    found: Counter[str] = Counter()
    for (step,) in rows:
        found.update(word[: len(writer.name) + 13] for word in _words(step) if word.startswith(f"{writer.name}x"))
    return found


def _words(step: str) -> list[str]:
    texts = [node.get("text", "") for node in _nodes(json.loads(step))]
    return " ".join(texts).split()


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _has_gaps(restored: psycopg.Connection[Any], writer: Saver) -> bool:
    query = """SELECT s.version, count(t.id), coalesce(max(t.version), 0) FROM brief_section s
               LEFT JOIN brief_step t ON t.section_id = s.id WHERE s.id = %s GROUP BY s.id"""
    row = restored.execute(query, [writer.section.pk]).fetchone()
    return row is None or len({row[0], row[1], row[2]}) > 1


def _compare(stack: Stack, backup: Path, environment: dict[str, str]) -> Iterator[Figure]:
    """By the rehearsal, and the files of the second folder byte for byte."""
    began = time.monotonic()
    told = stack.manage("rehearse_restore", str(backup))
    tables = [line for line in told.splitlines()[:-2] if line.strip()]
    different = 0 if "Equal in rows, hashes" in told else len(tables)
    note = f"{time.monotonic() - began:.0f} s"
    yield none("backup_restored.tables_different", different, len(tables), unit="tables", note=note)
    second = Path(environment["DATA_DIR"]) / "private"
    names = [path.relative_to(second) for path in second.rglob("*") if path.is_file()]
    other = [name for name in names if (stack.data / "private" / name).read_bytes() != (second / name).read_bytes()]
    yield none("backup_restored.files_different", len(other), len(names), unit="files")


def _broken(stack: Stack, backup: Path) -> Iterator[Figure]:
    """Copies with one byte changed, or cut off: refused, or (a time of a member) what they hold is what it was."""
    from config.keeping import archive
    from config.keeping.manifest import check, load

    whole, luck = backup.read_bytes(), random.Random(7)  # noqa: S311
    manifest, sha256 = load(archive.reading(str(backup)))
    bad, refused, wrong = backup.with_name("bad.zip"), 0, 0
    tried = stack.times(200)
    for number in range(tried):
        place = luck.randrange(len(whole))
        rest = b"" if number % 4 == 0 else bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        bad.write_bytes(whole[:place] + rest)
        try:
            reader = archive.reading(str(bad))
            wrong += load(reader) != (manifest, sha256)
            check(reader, manifest)
        except archive.Damaged:
            refused += 1
    bad.unlink()
    note = f"{refused} refused; in the others the byte was of no member"
    yield none("backup_restored.damage_unseen", wrong, tried, unit="backups", note=note)
