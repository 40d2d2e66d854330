"""Bringing the living text from one draft to the next, by steps like everybody else's."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from brief import steps, texts
from brief.models import Section
from config.example.notation import Names, SectionFile
from document import tree
from document.tree import Node


def rewrite(actor: User, section: Section, file: SectionFile, draft: int, names: Names) -> None:
    """Make the changes between ``draft`` and the next, one step for each block; what others changed stays."""
    before, after = (tree.children(file.document(each, names)) for each in (draft, draft + 1))
    today = texts.document(section)
    edits: list[dict[str, Any]] = []
    for blocks in _changes(tree.children(today), before, after):
        edits.append({"op": "replace_document", "doc": {"type": "doc", "content": blocks}})
    if edits:
        steps.edit(actor=actor, section=section, edits=edits)


def _changes(today: list[Node], before: list[Node], after: list[Node]) -> list[list[Node]]:
    """The block lists after each single change."""
    old = {tree.block_id(node): node for node in before}
    new = {tree.block_id(node): node for node in after}
    current, states = list(today), []
    for node in before:
        if tree.block_id(node) not in new:
            current = [each for each in current if tree.block_id(each) != tree.block_id(node)]
            states.append(current)
    previous = ""
    for node in after:
        name = tree.block_id(node)
        if name not in old:
            place = next((i + 1 for i, each in enumerate(current) if tree.block_id(each) == previous), 0)
            current = [*current[:place], node, *current[place:]]
            states.append(current)
        elif node != old[name]:
            current = [node if tree.block_id(each) == name else each for each in current]
            states.append(current)
        previous = name
    return states


def find_words(doc: Node, words: str) -> tuple[str, int, int]:
    """(block id, start, end) of the first place where these words stand; offsets in UTF-16 units."""
    for node in tree.blocks(doc):
        if node["type"] in tree.TEXTBLOCKS:
            text = tree.block_text(node)
            at = text.find(words)
            if at >= 0:
                start = tree.utf16(text[:at])
                return tree.block_id(node), start, start + tree.utf16(words)
    raise LookupError(f"not in this text: {words}")
