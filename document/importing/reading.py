"""A draft as read: pieces, proposed outline, comments, suggestions, pictures and the report so far."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from document import tree
from document.importing import assemble, details, outline
from document.importing.assemble import Imported
from document.importing.outline import Entry
from document.importing.pieces import Piece, copied
from document.importing.report import Report

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(value: int) -> str:
    out = ""
    while value or not out:
        value, digit = divmod(value, 36)
        out = _DIGITS[digit] + out
    return out


class Names:
    """Ids from a seed: the same seed gives the same ones, two seeds give different ones.

    Block ids are 12 characters [a-z0-9]: seven from the seed, five counted.
    """

    def __init__(self, seed: str) -> None:
        self.prefix = base36(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")).rjust(7, "0")[-7:]
        self._count = 0

    def block(self) -> str:
        self._count += 1
        return f"{self.prefix}{base36(self._count).rjust(5, '0')}"


@dataclass
class Reading:
    """All of a draft between reading and confirming; ``to_text`` and ``from_text`` keep it in a file."""

    title: str
    pieces: list[Piece]
    entries: list[Entry]
    comments: list[dict[str, Any]] = field(default_factory=list)
    suggestions: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def to_text(self) -> str:
        """JSON."""
        return json.dumps(
            {
                "title": self.title,
                "pieces": [piece.to_json() for piece in self.pieces],
                "entries": [entry.to_json() for entry in self.entries],
                "comments": self.comments,
                "suggestions": self.suggestions,
                "figures": self.figures,
                "report": self.report.to_json(),
            },
            ensure_ascii=False,
        )

    @staticmethod
    def from_text(text: str) -> Reading:
        data = json.loads(text)
        return Reading(
            data["title"],
            [Piece(**each) for each in data["pieces"]],
            outline.from_json(data["entries"]),
            data["comments"],
            data["suggestions"],
            data["figures"],
            Report.from_json(data["report"]),
        )

    def identify(self, next_id: Callable[[], str]) -> None:
        for piece in self.pieces:
            assemble.identify(piece.node, next_id)

    def assembled(self, entries: list[Entry] | None = None) -> Imported:
        """Sections by these entries (or the proposal); the reading itself is left as it is."""
        report = Report.from_json(json.loads(json.dumps(self.report.to_json())))
        sections = assemble.sections_of(self.pieces, self.entries if entries is None else entries, report)
        where = assemble.places(sections)
        keys = [section["key"] for section in sections]
        first = next((each for each in tree.blocks(sections[0]["doc"]) if each["type"] in tree.TEXTBLOCKS), None)
        comments = []
        for comment in self.comments:
            begin, end = where.get((comment["id"], "start")), where.get((comment["id"], "end"))
            comments.append({**copied(comment), **assemble.anchor(begin, end, first)})
            if begin is None and end is None:
                report.say("comment-lost", excerpt=comment["body"])
            elif begin and end and begin.block is not end.block:
                report.say("comment-cut", keys[begin.section], comment["body"])
        for section in sections:
            section["doc"] = assemble.finish(section["doc"])
        report.kept = {**report.kept, **assemble.count(sections)}
        report.kept["tables"] += sum(1 for finding in report.findings if finding.code == "box")
        report.kept["comments"] = len(comments)
        said = [each for comment in comments for each in (comment, *comment["replies"])]
        report.kept["resolved"] = sum(bool(each["resolved"]) for each in said)
        report.kept["replies"] = sum(len(comment["replies"]) for comment in comments)
        assemble.point_out(report, sections)
        forms = details.told(sections, report)
        assemble.place_findings(report, sections)
        used = {asset for section in sections for asset in _assets(section["doc"])}
        marked = {identifier for section in sections for identifier in _suggested(section["doc"])}
        return Imported(
            self.title,
            sections,
            comments,
            {
                key: {**value, "kind": "modification"} if key in forms else value
                for key, value in self.suggestions.items()
                if key in marked
            },
            {asset: path for asset, path in self.figures.items() if asset in used},
            report,
        )


def _assets(doc: tree.Node) -> list[str]:
    return [value["attrs"]["asset"] for value in tree.walk(doc) if value["type"] == "figure"]


def _suggested(doc: tree.Node) -> set[str]:
    marks = [mark for value in tree.walk(doc) for mark in value.get("marks") or []]
    return {mark["attrs"]["id"] for mark in marks if mark["type"] in ("insertion", "deletion", "modification")}
