"""What a redline is: a document with marks, and a table that says what each mark means."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from document import tree
from document.tree import Node

SUGGESTIONS = frozenset({"insertion", "deletion", "modification"})
Kind = Literal["inserted", "deleted", "replaced", "moved", "changed"]

#: As much as the schema lets a modification say of what was before.
WAS_LIMIT = 4_900

#: As the schema orders marks, and the engine keeps them.
_ORDER = (
    "strong",
    "em",
    "superscript",
    "subscript",
    "link",
    "language",
    "claim",
    "insertion",
    "deletion",
    "modification",
)


@dataclass(frozen=True)
class Change:
    """What the marks with one id mean.

    ``inserted``, ``deleted`` and ``replaced`` (both at one place) are words or blocks; ``moved`` is struck where it
    was and inserted where it is; ``changed`` kept its words and got other ``attrs``, another ``type`` or other
    ``marks``: ``before`` and ``after`` have the three.
    """

    id: str
    kind: Kind
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def attributes(self) -> list[tuple[str, Any, Any]]:
        """``(name, old, new)`` of what differs; ``type`` and ``marks`` are names too."""
        old, new = _flat(self.before), _flat(self.after)
        names = [name for name in {**new, **old} if old.get(name) != new.get(name)]
        return [(name, old.get(name), new.get(name)) for name in names]


def _flat(state: dict[str, Any]) -> dict[str, Any]:
    return {**(state.get("attrs") or {}), "type": state.get("type"), "marks": state.get("marks") or []}


@dataclass(frozen=True)
class Redline:
    """``doc`` is the new text with everything that changed marked; ``changes`` has what each mark's id means.

    ``renamed``: new id → old id of blocks that are the same under another name.
    """

    doc: Node
    changes: dict[str, Change] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def unchanged(self) -> bool:
        return not self.changes


class Names:
    """Ids for a redline's marks: none that a person's suggestion in the texts has already."""

    def __init__(self, docs: Iterable[Node]) -> None:
        taken = {
            str((mark.get("attrs") or {}).get("id", ""))
            for doc in docs
            for node in _marked_nodes(doc)
            for mark in node["marks"]
            if mark["type"] in SUGGESTIONS
        }
        prefix = "change-"
        while any(each.startswith(prefix) for each in taken):
            prefix = f"{prefix}-"
        self._prefix = prefix
        self._numbers = itertools.count(1)

    def next(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"


def _marked_nodes(doc: Node) -> Iterable[Node]:
    stack = [doc]
    while stack:
        node = stack.pop()
        if node.get("marks"):
            yield node
        stack += node.get("content") or ()


def mark(kind: str, identifier: str) -> dict[str, Any]:
    return {"type": kind, "attrs": {"id": identifier}}


def marked(node: Node, kind: str, identifier: str) -> Node:
    """The node with one more mark, in the schema's order."""
    marks = [*(node.get("marks") or []), mark(kind, identifier)]
    return {**node, "marks": sorted(marks, key=lambda each: _ORDER.index(each["type"]))}


def modified(node: Node, change: Change) -> Node:
    """The node with a modification that says what it was, as suggestions of form do (``editor/schema.ts``, Was)."""
    before, after = change.before, change.after
    was: dict[str, Any] | None
    if node["type"] in tree.INLINE:
        added = [each for each in _looks(after) if each not in before["marks"]]
        removed = [each for each in _looks(before) if each not in after["marks"]]
        was = {"added": added, "removed": removed} if added or removed else None
    elif before["type"] != after["type"]:
        was = {"type": before["type"], "attrs": before["attrs"]}
    else:
        was = {"attrs": before["attrs"]} if before["attrs"] != after["attrs"] else None
    if len(json.dumps(was)) > WAS_LIMIT:
        was = None
    marks = [*(node.get("marks") or []), {"type": "modification", "attrs": {"id": change.id, "was": was}}]
    return {**node, "marks": marks}


def _looks(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in state["marks"] if each["type"] not in SUGGESTIONS]


def with_content(node: Node, content: list[Node]) -> Node:
    result = {key: value for key, value in node.items() if key != "content"}
    return {**result, "content": content} if content else result


def merged(content: Sequence[Node]) -> list[Node]:
    """Text neighbours with the same marks joined, as the engine has them."""
    result: list[Node] = []
    for node in content:
        last = result[-1] if result else None
        if last and last["type"] == node["type"] == "text" and (last.get("marks") or []) == (node.get("marks") or []):
            result[-1] = {**last, "text": last["text"] + node["text"]}
        else:
            result.append(node)
    return result


def state(node: Node) -> dict[str, Any]:
    """What of a node is not its content."""
    attrs = {key: value for key, value in (node.get("attrs") or {}).items() if key != "id"}
    return {"type": node["type"], "attrs": attrs, "marks": node.get("marks") or []}


def settle(redline: Redline, *, accept: bool) -> Node:
    """The redline with all its changes accepted (the new text) or rejected (the old).

    Suggestions of people are left alone.
    """
    settled = _settled(redline.doc, redline, "deletion" if accept else "insertion", accept)
    return settled if settled is not None else with_content(redline.doc, [])


def _settled(node: Node, redline: Redline, gone: str, accept: bool) -> Node | None:
    changes = redline.changes
    marks = node.get("marks") or []
    result = {key: value for key, value in node.items() if key != "marks"}
    kept = []
    for each in marks:
        change = changes.get(str((each.get("attrs") or {}).get("id", ""))) if each["type"] in SUGGESTIONS else None
        if change is None:
            kept.append(each)
        elif each["type"] == gone:
            return None
        elif each["type"] == "modification" and not accept:
            kept = list(change.before["marks"])
            result["type"] = change.before["type"]
            if "attrs" in node:
                result["attrs"] = {**change.before["attrs"], **_identity(node)}
    if kept:
        result["marks"] = kept
    identifier = tree.block_id(node)
    if not accept and identifier in redline.renamed:
        result["attrs"] = {**result["attrs"], "id": redline.renamed[identifier]}
    if "content" in node:
        inside = [each for child in node["content"] if (each := _settled(child, redline, gone, accept)) is not None]
        result = with_content(result, merged(inside))
    return result


def _identity(node: Node) -> dict[str, Any]:
    attrs = node.get("attrs") or {}
    return {"id": attrs["id"]} if "id" in attrs else {}
