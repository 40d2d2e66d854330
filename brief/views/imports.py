"""Importing a draft: upload, progress, the proposed outline, the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brief import actions, import_pages, permissions
from brief.actions.imports import check_not_being_written, is_long, writing_job
from brief.forms import DraftForm, SplitForm
from brief.models import ImportDraft
from brief.policies import check_open_to_edits
from brief.states import ImportState
from brief.visibility import brief_for, import_of
from document.importing import Reading, outline
from document.importing.outline import Entry
from ledger import jobs
from ledger.models import Job
from ledger.refusals import Refusal, why_not
from ledger.states import JobState

#: What a button of the outline may ask for.
CHANGES: dict[str, Callable[[list[Entry], int], list[Entry]]] = {
    "promote": outline.promote,
    "demote": outline.demote,
    "merge": outline.merge,
    "within": outline.within,
    "out": outline.out_of,
}


def _found(request: HttpRequest, brief: UUID, draft: UUID) -> ImportDraft:
    found = brief_for(request.user, brief)
    permissions.arrange(request.user, found)
    return import_of(found, draft)


def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Upload a draft; earlier uploads with what became of them."""
    found = brief_for(request.user, brief)
    permissions.arrange(request.user, found)
    form = DraftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.upload_draft(actor=request.user, brief=found, content=file.read(), name=file.name)
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            return redirect("brief:import", found.pk, draft.pk)
    rows = found.imports.select_related("by").defer("reading", "outline", "report")[:50]
    closed = why_not(check_open_to_edits, found)
    return render(request, "brief/imports.html", {"brief": found, "form": form, "drafts": rows, "closed": closed})


def draft(request: HttpRequest, brief: UUID, draft: UUID) -> HttpResponse:
    """One upload: its progress, its proposed outline with every entry to be changed, or its report."""
    found = _found(request, brief, draft)
    if request.method == "POST":
        return _change(request, found)
    context: dict[str, Any] = {"brief": found.brief, "draft": found}
    job = _job(found)
    if _waits(found, job):
        return render(request, "brief/import_reading.html", {**context, "task": _task(found, job)})
    if found.status == ImportState.PROPOSED:
        # What was asked for and could not be done is told beside the outline as it stands.
        context["failed"] = job.sentence if job and job.state == JobState.FAILED else ""
        return render(request, "brief/import_outline.html", {**context, **import_pages.preview(found)})
    return render(request, "brief/import_report.html", {**context, **import_pages.report(found)})


def _job(draft: ImportDraft) -> Job | None:
    """What a worker does, or did last, with this draft: reading the file, or writing its sections."""
    if draft.status == ImportState.READING:
        return Job.objects.filter(key=f"draft.read:{draft.pk}").first()
    return writing_job(draft) if draft.status == ImportState.PROPOSED else None


def _waits(draft: ImportDraft, job: Job | None) -> bool:
    return draft.status == ImportState.READING or (job is not None and job.state == JobState.DUE)


def _task(draft: ImportDraft, job: Job | None) -> dict[str, Any]:
    told = jobs.progress(job) if job else {"percent": 0, "note": "", "state": "failed"}
    url = reverse("brief:import_progress", args=[draft.brief_id, draft.pk])
    writing = draft.status == ImportState.PROPOSED
    title = _("Writing the sections") if writing else _("Reading the file")
    return {**told, "title": title, "sentence": job.sentence if job else "", "url": url}


def progress(request: HttpRequest, brief: UUID, draft: UUID) -> HttpResponse:
    """The progress fragment; when the worker is done with it the page is loaded anew."""
    found = _found(request, brief, draft)
    job = _job(found)
    response = render(request, "brief/_import_progress.html", {"draft": found, "task": _task(found, job)})
    if not _waits(found, job):
        response["HX-Refresh"] = "true"
    return response


def _change(request: HttpRequest, draft: ImportDraft) -> HttpResponse:
    """One button of the outline: ``promote-3-57`` is the fourth entry, which stands at piece 57."""
    name, _dash, rest = request.POST.get("do", "").partition("-")
    try:
        if name == "rename":
            change = partial(_renamed, *_numbers(rest), request.POST.get(f"title-{rest}", ""))
        else:
            change = partial(_changed, CHANGES[name], *_numbers(rest))
        actions.change_outline(actor=request.user, draft=draft, change=change)
    except (KeyError, ValueError):
        messages.error(request, _("That is not something the outline knows."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect(f"{reverse('brief:import', args=[draft.brief_id, draft.pk])}#entry-{rest.partition('-')[0]}")


def _numbers(text: str) -> tuple[int, int]:
    at, position = text.split("-")
    return int(at), int(position)


def _changed(
    how: Callable[[list[Entry], int], list[Entry]], at: int, position: int, reading: Reading, entries: list[Entry]
) -> list[Entry]:
    if not 0 <= at < len(entries) or entries[at].position != position:
        raise ValueError("another outline")
    return how(entries, at)


def _renamed(at: int, position: int, title: str, reading: Reading, entries: list[Entry]) -> list[Entry]:
    return _changed(lambda known, where: outline.rename(known, where, title), at, position, reading, entries)


def inside(request: HttpRequest, brief: UUID, draft: UUID, entry: int) -> HttpResponse:
    """The paragraphs under one entry, each of which can begin a section."""
    found = _found(request, brief, draft)
    if found.status != ImportState.PROPOSED:
        return redirect("brief:import", found.brief_id, found.pk)
    shown = import_pages.inside(found, entry)
    if shown is None:
        raise Http404
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_outline(actor=request.user, draft=found, change=partial(_split, form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("A section begins there now."))
            return redirect("brief:import", found.brief_id, found.pk)
    context = {"brief": found.brief, "draft": found, "form": form, **shown}
    return render(request, "brief/import_inside.html", context)


def _split(cleaned: dict[str, Any], reading: Reading, entries: list[Entry]) -> list[Entry]:
    return outline.split(entries, reading.pieces, cleaned["position"], cleaned["title"])


def report(request: HttpRequest, brief: UUID, draft: UUID) -> HttpResponse:
    """What was understood, repaired, left out and pointed out."""
    found = _found(request, brief, draft)
    if not found.report:
        return redirect("brief:import", found.brief_id, found.pk)
    context = {"brief": found.brief, "draft": found, **import_pages.report(found)}
    return render(request, "brief/import_report.html", context)


@require_POST
def confirm(request: HttpRequest, brief: UUID, draft: UUID) -> HttpResponse:
    """Write the sections as the outline stands; those of a long draft are written by a worker."""
    found = _found(request, brief, draft)
    try:
        if is_long(found):
            actions.ask_to_write(actor=request.user, draft=found)
            return redirect("brief:import", found.brief_id, found.pk)
        check_not_being_written(found)
        made = actions.confirm_import(actor=request.user, draft=found)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        words = ngettext("%(number)d section was written.", "%(number)d sections were written.", len(made))
        messages.success(request, words % {"number": len(made)})
    return redirect("brief:import", found.brief_id, found.pk)


@require_POST
def discard(request: HttpRequest, brief: UUID, draft: UUID) -> HttpResponse:
    """Put the upload away."""
    found = _found(request, brief, draft)
    try:
        actions.discard_import(actor=request.user, draft=found)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("The draft is put away; nothing of it was imported."))
    return redirect("brief:imports", found.brief_id)
