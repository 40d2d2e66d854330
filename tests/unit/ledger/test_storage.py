"""A private file is kept as a whole and for good, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ledger.storage import LastingStorage


@pytest.fixture
def storage(tmp_path: Path) -> LastingStorage:
    return LastingStorage(location=tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_private_files_lie_in_it() -> None:
    assert isinstance(default_storage._wrapped, LastingStorage)  # type: ignore[attr-defined]


def test_a_file_is_kept_under_its_name(storage: LastingStorage, tmp_path: Path) -> None:
    name = storage.save("releases/ab", ContentFile(b"bytes"))
    assert (name, files(tmp_path)) == ("releases/ab", ["releases/ab"])
    assert storage.open(name).read() == b"bytes"


def test_no_file_is_written_over(storage: LastingStorage, tmp_path: Path) -> None:
    first, second = (storage.save("a/b", ContentFile(words)) for words in (b"one", b"two"))
    assert first != second and storage.open(first).read() == b"one"
    with pytest.raises(FileExistsError):
        storage._save("a/b", ContentFile(b"three"))
    assert storage.open(first).read() == b"one" and len(files(tmp_path)) == 2


class Breaks(ContentFile):  # type: ignore[type-arg]
    """The disk is full after the first piece."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_nothing(storage: LastingStorage, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        storage.save("a/b", Breaks(b"whole"))
    assert files(tmp_path) == []


def test_what_the_disk_does_not_confirm_is_not_kept(
    storage: LastingStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Input/output"):
        storage.save("a/b", ContentFile(b"whole"))
    assert files(tmp_path) == []


def test_bytes_and_their_name_are_brought_to_the_disk(
    storage: LastingStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[Path] = []
    real = os.fsync

    def noted(handle: int) -> None:
        brought.append(Path(f"/proc/self/fd/{handle}").readlink())
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    storage.save("a/b", ContentFile(b"whole"))
    assert [brought[0].parent, *brought[1:]] == [tmp_path / "a", tmp_path / "a"]
