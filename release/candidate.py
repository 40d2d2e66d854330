"""Building a candidate in the worker: files from a frozen version, gates, manifest."""

from __future__ import annotations

import hashlib
import mimetypes
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import publications
from brief.labels import labels
from document import artefacts
from document.publication import Publication
from ledger.transitions import move
from release import emails, gates, manifest
from release.models import Artefact, Release
from release.states import RELEASE, ArtefactKind

Progress = Callable[[int, str], None]
MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
KINDS = {
    ".pdf": ArtefactKind.PDF,
    ".docx": ArtefactKind.DOCX,
    ".epub": ArtefactKind.EPUB,
    ".zip": ArtefactKind.ZIP,
    ".html": ArtefactKind.PAGE,
    ".png": ArtefactKind.FIGURE,
    ".jpg": ArtefactKind.FIGURE,
    ".svg": ArtefactKind.FIGURE,
}


def build(release: Release, progress: Progress) -> Release:
    """Everything from the frozen version to a release in clearance; the caller holds the row.

    What fails in between leaves no row and no file behind.
    """
    publication = publications.of_version(release.version, edition=release.edition)
    with tempfile.TemporaryDirectory(prefix="candidate-") as name, _files_of_failure() as saved:
        folder = Path(name)
        artefacts.build(
            publication,
            folder,
            progress=lambda percent, note: progress(percent * 8 // 10, note),
            labels=labels(publication.language),
        )
        progress(82, _("Keeping the files"))
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            saved.append(_keep(release, path, path.relative_to(folder).as_posix()))
        progress(88, _("Checking the gates"))
        gates.store(release)
        return _complete(release, publication)


def _complete(release: Release, publication: Publication) -> Release:
    built: dict[str, Any] = {**manifest.fields(release, manifest.describe(publication)), "built_at": timezone.now()}
    done = move(RELEASE, release, "complete", actor=None, scope=release.brief_id, set_fields=built)
    emails.ask(done)
    return done


def _keep(release: Release, path: Path, name: str) -> Artefact:
    kind = ArtefactKind.SUMS if path.name == "SHA256SUMS" else KINDS.get(path.suffix, ArtefactKind.DATA)
    guessed = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain; charset=utf-8"
    artefact = Artefact(release=release, kind=kind, name=name, media_type=guessed, size=path.stat().st_size)
    with path.open("rb") as content:
        artefact.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        artefact.file.save(path.name, File(content), save=False)
    artefact.save(force_insert=True)
    return artefact


@contextmanager
def _files_of_failure() -> Iterator[list[Artefact]]:
    """Take files back when their rows are rolled back."""
    saved: list[Artefact] = []
    try:
        yield saved
    except BaseException:
        for artefact in saved:
            default_storage.delete(str(artefact.file.name))
        raise
