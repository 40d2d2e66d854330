"""What a backup says of itself: counts and hashes of every table and file, and the migrations it stands on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from config.keeping.archive import MANIFEST, Damaged, Reader, is_plain, pieces

FORMAT = 1
#: Bytes; names and hashes of a million files.
LARGEST = 256 << 20


@dataclass
class Rows:
    """A table: ``digest`` is that of its rows in any order, ``sha256`` and ``size`` those of its member."""

    columns: list[str]
    rows: int
    digest: str
    sha256: str
    size: int
    last: int | None = None


@dataclass
class File:
    sha256: str
    size: int


@dataclass
class Manifest:
    made_at: str
    server: str
    migrations: list[str]
    tables: dict[str, Rows] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    #: Named by a row, and not in the storage.
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def dumps(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def members(self) -> dict[str, Rows | File]:
        held: dict[str, Rows | File] = {f"tables/{name}.copy": rows for name, rows in self.tables.items()}
        return held | {f"files/{name}": file for name, file in self.files.items()}


def load(reader: Reader) -> tuple[Manifest, str]:
    """The manifest and its SHA-256. Raises Damaged for anything that is none."""
    if MANIFEST not in reader.names():
        raise Damaged(_("There is no manifest in it: this is no backup, or one that was never finished."))
    with reader.open(MANIFEST) as file:
        try:
            text = file.read(LARGEST)
        except Exception as error:
            raise Damaged(_("The manifest of this backup is damaged: nothing was changed.")) from error
    try:
        manifest = _parse(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(_("The manifest of this backup is damaged: nothing was changed.")) from error
    return manifest, hashlib.sha256(text).hexdigest()


def _parse(data: dict[str, Any]) -> Manifest:
    if data["format"] != FORMAT:
        raise Damaged(
            _("This backup is of format %(theirs)s, and this version of Countersign reads format %(ours)d.")
            % {"theirs": data["format"], "ours": FORMAT}
        )
    manifest = Manifest(
        made_at=str(data["made_at"]),
        server=str(data["server"]),
        migrations=[str(name) for name in data["migrations"]],
        tables={str(name): Rows(**row) for name, row in data["tables"].items()},
        files={str(name): File(**row) for name, row in data["files"].items()},
        missing=[str(name) for name in data["missing"]],
    )
    for member in manifest.members.values():
        if not isinstance(member.size, int) or member.size < 0 or len(member.sha256) != 64:
            raise ValueError("size or hash")
    for name in manifest.files:
        if not is_plain(name):
            raise Damaged(_("This backup names a file outside of its folder: nothing was changed."))
    return manifest


def check(reader: Reader, manifest: Manifest) -> None:
    """Every member is there with its length and hash, and nothing else. Reads everything once."""
    there, told = reader.names() - {MANIFEST}, manifest.members
    if there != set(told):
        odd = min(there ^ set(told))
        raise Damaged(_("%(name)s is missing or too much in this backup: nothing was changed.") % {"name": odd})
    for name, member in told.items():
        reading = hashlib.sha256()
        with reader.open(name) as file:
            for piece in pieces(file, name, member.size):
                reading.update(piece)
        if reading.hexdigest() != member.sha256:
            raise Damaged(_("%(name)s in this backup is not what it was: nothing was changed.") % {"name": name})
