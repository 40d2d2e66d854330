"""The redline of blocks, as a survey found them."""

from __future__ import annotations

from document import tree
from document.diff.align import Pair, family
from document.diff.redlines import Change, Kind, Names, Redline, marked, modified, state, with_content
from document.diff.survey import Survey, fits
from document.diff.words import Words
from document.tree import Node

#: Families whose type may change while the block stays: a paragraph becomes a heading.
CHANGING = frozenset({"text", "list", "cell"})


class Builder:
    """Writes redlines from a survey; one for all sections, so that each mark's id is its own."""

    def __init__(self, survey: Survey, names: Names) -> None:
        self._survey, self._names = survey, names
        self._changes: dict[str, Change] = {}
        self._renamed: dict[str, str] = {}
        self._words = Words(names, self._changes)
        #: id(old node) → the name of its move, given where it is met first.
        self._moves: dict[int, str] = {}

    def redline(self, old: Node, new: Node) -> Redline:
        """Of two documents that the survey has met."""
        self._begin()
        content = self._children(new) if id(new) in self._survey.pairs else tree.children(new)
        return Redline(with_content(new, content), self._changes, self._renamed)

    def whole(self, node: Node, kind: Kind) -> Redline:
        """Of a document that has come or gone as a whole: every block of it is marked."""
        self._begin()
        mark = self._insert if kind == "inserted" else self._strike
        return Redline(with_content(node, [mark(child) for child in tree.children(node)]), self._changes, {})

    def _begin(self) -> None:
        self._changes, self._renamed = {}, {}
        self._words = Words(self._names, self._changes)

    def _children(self, new: Node) -> list[Node]:
        result: list[Node] = []
        for before, after in self._survey.pairs.get(id(new), ()):
            if before is None and after is not None:
                result.append(self._insert(after))
            elif after is None and before is not None:
                result.append(self._strike(before))
            elif before is not None and after is not None:
                result += self._block(before, after)
        return result

    # --- what has gone and come

    def _strike(self, node: Node) -> Node:
        return marked(self._moves_inside(node, gone=True), "deletion", self._name(node, gone=True))

    def _insert(self, node: Node) -> Node:
        was = self._survey.moved_from.get(id(node))
        name = self._name(node, gone=False)
        if was is None:
            return marked(self._moves_inside(node, gone=False), "insertion", name)
        shown = self._kept(was, node) if self._comparable(was, node) else node
        return marked(shown, "insertion", name)

    def _name(self, node: Node, *, gone: bool) -> str:
        """The id of its change; the two places of what was moved share one."""
        was = node if gone else self._survey.moved_from.get(id(node))
        moved = was is not None and id(was) in self._survey.moved_to
        if moved and id(was) in self._moves:
            name = self._moves[id(was)]
        else:
            name = self._names.next()
            if moved:
                self._moves[id(was)] = name
        self._changes[name] = Change(name, "moved" if moved else "deleted" if gone else "inserted")
        return name

    def _moves_inside(self, node: Node, *, gone: bool) -> Node:
        """A block whose own children were moved to or from elsewhere: they are marked so, too."""
        moves = self._survey.moved_to if gone else self._survey.moved_from
        if node["type"] in tree.TEXTBLOCKS or not moves:
            return node
        content = []
        for child in tree.children(node):
            if id(child) in moves:
                content.append(self._strike(child) if gone else self._insert(child))
            else:
                content.append(self._moves_inside(child, gone=gone))
        same = all(a is b for a, b in zip(content, tree.children(node), strict=True))
        return node if same else with_content(node, content)

    # --- what has stayed

    def _block(self, old: Node, new: Node) -> list[Node]:
        if old == new:
            return [new]
        if self._comparable(old, new):
            return [self._kept(old, new)]
        name = self._names.next()
        self._changes[name] = Change(name, "replaced")
        return [marked(old, "deletion", name), marked(new, "insertion", name)]

    def _comparable(self, old: Node, new: Node) -> bool:
        if old["type"] != new["type"] and family(new) not in CHANGING:
            return False
        return new["type"] != "table" or self._fits(old, new)

    def _fits(self, old: Node, new: Node) -> bool:
        """Whether old and new cells can stand side by side in one table."""
        if _shape(old) == _shape(new):
            return True
        if not all(fits([tree.children(row) for row in tree.children(each)]) for each in (old, new)):
            return False
        rows = []
        for before, after in self._survey.pairs.get(id(new), ()):
            if before is not None and after is not None and id(after) in self._survey.pairs:
                rows.append(_one_of_each(self._survey.pairs[id(after)]))
            else:
                rows.append(tree.children(after if after is not None else before or {}))
        return fits(rows)

    def _kept(self, old: Node, new: Node) -> Node:
        """One block in two states, as one block."""
        before, after = tree.block_id(old), tree.block_id(new)
        if before != after and before and after:
            self._renamed[after] = before
        if old == new:
            shown = new
        elif new["type"] in tree.TEXTBLOCKS:
            shown = with_content(new, self._words.compare(tree.children(old), tree.children(new)))
        else:
            shown = with_content(new, self._children(new))
        if state(old) == state(new):
            return shown
        name = self._names.next()
        self._changes[name] = change = Change(name, "changed", state(old), state(new))
        return modified(shown, change)


def _one_of_each(pairs: list[Pair]) -> list[Node]:
    return [after if after is not None else before for before, after in pairs if before or after]  # type: ignore[misc]


def _shape(table: Node) -> list[list[tuple[int, int]]]:
    return [
        [(int(tree.attr(cell, "colspan", 1)), int(tree.attr(cell, "rowspan", 1))) for cell in tree.children(row)]
        for row in tree.children(table)
    ]
