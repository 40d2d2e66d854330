"""A small notation for the example's texts, read into the document language.

Blocks are separated by empty lines; wrapped lines are joined.

    # Heading        ## One level down       - item      1. item       > quotation
    % from=2 until=3 id=label                 for the block that follows: in which drafts it
                                              stands, and by what name others refer to it
    :::key Title … :::                        a callout (any kind of the schema)
    :::rec legislation | Addressee … :::      a recommendation
    :::figure name | alt | credit … :::       a figure; the lines inside are its caption
    :::table Caption … :::                    rows of cells: |! column header |= row header | cell |

Within a paragraph: ``**strong** *em* [words](address) {fr: mot} {ar rtl: كلمة} <<label>>``,
``^[a footnote]`` and citations, ``[see @key, p. 3; @other]``. Block ids are derived from the
section's label and the place in the file, so the same text always gives the same ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from document.tree import Node

#: The draft in which a block without ``until`` stops standing.
ALWAYS = 99

_INLINE = re.compile(
    r"(?P<note>\^\[)"
    r"|\[(?P<cite>[^\[\]]*@[^\[\]]*)\]"
    r"|\[(?P<words>[^\[\]]+)\]\((?P<href>\S+?)\)"
    r"|<<(?P<ref>[a-z0-9-]+)>>"
    r"|\{(?P<lang>[a-zA-Z-]+)(?P<rtl> rtl)?: (?P<foreign>[^}]*)\}"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|\*(?P<em>.+?)\*"
)
_CITED = re.compile(r"(?P<prefix>[^@]*)@(?P<source>[a-z0-9-]+)(?:,\s*(?P<locator>.*))?")
_ITEM = re.compile(r"(?:- |(?P<number>\d+)\. )")
_CELL = re.compile(r"\|(?P<mark>[!=])?(?P<words>[^|]*)")
_SCOPES = {"!": "col", "=": "row"}


class NotationError(Exception):
    """A text that cannot be read; the message says where."""


def identifier(label: str) -> str:
    """Twelve characters of a-f and 0-9, the same for the same label."""
    return hashlib.sha256(label.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Names:
    """What texts refer to: a label's target id (of a block or section), a picture's asset id."""

    target: Callable[[str], str] = identifier
    asset: Callable[[str], str] = identifier


@dataclass(frozen=True)
class Block:
    """The lines of one block, the drafts in which it stands, and its key."""

    lines: tuple[str, ...]
    key: str
    label: str = ""
    first: int = 1
    last: int = ALWAYS

    def stands(self, draft: int) -> bool:
        return self.first <= draft <= self.last


@dataclass(frozen=True)
class SectionFile:
    """A section as written: its header lines (``Title: …``) and its blocks."""

    header: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def label(self) -> str:
        return self.header["Label"]

    @property
    def first(self) -> int:
        """The first draft in which the section stands."""
        return int(self.header.get("From", "1"))

    def labels(self, draft: int) -> set[str]:
        return {self.label} | {block.label for block in self.blocks if block.label and block.stands(draft)}

    def document(self, draft: int, names: Names) -> Node:
        """The document of one draft."""
        content = [_Reader(names).block(block) for block in self.blocks if block.stands(draft)]
        return {"type": "doc", "content": content}


def read(text: str, label: str = "") -> SectionFile:
    """Read a section's file. Raises NotationError."""
    head, _, body = text.partition("\n\n")
    header = dict(_pair(line) for line in head.splitlines())
    header.setdefault("Label", label)
    return SectionFile(header, tuple(_blocks(body, header["Label"])))


def _pair(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(": ")
    if not colon:
        raise NotationError(f"a header line reads “Name: value”, not “{line}”")
    return name, value.strip()


def _blocks(body: str, section: str) -> Iterator[Block]:
    options: dict[str, str] = {}
    for number, lines in enumerate(_groups(body.splitlines())):
        if lines[0].startswith("%"):
            options = dict(part.split("=", 1) for part in lines[0][1:].split())
            lines = lines[1:]
        if not lines:
            raise NotationError(f"{section}: options without a block: {options}")
        yield Block(
            lines=tuple(lines),
            key=options.get("id", f"{section}/{number}"),
            label=options.get("id", ""),
            first=int(options.get("from", 1)),
            last=int(options.get("until", ALWAYS)),
        )
        options = {}


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Lines between empty ones; a container (``:::``) goes on to its end."""
    group: list[str] = []
    inside = False
    for line in lines:
        if line.startswith(":::"):
            inside = line != ":::"
        if line.strip() or inside:
            group.append(line)
        elif group:
            yield group
            group = []
    if inside:
        raise NotationError(f"a container is not closed: {group[0]}")
    if group:
        yield group


@dataclass
class _Reader:
    """Turns blocks into nodes; the key of each gives the ids below it."""

    names: Names
    _count: int = field(default=0)
    _key: str = field(default="")

    def block(self, block: Block) -> Node:
        self._key, self._count = block.key, 0
        return self._node(list(block.lines))

    def _attrs(self, **more: Any) -> dict[str, Any]:
        """Attributes with the next id: the outermost block's is that of its label."""
        name = self._key if not self._count else f"{self._key}/{self._count}"
        self._count += 1
        return {"id": identifier(name), **more}

    def _node(self, lines: list[str]) -> Node:
        first = lines[0]
        if first.startswith(":::"):
            return self._container(first[3:], lines[1:-1])
        if first.startswith("#"):
            marks, _, words = first.partition(" ")
            return {"type": "heading", "attrs": self._attrs(level=len(marks)), "content": self._inlines(words)}
        if first.startswith("> "):
            attrs = self._attrs()
            paragraph = self._paragraph([line.removeprefix("> ") for line in lines])
            return {"type": "block_quote", "attrs": attrs, "content": [paragraph]}
        if _ITEM.match(first):
            return self._list(lines)
        return self._paragraph(lines)

    def _paragraph(self, lines: list[str]) -> Node:
        return {"type": "paragraph", "attrs": self._attrs(), "content": self._inlines(_join(lines))}

    def _list(self, lines: list[str]) -> Node:
        start = _ITEM.match(lines[0])
        number = start["number"] if start else None
        kind = "ordered_list" if number else "bullet_list"
        node: Node = {"type": kind, "attrs": self._attrs(**({"start": int(number)} if number else {})), "content": []}
        items: list[list[str]] = []
        for line in lines:
            if found := _ITEM.match(line):
                items.append([line[found.end() :]])
            else:
                items[-1].append(line)
        for item in items:
            attrs = self._attrs()
            node["content"].append({"type": "list_item", "attrs": attrs, "content": [self._paragraph(item)]})
        return node

    def _container(self, opening: str, lines: list[str]) -> Node:
        kind, _, rest = opening.partition(" ")
        parts = [part.strip() for part in rest.split("|")]
        if kind == "figure":
            name, alt, credit = parts
            attrs = self._attrs(asset=self.names.asset(name), alt=alt, decorative=False, credit=credit)
            return {"type": "figure", "attrs": attrs, "content": self._inlines(_join(lines))}
        if kind == "table":
            attrs = self._attrs(caption=rest)
            return {"type": "table", "attrs": attrs, "content": [self._row(line) for line in lines]}
        if kind == "rec":
            attrs = self._attrs(kind=parts[0], addressee=parts[1])
            return {"type": "recommendation", "attrs": attrs, "content": self._inside(lines)}
        attrs = self._attrs(kind=kind, title=rest)
        return {"type": "callout", "attrs": attrs, "content": self._inside(lines)}

    def _inside(self, lines: list[str]) -> list[Node]:
        return [self._node(group) for group in _groups(lines)]

    def _row(self, line: str) -> Node:
        attrs = self._attrs()
        return {"type": "table_row", "attrs": attrs, "content": [self._cell(cell) for cell in _cells(line)]}

    def _cell(self, cell: tuple[str, str]) -> Node:
        mark, words = cell
        attrs = self._attrs(colspan=1, rowspan=1, colwidth=None)
        if mark:
            attrs["scope"] = _SCOPES[mark]
        return {"type": "table_header" if mark else "table_cell", "attrs": attrs, "content": [self._paragraph([words])]}

    def _inlines(self, text: str, marks: tuple[Node, ...] = ()) -> list[Node]:
        result: list[Node] = []
        at = 0
        while found := _INLINE.search(text, at):
            result += _text(text[at : found.start()], marks)
            at = found.end()
            if found["note"]:
                at = _closing(text, at)
                attrs = self._attrs()
                result.append({"type": "footnote", "attrs": attrs, "content": self._inlines(text[found.end() : at])})
                at += 1
            else:
                result += self._inline(found, marks)
        return result + _text(text[at:], marks)

    def _inline(self, found: re.Match[str], marks: tuple[Node, ...]) -> list[Node]:
        if found["cite"]:
            return [{"type": "citation", "attrs": {"items": [_cited(part) for part in found["cite"].split(";")]}}]
        if found["ref"]:
            return [{"type": "cross_reference", "attrs": {"target": self.names.target(found["ref"])}}]
        if found["href"]:
            return self._inlines(found["words"], (*marks, {"type": "link", "attrs": {"href": found["href"]}}))
        if found["lang"]:
            attrs = {"lang": found["lang"], "dir": "rtl" if found["rtl"] else "ltr"}
            return self._inlines(found["foreign"], (*marks, {"type": "language", "attrs": attrs}))
        name = "strong" if found["strong"] else "em"
        return self._inlines(found[name], (*marks, {"type": name}))


def _join(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def _text(words: str, marks: tuple[Node, ...]) -> list[Node]:
    if not words:
        return []
    return [{"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}]


def _closing(text: str, at: int) -> int:
    """Where the bracket that was opened before ``at`` closes."""
    depth = 1
    for place in range(at, len(text)):
        depth += {"[": 1, "]": -1}.get(text[place], 0)
        if not depth:
            return place
    raise NotationError(f"a footnote is not closed: {text[at : at + 40]}…")


def _cited(part: str) -> dict[str, str]:
    found = _CITED.fullmatch(part.strip())
    if not found:
        raise NotationError(f"not a citation: {part}")
    locator = (found["locator"] or "").strip()
    return {"source": found["source"], "locator": locator, "prefix": found["prefix"].strip(), "suffix": ""}


def _cells(line: str) -> list[tuple[str, str]]:
    found = _CELL.finditer(line.strip().removesuffix("|"))
    return [(each["mark"] or "", each["words"].strip()) for each in found]
