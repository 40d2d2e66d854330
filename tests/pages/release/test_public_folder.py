"""Each host keeps a public folder of its own, current by what the database says, with nothing from the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product

from config.management.commands.public_root import look
from release import actions, public_root
from release.public import state
from release.stored import NotAsSigned
from tests.cast import Cast
from tests.factories.releases import CANARY, again, end_embargo, published, scheduled, small_files

__all__ = ["small_files"]
pytestmark = pytest.mark.usefixtures("small_files")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """``host("b")`` is where the commands of this test run from now on; its public folder."""

    def on(name: str) -> Path:
        folder = tmp_path / name / "public"
        monkeypatch.setattr(public_root, "root", lambda: folder)
        return folder

    return on


def served(folder: Path) -> dict[str, bytes]:
    current = folder / "current"
    return {str(path.relative_to(current)): path.read_bytes() for path in sorted(current.rglob("*")) if path.is_file()}


def test_a_second_host_follows_without_the_first(cast: Cast, host: Callable[[str], Path]) -> None:
    release = scheduled(cast)
    first, second = host("first"), host("second")
    for name in ("first", "second"):
        host(name)
        look()
        assert public_root.is_current()
    assert not any(CANARY.encode() in content for content in [*served(first).values(), *served(second).values()])

    end_embargo(release)
    for name in ("first", "second"):
        host(name)
        assert not public_root.is_current()
        look()
        assert public_root.is_current()
    assert served(first) == served(second)
    assert f"briefs/{release.brief.slug}/brief.pdf" in served(second)

    actions.withdraw(actor=cast.editor, release=release, reason="A figure is wrong.")
    host("second")
    look()
    assert not any(CANARY.encode() in content for content in served(second).values())


def test_looking_again_writes_nothing(cast: Cast, host: Callable[[str], Path]) -> None:
    published(cast)
    host("first")
    assert public_root.follow() != ""
    assert public_root.follow() == ""


def event(cast: Cast, **fields: Any) -> None:
    whole = {"slug": "launch", "title": "Launch", "zone": "Europe/Vienna", "starts_wall_time": "2035-03-12T10:00"}
    actions.save_event(actor=cast.press, brief=cast.brief, fields={**whole, **fields})


def test_it_is_behind_when_anything_public_changes(
    cast: Cast, host: Callable[[str], Path], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = scheduled(cast)
    host("first")
    seen = [state.fingerprint()]

    def changed() -> bool:
        seen.append(state.fingerprint())
        return len(set(seen)) == len(seen)

    assert state.fingerprint() == seen[0]
    event(cast)
    assert state.fingerprint() == seen[0], "an event that is not announced is on no page"
    event(cast, announced=True)
    assert changed(), "an event was announced"
    event(cast, announced=True, place="Vienna")
    assert changed(), "it moved"
    end_embargo(release)
    assert changed(), "a release became public"
    settings.BASE_URL = "https://other.example"
    assert changed(), "addresses changed"
    monkeypatch.setattr(state, "_product", lambda: "another version")
    assert changed(), "the product was upgraded: pages name its new styles"
    actions.withdraw(actor=cast.editor, release=again(release), reason="A figure is wrong.")
    assert changed(), "it was withdrawn"


def test_the_record_following_the_clock_changes_no_page(cast: Cast, run_jobs: Callable[[], int]) -> None:
    release = end_embargo(scheduled(cast))
    before = state.fingerprint()
    from release.actions.launch import publish_when_due

    publish_when_due(release.embargo)
    run_jobs()
    assert state.fingerprint() == before


def test_unchanged_files_are_taken_over_and_not_stored_twice(cast: Cast, host: Callable[[str], Path]) -> None:
    release = published(cast)
    folder = host("first")
    name = f"current/briefs/{release.brief.slug}/brief.pdf"
    public_root.write()
    first = (folder / name).stat().st_ino
    public_root.write()
    assert (folder / name).stat().st_ino == first


def test_a_file_that_was_altered_on_the_host_is_fetched_anew(cast: Cast, host: Callable[[str], Path]) -> None:
    release = published(cast)
    folder = host("first")
    name = folder / f"current/briefs/{release.brief.slug}/brief.pdf"
    public_root.write()
    right = name.read_bytes()
    name.write_bytes(b"something else")
    public_root.write()
    assert name.read_bytes() == right


def test_what_fails_is_looked_at_again(
    cast: Cast, host: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    published(cast)
    folder = host("first")

    def refuse(*arguments: object) -> None:
        raise NotAsSigned("artefact 1")

    with monkeypatch.context() as broken:
        broken.setattr("release.stored.check", refuse)
        look()
    assert [record.message for record in caplog.records][-1] == "public folder is behind"
    assert not (folder / "current").exists() and not list((folder / "generations").iterdir())
    look()
    assert public_root.is_current()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_follows_by_itself_and_stops_when_told(cast: Cast, tmp_path: Path) -> None:
    """A host that was set up with the database's address and the private files alone."""
    release = scheduled(cast)
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "private").symlink_to(Path(product.DATA_DIR) / "private")
    watching = subprocess.Popen(
        [sys.executable, "manage.py", "public_root", "--watch", "--every", "0.1"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path / "host")},
        stderr=subprocess.PIPE,
    )
    current = tmp_path / "host" / "public" / "current"
    try:
        _until(lambda: (current / "index.html").exists(), watching)
        assert not (current / "briefs").exists()
        end_embargo(release)
        began = time.monotonic()
        _until(lambda: (current / "briefs" / release.brief.slug / "brief.pdf").exists(), watching)
        assert time.monotonic() - began < 5
    finally:
        watching.send_signal(signal.SIGTERM)
        _out, said = watching.communicate(timeout=10)
    assert watching.returncode == 0
    assert b"rror" not in said


def _until(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < end, process.kill() or (process.stderr and process.stderr.read())
        time.sleep(0.05)
