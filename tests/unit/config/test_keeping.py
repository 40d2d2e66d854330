"""A backup brings everything back, or says why it does not, and never half of it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from accounts.models import User
from config.keeping import archive, backup, tables
from config.keeping.archive import Damaged
from config.keeping.manifest import check, load
from config.keeping.rehearsal import guards
from config.keeping.restore import Refused, restore
from tests import database
from tests.cast import Cast


@pytest.fixture(scope="module")
def source(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A committed brief with an import, a figure and a round, in a database of its own; its backup's path."""
    default = connections["default"].settings_dict
    before, name = default["NAME"], f"{database.run_name()}_kept"
    with django_db_blocker.unblock():
        connections.close_all()
        database.make_database(default, name)
        default["NAME"] = name
        # Numbers of another database would be remembered.
        ContentType.objects.clear_cache()
        cast = Cast()
        assert cast.proposal
        assert cast.draft
        User.objects.filter(pk=cast.former.pk).update(name='Back\\slash\ttab\n"quoted" – Ł')
        path = tmp_path_factory.mktemp("backup") / "backup.zip"
        call_command("backup", str(path))
        yield path
        connections.close_all()
        default["NAME"] = before
        ContentType.objects.clear_cache()
        database.drop_database(default, name)


@contextmanager
def empty_database(alias: str) -> Iterator[str]:
    default = connections["default"].settings_dict
    name = f"{database.run_name()}_{alias}"
    database.make_database(default, name)
    connections.settings[alias] = {**default, "NAME": name}
    yield alias
    connections[alias].close()
    del connections[alias]
    del connections.settings[alias]
    database.drop_database(default, name)


@pytest.fixture
def scratch(source: Path) -> Iterator[str]:
    """The alias of an empty, migrated database."""
    with empty_database("scratch") as alias:
        yield alias


@pytest.fixture(scope="module")
def refusing(source: Path) -> Iterator[str]:
    """Likewise, of one for tests in which nothing is restored: made once."""
    with empty_database("refusing") as alias:
        yield alias


@pytest.fixture
def files(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(location=str(tmp_path / "private"))


def sums(alias: str) -> dict[str, tuple[int, str]]:
    with tables.connect(alias) as connection:
        connection.execute(tables.PLAIN)
        found = {table.name: tables.read(connection, table) for table in tables.tables(connection)}
    return {name: (total.rows, total.digest) for name, total in found.items()}


def ask(alias: str, query: str) -> Any:
    with tables.connect(alias) as connection:
        return connection.execute(query).fetchone()[0]  # type: ignore[index,arg-type,call-overload]


def test_what_comes_back_is_what_was_there(source: Path, scratch: str, files: FileSystemStorage) -> None:
    manifest = restore(archive.reading(str(source)), alias=scratch, storage=files)
    assert sums(scratch) == sums("default")
    assert manifest.tables["brief_section"].rows == 3
    assert len(manifest.files) >= 2
    for name in manifest.files:
        with files.open(name) as there, default_storage.open(name) as here:
            assert there.read() == here.read()


def test_records_are_kept_from_change_after_restoring(source: Path, scratch: str, files: FileSystemStorage) -> None:
    restore(archive.reading(str(source)), alias=scratch, storage=files)
    with tables.connect(scratch) as connection:
        for statement in ("DELETE FROM ledger_event", "UPDATE brief_text SET body = ''", "DELETE FROM brief_section"):
            with pytest.raises(psycopg.IntegrityError), connection.transaction():
                connection.execute(statement)
        off = connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone()
        assert off == (0,)


def test_a_number_is_never_given_twice(source: Path, scratch: str, files: FileSystemStorage) -> None:
    last = ask("default", "SELECT last_value FROM ledger_event_id_seq")
    restore(archive.reading(str(source)), alias=scratch, storage=files)
    assert ask(scratch, "SELECT nextval('ledger_event_id_seq')") == last + 1


def test_nobody_stays_signed_in_by_a_backup(source: Path, scratch: str, files: FileSystemStorage) -> None:
    assert "django_session" not in load(archive.reading(str(source)))[0].tables
    with tables.connect(scratch) as connection:
        connection.execute("INSERT INTO django_session VALUES ('left', 'over', now())")
    restore(archive.reading(str(source)), alias=scratch, storage=files)
    assert ask(scratch, "SELECT count(*) FROM django_session") == 0


def test_a_folder_does_as_well_as_a_file(source: Path, scratch: str, files: FileSystemStorage, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "folder"))
    assert (tmp_path / "folder").stat().st_mode & 0o077 == 0
    restore(archive.reading(str(tmp_path / "folder")), alias=scratch, storage=files)
    assert sums(scratch) == sums("default")


def test_a_backup_is_its_owners_alone_and_writes_over_nothing(source: Path, tmp_path: Path) -> None:
    assert source.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(source))


def test_it_is_one_moment_though_people_go_on_writing(source: Path, tmp_path: Path) -> None:
    """A row written while the backup runs is in none of its tables, not in some."""

    class Meanwhile(archive.FolderWriter):
        def member(self, name: str) -> Any:
            if name == "tables/accounts_user.copy":
                with tables.connect() as other:
                    other.execute(
                        'INSERT INTO ledger_mail (id, name, "to", subject, message_id, state, error, at, '
                        "demo_body) VALUES (gen_random_uuid(), 'late', '', '', '', 'sent', '', now(), '')"
                    )
            return super().member(name)

    manifest, _sha256 = backup.make(Meanwhile(tmp_path))
    assert ask("default", "SELECT count(*) FROM ledger_mail WHERE name = 'late'") == 1
    with tables.connect() as connection:
        connection.execute("DELETE FROM ledger_mail WHERE name = 'late'")
    assert (manifest.tables["ledger_mail"].rows, manifest.tables["ledger_mail"].digest) == sums("default")[
        "ledger_mail"
    ]


def test_a_file_that_is_not_there_is_told(source: Path, tmp_path: Path) -> None:
    name = next(iter(load(archive.reading(str(source)))[0].files))
    path = Path(default_storage.path(name))
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(CommandError, match=f"1 of its files were not there: {name}"):
            call_command("backup", str(tmp_path / "b.zip"))
        assert load(archive.reading(str(tmp_path / "b.zip")))[0].missing == [name]
    finally:
        path.write_bytes(kept)


# --- refusals ---------------------------------------------------------------------------------------


def test_it_does_not_restore_over_a_database_in_use(source: Path, scratch: str, files: FileSystemStorage) -> None:
    restore(archive.reading(str(source)), alias=scratch, storage=files)
    with tables.connect(scratch) as connection:
        connection.execute("UPDATE accounts_user SET name = 'Written since'")
    with pytest.raises(Refused, match="in use"):
        restore(archive.reading(str(source)), alias=scratch, storage=files)
    assert ask(scratch, "SELECT count(*) FROM accounts_user WHERE name = 'Written since'")
    restore(archive.reading(str(source)), alias=scratch, storage=files, replace=True)
    assert sums(scratch) == sums("default")


def test_it_does_not_write_over_a_file(source: Path, refusing: str, files: FileSystemStorage) -> None:
    name = next(iter(load(archive.reading(str(source)))[0].files))
    files.save(name, ContentFile(b"other bytes"))
    with pytest.raises(Refused, match="other bytes"):
        restore(archive.reading(str(source)), alias=refusing, storage=files)
    assert ask(refusing, "SELECT count(*) FROM accounts_user") == 0
    with files.open(name) as kept:
        assert kept.read() == b"other bytes"


def test_another_versions_backup_says_so(source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path) -> None:
    def older(manifest: dict[str, Any]) -> None:
        manifest["migrations"].remove("ledger.0001_initial")

    with pytest.raises(Refused, match=r"another version of Countersign: ledger\.0001_initial"):
        restore(archive.reading(str(changed(source, tmp_path, older))), alias=refusing, storage=files)


def test_a_database_without_tables_says_what_to_do(source: Path, scratch: str, files: FileSystemStorage) -> None:
    with tables.connect(scratch) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with pytest.raises(Refused, match="migrate"):
        restore(archive.reading(str(source)), alias=scratch, storage=files)


def test_another_backup_than_the_one_kept_is_refused(source: Path, scratch: str, files: FileSystemStorage) -> None:
    with pytest.raises(Damaged, match="not the backup with that SHA-256"):
        restore(archive.reading(str(source)), alias=scratch, storage=files, expected="0" * 64)
    manifest = restore(
        archive.reading(str(source)), alias=scratch, storage=files, expected=load(archive.reading(str(source)))[1]
    )
    assert manifest.tables


# --- hostile and broken backups ---------------------------------------------------------------------


def changed(
    source: Path, folder: Path, change: Callable[[dict[str, Any]], None], more: dict[str, bytes] | None = None
) -> Path:
    """A copy whose manifest is changed, with further members."""
    path = folder / "changed.zip"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name != archive.MANIFEST:
                new.writestr(name, old.read(name))
        for name, content in (more or {}).items():
            new.writestr(name, content)
        manifest = json.loads(old.read(archive.MANIFEST))
        change(manifest)
        new.writestr(archive.MANIFEST, json.dumps(manifest))
    return path


def nothing(manifest: dict[str, Any]) -> None:
    pass


def untouched(refusing: str, files: FileSystemStorage) -> bool:
    return ask(refusing, "SELECT count(*) FROM accounts_user") == 0 and not any(Path(files.location).rglob("*.*"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_changes_nothing(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path, share: float
) -> None:
    cut = tmp_path / "cut.zip"
    whole = source.read_bytes()
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Damaged):
        restore(archive.reading(str(cut)), alias=refusing, storage=files)
    assert untouched(refusing, files)


@pytest.mark.parametrize("prefix", ["tables/brief_section", "files/", "manifest"])
def test_one_changed_byte_changes_nothing(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path, prefix: str
) -> None:
    with zipfile.ZipFile(source) as packed:
        entry = next(entry for entry in packed.infolist() if entry.filename.startswith(prefix))
    bad = tmp_path / "bad.zip"
    bad.write_bytes(
        with_one_byte_changed(source, entry.header_offset + 30 + len(entry.filename) + 20 + entry.compress_size // 2)
    )
    with pytest.raises(Damaged):
        restore(archive.reading(str(bad)), alias=refusing, storage=files)
    assert untouched(refusing, files)


def test_a_changed_byte_is_found_wherever_it_is(source: Path, tmp_path: Path) -> None:
    """Or it was in what nothing rests on, such as the time of a member: then all the rest is as it was."""
    bad, found = tmp_path / "bad.zip", 0
    manifest, sha256 = load(archive.reading(str(source)))
    size = source.stat().st_size
    for place in range(0, size, size // 100):
        bad.write_bytes(with_one_byte_changed(source, place))
        try:
            reader = archive.reading(str(bad))
            assert load(reader) == (manifest, sha256)
            check(reader, manifest)
        except Damaged:
            found += 1
    assert found > 50


def with_one_byte_changed(source: Path, place: int) -> bytes:
    content = bytearray(source.read_bytes())
    content[place] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/outside", "a/../../outside", "..", "a\\..\\b", "C:outside", "./a", "a//b", ""]
)
def test_no_file_is_written_outside_of_its_folder(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path, name: str
) -> None:
    def named(manifest: dict[str, Any]) -> None:
        some = dict(next(iter(manifest["files"].values())))
        manifest["files"][name] = some

    with pytest.raises(Damaged):
        restore(archive.reading(str(changed(source, tmp_path, named))), alias=refusing, storage=files)
    assert untouched(refusing, files)
    assert not (tmp_path / "outside").exists()


def test_what_the_manifest_does_not_name_is_refused(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path
) -> None:
    path = changed(source, tmp_path, nothing, {"files/more": b"x"})
    with pytest.raises(Damaged, match="files/more"):
        restore(archive.reading(str(path)), alias=refusing, storage=files)


def test_a_manifest_that_lies_about_rows_is_found_out(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path
) -> None:
    def lie(manifest: dict[str, Any]) -> None:
        manifest["tables"]["brief_section"]["rows"] += 1

    with pytest.raises(Damaged, match="came out different"):
        restore(archive.reading(str(changed(source, tmp_path, lie))), alias=refusing, storage=files)
    assert untouched(refusing, files)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(format=99),
        lambda manifest: manifest.pop("tables"),
        lambda manifest: manifest.update(files=[]),
        lambda manifest: manifest["tables"]["brief_section"].update(size=-1),
        lambda manifest: manifest["tables"]["brief_section"].update(columns=["id"]),
        lambda manifest: manifest["tables"].update({'x"; DROP TABLE y; --': manifest["tables"]["brief_section"]}),
    ],
)
def test_a_broken_manifest_changes_nothing(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    with pytest.raises((Damaged, Refused)):
        restore(archive.reading(str(changed(source, tmp_path, change))), alias=refusing, storage=files)
    assert untouched(refusing, files)


def test_a_link_in_a_folder_is_not_followed(
    source: Path, refusing: str, files: FileSystemStorage, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(source) as packed:
        packed.extractall(folder)
    name = next(iter((folder / "files").rglob("*.*")))
    secret = tmp_path / "secret"
    shutil.move(name, secret)
    name.symlink_to(secret)
    with pytest.raises(Damaged, match="not a plain file"):
        restore(archive.reading(str(folder)), alias=refusing, storage=files)


def test_no_backup_at_all_is_said_plainly(source: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CommandError, match="There is no backup"):
        call_command("restore", str(tmp_path / "none.zip"))
    with pytest.raises(CommandError, match="cut off"):
        call_command("restore", str(tmp_path / "empty.zip"))
    with pytest.raises(CommandError, match="no manifest"):
        call_command("restore", str(tmp_path / "folder"))


# --- the rehearsal ----------------------------------------------------------------------------------


@pytest.fixture
def no_superuser(source: Path) -> Iterator[None]:
    """The database's user may read everything and make databases of its own, and nothing else."""
    default = connections["default"].settings_dict
    before = {name: default[name] for name in ("USER", "PASSWORD")}
    with database.administration(default) as server:
        server.execute("DROP ROLE IF EXISTS plain_owner")
        server.execute("CREATE ROLE plain_owner LOGIN CREATEDB PASSWORD 'plain' IN ROLE pg_read_all_data")
    default.update({"USER": "plain_owner", "PASSWORD": "plain"})
    connections["default"].close()
    yield
    connections["default"].close()
    default.update(before)
    with database.administration(default) as server:
        server.execute("DROP ROLE plain_owner")


def test_the_rehearsal_finds_everything_equal_and_leaves_nothing(
    no_superuser: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("default", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    before = set(Path(settings.DATA_DIR).rglob("*"))
    call_command("rehearse_restore")
    told = capsys.readouterr().out
    assert "Equal in rows, hashes, numbers, triggers and constraints." in told
    assert "brief_section" in told
    with tables.connect() as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'countersign_rehearsal%'")
        assert left.fetchall() == []
    assert set(Path(settings.DATA_DIR).rglob("*")) == before


def test_the_rehearsal_of_a_damaged_backup_fails(source: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(source.read_bytes()[:-4000])
    with pytest.raises(CommandError):
        call_command("rehearse_restore", str(tmp_path / "cut.zip"))


def test_the_rehearsal_notices_a_trigger_that_is_gone(source: Path, refusing: str) -> None:
    with tables.connect(refusing) as scratch, tables.connect() as real:
        assert guards(scratch, real) == []
        real.execute(
            "CREATE TRIGGER only_here BEFORE DELETE ON brief_role FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"
        )
        assert guards(scratch, real) == ["brief_role only_here is not there after restoring."]
        real.rollback()


# --- on the command line ----------------------------------------------------------------------------


def test_the_command_restores_and_asks_for_the_public_pages(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="in use"):
        call_command("restore", str(source))
    before = ask("default", "SELECT count(*) FROM ledger_job WHERE kind = 'release.public_root'")
    call_command("restore", str(source), "--replace")
    assert "Everybody signs in anew." in capsys.readouterr().out
    assert ask("default", "SELECT count(*) FROM ledger_job WHERE kind = 'release.public_root'") == before + 1
