"""The writing room's page and the endpoints its editor speaks to."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.devices import is_shared
from brief import conversation, editor_strings, permissions, room, steps, texts
from brief.actions.sections import outline_of
from brief.models import Section
from brief.views.sections import around
from brief.views.threads import shown, uuid
from brief.visibility import brief_for, text_of
from document.assembly import direction
from document.engine import engine
from ledger.asked import reads_json
from ledger.refusals import Refusal, allowed
from ledger.slots import writing_panels

#: A request with more than this is not typing (TRUST, hostile steps).
MOST_BYTES = 1_000_000


@require_safe
def page(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """The writing room: outline, editor, side column. ``?thread=`` shows that thread whatever page it is on."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    sections = outline_of(found)
    row = next((each for each in sections if each.pk == section), None) or text_of(found, section)
    writes = permissions.may_now(permissions.suggest_in, request.user, row)
    beside = around(request.user, found, sections, row)
    talks = allowed(permissions.talk, request.user, found)
    chosen = uuid(request.GET.get("thread"))
    side = conversation.of_section(
        request.user, found, row, page=request.GET.get("page"), chosen=chosen, show=request.GET.get("show", "")
    )
    told = room.surroundings(sections, row)
    context = {
        "brief": found,
        "section": row,
        **beside,
        "can_edit": writes,
        "right": permissions.right_now(request.user, row),
        "why_not": permissions.why_not_now(permissions.suggest_in, request.user, row),
        "talks": talks,
        **shown(request, found, side, talks=talks),
        "anchors": side.anchors,
        "targets": told.targets,
        "addressees": room.addressees(found),
        "firsts": told.firsts,
        "schema": engine().schema_version,
        "language": row.language or found.language,
        "direction": direction(row.language or found.language),
        "strings": editor_strings.strings(),
        "shared_device": is_shared(request),
        "panels": sorted(writing_panels.collect(request.user, row), key=lambda panel: panel.order),
        "live_url": f"{reverse('live')}?brief={found.pk}",
    }
    return render(request, "brief/room.html", context)


def _open(request: HttpRequest, brief: UUID, section: UUID) -> Section:
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    return text_of(found, section)


@require_safe
def document(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """``{version, doc, hash, schema}``: today's text of one section."""
    row = _open(request, brief, section)
    version, text = texts.current(row)
    head = json.dumps({"version": version, "hash": texts.head_hash(row), "schema": engine().schema_version})
    # The text is canonical JSON already; parsing it here only to write it again would double the cost.
    return HttpResponse(f'{head[:-1]}, "doc": {text}}}', content_type="application/json")


@require_safe
def numbers(request: HttpRequest, brief: UUID, section: UUID) -> JsonResponse:
    """``{targets, paragraph, footnote, series}``: what the page said of the other sections, as it is now."""
    row = _open(request, brief, section)
    told = room.surroundings(outline_of(row.brief), row)
    series = json.loads(told.firsts["series"])
    return JsonResponse({"targets": told.targets, **told.firsts, "series": series})


@reads_json
def exchange(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """GET: what came since a version. POST: steps made on a version. Refusals are JSON sentences."""
    try:
        if request.method == "POST":
            return _submit(request, brief, section)
        row = _asked(request, brief, section)
        # Who signed in again in another tab has a new token; the editor learns it here.
        token = {"csrf": get_token(request)}
        return JsonResponse(steps.since(row, _whole(request.GET.get("since"), row.version)) | token)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return JsonResponse({"error": str(refusal.sentence)}, status=403)


def _asked(request: HttpRequest, brief: UUID, section: UUID) -> Section:
    """As ``_open``, of what can be asked every few seconds by everybody who is there."""
    row = steps.looked_at(request.user, section, brief)
    if row is None:
        # What there is to say of it, a page says in the same words.
        return _open(request, brief, section)
    permissions.read_draft(request.user, row.brief)
    return row


def _whole(value: str | None, fallback: int) -> int:
    return int(value) if value and value.isdigit() and len(value) < 10 else fallback


def _submit(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    if request.headers.get("X-Writing-As", str(request.user.pk)) != str(request.user.pk):
        # A tab that was left open: what one person typed there must not be saved as another's.
        told = _("Somebody else has signed in in this browser. Your words are kept here until you sign in again.")
        return JsonResponse({"error": told}, status=401)
    large = len(request.body) > MOST_BYTES
    sent = None if large else _read(request.body)
    if sent is None:
        # A stranger is told nothing but that there is nothing.
        brief_for(request.user, brief)
        if large:
            return JsonResponse({"error": _("This is too much at once.")}, status=413)
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    answer = steps.submit(actor=request.user, brief_id=brief, section_id=section, **sent)
    return JsonResponse(answer.body, status=answer.status)


#: What a client calls itself and its requests: no character that a database or a log would choke on.
_NAME = re.compile(r"[!-~]{1,40}")
#: Field → what it must be. Python's bool is an int, so whole numbers are told apart by type.
SHAPE: dict[str, type] = {"version": int, "client": str, "key": str, "schema": int, "steps": list}


def _read(body: bytes) -> dict[str, Any] | None:
    """The request's five fields, or None when they are not what they must be."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or any(type(sent.get(name)) is not kind for name, kind in SHAPE.items()):
        return None
    if not 0 <= sent["version"] < 2**31 or not sent["steps"]:
        return None
    if any(not _NAME.fullmatch(sent[name]) for name in ("client", "key")) or steps.is_servers(sent["client"]):
        return None
    return {name: sent[name] for name in SHAPE}
