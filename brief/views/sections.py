"""Arranging sections from the outline."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brief import actions, permissions
from brief.forms import NewSectionForm, SectionForm
from brief.states import SECTION
from brief.visibility import brief_for, section_of


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
    found = brief_for(request.user, brief)
    row = section_of(found, section)
    try:
        place = int(request.POST["place"])
    except (KeyError, ValueError):
        return HttpResponseBadRequest(_("Say where the section should stand."))
    actions.move_section(actor=request.user, section=row, place=place)
    return redirect("brief:home", found.pk)


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
    messages.success(request, _("The section is back, at the end of the outline."))
    return redirect("brief:home", found.pk)


@require_POST
def status(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    name = request.POST.get("transition", "")
    if name not in SECTION.by_name:
        return HttpResponseBadRequest(_("There is no such state."))
    actions.set_status(actor=request.user, section=section_of(found, section), name=name)
    return redirect("brief:home", found.pk)
