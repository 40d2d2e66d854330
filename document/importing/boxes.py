"""Callouts: which kind a box is, by the words of its title."""

from __future__ import annotations

import re

from document.importing.pieces import node, paragraph
from document.tree import Node

_KINDS = (
    ("definition", r"defin|glossar|terms?\b"),
    ("risk", r"\brisk|warning|danger|harm"),
    ("opportunity", r"opportunit|benefit|promis"),
    ("case", r"\bcase\b|example|in practice|stor(y|ies)\b"),
    ("key", r"\bkey\b|main message|finding|summary|at a glance"),
)


def kind_of(title: str) -> str:
    """Which callout a box is, by the words of its title."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, title, re.I)), "note")


def callout(title: str, content: list[Node]) -> Node:
    return node("callout", content or [paragraph([])], kind=kind_of(title), title=title[:300])
