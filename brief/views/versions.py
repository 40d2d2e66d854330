"""Frozen versions: the list, freezing one, reading one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brief import actions, permissions, publications
from brief.forms import FreezeForm
from brief.labels import labels
from brief.policies import check_may_freeze
from brief.visibility import brief_for, version_of
from document.assembly import assemble
from document.html import Context, render_bibliography, render_lists, render_outline, render_section
from ledger.refusals import Refusal, allowed, why_not


def versions(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Every version, newest first; the review editor freezes the next here."""
    found = brief_for(request.user, brief)
    form = FreezeForm(request.POST or None, initial={"order_draft": found.order_draft})
    if request.method == "POST":
        permissions.freeze(request.user, found)
        if form.is_valid():
            try:
                version = actions.freeze(actor=request.user, brief=found, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("Version %(number)d is frozen.") % {"number": version.number})
                return redirect("brief:version", found.pk, version.number)
    context = {
        "brief": found,
        "form": form,
        "versions": found.versions.select_related("created_by"),
        "freezes": allowed(permissions.freeze, request.user, found),
        "why_not": why_not(check_may_freeze, found),
    }
    return render(request, "brief/versions.html", context)


@require_safe
def version(request: HttpRequest, brief: UUID, number: int) -> HttpResponse:
    """One frozen version, as it will be read."""
    found = brief_for(request.user, brief)
    permissions.read_versions(request.user, found)
    row = version_of(found, number)
    publication = publications.of_version(row)
    context = Context(
        assembly=assemble(publication, labels(publication.language)),
        figure_url=lambda asset: reverse("brief:figure", args=[found.pk, asset]) if asset else "",
    )
    shown = {
        "brief": found,
        "version": row,
        "outline": render_outline(context),
        "sections": [render_section(section, context) for section in publication.sections],
        "lists": render_lists(context),
        "bibliography": render_bibliography(context),
    }
    return render(request, "brief/version.html", shown)
