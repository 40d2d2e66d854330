"""What changed inside a textblock: words struck and inserted, looks and notes changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Indel

from document import tree
from document.diff.redlines import Change, Kind, Names, marked, merged, modified, state, with_content
from document.tree import Node

#: Share of a block's letters that must be common for its words to be compared one by one.
LEAST = 0.25
#: What parts words; joiners of emoji and of Persian do not.
_SIGNS = r"\s!-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u200b\u200e-\u206f\u3000-\u303f"
#: Scripts written without spaces: each character is compared by itself.
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
#: “1,200”, “don’t” and a letter with its accents are one.
_WORD = f"[^{_SIGNS}{_UNSPACED}]+"
_TOKEN = re.compile(rf"{_WORD}(?:[.,'’]{_WORD})*|\s+|.", re.DOTALL)


@dataclass(slots=True)
class Side:
    """One of two contents, as what is compared: words, spaces, signs, and inline nodes as wholes."""

    nodes: Sequence[Node]
    keys: list[str] = field(default_factory=list)
    #: Each key's node, by its place; each node's first key.
    owners: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    #: Places of the keys of inline nodes.
    atoms: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for place, node in enumerate(self.nodes):
            self.starts.append(len(self.keys))
            if node["type"] == "text":
                words = _TOKEN.findall(node["text"])
            else:
                self.atoms.append(len(self.keys))
                words = [_key(node)]
            self.keys += words
            self.owners += [place] * len(words)
        self.starts.append(len(self.keys))

    def parts(self, start: int, end: int) -> Iterator[tuple[Node, int]]:
        """What of each node lies between two keys, and the key it ends before."""
        while start < end:
            place = self.owners[start]
            stop = min(end, self.starts[place + 1])
            yield self.cut(start, stop), stop
            start = stop

    def cut(self, start: int, end: int) -> Node:
        """What lies between two keys of one node."""
        node = self.nodes[self.owners[start]]
        if (
            node["type"] != "text"
            or end - start == self.starts[self.owners[start] + 1] - self.starts[self.owners[start]]
        ):
            return node
        return {**node, "text": "".join(self.keys[start:end])}

    def letters(self, start: int, end: int) -> int:
        """Letters and signs between two keys; an inline node is one."""
        keys = self.keys[start:end]
        for place in self.atoms:
            if start <= place < end:
                keys[place - start] = "-"
        return sum(map(len, "".join(keys).split()))


def _key(node: Node) -> str:
    """Of a note its id: what is said in it is compared by itself. Of other inline nodes all they say."""
    if node["type"] == "footnote" and tree.block_id(node):
        return f"\0footnote {tree.block_id(node)}"
    return "\0" + json.dumps({key: value for key, value in node.items() if key != "marks"}, sort_keys=True)


@dataclass(slots=True)
class Stretch:
    """Keys from ``i`` to ``j`` of the old became those from ``k`` to ``l`` of the new; both alike when ``same``."""

    same: bool
    i: int
    j: int
    k: int
    l: int  # noqa: E741 - the fourth of four


def stretches(old: Side, new: Side) -> list[Stretch]:
    """The two, divided where they part and meet; spaces between two changes are part of them."""
    found = [
        Stretch(step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end)
        for step in Indel.opcodes(old.keys, new.keys)
    ]
    joined: list[Stretch] = []
    for index, each in enumerate(found):
        if each.same and 0 < index < len(found) - 1 and not new.letters(each.k, each.l):
            each.same = False
        if joined and not each.same and not joined[-1].same:
            joined[-1].j, joined[-1].l = each.j, each.l
        else:
            joined.append(each)
    return joined


class Words:
    """Redlines of the contents of textblocks; what the marks mean is written into ``changes``."""

    def __init__(self, names: Names, changes: dict[str, Change]) -> None:
        self._names, self._changes = names, changes

    def compare(self, old: Sequence[Node], new: Sequence[Node]) -> list[Node]:
        if old == new:
            return list(new)
        before, after = Side(old), Side(new)
        found = stretches(before, after)
        same = sum(after.letters(each.k, each.l) for each in found if each.same)
        ends = len(before.keys), len(after.keys)
        if same < LEAST * max(before.letters(0, ends[0]), after.letters(0, ends[1])):
            # A few common words among others only confuse.
            found = [Stretch(False, 0, ends[0], 0, ends[1])]
        result: list[Node] = []
        for each in found:
            result += self._kept(before, after, each) if each.same else self._replaced(before, after, each)
        return merged(result)

    def _replaced(self, old: Side, new: Side, stretch: Stretch) -> list[Node]:
        """Within one change the old words come first, then the new."""
        gone, come = stretch.i < stretch.j, stretch.k < stretch.l
        kind: Kind = "replaced" if gone and come else "deleted" if gone else "inserted"
        name = self._names.next()
        self._changes[name] = Change(name, kind)
        struck = [marked(node, "deletion", name) for node, _end in old.parts(stretch.i, stretch.j)]
        return [*struck, *(marked(node, "insertion", name) for node, _end in new.parts(stretch.k, stretch.l))]

    def _kept(self, old: Side, new: Side, stretch: Stretch) -> Iterator[Node]:
        """The same words, whose looks may have changed and whose notes may say something else."""
        told: tuple[Any, Any, Change] | None = None
        i, k = stretch.i, stretch.k
        while k < stretch.l:
            was = old.nodes[old.owners[i]]
            count = min(stretch.l, new.starts[new.owners[k] + 1]) - k
            count = min(count, old.starts[old.owners[i] + 1] - i)
            node = self._note(was, new.cut(k, k + count))
            before, after = was.get("marks") or [], node.get("marks") or []
            if before == after:
                told = None
            else:
                if told is None or told[:2] != (before, after):
                    told = (before, after, self._changed(was, node))
                node = modified(node, told[2])
            yield node
            i, k = i + count, k + count

    def _note(self, old: Node, new: Node) -> Node:
        if new["type"] != "footnote" or old.get("content") == new.get("content"):
            return new
        return with_content(new, self.compare(tree.children(old), tree.children(new)))

    def _changed(self, old: Node, new: Node) -> Change:
        name = self._names.next()
        # Of an inline node only the marks can differ: it would be another one otherwise.
        before = {**state(new), "marks": old.get("marks") or []}
        self._changes[name] = change = Change(name, "changed", before, state(new))
        return change
