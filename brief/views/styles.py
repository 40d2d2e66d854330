"""The citation style of a brief, chosen by looking at it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from brief import actions, permissions, source_pages
from brief.visibility import brief_for
from document import styles
from document.sandbox import SandboxError
from ledger.refusals import Refusal


def style(request: HttpRequest, brief: UUID) -> HttpResponse:
    """How this brief's own sources read in a style; POST makes it the brief's."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    if request.method == "POST":
        return _choose(request, brief)
    looked = request.GET.get("style") or found.citation_style
    query = request.GET.get("q", "").strip()[:100]
    context = {
        "brief": found,
        "looked": looked,
        "query": query,
        "offered": list(styles.STYLES.items()),
        "found": [(name, styles.title(name)) for name in styles.search(query)],
        "can_choose": permissions.may_now(permissions.edit_brief, request.user, found),
        "why_not": permissions.why_not_now(permissions.edit_brief, request.user, found),
    }
    try:
        context |= {"title": styles.title(looked), "preview": source_pages.style_preview(found, looked)}
    except (styles.UnknownStyle, SandboxError):
        context |= {"title": looked, "preview": None}
    return render(request, "brief/citation_style.html", context)


def _choose(request: HttpRequest, brief: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.edit_brief(request.user, found)
    name = request.POST.get("style", "")
    try:
        styles.sheet(name)
    except styles.UnknownStyle:
        messages.error(request, _("There is no such citation style."))
        return redirect("brief:citation_style", found.pk)
    try:
        actions.edit_brief(actor=request.user, brief=found, citation_style=name)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Citations now follow %(style)s.") % {"style": styles.title(name)})
    return redirect("brief:citation_style", found.pk)
