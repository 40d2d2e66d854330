"""What the writer of pandoc's tree knows: the target, and the suggestions around what it writes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from document import tree
from document.assembly import Assembly
from document.pandoc.ast import Attr, attr
from document.publication import Readable
from document.tree import Node

Target = Literal["docx", "epub"]
SUGGESTIONS = ("insertion", "deletion")
Mark = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """Who suggested a change and when (ISO 8601 in UTC)."""

    author: str = "Suggestion"
    at: str = "1980-01-01T00:00:00Z"


@dataclass
class Context:
    """``docx`` styles by Word's named styles, ``epub`` by classes.

    What only drafts have: ``changes`` by a suggestion's id, ``edges`` by a block's (start, end, key) of
    the comments on it, ``endings`` by a textblock's (kind, suggestion) where the next one begins anew
    or is joined to it, and ``draft`` itself, with which boxes are tables of one cell, as authors draw
    them. ``moves`` has the changes of a redline that Word tells as moves. ``written`` gathers the suggestions
    that became tracked changes.
    """

    assembly: Assembly
    target: Target
    changes: Mapping[str, Change] = field(default_factory=dict)
    edges: Mapping[str, Sequence[tuple[int, int, str]]] = field(default_factory=dict)
    endings: Mapping[str, Sequence[tuple[str, Mark]]] = field(default_factory=dict)
    draft: bool = False
    moves: frozenset[str] = frozenset()
    around: list[Mark] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    def styled(self, style: str, *classes: str, identifier: str = "", **pairs: str) -> Attr:
        """Attributes of a Div or Span: a named style for Word, classes elsewhere."""
        if self.target == "docx":
            return attr(identifier, custom_style=style, **pairs)
        return attr(identifier, classes, **pairs)

    def anchor(self, node: Node) -> str:
        """The identifier by which cross-references reach a block; none of what a redline strikes."""
        if not tree.block_id(node):
            return ""
        number = self.assembly.numbering.paragraphs.get(tree.block_id(node))
        return f"p{number}" if number else f"b-{tree.block_id(node)}"

    def link_to(self, target: str) -> str:
        """Where a cross-reference leads, or an empty string."""
        numbers = self.assembly.numbering
        if target in numbers.sections:
            return f"#section-{target}"
        if not numbers.known(target):
            return ""
        number = numbers.paragraphs.get(target)
        return f"#p{number}" if number else f"#b-{target}"

    @contextmanager
    def inside(self, node: Node) -> Iterator[None]:
        """While a block is written, its own suggestion is on all words in it: Word knows no other."""
        marks = [mark for mark in node.get("marks") or [] if mark["type"] in SUGGESTIONS]
        self.around += marks
        yield
        del self.around[len(self.around) - len(marks) :]

    @contextmanager
    def row(self, node: Node) -> Iterator[None]:
        """``inside`` a table's row. Word tracks rows themselves: what is in them needs no marks of its own."""
        if self.target != "docx":
            with self.inside(node):
                yield
            return
        kept, self.around = self.around, []
        yield
        self.around = kept

    def suggestions(self, node: Node) -> list[Mark]:
        """Insertions and deletions on the words of a node, outermost first; a block's give way to the words' own."""
        own = [mark for mark in node.get("marks") or [] if mark["type"] in SUGGESTIONS]
        kinds = {mark["type"] for mark in own}
        outer = {mark["type"]: mark for mark in reversed(self.around) if mark["type"] not in kinds}
        return sorted([*outer.values(), *own], key=lambda mark: SUGGESTIONS.index(mark["type"]))

    def kind(self, mark: Mark) -> str:
        """What Word is told: what was moved is neither new nor gone."""
        if str(mark["attrs"]["id"]) in self.moves:
            return "move-to" if mark["type"] == "insertion" else "move-from"
        return str(mark["type"])

    def tracked(self, mark: Mark, *classes: str, **more: str) -> Attr:
        """Attributes that say who suggested and when."""
        identifier = str(mark["attrs"]["id"])
        self.written.add(identifier)
        change = self.changes.get(identifier, Change())
        return attr("", classes, suggestion=identifier, author=change.author, date=change.at, **more)

    def held(self, node: Node) -> bool:
        """Whether an empty paragraph of a draft must stay: a comment or a suggestion hangs on it."""
        identifier = tree.block_id(node)
        return bool(self.around) or identifier in self.edges or identifier in self.endings

    def ends(self, node: Node) -> Sequence[tuple[str, Mark]]:
        return self.endings.get(tree.block_id(node), ())

    def forms(self, node: Node) -> list[tuple[Mark, str]]:
        """Suggested changes of a textblock's form, each with the name of the style it had."""
        found = []
        for mark in node.get("marks") or []:
            was = (mark.get("attrs") or {}).get("was") or {}
            if mark["type"] == "modification" and "attrs" in was and self.draft:
                kind = was.get("type", node["type"])
                level = was["attrs"].get("level", tree.attr(node, "level", 1))
                if kind in ("paragraph", "heading") and (kind != node["type"] or "level" in was["attrs"]):
                    found.append((mark, f"Heading{int(level) + 1}" if kind == "heading" else "BodyText"))
        return found[:1]


def data_uri(image: Readable, media_type: str) -> str:
    """A picture inside its own address: pandoc reads no files in its sandbox."""
    return f"data:{media_type};base64,{base64.b64encode(image.read_bytes()).decode()}"


def joined(parts: Iterable[list[dict[str, Any]]]) -> list[Mark]:
    """Lists of inlines or blocks, one after another."""
    return [each for part in parts for each in part]
