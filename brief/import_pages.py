"""What the import's pages show: the outline as rows, paragraphs of an entry, the report in groups."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.models import ImportDraft
from document.characters import shorten
from document.importing import Reading, Report, outline
from document.importing.outline import Entry
from document.importing.report import COUNTED, SENTENCES, Finding

NAMES: dict[str, str | Promise] = {
    "words": gettext_lazy("Words"),
    "headings": gettext_lazy("Headings"),
    "footnotes": gettext_lazy("Footnotes"),
    "tables": gettext_lazy("Tables"),
    "boxes": gettext_lazy("Boxes"),
    "figures": gettext_lazy("Figures"),
    "comments": gettext_lazy("Comments"),
    "replies": gettext_lazy("Replies"),
    "insertions": gettext_lazy("Insertions"),
    "deletions": gettext_lazy("Deletions"),
    "modifications": gettext_lazy("Changes of form"),
    "resolved": gettext_lazy("Resolved"),
}
#: A section longer than this is split at one of its first places, and then again.
MOST_PLACES = 600
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("pointed_out", gettext_lazy("For you to look at")),
    ("left_out", gettext_lazy("Left out")),
    ("repaired", gettext_lazy("Repaired")),
)


def preview(draft: ImportDraft) -> dict[str, Any]:
    """Entries as rows, the title that was found, counts and what needs a look."""
    reading = Reading.from_text(draft.reading)
    entries = outline.from_json(json.loads(draft.outline))
    sizes = outline.size(reading.pieces, entries)
    rows, depth = [], 0
    for at, entry in enumerate(entries):
        depth = entry.depth if entry.kind == "section" else depth
        rows.append(_row(at, entry, sizes[at], depth, outline.room(entries, at)))
    sections = [row for row in rows if row["kind"] == "section"]
    return {"found_title": reading.title, "rows": rows, "sections": len(sections), **report(draft)}


def _row(at: int, entry: Entry, words: int, depth: int, room: bool) -> dict[str, Any]:
    level = entry.depth if entry.kind == "section" else entry.level + depth
    return {
        "at": at,
        "key": f"{at}-{entry.position}",
        "title": entry.title,
        "kind": entry.kind,
        "level": level,
        "words": words,
        "made": entry.made,
        "first": at == 0,
        "room": room,
        "depth": entry.depth,
        "long": entry.kind == "section" and words > outline.LONG,
    }


def inside(draft: ImportDraft, at: int) -> dict[str, Any] | None:
    """The pieces under an entry, up to the next one (for a section: the next section); None without such an entry."""
    entries = outline.from_json(json.loads(draft.outline))
    if not 0 <= at < len(entries):
        return None
    reading = Reading.from_text(draft.reading)
    entry = entries[at]
    ends = [each.position for each in entries[at + 1 :] if each.kind == "section" or entry.kind != "section"]
    first = entry.position + (0 if entry.made else 1)
    headings = {each.position for each in entries if each.kind == "heading"}
    shown = [
        {"position": place, "text": _first_words(reading, place), "heading": place in headings}
        for place in range(max(first, 1), ends[0] if ends else len(reading.pieces))
    ]
    return {"entry": entry, "at": at, "places": shown[:MOST_PLACES]}


def _first_words(reading: Reading, place: int) -> str:
    piece = reading.pieces[place]
    kinds = {"table": _("Table"), "figure": _("Figure"), "callout": _("Box")}
    words = shorten(piece.text, 140) or _named(piece.node.get("attrs", {}))
    return f"{kinds[piece.type]}: {words}" if piece.type in kinds else words


def _named(attrs: dict[str, Any]) -> str:
    return str(attrs.get("title") or attrs.get("caption") or attrs.get("alt") or "")


def report(draft: ImportDraft) -> dict[str, Any]:
    """Counts found and kept, and findings by group and sentence."""
    if not draft.report:
        return {"counts": [], "groups": []}
    made = Report.from_json(json.loads(draft.report))
    counts = [
        {"name": NAMES[name], "found": made.found.get(name, 0), "kept": made.kept.get(name, 0)}
        for name in COUNTED
        if made.found.get(name) or made.kept.get(name)
    ]
    groups = [{"title": title, "lines": _grouped(made.under(code))} for code, title in GROUPS]
    return {"counts": counts, "groups": [group for group in groups if group["lines"]]}


def _grouped(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings that say the same are one line with all their places."""
    lines: dict[str, dict[str, Any]] = {}
    for finding in findings:
        sentence = _(SENTENCES[finding.code]) % finding.values
        general = finding.code in (
            "plain-heading",
            "styled-paragraph",
            "joined",
            "format-change",
            "comment-cut",
            "list-nested",
            "hyphen-joined",
            "hyphen-kept",
            "title-note",
            "no-alt",
            "struck",
        )
        key = finding.code if general else sentence
        line = lines.setdefault(key, {"sentence": _general(finding.code, sentence), "places": []})
        if finding.section or finding.excerpt:
            # What is said of a section's title names it once.
            excerpt = finding.excerpt if finding.excerpt != finding.section else ""
            line["places"].append({"section": finding.section, "excerpt": excerpt})
    return list(lines.values())


def _general(code: str, sentence: str) -> str:
    return _("Plain lines were recognised as headings") if code == "plain-heading" else sentence
