"""A redline made ready to be shown: nothing in it has the name of something else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from document import tree
from document.diff.redlines import Redline, with_content
from document.numbering import Numbering
from document.tree import Node


def displayed(redline: Redline, numbers: Numbering) -> Node:
    """The redline's text. What is struck loses its ids, so that the numbers and addresses are those of the new text.

    Notes that are struck get numbers of their own in ``numbers``, after all others.
    """
    if not redline.changes:
        return redline.doc
    names = (f"gone-{number}" for number in itertools.count(len(numbers.footnotes) + 1))
    return _displayed(redline.doc, redline, False, numbers, names)


def _displayed(node: Node, redline: Redline, struck: bool, numbers: Numbering, names: Iterator[str]) -> Node:
    marks = node.get("marks")
    if marks and not struck:
        struck = any(mark["type"] == "deletion" and mark["attrs"]["id"] in redline.changes for mark in marks)
    if struck and tree.block_id(node):
        name = ""
        if node["type"] == "footnote":
            name = next(names)
            numbers.footnotes[name] = len(numbers.footnotes) + 1
        node = {**node, "attrs": {**node["attrs"], "id": name}}
    if "content" not in node or (not struck and node["type"] in tree.TEXTBLOCKS and not _marks(node)):
        return node
    return with_content(node, [_displayed(child, redline, struck, numbers, names) for child in tree.children(node)])


def _marks(node: Node) -> bool:
    return any("marks" in child or child["type"] == "footnote" for child in tree.children(node))


def nameless(node: Node) -> Node:
    """A block without ids, for where it is shown a second time. Its notes become a sign: they stand in the other."""
    if node["type"] == "footnote":
        return {"type": "text", "text": "†", "marks": [*(node.get("marks") or []), {"type": "superscript"}]}
    result = dict(node)
    if tree.block_id(node):
        result["attrs"] = {**node["attrs"], "id": ""}
    if "content" in node:
        result["content"] = [nameless(child) for child in node["content"]]
    return result
