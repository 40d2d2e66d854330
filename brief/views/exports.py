"""The authors' Word files: asking for one, its progress, what is in it, fetching it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, export_pages, permissions
from brief.export_form import ExportForm
from brief.models import Export
from brief.states import ExportState
from brief.visibility import brief_for, export_of

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def _found(request: HttpRequest, brief: UUID, export: UUID) -> Export:
    found = brief_for(request.user, brief)
    permissions.export_draft(request.user, found)
    return export_of(found, export)


def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Ask for a Word file; the files of late."""
    found = brief_for(request.user, brief)
    permissions.export_draft(request.user, found)
    form = ExportForm(request.POST or None, brief=found, initial=export_pages.wished(request.GET))
    if request.method == "POST" and form.is_valid():
        export = actions.ask_export(actor=request.user, brief=found, **form.cleaned_data)
        return redirect("brief:export", found.pk, export.pk)
    context = {"brief": found, "form": form, "exports": export_pages.rows(found)}
    return render(request, "brief/exports.html", context)


@require_safe
def export(request: HttpRequest, brief: UUID, export: UUID) -> HttpResponse:
    """One file: how far it is, or what is in it and where to fetch it."""
    found = _found(request, brief, export)
    context = {"brief": found.brief, "export": found, **export_pages.page(found)}
    return render(request, "brief/export.html", context)


@require_safe
def progress(request: HttpRequest, brief: UUID, export: UUID) -> HttpResponse:
    """The progress fragment; when the worker is done the page is loaded anew."""
    found = _found(request, brief, export)
    response = render(request, "brief/_import_progress.html", {"task": export_pages.task(found)})
    if found.status != ExportState.MAKING:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def fetch(request: HttpRequest, brief: UUID, export: UUID) -> FileResponse:
    """The file itself, never shown in the browser."""
    found = _found(request, brief, export)
    if found.status != ExportState.READY:
        raise Http404
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=_TYPES[found.format]
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Length"] = str(found.size)
    return response


@require_POST
def remove(request: HttpRequest, brief: UUID, export: UUID) -> HttpResponse:
    """Delete it."""
    found = _found(request, brief, export)
    actions.remove_export(actor=request.user, export=found)
    messages.success(request, _("The file is deleted."))
    return redirect("brief:exports", found.brief_id)
