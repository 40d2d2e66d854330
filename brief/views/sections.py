"""Arranging sections from the outline."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, permissions, trees
from brief.actions.sections import outline_of
from brief.forms import MoveForm, NewSectionForm, RightsForm, SectionForm
from brief.models import Brief, Section
from brief.states import SECTION
from brief.views.threads import uuid
from brief.visibility import brief_for, section_of, text_of
from ledger.asked import asks_for_data


@require_POST
def add(request: HttpRequest, brief: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    form = NewSectionForm(request.POST)
    if not form.is_valid():
        typed = request.POST.get("title", "").strip()
        messages.error(request, str(form.errors["title"][0]) if typed else _("A section needs a title."))
        return redirect("brief:home", found.pk)
    section = actions.add_section(actor=request.user, brief=found, title=form.cleaned_data["title"])
    return redirect("brief:section", found.pk, section.pk)


def edit(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """A section's title, assignee, target and content notice."""
    found = brief_for(request.user, brief)
    permissions.arrange(request.user, found)
    row = section_of(found, section)
    form = SectionForm(request.POST or None, instance=row, brief=found)
    if request.method == "POST" and form.is_valid():
        stored = section_of(found, section)
        actions.edit_section(actor=request.user, section=stored, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("brief:home", found.pk)
    context = {"brief": found, "section": row, "form": form}
    return render(request, "brief/section_edit.html", context)


@require_POST
def move(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """One step with ``way``, behind another section with ``after`` (empty: first) and ``depth``, or to a ``place``."""
    found = brief_for(request.user, brief)
    row = section_of(found, section)
    asked = MoveForm(request.POST)
    if not asked.is_valid():
        return HttpResponseBadRequest(_("Say where the section should stand."))
    way, place, depth, after = (asked.cleaned_data[name] for name in ("way", "place", "depth", "after"))
    if way:
        actions.shift_section(actor=request.user, section=row, way=way)
    else:
        first = "after" in request.POST and after is None
        actions.move_section(actor=request.user, section=row, place=0 if first else place, depth=depth, after=after)
    if asks_for_data(request):
        order = outline_of(found)
        return JsonResponse({"sections": [{"id": str(each.pk), "depth": each.depth} for each in order]})
    return redirect("brief:home", found.pk)


@require_safe
def outline(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The outline beside the text of ``?section=`` as it is now: ``{outline, now, right}``, the first two HTML."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    here = uuid(request.GET.get("section"))
    sections = outline_of(found)
    row = next((each for each in sections if each.pk == here), None)
    context = {"brief": found, "section": row, **around(request.user, found, sections, row)}
    pieces = {"outline": "brief/_tree.html"} | ({"now": "brief/_section_now.html"} if row else {})
    told: dict[str, Any] = {name: render_to_string(path, context, request) for name, path in pieces.items()}
    return JsonResponse(told | ({"right": permissions.right_now(request.user, row)} if row else {}))


def around(user: Any, brief: Brief, sections: list[Section], section: Section | None) -> dict[str, Any]:
    """What the outline beside a text and the line above it need."""
    found = trees.rows(user, brief, sections)
    return {
        "rows": found,
        "until": _until(user, section) if section is not None else "",
        "row": next((each for each in found if section is not None and each.section.pk == section.pk), None),
        "arranges": permissions.may_now(permissions.arrange, user, brief),
        "claims": permissions.may_now(permissions.write, user, brief),
        "writes_here": section is not None and permissions.may_now(permissions.write_section, user, section),
    }


def _until(user: Any, section: Section) -> str:
    """The hour at which a claim ends, where this person is."""
    if section.working_until is None:
        return ""
    try:
        zone = ZoneInfo(getattr(user, "zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return time_format(section.working_until.astimezone(zone), "H:i")


@require_POST
def working(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """ "I am working on this", or with ``done=1`` no longer."""
    found = brief_for(request.user, brief)
    row = text_of(found, section)
    actions.work_on(actor=request.user, section=row, working=not request.POST.get("done"))
    if asks_for_data(request):
        return JsonResponse({})
    return redirect("brief:section", found.pk, row.pk)


def rights(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """Who may write in a section, suggest, or only read."""
    found = brief_for(request.user, brief)
    permissions.set_rights(request.user, found)
    row = section_of(found, section)
    form = RightsForm(request.POST or None, section=row)
    if request.method == "POST" and form.is_valid():
        actions.give_rights(
            actor=request.user,
            section=row,
            authors_may=form.cleaned_data["authors_may"],
            exceptions=form.exceptions(),
        )
        messages.success(request, _("Saved."))
        return redirect("brief:home", found.pk)
    return render(request, "brief/section_rights.html", {"brief": found, "section": row, "form": form})


@require_POST
def remove(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    row = section_of(found, section)
    actions.remove_section(actor=request.user, section=row)
    messages.success(request, _("“%(title)s” is removed. You can bring it back from this page.") % {"title": row.title})
    return redirect("brief:home", found.pk)


@require_POST
def restore(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    actions.restore_section(actor=request.user, section=section_of(found, section, removed=True))
    messages.success(request, _("The section is back where it stood."))
    return redirect("brief:home", found.pk)


@require_POST
def status(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    name = request.POST.get("transition", "")
    if name not in SECTION.by_name:
        return HttpResponseBadRequest(_("There is no such state."))
    actions.set_status(actor=request.user, section=section_of(found, section), name=name)
    if asks_for_data(request):
        return JsonResponse({})
    return redirect("brief:home", found.pk)
