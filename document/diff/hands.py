"""Whose a redline's changes are: each mark is parted where another hand wrote or struck.

Hands are numbers, 0 for nobody known. ``came`` has one for each position of the new text, ``gone`` for each of the old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from document import tree
from document.diff.redlines import SUGGESTIONS, Change, Redline
from document.tree import Node


@dataclass
class Hands:
    """What is known of one section. ``alone``: the only hand there was, 0 when there were more."""

    came: Sequence[int]
    gone: Sequence[int]
    alone: int = 0


def parted(redline: Redline, hands: Hands) -> tuple[Redline, dict[str, int]]:
    """The redline with marks of one hand each, and whose each is; as it was when the texts are not those of ``hands``.

    What moved keeps one id for both places, and is whose who put it where it is.
    """
    telling = _Telling(redline, hands)
    doc = telling.doc()
    if doc is None:
        return redline, {}
    return replace(redline, doc=doc, changes=telling.changes), telling.whose


@dataclass
class _Telling:
    redline: Redline
    hands: Hands
    changes: dict[str, Change] = field(default_factory=dict)
    whose: dict[str, int] = field(default_factory=dict)
    #: Where the walk stands in either text.
    old: int = 0
    new: int = 0

    def doc(self) -> Node | None:
        self.changes = dict(self.redline.changes)
        shown = {**self.redline.doc}
        if "content" in shown:
            shown["content"] = [each for child in shown["content"] for each in self._node(child, True, True)]
        # Both ways must come out where the texts end, or the positions mean nothing.
        fits = self.old == len(self.hands.gone) and self.new == len(self.hands.came)
        return shown if fits else None

    def _node(self, node: Node, in_old: bool, in_new: bool) -> Iterator[Node]:
        marks = self._own(node)
        in_old = in_old and "insertion" not in marks
        in_new = in_new and "deletion" not in marks
        if node["type"] == "text":
            yield from self._text(node, marks, in_old, in_new)
            return
        old, new = self.old, self.new
        leaf = node["type"] in tree.LEAVES
        self._past(1, in_old, in_new)
        shown = {**node}
        if not leaf:
            if "content" in node:
                shown["content"] = [each for child in node["content"] for each in self._node(child, in_old, in_new)]
            self._past(1, in_old, in_new)
        if marks:
            known = self.hands.came[new : self.new] if in_new else self.hands.gone[old : self.old]
            shown["marks"] = self._told(node, marks, known)
        yield shown

    def _text(self, node: Node, marks: dict[str, Change], in_old: bool, in_new: bool) -> Iterator[Node]:
        size, old, new = tree.utf16(node["text"]), self.old, self.new
        self._past(size, in_old, in_new)
        if not marks:
            yield node
            return
        # What was changed within something that moved stands in neither text.
        known = _filled(self.hands.came[new : self.new] if in_new else self.hands.gone[old : self.old])
        raw = node["text"].encode("utf-16-le", "surrogatepass")
        start = 0
        for at in range(1, size + 1):
            # A pair of surrogates stays together: its second half is no place to part.
            if at < size and (known[at : at + 1] == known[start : start + 1] or raw[2 * at + 1] & 0xFC == 0xDC):
                continue
            words = raw[2 * start : 2 * at].decode("utf-16-le", "surrogatepass")
            part = {**node, "text": words}
            yield {**part, "marks": self._told(part, marks, known[start:at])}
            start = at

    def _past(self, size: int, in_old: bool, in_new: bool) -> None:
        self.old += size * in_old
        self.new += size * in_new

    def _own(self, node: Node) -> dict[str, Change]:
        """The redline's own marks of a node, by their type."""
        found: dict[str, Change] = {}
        for mark in node.get("marks") or ():
            if mark["type"] in SUGGESTIONS and (change := self.redline.changes.get(str(mark["attrs"]["id"]))):
                found[mark["type"]] = change
        return found

    def _told(self, node: Node, own: dict[str, Change], known: Sequence[int]) -> list[dict[str, object]]:
        marks = []
        hand = _most(known) or self.hands.alone
        for mark in node["marks"]:
            change = own.get(mark["type"])
            if change is None or str(mark["attrs"]["id"]) != change.id:
                marks.append(mark)
                continue
            marks.append({**mark, "attrs": {**mark["attrs"], "id": self._named(change, mark["type"], hand)}})
        return marks

    def _named(self, change: Change, kind: str, hand: int) -> str:
        if not hand:
            return change.id
        if change.kind == "moved" or kind == "modification":
            if kind != "deletion":
                self.whose[change.id] = hand
            return change.id
        name = f"{change.id}-{hand}"
        self.changes[name] = replace(change, id=name)
        self.whose[name] = hand
        return name


def _filled(hands: Sequence[int]) -> list[int]:
    """What nobody touched between two hands (a blank that was kept, and stands in a changed phrase) goes with one."""
    last = next((each for each in hands if each), 0)
    return [last := each or last for each in hands]


def _most(hands: Sequence[int]) -> int:
    """Whose most of it is."""
    found = Counter(each for each in hands if each).most_common(1)
    return found[0][0] if found else 0
