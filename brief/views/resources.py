"""What the text refers to: figures and sources; and who is here."""

from __future__ import annotations

import json
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, permissions, presence
from brief.visibility import brief_for, figure_of, text_of
from document.images import MAX_BYTES
from ledger.asked import reads_json
from ledger.refusals import Refusal

#: Results of one search while citing.
MOST_FOUND = 20


@require_POST
def add_figure(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Upload an image; ``{asset, url, width, height}``."""
    found = brief_for(request.user, brief)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or (file.size or 0) > MAX_BYTES:
        return JsonResponse({"error": _("Choose an image of at most 20 MB.")}, status=400)
    try:
        rights = {name: request.POST.get(name, "").strip() for name in ("credit", "licence")}
        figure = actions.add_figure(actor=request.user, brief=found, content=file.read(), **rights)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)
    url = reverse("brief:figure", args=[found.pk, figure.pk])
    return JsonResponse({"asset": str(figure.pk), "url": url, "width": figure.width, "height": figure.height})


@require_safe
def figure(request: HttpRequest, brief: UUID, figure: UUID) -> FileResponse:
    """An image of the draft, to who may read its versions."""
    found = brief_for(request.user, brief)
    permissions.read_versions(request.user, found)
    row = figure_of(found, figure)
    response = FileResponse(row.file.open("rb"), content_type=row.media_type)
    # Encoded by us and immutable under its id, but private: the browser may keep it, nobody else.
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@reads_json
def present(request: HttpRequest, brief: UUID) -> HttpResponse:
    """“I am in this section, here.” Answers who else is."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    try:
        sent = json.loads(request.body)
        section = text_of(found, UUID(str(sent["section"])))
        start, end = (min(10_000_000, max(0, int(sent.get(name) or 0))) for name in ("from", "to"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    return JsonResponse({"people": presence.arrive(request.user, section, start=start, end=end)})
