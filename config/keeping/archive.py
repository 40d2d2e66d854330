"""Where a backup is written and read: one ZIP file, or a plain folder. Nothing is held in memory whole.

``tables/<table>.copy`` holds rows as PostgreSQL's COPY writes them, ``files/<name>`` a private file,
``manifest.json`` counts and hashes of all of them. It is written last: without it there is no backup.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
#: Bytes at a time.
PIECE = 1 << 20
Write = Callable[[bytes], object]


class Damaged(Exception):
    """This is no backup that can be used; the message is a sentence for the administrator."""


class Writer(Protocol):
    def member(self, name: str) -> contextlib.AbstractContextManager[Write]: ...


class Reader(Protocol):
    def names(self) -> set[str]: ...
    def open(self, name: str) -> IO[bytes]: ...


class ZipWriter:
    def __init__(self, target: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(target, "w", allowZip64=True)

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[Write]:
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.external_attr = 0o600 << 16
        # What is stored as a file is compressed by its own kind already.
        entry.compress_type = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
        with self.zip.open(entry, "w", force_zip64=True) as out:
            yield out.write


class FolderWriter:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[Write]:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as out:
            yield out.write
            out.flush()
            os.fsync(out.fileno())


@contextlib.contextmanager
def writing(target: str) -> Iterator[Writer]:
    """A writer for ``target``: a name ending in ``.zip``, a folder, or ``-`` for a ZIP on standard output.

    The name appears when all is written and on the disk; a failure leaves nothing. Readable to its owner only.
    """
    if target == "-":
        writer = ZipWriter(sys.stdout.buffer)
        yield writer
        writer.zip.close()
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        if path.suffix == ".zip":
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                packing = ZipWriter(file)
                try:
                    yield packing
                finally:
                    packing.zip.close()
                file.flush()
                os.fsync(file.fileno())
        else:
            part.mkdir(mode=0o700)
            yield FolderWriter(part)
        part.rename(path)
    except BaseException:
        shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
        raise


class ZipReader:
    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise Damaged(_("This file is cut off, or no backup at all: nothing was changed.")) from error
        names = [entry.filename for entry in self.zip.infolist()]
        if len(names) != len(set(names)):
            raise Damaged(_("This backup holds one name twice: nothing was changed."))
        self._names = set(names)

    def names(self) -> set[str]:
        return self._names

    def open(self, name: str) -> IO[bytes]:
        try:
            return self.zip.open(name)
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise Damaged(_("%(name)s cannot be read from this backup.") % {"name": name}) from error


class FolderReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def names(self) -> set[str]:
        found = set()
        for root, folders, files in os.walk(self.folder):
            for name in [*folders, *files]:
                path = Path(root) / name
                mode = path.lstat().st_mode
                # A link would read, or be restored as, something outside of the backup.
                if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
                    raise Damaged(_("%(name)s is not a plain file: nothing was changed.") % {"name": name})
            found |= {(Path(root) / name).relative_to(self.folder).as_posix() for name in files}
        return found

    def open(self, name: str) -> IO[bytes]:
        try:
            return os.fdopen(os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError as error:
            raise Damaged(_("%(name)s cannot be read from this backup.") % {"name": name}) from error


def reading(source: str) -> Reader:
    path = Path(source)
    if not path.exists():
        raise Damaged(_("There is no backup at %(path)s.") % {"path": source})
    return FolderReader(path) if path.is_dir() else ZipReader(path)


def is_plain(name: str) -> bool:
    """Whether a stored file's name stays below its folder, wherever it is written."""
    path = PurePosixPath(name)
    tame = not {"\\", "\0", ":"} & set(name) and name == str(path)
    return bool(tame and path.parts and not path.is_absolute() and not {"..", "."} & set(path.parts))


def pieces(file: IO[bytes], name: str, size: int) -> Iterator[bytes]:
    """The member's bytes; more than ``size`` of them, or fewer, are damage."""
    left = size
    while True:
        try:
            piece = file.read(PIECE)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
            raise Damaged(_("%(name)s in this backup is damaged: nothing was changed.") % {"name": name}) from error
        left -= len(piece)
        if left < 0 or (not piece and left):
            raise Damaged(_("%(name)s in this backup has another length than it had.") % {"name": name})
        if not piece:
            return
        yield piece
