"""Tracked changes in words that a block keeps as a detail: a caption, a credit, a box's name, whom it asks to act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from document.importing.pieces import UNSEEN, plain
from document.importing.report import Report
from document.tree import Node, children, walk

_BLOCKS = ("table", "figure", "callout", "recommendation")


def versions(nodes: list[Node]) -> tuple[str, str, str]:
    """What the words were, what they become, and the first suggestion among them ("" when there is none)."""
    ids = suggested(nodes)
    was, becomes = (
        " ".join(" ".join(_words(node, kind) for node in nodes).split()) for kind in ("insertion", "deletion")
    )
    return was, becomes, ids[0] if ids else ""


def suggested(nodes: list[Node]) -> list[str]:
    """The suggestions that put in or strike words among them, in order."""
    return [str(mark["attrs"]["id"]) for node in nodes for mark in _marks(node)]


def _marks(node: Node) -> Iterator[Node]:
    for value in walk(node):
        yield from (mark for mark in value.get("marks") or [] if mark["type"] in ("insertion", "deletion"))


def _words(node: Node, without: str) -> str:
    if any(mark["type"] == without for mark in node.get("marks") or []):
        return ""
    if node["type"] == "footnote" or node["type"] in UNSEEN:
        return ""
    inside = children(node)
    return "".join(_words(child, without) for child in inside) if inside else plain(node)


def changed(made: Node, identifier: str, **was: str) -> None:
    """The block with a suggested change of details; those that stay as they were are left out."""
    attrs: dict[str, Any] = {name: value for name, value in was.items() if made["attrs"][name] != value}
    if not attrs or not identifier:
        return
    marks = made.setdefault("marks", [])
    for mark in marks:
        if mark["type"] == "modification":
            mark["attrs"]["was"]["attrs"].update(attrs)
            return
    marks.append({"type": "modification", "attrs": {"id": identifier, "was": {"attrs": attrs}}})


def told(sections: list[dict[str, Any]], report: Report) -> set[str]:
    """Say of each such change where it stands; the ids."""
    found = set()
    for section in sections:
        for value in walk(section["doc"]):
            for mark in (value.get("marks") or []) if value["type"] in _BLOCKS else []:
                if mark["type"] == "modification":
                    report.say("detail-change", section["key"], plain(value))
                    found.add(str(mark["attrs"]["id"]))
    return found
