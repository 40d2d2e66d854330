"""ZIP archives that are the same bytes each time: entries in a fixed order, one fixed date."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The first moment a ZIP archive can name.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: These must come first: EPUB's type, uncompressed, and Word's table of contents.
_FIRST = ("mimetype", "[Content_Types].xml", "_rels/.rels")


def read(data: bytes) -> dict[str, bytes]:
    """The files of an archive of our own making."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=_place):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return out.getvalue()


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name), "") if name in _FIRST else (len(_FIRST), name)
