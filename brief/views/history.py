"""The timeline of a brief and of each section, the text of a moment, who wrote it, and bringing it back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, permissions
from brief.forms import NamePointForm
from brief.history import authors_pages, pages, then
from brief.models import Brief, Section
from brief.policies import check_open_to_edits
from brief.visibility import brief_for, point_of, text_of
from ledger.refusals import Refusal, allowed, why_not


def _draft(request: HttpRequest, brief: UUID) -> Brief:
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    return found


def figure_url(brief: Brief) -> Callable[[str], str]:
    return lambda asset: reverse("brief:figure", args=[brief.pk, asset]) if asset else ""


@require_safe
def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """What happened of late to the whole brief; naming this moment."""
    found = _draft(request, brief)
    context = {
        "brief": found,
        "rows": pages.of_brief(found),
        "sections": found.sections.filter(deleted_at=None).defer("snapshot").order_by("order", "id"),
        "names": allowed(permissions.write, request.user, found),
        "form": NamePointForm(),
    }
    return render(request, "brief/history.html", context)


@require_POST
def name(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Give this moment of the draft a name."""
    found = _draft(request, brief)
    form = NamePointForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return redirect("brief:history", found.pk)
    try:
        point = actions.name_point(actor=request.user, brief=found, **form.cleaned_data)
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("This moment is called “%(name)s”.") % {"name": point.name})
    return redirect("brief:history", found.pk)


@require_POST
def remove_name(request: HttpRequest, brief: UUID, point: int) -> HttpResponse:
    found = _draft(request, brief)
    row = point_of(found, point)
    actions.remove_point(actor=request.user, point=row)
    messages.success(request, _("“%(name)s” is no longer a name.") % {"name": row.name})
    return redirect("brief:history", found.pk)


@require_safe
def section(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """One section's timeline. ``?before=`` is the step with which the page begins; asked by script, the list alone."""
    found = _draft(request, brief)
    row = text_of(found, section)
    before = request.GET.get("before", "")
    rows, further = pages.of_section(row, before=int(before) if before.isdigit() and len(before) < 10 else None)
    context = {"brief": found, "section": row, "rows": rows, "further": further, "now": row.version}
    alone = request.headers.get("X-Panel") == "history"
    return render(request, "brief/_timeline.html" if alone else "brief/section_history.html", context)


@require_safe
def words(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """Who wrote which words of today's text."""
    found = _draft(request, brief)
    row = text_of(found, section)
    return render(request, "brief/authorship.html", {"brief": found, "section": row, **authors_pages.shown(row)})


@require_safe
def moment(request: HttpRequest, brief: UUID, section: UUID, step: int) -> HttpResponse:
    """The text of a section after so many steps, with what has become of each paragraph since."""
    found = _draft(request, brief)
    row = text_of(found, section)
    if step > row.version:
        raise Http404
    context = {"brief": found, "section": row, "step": step, "now": row.version}
    try:
        shown = then.then(row, step, figure_url=figure_url(found))
    except Refusal as refusal:
        return render(request, "brief/moment.html", {**context, "lost": str(refusal.sentence)})
    context |= {
        "then": shown,
        "at": pages.time_of(row, step),
        "writes": allowed(permissions.write_section, request.user, row),
        "why_not": why_not(check_open_to_edits, found),
        "compare": pages.compare_url(found.pk, section=row.pk, old=step, new=row.version),
    }
    return render(request, "brief/moment.html", context)


@require_POST
def bring_back(request: HttpRequest, brief: UUID, section: UUID, step: int) -> HttpResponse:
    """Bring the section, or one block of it, back from that moment; what changed is shown afterwards."""
    found = _draft(request, brief)
    row = text_of(found, section)
    seen, block = request.POST.get("seen", ""), request.POST.get("block", "")
    if not seen.isdigit() or len(seen) > 9 or len(block) > 40:
        return HttpResponseBadRequest(_("Say what should be brought back."))
    before = row.version
    try:
        if block:
            beside = request.POST.get("how") == "beside"
            actions.bring_back_block(
                actor=request.user, section=row, version=step, block=block, seen=int(seen), beside=beside
            )
        else:
            actions.bring_back_section(actor=request.user, section=row, version=step, seen=int(seen))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, str(refusal.sentence))
        return redirect("brief:moment", found.pk, row.pk, step)
    return _told(request, row, before)


def _told(request: HttpRequest, row: Section, before: int) -> HttpResponse:
    if row.version == before:
        messages.info(request, _("Nothing had to be changed: the text reads so already."))
        return redirect("brief:section", row.brief_id, row.pk)
    messages.success(request, _("It is back. Nothing is lost: below is what changed, and the way to undo it."))
    return redirect(pages.compare_url(row.brief_id, section=row.pk, old=before, new=row.version))
