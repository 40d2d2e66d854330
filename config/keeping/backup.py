"""Making a backup of a running system: the database in one snapshot, then the files that its rows name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.core.files.storage import default_storage
from django.utils import timezone

from config.keeping import tables
from config.keeping.archive import MANIFEST, PIECE, Write, Writer
from config.keeping.manifest import File, Manifest, Rows


@dataclass
class _Measure:
    """Hash and length of what goes by."""

    size: int = 0
    reading: Any = field(default_factory=hashlib.sha256)

    def __call__(self, piece: bytes) -> None:
        self.size += len(piece)
        self.reading.update(piece)


def make(writer: Writer) -> tuple[Manifest, str]:
    """Write everything; the manifest and its SHA-256.

    The snapshot ends before files are copied: they are only added, never changed, and what a row
    names was there before the row. One that was deleted since is told as missing if a row still names it.
    """
    with tables.connect() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(tables.PLAIN)
        manifest = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            server=str(connection.info.server_version),
            migrations=tables.migrations(connection),
        )
        for table in tables.tables(connection):
            with writer.member(f"tables/{table.name}.copy") as write:
                manifest.tables[table.name] = _rows(connection, table, write)
        named = tables.stored_files(connection)
    _copy_files(writer, manifest, named)
    text = manifest.dumps()
    with writer.member(MANIFEST) as write:
        write(text)
    return manifest, hashlib.sha256(text).hexdigest()


def _rows(connection: psycopg.Connection[Any], table: tables.Table, write: Write) -> Rows:
    member = _Measure()
    total = tables.read(connection, table, (member, write))
    last = tables.last_number(connection, table) if table.identity else None
    return Rows(list(table.columns), total.rows, total.digest, member.reading.hexdigest(), member.size, last)


def _copy_files(writer: Writer, manifest: Manifest, named: list[tuple[str, str, str]]) -> None:
    for table, column, name in sorted(set(named), key=lambda row: row[2]):
        if name in manifest.files:
            continue
        try:
            file = default_storage.open(name, "rb")
        except FileNotFoundError:
            with tables.connect() as now:
                if tables.still_named(now, table, column, name):
                    manifest.missing.append(name)
            continue
        member = _Measure()
        with file, writer.member(f"files/{name}") as write:
            while piece := file.read(PIECE):
                member(piece)
                write(piece)
        manifest.files[name] = File(member.reading.hexdigest(), member.size)
