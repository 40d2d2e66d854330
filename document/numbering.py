"""Paragraph numbers and the series beside them, derived and never stored in texts.

Top-level paragraphs, block quotations and recommendations count, through the whole brief; a list
belongs to its lead-in. Tables, figures, callouts and recommendations have series of their own
(DECISIONS, *Paragraph numbers*).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from document import tree
from document.tree import Node

#: The rule's version; a frozen version records it so that an old number stays what it was.
RULE = 1

NUMBERED = frozenset({"paragraph", "block_quote", "recommendation"})
SERIES = {"table": "table", "figure": "figure", "callout": "callout", "recommendation": "recommendation"}


@dataclass
class Numbering:
    """Block id → number, for paragraphs and for each series; section id → its ordinal."""

    paragraphs: dict[str, int] = field(default_factory=dict)
    series: dict[str, tuple[str, int]] = field(default_factory=dict)
    sections: dict[str, int] = field(default_factory=dict)
    footnotes: dict[str, int] = field(default_factory=dict)
    #: The heading's or section's own words, for cross-references to it.
    titles: dict[str, str] = field(default_factory=dict)

    def known(self, target: str) -> bool:
        """Whether a cross-reference to ``target`` resolves."""
        return any(target in known for known in (self.paragraphs, self.series, self.sections, self.titles))


def counts(node: Node) -> bool:
    """Whether a top-level block has a paragraph number; an empty paragraph has none."""
    if node["type"] not in NUMBERED or not tree.block_id(node):  # what a redline shows as struck has no id
        return False
    return node["type"] != "paragraph" or bool(tree.block_text(node).strip())


def number(sections: Iterable[tuple[str, str, Node]]) -> Numbering:
    """Number ``(id, title, document)`` in order.

    A paragraph that opens or follows a list inside the list is not numbered; footnotes run
    through the brief.
    """
    result = Numbering()
    totals: dict[str, int] = {}
    paragraph = 0
    for ordinal, (identifier, title, doc) in enumerate(sections, start=1):
        result.sections[identifier] = ordinal
        result.titles[identifier] = title
        for node in tree.children(doc):
            if counts(node):
                paragraph += 1
                result.paragraphs[tree.block_id(node)] = paragraph
        for node in tree.walk(doc):
            kind = node["type"]
            if not tree.block_id(node):
                continue
            if kind in SERIES:
                totals[kind] = totals.get(kind, 0) + 1
                result.series[tree.block_id(node)] = (SERIES[kind], totals[kind])
            elif kind == "heading":
                result.titles[tree.block_id(node)] = tree.text(node)
            elif kind == "footnote":
                result.footnotes[tree.block_id(node)] = len(result.footnotes) + 1
    return result
