"""Suggested changes of what a block says of itself (a caption, a kind, whom it asks), as words that go and words that
come. Word tracks no others: what it has no way for (a text alternative, an order's start) is told as untold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from document import tree
from document.pandoc import ast
from document.pandoc.ast import Inline
from document.pandoc.context import Context, Mark
from document.tree import Node

#: What is shown in words, by kind of block.
TOLD = {
    "table": frozenset({"caption"}),
    "figure": frozenset({"credit", "licence"}),
    "callout": frozenset({"kind", "title"}),
    "recommendation": frozenset({"kind", "addressee"}),
}


def _forms(node: Node) -> Iterator[tuple[Mark, dict[str, Any]]]:
    for mark in node.get("marks") or []:
        was = (mark.get("attrs") or {}).get("was") or {}
        if mark["type"] == "modification" and "attrs" in was:
            yield mark, was["attrs"]


def before(node: Node, name: str, context: Context) -> tuple[Mark, Node] | None:
    """The suggestion that changes an attribute, and the block as it was but for others' changes."""
    if context.target == "docx" and context.draft:
        for mark, attrs in _forms(node):
            if name in attrs and attrs[name] != tree.attr(node, name):
                return mark, {**node, "attrs": {**node.get("attrs", {}), name: attrs[name]}}
    return None


def changed(mark: Mark | None, old: list[Inline], new: list[Inline], context: Context) -> list[Inline]:
    """The new words, and in front of them those that a suggestion takes away."""
    if mark is None:
        return new
    gone = [ast.span(context.tracked(mark, "deletion"), old)] if old else []
    come = [ast.span(context.tracked(mark, "insertion"), new)] if new else []
    return [*gone, *come]


def restyled(mark: Mark | None, style: str, context: Context) -> list[Inline]:
    """The style that a paragraph of the block had: Word's id of it."""
    return [ast.span(context.tracked(mark, "paragraph-modification", style=style), [])] if mark else []


def untold(node: Node) -> Iterator[str]:
    """The ids of suggestions that change something of this block which no words show."""
    for mark, attrs in _forms(node):
        if node["type"] in TOLD and any(
            attrs[name] != tree.attr(node, name) for name in attrs.keys() - TOLD[node["type"]]
        ):
            yield str(mark["attrs"]["id"])
