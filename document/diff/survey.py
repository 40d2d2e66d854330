"""Which block became which, in a text or in all sections of a brief; what has gone, come, or moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from document import tables, tree
from document.diff.align import Pair, aligned, family
from document.tree import Node

#: Likeness (0–100) from which what has gone here and come there is the same, moved and rewritten.
MOVED = 75
#: Likeness below which a block elsewhere that has the same id is only what a cut or a split left of the old one.
SAME = 50
#: Letters below which equal words in two places are no proof that they were moved.
LEAST_LETTERS = 25
#: Comparisons of words worth making to find out what was moved: keeps a text that is all new linear.
MOST_TRIES = 20_000


class Survey:
    """Pairs of blocks at every depth. Nodes are known by their identity, so they must be kept alive."""

    def __init__(self) -> None:
        #: id(new parent) → its children paired with those of its old self.
        self.pairs: dict[int, list[Pair]] = {}
        #: id(new node) → the node it was, elsewhere; id(old node) → the node it has become.
        self.moved_from: dict[int, Node] = {}
        self.moved_to: dict[int, Node] = {}
        self._gone: list[Node] = []
        self._come: list[Node] = []

    def meet(self, old: Node, new: Node) -> None:
        """Pair the children of two containers that are the same."""
        pairs = self.pairs[id(new)] = list(aligned(tree.children(old), tree.children(new)))
        for before, after in pairs:
            if after is None and before is not None:
                self._gone.append(before)
            elif before is None and after is not None:
                self._come.append(after)
            elif before is not None and after is not None and before != after:
                self._inside(before, after)

    def _inside(self, old: Node, new: Node) -> None:
        if new["type"] not in tree.TEXTBLOCKS and old["type"] not in tree.TEXTBLOCKS:
            self.meet(old, new)

    def gone(self, nodes: Iterable[Node]) -> None:
        self._gone += nodes

    def come(self, nodes: Iterable[Node]) -> None:
        self._come += nodes

    def match(self) -> None:
        """Find among what has gone and come what was moved: by id, at any depth; then by words."""
        by_id = {(tree.block_id(node), family(node)): node for root in self._gone for node in _blocks(root)}
        by_id.pop(("", ""), None)
        stack = list(reversed(self._come))
        while stack:
            node = stack.pop()
            was = by_id.get((tree.block_id(node), family(node))) if tree.block_id(node) else None
            if was is not None and id(was) not in self.moved_to and _same(was, node):
                self._move(was, node)
            else:
                stack += [each for each in reversed(tree.children(node)) if each["type"] not in tree.INLINE]
        self._match_words()

    def _match_words(self) -> None:
        gone = [(node, words) for node in self._gone if id(node) not in self.moved_to and (words := _worth(node))]
        come = [(node, words) for node in self._come if id(node) not in self.moved_from and (words := _worth(node))]
        tries = MOST_TRIES
        for node, words in come:
            best, likeness = None, float(MOVED)
            for was, old in gone:
                if id(was) in self.moved_to or family(was) != family(node):
                    continue
                if tries == 0:
                    return
                tries -= 1
                score = fuzz.ratio(words, old, score_cutoff=likeness)
                if score > likeness or (score == likeness and best is None and score):
                    best, likeness = was, score
                if score == 100:
                    break
            if best is not None:
                self._move(best, node)

    def _move(self, was: Node, node: Node) -> None:
        self.moved_to[id(was)], self.moved_from[id(node)] = node, was
        # What is lost or won on the way is no other move: it stands in the new place.
        if was != node and was["type"] not in tree.TEXTBLOCKS and node["type"] not in tree.TEXTBLOCKS:
            inner = Survey()
            inner.meet(was, node)
            self.pairs |= inner.pairs


def _same(was: Node, node: Node) -> bool:
    """Whether a block with the same id is the same: a paragraph that was cut out leaves its id with an empty one."""
    words = _worth(was) if was["type"] in tree.TEXTBLOCKS else ""
    left = tree.text(node)
    return 4 * len(left) >= len(words) and (not words or bool(fuzz.partial_ratio(words, left, score_cutoff=SAME)))


def _worth(node: Node) -> str:
    words = tree.text(node)
    return words if len(words) >= LEAST_LETTERS else ""


def _blocks(root: Node) -> Iterable[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if tree.block_id(node):
            yield node
        stack += [each for each in tree.children(node) if each["type"] not in tree.INLINE]


def fits(rows: Sequence[Sequence[Node]]) -> bool:
    """Whether rows of cells fill a table without gaps."""
    shape = {"type": "table", "content": [{"type": "table_row", "content": list(row)} for row in rows]}
    return not tables.grid(shape).gaps
