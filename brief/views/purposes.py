"""What a brief is for and how that came about: concept note, stakeholders, history of title and scope."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brief import actions, permissions, scopes
from brief.actions.concept_notes import concept_note_of
from brief.forms import StakeholderForm
from brief.models import Stakeholder
from brief.visibility import brief_for
from ledger.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
def concept_note(request: HttpRequest, brief: UUID) -> HttpResponse:
    """GET: to the concept note, or to where it is begun. POST: begin it, or go to it."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    note = concept_note_of(found)
    if request.method == "POST":
        permissions.write(request.user, found)
        note = note or actions.begin_concept_note(actor=request.user, brief=found)
    if note is None:
        return redirect(f"{reverse('brief:home', args=[found.pk])}#note")
    return redirect("brief:section", found.pk, note.pk)


@require_safe
def scope(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Every title, scope and launch window the brief had, with who changed it and why."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    return render(request, "brief/scope.html", {"brief": found, "entries": scopes.history(found)})


def stakeholders(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Whom the brief is for, about and with."""
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    form = StakeholderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_stakeholder(actor=request.user, brief=found, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            return redirect("brief:stakeholders", found.pk)
    context = {"brief": found, "form": form, "stakeholders": found.stakeholders.all()}
    return render(request, "brief/stakeholders.html", context)


@require_POST
def remove_stakeholder(request: HttpRequest, brief: UUID, stakeholder: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    row = Stakeholder.objects.filter(brief=found, pk=stakeholder).first()
    if row is None:
        raise Http404
    actions.remove_stakeholder(actor=request.user, brief=found, stakeholder=row)
    messages.success(request, _("Removed."))
    return redirect("brief:stakeholders", found.pk)
