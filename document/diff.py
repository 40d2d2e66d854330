"""What changed between two texts, as a text: a redline is a document with insertion and deletion marks.

Blocks are aligned by their ids, then by their words; inside a block the words are compared. Every
renderer shows the result, and Word gets tracked changes. Marks carry the id ``new`` or ``old``.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from document import tree
from document.tree import Node

INSERTED = {"type": "insertion", "attrs": {"id": "new"}}
DELETED = {"type": "deletion", "attrs": {"id": "old"}}
SUGGESTIONS = frozenset({"insertion", "deletion", "modification"})

#: Likeness (0–100) from which two blocks without common id are the same, rewritten.
ALIKE = 60
#: Share of a block's letters that must be common for its words to be compared one by one.
LEAST = 0.25
#: Blocks compared by their words only within this many places: keeps long texts linear.
REACH = 40

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def redline(old: Node, new: Node) -> Node:
    """``new`` with everything that was inserted or deleted since ``old`` marked.

    Accepting all gives ``new``, rejecting all gives ``old``, in their words and blocks; where only
    looks, attributes or a table's shape changed, the old block is struck and the new one inserted.
    """
    return _with(new, _blocks(tree.children(old), tree.children(new)))


def settle(doc: Node, *, accept: bool) -> Node:
    """A redline with all its changes accepted or rejected. Suggestions of people are left alone."""
    gone = DELETED if accept else INSERTED
    settled = _settled(doc, gone)
    return settled if settled else _with(doc, [])


def _settled(node: Node, gone: dict[str, Any]) -> Node | None:
    marks = node.get("marks") or []
    if gone in marks:
        return None
    result = {key: value for key, value in node.items() if key != "marks"}
    kept = [mark for mark in marks if mark not in (INSERTED, DELETED)]
    if kept:
        result["marks"] = kept
    if "content" in node:
        inside = [each for child in tree.children(node) if (each := _settled(child, gone))]
        result = _with(result, merged(inside))
    return result


def _with(node: Node, content: list[Node]) -> Node:
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


# --- blocks


def _blocks(old: Sequence[Node], new: Sequence[Node]) -> list[Node]:
    """Two lists of blocks as one."""
    result: list[Node] = []
    for before, after in _aligned(old, new):
        if before is None and after is not None:
            result.append(_marked(after, INSERTED))
        elif after is None and before is not None:
            result.append(_marked(before, DELETED))
        elif before is not None and after is not None:
            result += _block(before, after)
    return result


def _marked(node: Node, mark: dict[str, Any]) -> Node:
    return {**node, "marks": _sorted([*(node.get("marks") or []), mark])}


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


def _sorted(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the schema's order, as the engine keeps them."""
    return sorted(marks, key=lambda mark: _ORDER.index(mark["type"]))


def _aligned(old: Sequence[Node], new: Sequence[Node]) -> Iterator[tuple[Node | None, Node | None]]:
    """Pairs in reading order; None where one side has nothing."""
    pairs = _anchored(old, new)
    i = j = 0
    for a, b in [*pairs, (len(old), len(new))]:
        yield from _between(old[i:a], new[j:b])
        if a < len(old) and b < len(new):
            yield old[a], new[b]
        i, j = a + 1, b + 1


def _anchored(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
    """Places of blocks with the same id and type, in the same order on both sides.

    A block that was moved past others is not among them: it is struck here and inserted there.
    """
    places = {(tree.block_id(node), node["type"]): index for index, node in enumerate(old) if tree.block_id(node)}
    found = [
        (places[key], index) for index, node in enumerate(new) if (key := (tree.block_id(node), node["type"])) in places
    ]
    return _rising(found)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs in which the first numbers rise (patience sorting)."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (place, _) in enumerate(pairs):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        at[length : length + 1] = [index]
        before.append(at[length - 1] if length else -1)
    result: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        result.append(pairs[index])
        index = before[index]
    return result[::-1]


def _between(old: Sequence[Node], new: Sequence[Node]) -> Iterator[tuple[Node | None, Node | None]]:
    """Blocks without common ids: those with like words are paired, the rest stands alone."""
    left = 0
    for node in new:
        match = _like(node, old, left)
        if match is None:
            yield None, node
            continue
        for skipped in old[left:match]:
            yield skipped, None
        yield old[match], node
        left = match + 1
    for skipped in old[left:]:
        yield skipped, None


def _like(node: Node, old: Sequence[Node], left: int) -> int | None:
    words = tree.text(node)
    if not words:
        return None
    for index in range(left, min(len(old), left + REACH)):
        if old[index]["type"] == node["type"] and fuzz.ratio(words, tree.text(old[index])) >= ALIKE:
            return index
    return None


def _block(old: Node, new: Node) -> list[Node]:
    """One block in two states: as one block where that can be said, else struck and inserted."""
    if old == new:
        return [new]
    same = {**old, "attrs": new.get("attrs"), "content": None} == {**new, "attrs": new.get("attrs"), "content": None}
    if not same or _attributes(old) != _attributes(new):
        return [_marked(old, DELETED), _marked(new, INSERTED)]
    if new["type"] in tree.TEXTBLOCKS:
        return [_with(new, _inline(tree.children(old), tree.children(new)))]
    if new["type"] in ("table", "table_row") and _shape(old) != _shape(new):
        return [_marked(old, DELETED), _marked(new, INSERTED)]
    if new["type"] in ("table", "table_row"):
        pairs = zip(tree.children(old), tree.children(new), strict=True)
        return [_with(new, [each for a, b in pairs for each in _cell(a, b)])]
    return [_with(new, _blocks(tree.children(old), tree.children(new)))]


def _cell(old: Node, new: Node) -> list[Node]:
    """A row or cell at the same place: its own id may have changed, its place has not."""
    before, after = tree.children(old), tree.children(new)
    if new["type"] == "table_row":
        return [_with(new, [each for a, b in zip(before, after, strict=True) for each in _cell(a, b)])]
    if len(before) == len(after) == 1:
        return [_with(new, _block(before[0], after[0]))]
    return [_with(new, _blocks(before, after))]


def _attributes(node: Node) -> dict[str, Any]:
    return {key: value for key, value in (node.get("attrs") or {}).items() if key != "id"}


def _shape(table: Node) -> list[Any]:
    """What of a table must be alike for its cells to be compared one by one."""
    return [
        (node["type"], _attributes(node), node.get("marks") or [])
        for node in tree.walk(table)
        if node["type"] in ("table", "table_row", "table_cell", "table_header")
    ]


# --- words


@dataclass(frozen=True)
class Token:
    """A word, a space, a sign or an inline node, with its marks; ``key`` is what is compared."""

    node: Node
    key: str


def _tokens(content: Sequence[Node]) -> list[Token]:
    result = []
    for node in content:
        marks = json.dumps(node.get("marks") or [], sort_keys=True)
        if node["type"] != "text":
            result.append(Token(node, json.dumps(node, sort_keys=True)))
            continue
        result += [Token({**node, "text": word}, f"{marks}{word}") for word in _TOKEN.findall(node["text"])]
    return result


def _inline(old: Sequence[Node], new: Sequence[Node]) -> list[Node]:
    before, after = _tokens(old), _tokens(new)
    steps = list(Indel.opcodes([token.key for token in before], [token.key for token in after]))
    same = [token for step in steps if step.tag == "equal" for token in after[step.dest_start : step.dest_end]]
    if _length(same) < LEAST * max(_length(before), _length(after)):  # a few common words among others only confuse
        struck = [_marked(token.node, DELETED) for token in before]
        return merged([*struck, *(_marked(token.node, INSERTED) for token in after)])
    result: list[Node] = []
    inserted: list[Node] = []
    for step in steps:
        if step.tag == "equal":
            result += [*inserted, *(token.node for token in after[step.dest_start : step.dest_end])]
            inserted = []
            continue
        # Within one change the old words come first, then the new.
        result += [_marked(token.node, DELETED) for token in before[step.src_start : step.src_end]]
        inserted += [_marked(token.node, INSERTED) for token in after[step.dest_start : step.dest_end]]
    return merged([*result, *inserted])


def _length(tokens: Sequence[Token]) -> int:
    return sum(len(token.node.get("text", "").strip()) for token in tokens)
