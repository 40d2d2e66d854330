"""A second opinion on a stored text, in Python: the engine that took it is not asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: TRUST: hostile editor steps and documents.
DEEPEST = 50
LONGEST = 4_000_000
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\\\x00-\x1f\x7f]+", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_INLINE = ("text", "citation", "cross_reference", "hard_break")


def faults(text: str, spec: dict[str, Any]) -> list[str]:
    """What is wrong with a document, one word each; nothing when it is sound."""
    found = ["long"] if len(text) > LONGEST else []
    doc = json.loads(text)
    if any(_UNSTORABLE.search(value) for value in _strings(doc)):
        found.append("control")
    seen: set[str] = set()
    if doc.get("type") != "doc":
        found.append("type")
    waiting = [(doc, 1)]
    while waiting:
        node, depth = waiting.pop()
        found += _node(node, spec, seen)
        if depth > DEEPEST:
            found.append("deep")
            break
        waiting += [(child, depth + 1) for child in node.get("content") or []]
    return sorted(set(found))


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each


def _node(node: dict[str, Any], spec: dict[str, Any], seen: set[str]) -> list[str]:
    kind = node.get("type", "")
    if kind not in spec["nodes"] or set(node) - {"type", "attrs", "content", "marks", "text"}:
        return ["type"]
    found = []
    attrs = node.get("attrs") or {}
    if set(attrs) - set(spec["nodes"][kind]["attrs"]):
        found.append("attrs")
    if kind != "doc" and kind not in _INLINE:
        identity = attrs.get("id")
        if not isinstance(identity, str) or not _ID.fullmatch(identity) or identity in seen:
            found.append("ids")
        seen.add(str(identity))
    return found + [fault for mark in node.get("marks") or [] for fault in _mark(mark, spec)]


def _mark(mark: dict[str, Any], spec: dict[str, Any]) -> list[str]:
    kind, attrs = mark.get("type", ""), mark.get("attrs") or {}
    if kind not in spec["marks"] or set(attrs) - set(spec["marks"][kind]["attrs"]):
        return ["mark"]
    if kind == "link" and not _LINK.fullmatch(str(attrs.get("href"))):
        return ["link"]
    return []
