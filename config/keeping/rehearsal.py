"""Trying a backup out: into a scratch database and folder, compared with its manifest, and thrown away."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connections
from django.utils.translation import gettext as _
from psycopg import sql

from config.keeping import tables
from config.keeping.archive import Reader
from config.keeping.manifest import Manifest
from config.keeping.restore import Refused, digest, restore

ALIAS = "rehearsal"
#: What must be alike in both databases, beside the rows: what keeps records as they are.
GUARDS = """
SELECT c.relname || ' ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relname = ANY(%(names)s) AND pg_table_is_visible(c.oid)
UNION SELECT c.relname || ' ' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE c.relname = ANY(%(names)s) AND pg_table_is_visible(c.oid) AND k.convalidated
UNION SELECT tablename || ' ' || indexname FROM pg_indexes
  WHERE tablename = ANY(%(names)s) AND schemaname = current_schema()
"""


def rehearse(reader: Reader) -> tuple[Manifest, list[str]]:
    """The manifest, and sentences about what differs (none when all is equal). Leaves nothing behind."""
    with _scratch_database(), tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        call_command("migrate", database=ALIAS, verbosity=0, interactive=False)
        storage = FileSystemStorage(location=folder)
        manifest = restore(reader, alias=ALIAS, storage=storage)
        with tables.connect(ALIAS) as scratch, tables.connect() as real:
            differences = _rows(scratch, manifest) + guards(scratch, real)
        differences += [
            _("The file %(name)s is not what it was.") % {"name": name}
            for name, told in manifest.files.items()
            if digest(storage, name) != told.sha256
        ]
    return manifest, differences


def _rows(scratch: psycopg.Connection[Any], manifest: Manifest) -> list[str]:
    scratch.execute(tables.PLAIN)
    different = []
    for table in tables.tables(scratch):
        told, found = manifest.tables[table.name], tables.read(scratch, table)
        if (found.rows, found.digest) != (told.rows, told.digest):
            different.append(_("%(name)s has other rows than it had.") % {"name": table.name})
        if table.identity and tables.last_number(scratch, table) != told.last:
            different.append(_("%(name)s would give numbers again.") % {"name": table.name})
    return different


def guards(scratch: psycopg.Connection[Any], real: psycopg.Connection[Any]) -> list[str]:
    """Triggers, constraints and indexes by name: each of the real database is in the scratch one, and on."""
    held = [{row[0] for row in connection.execute(GUARDS, {"names": tables.names()})} for connection in (real, scratch)]
    return [_("%(name)s is not there after restoring.") % {"name": name} for name in sorted(held[0] - held[1])]


@contextmanager
def _scratch_database() -> Iterator[None]:
    name = f"countersign_rehearsal_{secrets.token_hex(4)}"
    with tables.connect() as connection:
        connection.autocommit = True
        try:
            # The server's own default may be another encoding than the product's.
            make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
            connection.execute(sql.SQL(make).format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Refused(
                _("%(role)s may not make databases. As the server's administrator: ALTER ROLE %(role)s CREATEDB")
                % {"role": connection.info.user}
            ) from error
        try:
            # Without a pool: it would hold the scratch database open.
            options = {key: value for key, value in connections.settings["default"]["OPTIONS"].items() if key != "pool"}
            connections.settings[ALIAS] = {**connections["default"].settings_dict, "NAME": name, "OPTIONS": options}
            yield
        finally:
            if ALIAS in connections.settings:
                connections[ALIAS].close()
                del connections[ALIAS]
                del connections.settings[ALIAS]
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
