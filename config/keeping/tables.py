"""The tables of the database as rows to copy, count and compare, over one psycopg connection.

COPY needs no superuser, no client program and no shared version: only what the product itself uses.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections
from django.db.models import FileField
from psycopg import sql

from config.keeping.archive import Write

#: Nobody stays signed in by a backup: it would bring ended sessions to life, and keep addresses of browsers.
LEFT_OUT = frozenset({"django_session", "usersessions_usersession"})
MIGRATIONS = "django_migrations"
#: What a migration fills by itself: rows here do not make a database one in use.
FILLED_BY_MIGRATIONS = frozenset({MIGRATIONS, "django_content_type", "auth_permission"})
#: Rows are written alike whatever the server's own settings are, however long it takes.
PLAIN = """
SET LOCAL timezone TO 'UTC'; SET LOCAL datestyle TO 'ISO, YMD'; SET LOCAL intervalstyle TO 'postgres';
SET LOCAL extra_float_digits TO 1; SET LOCAL bytea_output TO 'hex'; SET LOCAL client_encoding TO 'UTF8';
SET LOCAL statement_timeout TO 0; SET LOCAL idle_in_transaction_session_timeout TO 0;
"""


class NotThere(Exception):
    """A table that the product has and this database has not; the message is its name."""


@dataclass(frozen=True)
class Table:
    """``columns`` leaves out what the database computes itself; ``identity`` is the numbered column, or empty."""

    name: str
    columns: tuple[str, ...]
    identity: str = ""

    def _copy(self, how: str) -> sql.Composed:
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("COPY {} ({}) " + how).format(sql.Identifier(self.name), columns)

    @property
    def out(self) -> sql.Composed:
        return self._copy("TO STDOUT")

    @property
    def into(self) -> sql.Composed:
        return self._copy("FROM STDIN")


@dataclass
class Sum:
    """Rows counted, and one number for all of them in whatever order: their SHA-256s added up."""

    rows: int = 0
    _total: int = field(default=0, repr=False)

    def add(self, row: bytes) -> None:
        self.rows += 1
        self._total += int.from_bytes(hashlib.sha256(row).digest(), "big")

    @property
    def digest(self) -> str:
        return f"{self._total % (1 << 256):064x}"


def connect(alias: str = "default") -> psycopg.Connection[Any]:
    """A connection of its own with Django's parameters: one transaction from beginning to end."""
    parameters = connections[alias].get_connection_params()
    for name in ("context", "cursor_factory"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters)


def names() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    ours = {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy}
    return sorted((ours | {MIGRATIONS}) - LEFT_OUT)


def tables(connection: psycopg.Connection[Any]) -> list[Table]:
    """Of the database, as it is; raises NotThere with the name of one that is missing."""
    rows = connection.execute(
        """SELECT c.relname, a.attname, a.attidentity <> '' FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND c.relkind IN ('r', 'p')
             AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum""",
        [names()],
    ).fetchall()
    found: list[Table] = []
    for name in names():
        columns = [(column, numbered) for table, column, numbered in rows if table == name]
        if not columns:
            raise NotThere(name)
        identity = next((column for column, numbered in columns if numbered), "")
        found.append(Table(name, tuple(column for column, _numbered in columns), identity))
    return found


def read(connection: psycopg.Connection[Any], table: Table, write: tuple[Write, ...] = ()) -> Sum:
    """Count and add up a table's rows, handing each to ``write``."""
    total = Sum()
    with connection.cursor() as cursor, cursor.copy(table.out) as copy:
        for row in map(bytes, copy):
            total.add(row)
            for target in write:
                target(row)
    return total


def last_number(connection: psycopg.Connection[Any], table: Table) -> int | None:
    """What the table's numbered column gave out last, so that no number is ever given twice."""
    row = connection.execute(
        sql.SQL("SELECT last_value, is_called FROM {}").format(_sequence(connection, table))
    ).fetchone()
    return int(row[0]) if row and row[1] else None


def set_number(connection: psycopg.Connection[Any], table: Table, last: int) -> None:
    connection.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table.name, table.identity, last])


def _sequence(connection: psycopg.Connection[Any], table: Table) -> sql.Composable:
    row = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", [table.name, table.identity]).fetchone()
    # PostgreSQL itself wrote the name, quoted where it must be.
    return sql.SQL(row[0] if row else "")


def migrations(connection: psycopg.Connection[Any]) -> list[str]:
    """``app.name`` of each migration the database has had; empty for a database without tables."""
    known = connection.execute("SELECT to_regclass(%s)", [MIGRATIONS]).fetchone()
    if not known or known[0] is None:
        return []
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [row[0] for row in rows]


def stored_files(connection: psycopg.Connection[Any]) -> list[tuple[str, str, str]]:
    """(table, column, name) of each private file that a row names."""
    found: list[tuple[str, str, str]] = []
    for model in apps.get_models():
        for each in model._meta.local_concrete_fields:
            if isinstance(each, FileField):
                table, column = model._meta.db_table, str(each.column)
                query = sql.SQL("SELECT {column} FROM {table} WHERE {column} <> ''")
                asked = query.format(column=sql.Identifier(column), table=sql.Identifier(table))
                found += [(table, column, row[0]) for row in connection.execute(asked)]
    return found


def still_named(connection: psycopg.Connection[Any], table: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    return connection.execute(query, [name]).fetchone() is not None
