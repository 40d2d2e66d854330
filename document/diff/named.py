"""A redline's changes in words: what became of a block, which attribute was what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from document.diff.redlines import SUGGESTIONS, Change
from document.labels import Labels
from document.tree import Node


def meant(mark: dict[str, Any], changes: Mapping[str, Change]) -> Change | None:
    """The change of a redline that a mark belongs to; None for other marks, suggestions of people among them."""
    return changes.get(str((mark.get("attrs") or {}).get("id", ""))) if mark["type"] in SUGGESTIONS else None


def kind(mark: dict[str, Any], change: Change) -> str:
    """``inserted``, ``deleted``, ``moved-here``, ``moved-away`` or ``changed``: what this mark of a change shows."""
    if mark["type"] == "modification":
        return "changed"
    if change.kind == "moved":
        return "moved-here" if mark["type"] == "insertion" else "moved-away"
    return "inserted" if mark["type"] == "insertion" else "deleted"


def notes(node: Node, changes: Mapping[str, Change], labels: Labels) -> list[str]:
    """Sentences for the marks of a redline on this very node: “Moved here”, “Heading level: 1 → 2”."""
    result: list[str] = []
    for mark in (node.get("marks") or []) if changes else ():
        change = meant(mark, changes)
        if change is None:
            continue
        if mark["type"] == "modification":
            result += sentences(change, labels)
        else:
            result.append(str(labels.changes.get(kind(mark, change), "")))
    return [note for note in result if note]


def sentences(change: Change, labels: Labels) -> list[str]:
    """What differs, each attribute in a sentence: “Text alternative: “A map” → “A map of routes””."""
    marks: list[Any] = next((pair for name, *pair in change.attributes if name == "marks"), [[], []])
    claims = [{str(mark["attrs"]["id"]) for mark in side if mark["type"] == "claim"} for side in marks]
    # What is registered is no look of words: said in its own.
    told = [str(labels.claimed)] if claims[1] - claims[0] else []
    told += [str(labels.unclaimed)] if claims[0] - claims[1] else []
    return told + [
        str(labels.change).format(
            name=str(labels.attributes.get(name, name)), old=_value(name, old, labels), new=_value(name, new, labels)
        )
        for name, old, new in change.attributes
        if (name != "marks" or _looks(old) != _looks(new))
        # What belongs to the new kind of block alone was nothing before.
        and not (name not in (change.before.get("attrs") or {}) and name not in ("type", "marks"))
        and not (name not in (change.after.get("attrs") or {}) and name not in ("type", "marks"))
    ]


def _value(name: str, value: Any, labels: Labels) -> str:
    if name == "marks":
        return ", ".join(_look(mark, labels) for mark in _looks(value)) or str(labels.no_value)
    if name == "type":
        return str(labels.blocks.get(value, value))
    if name == "kind":
        return str(labels.callouts.get(value) or labels.recommendation_kinds.get(value) or value)
    if isinstance(value, bool):
        return str(labels.yes if value else labels.no)
    if value in ("", None):
        return str(labels.no_value)
    return f"“{value}”" if isinstance(value, str) and name not in ("scope", "asset") else str(value)


def _looks(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [mark for mark in marks if mark["type"] != "claim"]


def _look(mark: dict[str, Any], labels: Labels) -> str:
    attrs = mark.get("attrs") or {}
    said = str(labels.looks.get(mark["type"], mark["type"]))
    value = attrs.get("href") or attrs.get("lang") or ""
    return f"{said} {value}".strip()
