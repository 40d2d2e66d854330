"""Suggestions of a section: who made them and when, and deciding about them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from brief import actions, permissions, suggestions
from brief.states import Decision
from brief.visibility import brief_for, text_of
from ledger.asked import reads_json
from ledger.refusals import Refusal

MOST_BYTES = 1_000_000


@reads_json
def index(request: HttpRequest, brief: UUID, section: UUID) -> JsonResponse:
    """GET: ``suggestions.told``. POST ``{decision, suggestions: [id] | null}``: ``{count, version}``, null: all."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    row = text_of(found, section)
    if request.method != "POST":
        return JsonResponse(suggestions.told(row, request.user))
    sent = _read(request)
    if sent is None:
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    decision, chosen = sent
    try:
        count = actions.decide_suggestions(actor=request.user, section=row, decision=decision, identifiers=chosen)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)
    return JsonResponse({"count": count, "version": row.version})


def _read(request: HttpRequest) -> tuple[Decision, list[str] | None] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        sent: dict[str, Any] = json.loads(request.body)
        decision, chosen = Decision(sent["decision"]), sent["suggestions"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if chosen is not None and not (isinstance(chosen, list) and all(isinstance(each, str) for each in chosen)):
        return None
    return decision, chosen
