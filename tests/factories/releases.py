"""Releases in each state, on the cast's brief, with small files in place of the real ones.

What the files are made of is tried elsewhere (``tests/unit/document``, ``tests/unit/release/test_candidate``);
here they only have to be there.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts import second_factor
from accounts.models import SpentFactor, User
from brief.models import Brief, Text, Version
from document import canonical
from document.publication import Publication
from ledger import clock, jobs
from release import actions
from release.models import Embargo, Release, SignOff
from release.moments import wall
from release.states import ReleaseState
from tests.cast import Cast

#: Bytes that nobody may see before their time.
CANARY = "canary-bb61"
IMPRINT = {
    "isbn": "978-3-16-148410-0",
    "copyright": "© 2026 North and South",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "disclaimer": "The views are those of the authors.",
    "contact": "briefs@people.example",
}


def build_small(
    publication: Publication,
    folder: Path,
    *,
    progress: Callable[[int, str], None] = lambda percent, note: None,
    labels: Any = None,
) -> None:
    """Stands in for ``document.artefacts.build``: every kind of file, a few bytes each."""
    progress(50, "small files")
    sections = [{"id": each.id, "title": each.title, "words": 10} for each in publication.sections]
    for name in ("sections", "split"):
        (folder / "pages" / name).mkdir(parents=True)
    for each in publication.sections:
        text = f'<section id="section-{each.id}"><h2>{each.title}</h2><p>{CANARY}</p></section>'
        (folder / "pages" / "sections" / f"{each.id}.html").write_text(text)
        (folder / "pages" / "split" / f"{each.id}.html").write_text(text)
    outline = "".join(f'<li><a href="#section-{each.id}">{each.title}</a></li>' for each in publication.sections)
    (folder / "pages" / "outline.html").write_text(f"<ol>{outline}</ol>")
    (folder / "pages" / "sources.html").write_text("")
    meta = {"words": 10 * len(sections), "minutes": 3, "sections": sections}
    (folder / "pages" / "meta.json").write_text(json.dumps(meta))
    (folder / "brief.pdf").write_bytes(f"%PDF-1.7 {CANARY}".encode() * 40)
    for name in ("brief.docx", "brief.epub", "brief.zip"):
        (folder / name).write_bytes(_archive(publication.content_hash))
    (folder / "SHA256SUMS").write_text("".join(_line(path, folder) for path in sorted(folder.rglob("*.*"))))


def _archive(words: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.txt", f"{CANARY} {words}")
    return out.getvalue()


def _line(path: Path, folder: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates are built from small files whose PDF passes."""
    monkeypatch.setattr("document.artefacts.build", build_small)
    monkeypatch.setattr("document.pdfcheck.check", lambda data, names=(): [])


def ready(cast: Cast) -> Brief:
    """The cast's brief with a frozen version and a whole imprint: every gate will be green."""
    assert cast.version
    Brief.objects.filter(pk=cast.brief.pk).update(**IMPRINT)
    return Brief.objects.get(pk=cast.brief.pk)


def building(cast: Cast, **fields: Any) -> Release:
    release: Release = actions.build_candidate(actor=cast.editor, brief=ready(cast), version=cast.version, **fields)
    return release


def in_clearance(cast: Cast, **fields: Any) -> Release:
    release = building(cast, **fields)
    jobs.run_due()
    return again(release)


def again(release: Release) -> Release:
    return Release.objects.select_related("brief", "version").get(pk=release.pk)


def give_signature(person: User, release: Release) -> SignOff:
    """Sign as this person, with the code their app shows; codes used before are forgotten."""
    SpentFactor.objects.filter(user=person).delete()
    given: SignOff = actions.sign(
        actor=person,
        release=release,
        manifest_sha256=release.manifest_sha256,
        code=second_factor.current_code(person),
    )
    return given


def cleared(cast: Cast, **fields: Any) -> Release:
    release = in_clearance(cast, **fields)
    for person in (cast.approver, cast.partner_approver):
        give_signature(person, release)
    return again(release)


def scheduled(cast: Cast, **fields: Any) -> Release:
    """Cleared, with an embargo that ends tomorrow."""
    release = cleared(cast, **fields)
    tomorrow = clock.database_now() + timedelta(days=1)
    actions.set_embargo(
        actor=cast.press, release=release, wall_time=wall(tomorrow, "Europe/Vienna"), zone="Europe/Vienna"
    )
    return again(release)


def end_embargo(release: Release, *, seconds_ago: float = 1) -> Release:
    """As if the time had come: only the instant moves."""
    Embargo.objects.filter(release=release).update(instant=clock.database_now() - timedelta(seconds=seconds_ago))
    return again(release)


def published(cast: Cast, **fields: Any) -> Release:
    release = end_embargo(scheduled(cast, **fields))
    from release.actions.launch import publish_when_due

    publish_when_due(Embargo.objects.select_related("release").get(release=release))
    jobs.run_due()
    return again(release)


def listed(title: str = "A listed brief", *, minutes_ago: int = 5, language: str = "en-GB") -> Release:
    """A public edition as rows alone, without files: for what only asks whether it is public."""
    slug = f"listed-{Brief.objects.count() + 1}"
    brief = Brief.objects.create(slug=slug, title=title, language=language)
    person = User.objects.create_user(f"{slug}@people.example", "Lin Listed")
    apparatus = Text.objects.get_or_create(sha256="0" * 64, defaults={"body": "{}"})[0]
    version = Version.objects.create(brief=brief, number=1, title=title, content_hash="0" * 64, apparatus=apparatus)
    facts = {"title": title, "subtitle": "", "summary": "", "language": language, "slug": slug}
    metadata = {**facts, "organisations": ["North", "South"], "dated": ""}
    manifest = canonical.dumps({"metadata": metadata, "imprint": IMPRINT, "artefacts": {}})
    moment = clock.database_now() - timedelta(minutes=minutes_ago)
    release = Release.objects.create(
        brief=brief,
        version=version,
        status=ReleaseState.PUBLISHED,
        published_at=moment,
        content_hash="0" * 64,
        manifest=manifest,
        manifest_sha256=canonical.sha256(manifest),
    )
    Embargo.objects.create(release=release, wall_time=wall(moment, "UTC"), zone="UTC", instant=moment, set_by=person)
    return release
