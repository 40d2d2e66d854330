"""Suggestions as rows: which steps bring new ones, what waits in a text, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from brief import texts
from brief.models import Section, Suggestion
from document.engine import engine

NAMES = frozenset({"insertion", "deletion", "modification"})
#: Decided suggestions that are told at once.
MOST_DECIDED = 50


def added(steps: Iterable[str]) -> list[str]:
    """The ids of suggestions that steps put into a text. This is asked at every few letters of everybody."""
    found: set[str] = set()
    for step in steps:
        # Most steps are letters, and looking for a word costs nothing beside reading JSON.
        if any(f'"{name}"' in step for name in NAMES):
            found.update(_added(json.loads(step)))
    return sorted(found)


def _added(step: dict[str, Any]) -> Iterator[str]:
    if step.get("stepType") in ("addMark", "addNodeMark"):
        yield from _marked([step["mark"]])
    for node in (step.get("slice") or {}).get("content") or []:
        yield from _within(node)


def _within(node: dict[str, Any]) -> Iterator[str]:
    yield from _marked(node.get("marks") or [])
    for child in node.get("content") or []:
        yield from _within(child)


def _marked(marks: list[dict[str, Any]]) -> Iterator[str]:
    return (str(mark["attrs"]["id"]) for mark in marks if mark["type"] in NAMES)


def wait_again(section: Section) -> None:
    """Take back what was decided about suggestions that stand in today's text again, with words brought back."""
    standing = set(_within(texts.document(section)))
    rows = Suggestion.objects.filter(section=section, identifier__in=standing).exclude(decision="")
    rows.update(decision="", decided_at=None, decided_by=None, before="", after="")


def pending(section: Section) -> list[dict[str, Any]]:
    """What waits in today's text, as ``Engine.suggestions`` tells it."""
    return engine().suggestions(texts.current(section)[1])


def told(section: Section, user: Any) -> dict[str, Any]:
    """``{pending: {id: {author, at, mine}}, decided: [{author, at, decision, by, decided, before, after}]}``.

    The last decided first. Two queries, however many there are.
    """
    columns = ("identifier", "author_id", "author__name", "author__email", "author_name", "at")
    rows = Suggestion.objects.filter(section=section, decision="").values_list(*columns)
    waiting = {
        identifier: {"author": _who(*who), "at": at.isoformat(), "mine": author == user.pk}
        for identifier, author, *who, at in rows
    }
    return {"pending": waiting, "decided": _decided(section)}


def _decided(section: Section) -> list[dict[str, Any]]:
    rows = Suggestion.objects.filter(section=section).exclude(decision="").select_related("author", "decided_by")
    return [
        {
            "id": row.identifier,
            "author": _name(row.author, row.author_name),
            "at": row.at.isoformat(),
            "decision": row.decision,
            "by": _name(row.decided_by, ""),
            "decided": row.decided_at.isoformat() if row.decided_at else "",
            "before": row.before,
            "after": row.after,
        }
        for row in rows.order_by(F("decided_at").desc(), "pk")[:MOST_DECIDED]
    ]


def _name(person: Any, imported: str) -> str:
    return _who(person.name, person.email, imported) if person else _who(None, None, imported)


def _who(name: str | None, address: str | None, imported: str) -> str:
    return name or address or imported or _("Somebody")
