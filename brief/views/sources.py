"""The library of sources: searching, adding, editing, merging, and how they are cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brief import actions, library, permissions, source_pages
from brief.models import Brief, Source
from brief.policies import check_open_to_edits
from brief.source_forms import MergeForm, PasteForm, SourceForm
from brief.visibility import batch_of, brief_for, source_of
from document.bibliography import decoded
from ledger.asked import asks_for_data
from ledger.refusals import Refusal, why_not

#: Results of one search while citing, and rows of one page.
MOST_FOUND, ROWS = 20, 50


def _may_add(user: Any, brief: Brief) -> bool:
    return permissions.may_now(permissions.write, user, brief)


def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The library; for the editor as JSON when it asks with ``q`` or ``keys``. POST: read what was pasted."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    if request.method == "POST":
        return _paste(request, found)
    rows = list(Source.objects.filter(brief=found))
    if "keys" in request.GET:
        keys = set(request.GET["keys"].split(","))
        return JsonResponse({"sources": [told(row) for row in rows if row.key in keys]})
    if asks_for_data(request):
        matching = library.search(rows, request.GET.get("q", ""))
        return JsonResponse({"sources": [told(row) for row in matching[:MOST_FOUND]], "count": len(matching)})
    return _library(request, found, rows, PasteForm())


def _library(request: HttpRequest, brief: Brief, rows: Sequence[Source], form: PasteForm) -> HttpResponse:
    asked, query = request.GET.get("show", ""), request.GET.get("q", "")
    uses = library.uses(brief)
    shown = source_pages.filtered(library.search(rows, query), asked, uses)
    page = Paginator(source_pages.lines(shown, uses), ROWS).get_page(request.GET.get("page"))
    context = {
        "brief": brief,
        "form": form,
        "page_obj": page,
        "total": len(rows),
        "query": query,
        "asked": asked,
        "filters": source_pages.filters(rows, uses),
        "waiting": source_pages.waiting(brief),
        "can_add": _may_add(request.user, brief),
        "closed": why_not(check_open_to_edits, brief),
    }
    return render(request, "brief/sources.html", context)


def told(row: Source) -> dict[str, Any]:
    """A source as the editor shows it."""
    return {
        "key": row.key,
        "label": library.label(row.csl),
        "title": source_pages.title(row),
        "facts": library.facts(row.csl),
        "url": reverse("brief:source", args=[row.brief_id, row.pk]),
    }


def _paste(request: HttpRequest, brief: Brief) -> HttpResponse:
    permissions.write(request.user, brief)
    form = PasteForm(request.POST, request.FILES)
    sentence = ""
    if form.is_valid():
        file = form.cleaned_data["file"]
        text = decoded(file.read()) if file else form.cleaned_data["text"]
        try:
            batch = actions.paste_sources(actor=request.user, brief=brief, text=text, name=file.name if file else "")
        except Refusal as refusal:
            sentence = str(refusal.sentence)
            form.add_error("file" if file else "text", sentence)
        else:
            if asks_for_data(request):
                return JsonResponse(source_pages.preview_json(batch))
            return redirect("brief:sources_batch", brief.pk, batch.pk)
    if asks_for_data(request):
        first = next(iter(form.errors.values()))[0]
        return JsonResponse({"error": sentence or str(first)}, status=400)
    return _library(request, brief, list(Source.objects.filter(brief=brief)), form)


def batch(request: HttpRequest, brief: UUID, batch: UUID) -> HttpResponse:
    """What was understood of a paste; POST takes what is chosen of it."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = batch_of(found, batch)
    if request.method == "POST":
        return _take(request, found, batch)
    if asks_for_data(request):
        return JsonResponse(source_pages.preview_json(row))
    return render(request, "brief/sources_batch.html", {"brief": found, **source_pages.preview(row)})


def _take(request: HttpRequest, brief: Brief, batch: UUID) -> HttpResponse:
    chosen = [int(value) for value in request.POST.getlist("entry") if value.isdigit() and len(value) < 6]
    titles = {number: request.POST.get(f"title-{number}", "")[:1000] for number in chosen}
    row = batch_of(brief, batch)
    try:
        made = actions.take_batch(actor=request.user, batch=row, chosen=chosen, titles=titles)
    except Refusal as refusal:
        if asks_for_data(request):
            return JsonResponse({"error": str(refusal.sentence)}, status=400)
        messages.error(request, str(refusal.sentence))
        return redirect("brief:sources_batch", brief.pk, row.pk)
    if asks_for_data(request):
        return JsonResponse({"sources": [told(source) for source in made]})
    said = ngettext("%(number)d source was added.", "%(number)d sources were added.", len(made))
    messages.success(request, said % {"number": len(made)})
    return redirect("brief:sources", brief.pk)


def batch_progress(request: HttpRequest, brief: UUID, batch: UUID) -> HttpResponse:
    """The progress fragment; when the worker is done with it the page is loaded anew."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = batch_of(found, batch)
    response = render(request, "brief/_sources_progress.html", {"task": source_pages.task(row)})
    if not source_pages.is_reading(row):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def discard(request: HttpRequest, brief: UUID, batch: UUID) -> HttpResponse:
    """Put a paste away."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    try:
        actions.discard_batch(actor=request.user, batch=batch_of(found, batch))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Put away; nothing of it was added."))
    return redirect("brief:sources", found.pk)


def new(request: HttpRequest, brief: UUID) -> HttpResponse:
    """A source by its fields."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            source = actions.add_source(actor=request.user, brief=found, csl=cleaned["item"], **cleaned["details"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Added as %(key)s.") % {"key": source.key})
            return redirect("brief:sources", found.pk)
    return render(request, "brief/source.html", {"brief": found, "form": form})


def source(request: HttpRequest, brief: UUID, source: int) -> HttpResponse:
    """One source: every field, where it is cited, merging and removing."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    row = source_of(found, source)
    form = SourceForm(request.POST or None, source=row)
    if request.method == "POST":
        permissions.write(request.user, found)
        if form.is_valid():
            cleaned = form.cleaned_data
            try:
                actions.edit_source(actor=request.user, source=row, csl=cleaned["item"], **cleaned["details"])
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("Saved."))
                return redirect("brief:source", found.pk, row.pk)
    stored = source_of(found, source)
    can_add = _may_add(request.user, found)
    uses = library.uses(found).get(stored.key) or Counter()
    context = {
        "brief": found,
        "source": stored,
        "form": form,
        "uses": list(uses.items()),
        "can_add": can_add,
        "title": source_pages.title(stored),
        "merge_form": MergeForm(source=stored) if can_add else None,
        "stays": why_not(actions.check_uncited, stored) if can_add else "",
    }
    return render(request, "brief/source.html", context)


@require_POST
def remove(request: HttpRequest, brief: UUID, source: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = source_of(found, source)
    try:
        actions.remove_source(actor=request.user, source=row)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("brief:source", found.pk, source)
    messages.success(request, _("%(key)s is removed. Frozen versions keep it.") % {"key": row.key})
    return redirect("brief:sources", found.pk)


@require_POST
def merge(request: HttpRequest, brief: UUID, source: int) -> HttpResponse:
    """Let what cites this source cite another, and take this one away."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = source_of(found, source)
    form = MergeForm(request.POST, source=row)
    if not form.is_valid():
        messages.error(request, _("Choose the source that stays."))
        return redirect("brief:source", found.pk, source)
    into = form.cleaned_data["into"]
    into.brief = found
    try:
        actions.merge_sources(actor=request.user, source=row, into=into)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("brief:source", found.pk, source)
    messages.success(request, _("Merged. What cited %(old)s now cites %(new)s.") % {"old": row.key, "new": into.key})
    return redirect("brief:source", found.pk, into.pk)
