"""Find and replace over the whole brief, as the writing room's dialog asks for it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, permissions, texts
from brief.models import Brief, Section, SectionRight
from brief.states import Right
from brief.visibility import brief_for
from document.engine import Query, engine
from ledger.asked import reads_json
from ledger.refusals import Refusal

#: Characters (editor/find/matches.ts), places shown of one section, and of all.
MOST_ASKED, MOST_SHOWN, MOST_LISTED = 200, 50, 500
MOST_BYTES = 1_000_000


@require_safe
def find(request: HttpRequest, brief: UUID) -> JsonResponse:
    """``{count, sections: [{id, title, url, count, shown, why_not, suggests}]}``, only those in which it is found.

    ``why_not`` is the sentence why the person may not replace there, or empty; ``suggests``: only as suggestions.
    """
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    query = _query(request.GET)
    if query is None:
        return JsonResponse({"count": 0, "sections": []})
    sections = _living(found)
    _remember_rights(request.user, sections)
    read = texts.many(sections)
    rows, left = [], MOST_LISTED
    for section in sections:
        result = engine().find(read[section.pk], query, min(MOST_SHOWN, left))
        left -= len(result["shown"])
        if result["count"]:
            rows.append(_described(request.user, found, section) | result)
    return JsonResponse({"count": sum(row["count"] for row in rows), "sections": rows})


@require_POST
@reads_json
def replace(request: HttpRequest, brief: UUID) -> JsonResponse:
    """``{count, suggested, left, sections: [{id, title, count, version, undo}]}`` after replacing in those named.

    ``suggest`` in what is sent makes suggestions everywhere; ``left``: places that cannot be suggested and stay.
    """
    found = brief_for(request.user, brief)
    sent = _sent(request)
    query = _query(sent)
    replacement, wanted = sent.get("replacement"), sent.get("sections")
    if query is None or not isinstance(replacement, str) or not isinstance(wanted, list):
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    chosen = [section for section in _living(found) if str(section.pk) in wanted]
    try:
        done = actions.replace_text(
            actor=request.user,
            brief=found,
            query=query,
            replacement=replacement,
            sections=chosen,
            suggest=_yes(sent.get("suggest")),
        )
    except Refusal as refusal:
        return _refused(refusal)
    rows = [
        {"id": str(each.section.pk), "title": each.section.title, "count": each.count}
        | {"version": each.version, "undo": each.undo}
        for each in done
    ]
    return JsonResponse(
        {
            "count": sum(each.count for each in done),
            "suggested": sum(each.count for each in done if each.suggested),
            "left": sum(each.left for each in done),
            "sections": rows,
        }
    )


@require_POST
@reads_json
def put_back(request: HttpRequest, brief: UUID) -> JsonResponse:
    """``{count}``: how many places are as they were before a replacement."""
    found = brief_for(request.user, brief)
    sections = {str(section.pk): section for section in _living(found)}
    try:
        places = [
            (sections[str(each["id"])], int(each["version"]), list(each["undo"]))
            for each in list(_sent(request)["sections"])
            if str(each["id"]) in sections
        ]
    except (KeyError, TypeError, ValueError):
        return JsonResponse({"error": _("This request cannot be read.")}, status=400)
    try:
        return JsonResponse({"count": actions.put_back(actor=request.user, brief=found, places=places)})
    except Refusal as refusal:
        return _refused(refusal)


def _refused(refusal: Refusal) -> JsonResponse:
    if refusal.status == 404:
        raise refusal
    return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)


def _living(brief: Brief) -> list[Section]:
    """In order, with their texts: the engine may hold none of them."""
    rows = list(Section.objects.filter(brief=brief, deleted_at=None).order_by("order", "id"))
    for row in rows:
        row.brief = brief
    return rows


def _remember_rights(user: Any, sections: list[Section]) -> None:
    """The person's own rights on all sections in one query; what all authors may do stands in their rows."""
    own = dict(SectionRight.objects.filter(section__in=sections, user=user).values_list("section_id", "right"))
    for section in sections:
        permissions.remember_right(user, section, own.get(section.pk))


def _described(user: Any, brief: Brief, section: Section) -> dict[str, Any]:
    reason = permissions.why_not_now(permissions.suggest_in, user, section)
    suggests = not reason and permissions.right_on(user, section) == Right.SUGGEST
    url = reverse("brief:section", args=[brief.pk, section.pk])
    return {"id": str(section.pk), "title": section.title, "url": url, "why_not": reason, "suggests": suggests}


def _query(sent: Any) -> Query | None:
    """What is asked for, or None when it is nothing that could be found."""
    text = sent.get("text", "")
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_ASKED:
        return None
    return Query(text, match_case=_yes(sent.get("match_case")), whole_words=_yes(sent.get("whole_words")))


def _yes(value: Any) -> bool:
    return value in (True, "true")


def _sent(request: HttpRequest) -> dict[str, Any]:
    """The body's object; an empty one when it cannot be read."""
    if len(request.body) > MOST_BYTES:
        return {}
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}
