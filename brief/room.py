"""What the writing room shows beside the text: conversation, targets of cross-references, words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.utils.translation import gettext as _

from brief import anchors, outlines
from brief.models import Brief, Comment, Section, Suggestion, Thread
from brief.outlines import Outline, Target
from brief.states import AnchorState
from brief.visibility import threads_for
from document.anchors import Located

#: Threads that are shown at once; the others are a link away.
SHOWN = 20
#: As the index of the threads has them: open ones first.
ORDER = (F("resolved_at").asc(nulls_first=True), "created_at", "id")


@dataclass(frozen=True)
class Conversation:
    """Threads as ``components/thread.html`` shows them, where they stand for the editor, and which page it is."""

    threads: list[dict[str, Any]]
    anchors: list[dict[str, Any]]
    page: Page[Any]


def conversation(
    user: Any, brief: Brief, section: Section, *, page: str | None = None, chosen: UUID | None = None
) -> Conversation:
    """One page of the authors' threads of a section, open ones first, and in any case the chosen one."""
    every = threads_for(user, brief).filter(section=section)
    # The page is cut from the index of the threads; only what is on it is then joined with its anchor.
    found: Page[Any] = Paginator(every.select_related(None).order_by(*ORDER).values_list("pk"), SHOWN).get_page(page)
    of_page: Any = found.object_list
    rows = list(every.filter(pk__in=of_page).order_by(*ORDER))
    if chosen is not None and all(row.pk != chosen for row in rows):
        rows = [*every.filter(pk=chosen), *rows]
    said = _said(rows)
    rows = [row for row in rows if row.pk in said]
    places = anchors.in_section(section, [row.anchor for row in rows if hasattr(row, "anchor")])
    shown = [_thread(row, said[row.pk], places.get(row.pk)) for row in rows]
    marks = [_mark(row, places[row.pk]) for row in rows if row.pk in places and not row.resolved_at]
    return Conversation(shown, [mark for mark in marks if mark["block"]], found)


@dataclass(frozen=True)
class Said:
    """One utterance. ``who`` is the person, or who the imported file says it was."""

    who: str
    body: str
    when: datetime


def _said(rows: list[Thread]) -> dict[UUID, list[Said]]:
    """What was said in each thread and not taken back, the first first: one query."""
    found: dict[UUID, list[Said]] = {}
    comments = Comment.objects.filter(thread__in=[row.pk for row in rows], withdrawn_at=None).order_by("at", "id")
    columns = ("thread_id", "author__name", "author__email", "author_name", "body", "at")
    for thread, name, address, imported, body, at in comments.values_list(*columns) if rows else ():
        who = name or address or imported or _("Somebody")
        found.setdefault(thread, []).append(Said(who, body, at))
    return found


def _thread(thread: Thread, said: list[Said], place: Located | None) -> dict[str, Any]:
    first, *replies = said
    state = place.state.value if place else ""
    tags = [(AnchorState(state).label, "hold" if state == AnchorState.DELETED else "plain")] if state else []
    return {
        "id": f"thread-{thread.pk}",
        "pk": thread.pk,
        "who": first.who,
        "when": first.when,
        "body": first.body,
        "quotation": thread.anchor.quotation if place else "",
        "tags": tags if state != AnchorState.EXACT else [],
        "replies": [{"who": each.who, "body": each.body, "when": each.when} for each in replies],
        "state": "resolved" if thread.resolved_at else "",
        "resolved": thread.resolved_at is not None,
    }


def _mark(thread: Thread, place: Located) -> dict[str, Any]:
    return {
        "thread": str(thread.pk),
        "block": place.block,
        "start": place.start,
        "end": place.end,
        "state": place.state.value,
    }


@dataclass(frozen=True)
class Surroundings:
    """What the editor must know of the whole brief.

    ``targets``: what a cross-reference to another section can point to, ``{id, section, kind, label, text}``
    (the editor reads its own section's from the text). ``firsts``: the provisional numbers with which the
    section begins, ``{paragraph, footnote, series}`` (JSON text).
    """

    targets: list[dict[str, Any]]
    firsts: dict[str, Any]


def surroundings(sections: list[Section], section: Section) -> Surroundings:
    """The other sections' targets and the numbers before ``section``."""
    targets: list[dict[str, Any]] = []
    firsts: dict[str, Any] = {}
    before = _Running()
    for row, outline in zip(sections, outlines.of(sections), strict=True):
        named = _("Section “%(title)s”") % {"title": row.title}
        place = {"section": row.title, "text": ""}
        targets.append({"id": str(row.pk), **place, "kind": "section", "label": named})
        if row.pk == section.pk:
            firsts = before.firsts()
        else:
            targets += [_target(each, row.title, before) for each in outline.targets]
        before.add(outline)
    # The concept note is not among the sections: it counts for itself.
    return Surroundings(targets, firsts or _Running().firsts())


class _Running:
    """How many of everything came before."""

    def __init__(self) -> None:
        self.counts = {"paragraph": 0, "footnote": 0}

    def add(self, outline: Outline) -> None:
        counted = {"paragraph": outline.paragraphs, "footnote": outline.footnotes, **outline.series}
        for name, number in counted.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def firsts(self) -> dict[str, Any]:
        first = {name: number + 1 for name, number in self.counts.items()}
        return {
            "paragraph": first.pop("paragraph"),
            "footnote": first.pop("footnote"),
            "series": json.dumps(first),
        }


def _target(target: Target, section: str, before: _Running) -> dict[str, Any]:
    label, text = _label(target, target.number + before.counts.get(target.series, 0)), target.words
    if target.kind == "heading":
        label, text = f"“{target.words}”", ""
    return {"id": target.id, "section": section, "kind": target.kind, "label": label, "text": text}


def _label(target: Target, number: int) -> str:
    """How a reference to this block reads: “Table 2”, “Paragraph 14”."""
    if target.series == "paragraph":
        return _("Paragraph %(number)d") % {"number": number}
    names = {"table": _("Table"), "figure": _("Figure"), "callout": _("Box"), "recommendation": _("Recommendation")}
    return f"{names.get(target.series, '')} {number}"


def suggestions(section: Section) -> dict[str, dict[str, str]]:
    """Suggestion id → who and when, for the marks in the text."""
    columns = ("identifier", "author__name", "author__email", "author_name", "at")
    rows = Suggestion.objects.filter(section=section).values_list(*columns)
    return {
        identifier: {"author": name or address or imported, "at": at.isoformat()}
        for identifier, name, address, imported, at in rows
    }
