"""Bringing a backup back: checked whole before anything is touched, then all of it or nothing.

Files come first, under their own names; then one transaction empties the tables, copies the rows in,
and counts and hashes what is there before it commits. Foreign keys are taken off meanwhile and put
back, which checks them; triggers that keep records from changing rest. The owner of the tables may
do all of this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.files import File as StoredFile
from django.core.files.storage import Storage
from django.utils.translation import gettext as _
from psycopg import sql

from config.keeping import tables
from config.keeping.archive import PIECE, Damaged, Reader, pieces
from config.keeping.manifest import File, Manifest, Rows, check, load


class Refused(Exception):
    """It is not restored here, and the message says why and what to do."""


def restore(
    reader: Reader, *, alias: str = "default", storage: Storage, replace: bool = False, expected: str = ""
) -> Manifest:
    """Bring back database ``alias`` and the files in ``storage``.

    ``expected`` is the manifest's SHA-256, when the administrator kept it elsewhere. Raises Damaged
    or Refused, both with a sentence, before anything is changed.
    """
    manifest, sha256 = load(reader)
    if expected and expected.lower() != sha256:
        raise Damaged(_("This is not the backup with that SHA-256: its manifest has %(sha256)s.") % {"sha256": sha256})
    with tables.connect(alias) as connection:
        check_fits(connection, manifest, replace=replace)
        check(reader, manifest)
        with _files(reader, manifest, storage, replace=replace):
            _rows(connection, reader, manifest)
            connection.commit()
    return manifest


def check_fits(connection: psycopg.Connection[Any], manifest: Manifest, *, replace: bool) -> None:
    """The database has the tables of this backup, and nothing in them that would be lost unasked."""
    here = tables.migrations(connection)
    if not here:
        raise Refused(_("This database has no tables yet. Run `manage.py migrate`, then restore."))
    if here != manifest.migrations:
        odd = min(set(here) ^ set(manifest.migrations))
        raise Refused(
            _(
                "This backup was made by another version of Countersign: %(migration)s is in only one of the two. "
                "Install the version that made it, restore there, then bring it up to date with `manage.py migrate`."
            )
            % {"migration": odd}
        )
    known = {table.name: list(table.columns) for table in tables.tables(connection)}
    if known != {name: rows.columns for name, rows in manifest.tables.items()}:
        raise Refused(_("The tables of this backup are not those of this database, though their migrations agree."))
    if not replace and (full := _in_use(connection, known)):
        raise Refused(
            _("This database is in use: %(table)s has rows. `--replace` throws away what is in it.") % {"table": full}
        )


def _in_use(connection: psycopg.Connection[Any], names: Iterator[str] | dict[str, Any]) -> str:
    for name in sorted(set(names) - tables.FILLED_BY_MIGRATIONS):
        query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name))
        if connection.execute(query).fetchone():
            return name
    return ""


# --- rows -------------------------------------------------------------------------------------------


def _rows(connection: psycopg.Connection[Any], reader: Reader, manifest: Manifest) -> None:
    known = tables.tables(connection)
    connection.execute(tables.PLAIN)
    connection.execute("SET LOCAL lock_timeout TO '15s'")
    everything = [*manifest.tables, *sorted(tables.LEFT_OUT)]
    with _at_rest(connection, everything):
        listed = sql.SQL(", ").join(map(sql.Identifier, everything))
        connection.execute(sql.SQL("TRUNCATE {}").format(listed))
        for table in known:
            _copy_in(connection, reader, table, manifest.tables[table.name])
    for table in known:
        _compare(tables.read(connection, table), table.name, manifest.tables[table.name])


def _copy_in(connection: psycopg.Connection[Any], reader: Reader, table: tables.Table, rows: Rows) -> None:
    name = f"tables/{table.name}.copy"
    try:
        with reader.open(name) as file, connection.cursor() as cursor, cursor.copy(table.into) as copy:
            for piece in pieces(file, name, rows.size):
                copy.write(piece)
    except psycopg.DataError as error:
        raise Damaged(_("%(name)s in this backup is not rows of that table.") % {"name": name}) from error
    if rows.last is not None and table.identity:
        tables.set_number(connection, table, int(rows.last))


def _compare(found: tables.Sum, name: str, rows: Rows) -> None:
    if (found.rows, found.digest) != (rows.rows, rows.digest):
        raise Damaged(
            _("%(name)s came out different: %(found)d rows, and %(told)d in the backup. Nothing was changed.")
            % {"name": name, "found": found.rows, "told": rows.rows}
        )


@contextmanager
def _at_rest(connection: psycopg.Connection[Any], names: list[str]) -> Iterator[None]:
    """Foreign keys off and triggers still, until the rows are in; then on again, and checked.

    Left to the end of the transaction instead, the checks of a large table would fill the server's memory.
    """
    keys = connection.execute(
        """SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
           JOIN pg_class c ON c.oid = k.conrelid
           WHERE k.contype = 'f' AND c.relname = ANY(%s) AND pg_table_is_visible(c.oid) ORDER BY 1, 2""",
        [names],
    ).fetchall()
    try:
        for table, key, _definition in keys:
            drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
            connection.execute(drop.format(sql.Identifier(table), sql.Identifier(key)))
        for name in names:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
    except psycopg.errors.LockNotAvailable as error:
        raise Refused(_("The database is being used. Stop every process of Countersign, then restore.")) from error
    yield
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))
    for table, key, definition in keys:
        add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        # PostgreSQL itself wrote the definition.
        written = sql.SQL(definition)
        try:
            connection.execute(add.format(sql.Identifier(table), sql.Identifier(key), written))
        except psycopg.errors.ForeignKeyViolation as error:
            raise Damaged(_("Rows of %(table)s name rows that are not there.") % {"table": table}) from error


# --- files ------------------------------------------------------------------------------------------


@contextmanager
def _files(reader: Reader, manifest: Manifest, storage: Storage, *, replace: bool) -> Iterator[None]:
    """Put the files where they were; what was added is taken back when the rows do not follow."""
    added: list[str] = []
    try:
        for name, told in manifest.files.items():
            if put(reader, storage, name, told, replace=replace):
                added.append(name)
        yield
    except BaseException:
        for name in added:
            storage.delete(name)
        raise


def put(reader: Reader, storage: Storage, name: str, told: File, *, replace: bool) -> bool:
    """Whether the file was added; one that is there with the same bytes stays as it is."""
    was_there = storage.exists(name)
    if was_there:
        if digest(storage, name) == told.sha256:
            return False
        if not replace:
            raise Refused(_("The file %(name)s is there already, with other bytes.") % {"name": name})
        storage.delete(name)
    with reader.open(f"files/{name}") as file:
        saved = storage.save(name, StoredFile(file, name=name))
    if saved != name or digest(storage, name) != told.sha256:
        storage.delete(saved)
        raise Refused(_("The file %(name)s could not be written as it was.") % {"name": name})
    return not was_there


def digest(storage: Storage, name: str) -> str:
    reading = hashlib.sha256()
    with storage.open(name, "rb") as file:
        while piece := file.read(PIECE):
            reading.update(piece)
    return reading.hexdigest()
