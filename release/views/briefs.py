"""A brief's releases, and building the next candidate."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brief.actions import begin_edition
from brief.models import Brief, Version
from brief.permissions import new_edition
from brief.states import BriefState
from ledger.refusals import Refusal, allowed, why_not
from release import actions, permissions, policies, visibility
from release.actions.candidate import next_edition
from release.forms import CandidateForm
from release.views.found import brief_for


@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, brief: UUID) -> HttpResponse:
    """All releases, newest first; the review editor builds the next one here."""
    found = brief_for(request.user, brief)
    form = CandidateForm(request.POST or None, brief=found, edition=next_edition(found))
    if request.method == "POST":
        permissions.build(request.user, found)
        if form.is_valid():
            try:
                release = actions.build_candidate(actor=request.user, brief=found, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("The candidate is being built, and the brief is closed to edits."))
                return redirect("release:clearance", release.pk)
    context = {
        "brief": found,
        "releases": visibility.of_brief(found),
        "form": form,
        "builds": allowed(permissions.build, request.user, found),
        "why_not": _why_not(found),
        "published": found.status == BriefState.PUBLISHED,
        "revises": allowed(new_edition, request.user, found),
    }
    return render(request, "release/releases.html", context)


@require_http_methods(["POST"])
def revise(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Open a published brief for its next edition."""
    found = brief_for(request.user, brief)
    begin_edition(actor=request.user, brief=found)
    messages.success(request, _("The brief is open for its next edition. What is published stays as it is."))
    return redirect("brief:home", found.pk)


def _why_not(brief: Brief) -> str:
    latest = Version.objects.filter(brief=brief).order_by("-number").first()
    if latest is None:
        return _("Freeze a version first: a candidate is built from one.")
    return why_not(policies.check_may_build, brief, latest)
