"""What the writing room shows beside the text: conversation, targets of cross-references, words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brief import anchors, texts
from brief.models import Brief, Comment, Section, Suggestion, Thread
from brief.states import AnchorState
from brief.visibility import threads_for
from document import numbering, tree
from document.anchors import Located


@dataclass(frozen=True)
class Conversation:
    """Threads as ``components/thread.html`` shows them, and where they stand for the editor."""

    threads: list[dict[str, Any]]
    anchors: list[dict[str, Any]]


def conversation(user: Any, brief: Brief, section: Section) -> Conversation:
    """The authors' threads of one section, open ones first."""
    rows = [thread for thread in threads_for(user, brief).filter(section=section) if thread.comments.all()]
    places = anchors.today([row.anchor for row in rows if hasattr(row, "anchor")])
    rows.sort(key=lambda row: (row.resolved_at is not None, row.created_at))
    shown = [_thread(row, places.get(row.pk)) for row in rows]
    marks = [_mark(row, places[row.pk]) for row in rows if row.pk in places and not row.resolved_at]
    return Conversation(shown, [mark for mark in marks if mark["block"]])


def _thread(thread: Thread, place: Located | None) -> dict[str, Any]:
    first, *replies = list(thread.comments.all())
    state = place.state.value if place else ""
    tags = [(AnchorState(state).label, "hold" if state == AnchorState.DELETED else "plain")] if state else []
    return {
        "id": f"thread-{thread.pk}",
        "pk": thread.pk,
        "who": name_of(first),
        "when": first.at,
        "body": first.body,
        "quotation": thread.anchor.quotation if place else "",
        "tags": tags if state != AnchorState.EXACT else [],
        "replies": [{"who": name_of(reply), "body": reply.body, "when": reply.at} for reply in replies],
        "state": "resolved" if thread.resolved_at else "",
        "resolved": thread.resolved_at is not None,
    }


def name_of(comment: Comment) -> str:
    """The person, or who the imported file says it was."""
    return str(comment.author) if comment.author else comment.author_name or _("Somebody")


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

    ``targets``: what a cross-reference can point to, ``{id, section, kind, label, text}``. ``firsts``: the
    provisional numbers with which the section begins, ``{paragraph, footnote, series}`` (JSON text).
    """

    targets: list[dict[str, Any]]
    firsts: dict[str, Any]


def surroundings(sections: list[Section], section: Section) -> Surroundings:
    """Read every section once, for its targets and for the numbers before ``section``."""
    documents = texts.many(sections)
    parsed = [(str(row.pk), row.title, json.loads(documents[row.pk])) for row in sections]
    place = next((index for index, row in enumerate(sections) if row.pk == section.pk), 0)
    return Surroundings(_targets(parsed), _firsts(parsed[:place]))


Parsed = list[tuple[str, str, tree.Node]]


def _targets(parsed: Parsed) -> list[dict[str, Any]]:
    numbered = numbering.number(parsed)
    found: list[dict[str, Any]] = []
    for identifier, title, doc in parsed:
        named = _("Section “%(title)s”") % {"title": title}
        found.append({"id": identifier, "section": title, "kind": "section", "label": named, "text": ""})
        for node in tree.blocks(doc):
            label = _label(node, numbered)
            if label:
                place = {"id": tree.block_id(node), "section": title, "kind": node["type"]}
                found.append({**place, "label": label, "text": _words(node)})
    return found


def _firsts(before: Parsed) -> dict[str, Any]:
    numbered = numbering.number(before)
    totals: dict[str, int] = {}
    for series, _number in numbered.series.values():
        totals[series] = totals.get(series, 1) + 1
    return {
        "paragraph": len(numbered.paragraphs) + 1,
        "footnote": len(numbered.footnotes) + 1,
        "series": json.dumps(totals),
    }


def _label(node: tree.Node, numbered: numbering.Numbering) -> str:
    """How a reference to this block reads: “Table 2”, “Paragraph 14”, a heading's words; else nothing."""
    identifier = tree.block_id(node)
    if node["type"] == "heading":
        words = tree.text(node).strip()
        return f"“{words}”" if words else ""
    if identifier in numbered.series:
        series, number = numbered.series[identifier]
        names = {"table": _("Table"), "figure": _("Figure"), "callout": _("Box"), "recommendation": _("Recommendation")}
        return f"{names[series]} {number}"
    if identifier in numbered.paragraphs:
        return _("Paragraph %(number)d") % {"number": numbered.paragraphs[identifier]}
    return ""


def _words(node: tree.Node) -> str:
    """What one recognises the block by, in a list."""
    if node["type"] == "heading":
        return ""
    return str(tree.attr(node, "caption") or tree.attr(node, "title") or " ".join(tree.text(node).split())[:80])


def suggestions(section: Section) -> dict[str, dict[str, str]]:
    """Suggestion id → who and when, for the marks in the text."""
    rows = Suggestion.objects.filter(section=section).select_related("author")
    return {
        row.identifier: {"author": str(row.author) if row.author else row.author_name, "at": row.at.isoformat()}
        for row in rows
    }
