"""Two states of a brief, or two moments of a section, beside each other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from brief import permissions
from brief.history import comparing, pages, standings
from brief.history.comparing import View
from brief.history.standings import Choice, Standing
from brief.models import Brief, Section
from brief.views.history import figure_url
from brief.visibility import brief_for, text_of
from ledger.refusals import Refusal, allowed
from ledger.slots import Link


@require_safe
def page(request: HttpRequest, brief: UUID) -> HttpResponse:
    """``?from=`` and ``?to=`` are versions (v3), named points (n7) or today's draft (now); with ``?section=`` steps.

    ``view=side`` puts both beside each other, ``whole=1`` shows what did not change, too.
    """
    found = brief_for(request.user, brief)
    permissions.read_versions(request.user, found)
    view: View = "side" if request.GET.get("view") == "side" else "inline"
    context: dict[str, Any] = {"brief": found, "view": view, "whole": request.GET.get("whole") == "1"}
    try:
        context |= _asked(request, found)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return render(request, "brief/compare.html", {**context, "lost": str(refusal.sentence)})
    sides = context.pop("sides", None)
    if sides is not None:
        old, new = sides
        context["comparison"] = comparing.compare(
            old, new, view=view, whole=context["whole"], figure_url=figure_url(found)
        )
    context["query"] = _query(request)
    return render(request, "brief/compare.html", context)


def _query(request: HttpRequest) -> str:
    """The address as it stands without how it is shown."""
    asked = request.GET.copy()
    for name in ("view", "whole"):
        asked.pop(name, None)
    return asked.urlencode()


def _asked(request: HttpRequest, brief: Brief) -> dict[str, Any]:
    if request.GET.get("section"):
        return _of_section(request, brief)
    choices = standings.choices(request.user, brief)
    old, new = request.GET.get("from"), request.GET.get("to")
    if len(choices) < 2 and not (old and new):
        return {"choices": []}
    old, new = old or _version_before(choices), new or choices[0].ref
    sides = standings.standing(request.user, brief, old), standings.standing(request.user, brief, new)
    forwards = sides[0].at is not None and (sides[1].at is None or sides[0].at < sides[1].at)
    return {"choices": choices, "from": old, "to": new, "sides": sides, **_files(request, brief, old, new, forwards)}


def _version_before(choices: list[Choice]) -> str:
    """The newest version that is not the newest thing there is."""
    return next((choice.ref for choice in choices[1:] if choice.number), choices[1].ref)


def _files(request: HttpRequest, brief: Brief, old: str, new: str, forwards: bool) -> dict[str, Any]:
    """The way to the same comparison as a file, for authors: forwards, to a later standing or to today's draft."""
    since, until = _asked_as(old), _asked_as(new)
    if not since or not forwards:
        return {}
    if not allowed(permissions.export_draft, request.user, brief):
        return {}
    asked = {"since": since, **({"version": until} if until else {})}
    where = reverse("brief:exports", args=[brief.pk])
    return {
        "files": [
            Link(_("For Word, with tracked changes"), f"{where}?{urlencode(asked)}"),
            Link(_("As PDF"), f"{where}?{urlencode({**asked, 'format': 'pdf'})}"),
        ]
    }


def _asked_as(ref: str) -> str:
    """How the form for files names it; empty for today's draft."""
    return "" if ref == standings.NOW else ref.removeprefix("v")


def _of_section(request: HttpRequest, brief: Brief) -> dict[str, Any]:
    permissions.read_draft(request.user, brief)
    try:
        row = text_of(brief, UUID(request.GET["section"]))
        old = int(request.GET.get("from") or 0)
        new = int(request.GET["to"]) if request.GET.get("to") else row.version
    except ValueError as error:
        raise Http404 from error
    writes = permissions.may_now(permissions.write_section, request.user, row)
    return {
        "section": row,
        "sides": (_standing(row, old), _standing(row, new)),
        "from": old,
        "to": new,
        "undoes": writes and new == row.version and old < new,
        "back": reverse("brief:bring_back", args=[brief.pk, row.pk, old]) if 0 <= old < row.version else "",
    }


def _standing(section: Section, step: int) -> Standing:
    at = pages.time_of(section, step)
    label = _("Today") if step == section.version else _("Earlier")
    return Standing(str(step), label, at, standings.of_section(section, step))
