"""What changed between two texts, as a text: a redline is a document with insertion, deletion and modification marks.

Blocks are aligned by their ids, then by their words; inside a block the words are compared, in a table its cells.
What was moved is struck where it was and inserted where it is, under one id. Every renderer shows the result, and
Word gets tracked changes. ``Redline.changes`` says what each mark's id means.
"""

from __future__ import annotations

from collections.abc import Sequence

from document.diff.blocks import Builder
from document.diff.counting import Counts, counts
from document.diff.redlines import Change, Names, Redline, merged, settle
from document.diff.survey import Survey
from document.tree import Node

__all__ = ["Change", "Counts", "Redline", "compare", "compare_all", "counts", "merged", "settle"]


def compare(old: Node, new: Node) -> Redline:
    """``new`` with everything that was inserted, deleted, moved or changed since ``old`` marked.

    ``settle`` gives both back: accepting all is ``new``, rejecting all is ``old``.
    """
    return compare_all([(old, new)])[0]


def compare_all(pairs: Sequence[tuple[Node | None, Node | None]]) -> list[Redline]:
    """A redline for each section, given as it was and as it is (None: there was none, there is none any more).

    What was moved from one section to another is known as moved in both.
    """
    survey = Survey()
    for old, new in pairs:
        if old is None:
            survey.come(new.get("content") or [] if new else [])
        elif new is None:
            survey.gone(old.get("content") or [])
        elif old != new:
            survey.meet(old, new)
    survey.match()
    builder = Builder(survey, Names(doc for pair in pairs for doc in pair if doc is not None))
    return [_redline(builder, old, new) for old, new in pairs]


def _redline(builder: Builder, old: Node | None, new: Node | None) -> Redline:
    if old is not None and new is not None:
        return builder.redline(old, new)
    if new is not None:
        return builder.whole(new, "inserted")
    return builder.whole(old or {"type": "doc"}, "deleted")
