"""Which blocks of two lists are the same: by id, then by their words; what is left stands alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

from rapidfuzz import fuzz

from document import tree
from document.tree import Node

Pair = tuple[Node | None, Node | None]

#: Likeness (0–100) from which two blocks without common id are the same, rewritten.
ALIKE = 60
#: Blocks compared by their words only within this many places: keeps long texts linear.
REACH = 40

#: Types between which a block may change and still be the same block.
_FAMILIES = {
    "paragraph": "text",
    "heading": "text",
    "bullet_list": "list",
    "ordered_list": "list",
    "table_cell": "cell",
    "table_header": "cell",
}


def family(node: Node) -> str:
    kind: str = node["type"]
    return _FAMILIES.get(kind, kind)


def aligned(old: Sequence[Node], new: Sequence[Node]) -> Iterator[Pair]:
    """Pairs in reading order; None where one side has nothing."""
    for before, after in _gaps(old, new, _by_id(old, new)):
        for first, second in _gaps(before, after, _by_words(before, after)):
            yield from _alike(first, second)
            yield from _met(first, second)


class _Run(list[Node]):
    """The blocks before a pair, and on the last place of both the pair itself (None at the end)."""

    met: Node | None = None


def _gaps(old: Sequence[Node], new: Sequence[Node], pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[_Run, _Run]]:
    """The stretches between pairs, each with the pair that ends it."""
    i = j = 0
    for a, b in pairs:
        yield _run(old[i:a], old[a]), _run(new[j:b], new[b])
        i, j = a + 1, b + 1
    # The pair that ended the stretch as a whole belongs to its last part.
    yield _run(old[i:], getattr(old, "met", None)), _run(new[j:], getattr(new, "met", None))


def _run(nodes: Sequence[Node], met: Node | None) -> _Run:
    result = _Run(nodes)
    result.met = met
    return result


def _met(old: _Run, new: _Run) -> Iterator[Pair]:
    if old.met is not None and new.met is not None:
        yield old.met, new.met


def _by_id(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
    """Places of blocks with the same id and a like type, in the same order on both sides.

    A block that was moved past others is not among them.
    """
    return _common(old, new, lambda node: (tree.block_id(node), family(node)) if tree.block_id(node) else None)


def _by_words(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
    """Places of blocks with equal words, each of them only once on either side: a text that was read in anew."""
    if not old or not new:
        return []
    return _common(old, new, lambda node: (words, family(node)) if (words := tree.text(node)) else None)


def _common(old: Sequence[Node], new: Sequence[Node], key: Callable[[Node], Hashable | None]) -> list[tuple[int, int]]:
    before, after = [key(node) for node in old], [key(node) for node in new]
    many = {each for keys in (before, after) for each, count in Counter(keys).items() if count > 1 or each is None}
    places = {each: index for index, each in enumerate(before) if each not in many}
    return rising([(places[each], index) for index, each in enumerate(after) if each not in many and each in places])


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
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


def _alike(old: Sequence[Node], new: Sequence[Node]) -> Iterator[Pair]:
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
    kind = family(node)
    for index in range(left, min(len(old), left + REACH)):
        if family(old[index]) == kind and fuzz.ratio(words, tree.text(old[index]), score_cutoff=ALIKE):
            return index
    return None
