"""The exact artefacts, for people with a role on the brief: private, never cached, never guessed."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from release import stored
from release.models import Release
from release.public.editions import Edition
from release.states import ArtefactKind
from release.views.found import release_for

#: Shown in the browser; everything else is saved.
INLINE = (ArtefactKind.PDF, ArtefactKind.FIGURE)


@require_safe
def artefact(request: HttpRequest, release: UUID, name: str) -> FileResponse:
    """One file as built: the PDF in the browser, others as attachments."""
    found = release_for(request.user, release)
    return _send(found, name)


@require_safe
def figure(request: HttpRequest, release: UUID, name: str) -> FileResponse:
    found = release_for(request.user, release)
    return _send(found, f"figures/{name}")


@require_safe
def preview(request: HttpRequest, release: UUID) -> HttpResponse:
    """The web page as it will be read, from the frozen fragments."""
    found = release_for(request.user, release)
    if not found.manifest_sha256:
        raise Http404
    edition = Edition(found)
    context = {
        "edition": edition,
        "release": found,
        "brief": found.brief,
        "facts": edition.facts,
        "imprint": edition.imprint,
        "parts": [edition.text(part.whole) for part in edition.parts],
    }
    return render(request, "release/preview.html", context)


def _send(release: Release, name: str) -> FileResponse:
    row = release.artefacts.filter(name=name).first()
    if row is None:
        raise Http404
    stored.check(row, row.sha256)
    inline = row.kind in INLINE
    media_type = row.media_type if row.kind != ArtefactKind.PAGE else "text/plain; charset=utf-8"
    short = f"{release.brief.slug}-{release.edition}-{name.rpartition('/')[2]}"
    response = FileResponse(row.file.open("rb"), as_attachment=not inline, filename=short, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Length"] = str(row.size)
    return response
