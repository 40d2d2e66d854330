"""What the text refers to: figures and sources; and who is here."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, permissions, presence
from brief.forms import SourceForm, source_label
from brief.models import Source
from brief.policies import check_open_to_edits
from brief.visibility import brief_for, figure_of, text_of
from document.images import MAX_BYTES
from ledger.refusals import Refusal, allowed

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


def sources(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The brief's sources: for the editor as JSON when it asks with ``q`` or ``keys``, else the page that adds one."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    rows = list(Source.objects.filter(brief=found))
    if request.method == "GET" and "keys" in request.GET:
        keys = set(request.GET["keys"].split(","))
        return JsonResponse({"sources": [_described(row) for row in rows if row.key in keys]})
    if request.method == "GET" and ("q" in request.GET or "application/json" in request.headers.get("Accept", "")):
        return JsonResponse({"sources": search(rows, request.GET.get("q", ""))})
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = actions.add_source(actor=request.user, brief=found, csl=form.cleaned_data["item"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Added as %(key)s.") % {"key": source.key})
            return redirect("brief:sources", found.pk)
    can_add = allowed(permissions.write, request.user, found) and allowed(check_open_to_edits, found)
    shown = [(row, source_label(row)) for row in rows]
    return render(request, "brief/sources.html", {"brief": found, "form": form, "sources": shown, "can_add": can_add})


def search(rows: list[Source], query: str) -> list[dict[str, Any]]:
    """Sources in whose record every word of the query occurs, as ``{key, label, title}``."""
    wanted = query.casefold().split()
    found = []
    for row in rows:
        haystack = f"{row.key} {json.dumps(row.csl, ensure_ascii=False)}".casefold()
        if all(word in haystack for word in wanted):
            found.append(_described(row))
    return found[:MOST_FOUND]


def _described(row: Source) -> dict[str, Any]:
    return {"key": row.key, "label": source_label(row), "title": str(row.csl.get("title", ""))}


@require_POST
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
