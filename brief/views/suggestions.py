"""Suggestions of a section: who made them and when, and deciding about them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from brief import actions, permissions, suggestions
from brief.models import Section
from brief.states import Decision
from brief.visibility import brief_for, text_of
from ledger.asked import reads_json
from ledger.refusals import Refusal

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Undo:
    """The decision that is to be taken back, as the answer to it named it."""

    before: int
    after: int

    def checked(self) -> Undo:
        """Raises ValueError when these are no versions."""
        whole = all(isinstance(each, int) and not isinstance(each, bool) for each in (self.before, self.after))
        if not whole or not 0 <= self.before < self.after < MOST_VERSIONS:
            raise ValueError
        return self


#: What is sent: a decision about these suggestions or all, with the page's key to it, or one to be taken back.
Asked = tuple[Decision, list[str] | None, str] | Undo
#: How a page may call its decision; without one the server does.
KEY = re.compile(r"([0-9a-f]{12})?")
#: PostgreSQL's integers end there.
MOST_VERSIONS = 2**31


@reads_json
def index(request: HttpRequest, brief: UUID, section: UUID) -> JsonResponse:
    """GET: ``suggestions.told``. POST ``{decision, suggestions: [id] | null, key}``: ``{count, version, undo}``.

    ``null`` means all. POST ``{undo}`` takes that decision back: ``{count, version}``.
    """
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    row = text_of(found, section)
    if request.method != "POST":
        return JsonResponse(suggestions.told(row, request.user))
    sent = _read(request)
    if sent is None:
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    try:
        return JsonResponse(_done(request.user, row, sent))
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)


def _done(user: Any, section: Section, sent: Asked) -> dict[str, Any]:
    if isinstance(sent, Undo):
        count = actions.take_back_decision(actor=user, section=section, before=sent.before, after=sent.after)
        return {"count": count, "version": section.version}
    done = actions.decide_suggestions(actor=user, section=section, decision=sent[0], identifiers=sent[1], key=sent[2])
    undo = {"before": done.before, "after": done.after}
    return {"count": done.count, "version": section.version, "undo": undo}


def _read(request: HttpRequest) -> Asked | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        sent: dict[str, Any] = json.loads(request.body)
        if "undo" in sent:
            return Undo(**sent["undo"]).checked()
        decision, chosen, key = Decision(sent["decision"]), sent["suggestions"], sent.get("key", "")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if chosen is not None and not (isinstance(chosen, list) and all(isinstance(each, str) for each in chosen)):
        return None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        return None
    return decision, chosen, key
