"""How much changed: in words, and in what changed without words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from document import tree
from document.diff.redlines import Redline
from document.tree import Node


@dataclass(frozen=True)
class Counts:
    """Words inserted, deleted and moved (once, not in both places); ``changed``: attributes and looks."""

    inserted: int = 0
    deleted: int = 0
    moved: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.inserted or self.deleted or self.moved or self.changed)


def counts(redlines: Iterable[Redline]) -> Counts:
    found = {"inserted": 0, "deleted": 0, "moved": 0, "changed": 0}
    for redline in redlines:
        if redline.changes:
            _count(redline.doc, redline, "", found)
            found["changed"] += sum(change.kind == "changed" for change in redline.changes.values())
    return Counts(**found)


def _count(node: Node, redline: Redline, within: str, found: dict[str, int]) -> None:
    for mark in node.get("marks") or ():
        change = redline.changes.get(str((mark.get("attrs") or {}).get("id", "")))
        if change is None or mark["type"] == "modification":
            continue
        struck = mark["type"] == "deletion"
        if change.kind != "moved":
            within = "deleted" if struck else "inserted"
        elif struck:
            return  # they are counted where they are
        else:
            within = "moved"
    if node["type"] == "text":
        if within:
            found[within] += tree.words(node)
        return
    for child in node.get("content") or ():
        _count(child, redline, within, found)
