"""Test databases in a moment: one server for all runs in this checkout, each database a copy of a template.

The template is migrated once per set of migrations; a copy takes a few milliseconds. Runs hold a
shared lock on the server; the last to end stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from config.embedded import Postgres

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".data" / "test-postgres"


@contextlib.contextmanager
def locked(name: str, how: int) -> Iterator[None]:
    path = ROOT / ".data" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, how)
        yield


class Server:
    """The shared server, for as long as one pytest run needs it."""

    def __init__(self) -> None:
        self.postgres = Postgres(FOLDER, durable=False)
        self._hold = contextlib.ExitStack()

    def start(self) -> str:
        """Start or join; the URL."""
        with locked("test-postgres.start", fcntl.LOCK_EX):
            self._hold.enter_context(locked("test-postgres.users", fcntl.LOCK_SH))
            self.postgres.start(detached=True)
        return self.postgres.url()

    def stop(self) -> None:
        """Stop it unless another run is using it."""
        with locked("test-postgres.start", fcntl.LOCK_EX):
            self._hold.close()
            alone = locked("test-postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB)
            with contextlib.suppress(BlockingIOError), alone:
                self.postgres.stop()


def fingerprint() -> str:
    """Changes with any migration of ours and with the libraries that bring some."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    for library in ("django", "django-allauth", "django-reversion"):
        digest.update(version(library).encode())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def administration(settings: dict[str, object]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        host=str(settings["HOST"]),
        port=int(str(settings["PORT"]) or 5432),
        user=str(settings["USER"]),
        password=str(settings["PASSWORD"]),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        yield connection


def make_database(settings: dict[str, object], name: str) -> None:
    """Create ``name`` as a migrated copy; ``settings`` is Django's dictionary of the default database."""
    template = f"template_{fingerprint()}"
    with locked("test-postgres.template", fcntl.LOCK_EX), administration(settings) as connection:
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if template not in known:
            _drop(connection, *(old for old in known if old.startswith("template_")))
            _make_template(connection, settings, template)
        _drop(connection, *(old for old in known if old == name or _abandoned(old)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop_database(settings: dict[str, object], name: str) -> None:
    with administration(settings) as connection:
        _drop(connection, name)


#: What the migrations put there, and no test changes.
STANDING = ("django_migrations", "django_content_type", "auth_permission")
#: Every table is locked as TRUNCATE would; triggers and foreign keys have no say, as with it.
_EMPTY = """
DO $$ DECLARE tables text[]; each text; filled boolean; BEGIN
  SELECT array_agg(quote_ident(tablename)) INTO tables FROM pg_tables
    WHERE schemaname = 'public' AND NOT tablename = ANY ({standing});
  EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN ACCESS EXCLUSIVE MODE NOWAIT';
  SET LOCAL session_replication_role = replica;
  FOREACH each IN ARRAY tables LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || each || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || each; END IF;
  END LOOP;
END $$"""


def empty(patience: float = 20.0) -> None:
    """Take every row out, as Django's ``flush`` does between committing tests.

    That truncates a hundred tables, each with new files, and makes content types and permissions anew: half a second.

    A page that was closed may still be answered. Waiting for its tables while holding others would end in a deadlock,
    so all are taken at once or none; after ``patience`` seconds the database's own error says what is held.
    """
    from django.db import OperationalError

    until = time.monotonic() + patience
    while True:
        try:
            return _empty_now()
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _empty_now() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(_EMPTY).format(standing=sql.Literal(list(STANDING))).as_string(cursor.connection))


def _make_template(connection: psycopg.Connection, settings: dict[str, object], template: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    raw = f"{template}_raw"
    _drop(connection, raw)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(raw)))
    before, settings["NAME"] = settings["NAME"], raw
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
        settings["NAME"] = before
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(raw), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, *names: str) -> None:
    for name in names:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _abandoned(name: str) -> bool:
    """A database of a run that was killed: its name carries the pid of pytest."""
    parts = name.split("_")
    of_a_run = len(parts) > 2 and parts[0] == "run" and parts[1].isdigit()
    return of_a_run and not psutil.pid_exists(int(parts[1]))


def run_name() -> str:
    """``run_<pid of pytest>_<worker>``: runs beside one another never meet."""
    return f"run_{os.environ['COUNTERSIGN_TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def files() -> Path:
    """The private folder of this run and worker; ``DATA_DIR`` of the tests."""
    run = os.environ["COUNTERSIGN_TEST_RUN"]
    return ROOT / ".data" / "test-files" / run / os.environ.get("PYTEST_XDIST_WORKER", "main")
