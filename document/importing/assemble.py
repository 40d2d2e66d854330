"""Sections out of pieces and an outline: blocks with ids, comments with their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from document import tree
from document.characters import shorten
from document.importing.headings import word_count
from document.importing.outline import LONG, Entry
from document.importing.pieces import (
    MARK_ORDER,
    Piece,
    copied,
    edges,
    footnotes,
    merged,
    node,
    paragraph,
    plain,
    words_of,
)
from document.importing.report import Report
from document.tree import Node, children

_CONTEXT = 32
#: The longest language tag that a section takes (``brief.models.Section``).
_TAG = 20
_SUGGESTING = ("insertion", "deletion")


@dataclass
class Imported:
    """What an import gives: sections with documents, and all that hangs on them.

    ``comments``: section_index, block, start, end, quotation, prefix, suffix, author, at, body,
    resolved, replies; ``suggestions``: id → author, at, kind; ``figures``: asset → path in the file.
    """

    title: str
    sections: list[dict[str, Any]]
    comments: list[dict[str, Any]] = field(default_factory=list)
    suggestions: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)


def sections_of(pieces: list[Piece], entries: list[Entry], report: Report) -> list[dict[str, Any]]:
    """Sections as title, depth, language ("" for the brief's) and document (still with comment edges), and the key
    each begins with.
    """
    starts = [entry for entry in entries if entry.kind == "section"]
    headings = {entry.position: entry for entry in entries if entry.kind == "heading"}
    out = []
    for at, start in enumerate(starts):
        stop = starts[at + 1].position if at + 1 < len(starts) else len(pieces)
        inside = list(range(start.position, stop))
        content: list[Node] = []
        orphans: list[Node] = []
        language = _language([pieces[position].node for position in inside])
        if inside and not start.made:
            orphans = _title_leavings(pieces[inside.pop(0)], report, language)
        for position in inside:
            content += _block(copied(pieces[position].node), headings.get(position), pieces[position])
        content = _unsaid(_quotes_joined(content), language)
        _give(orphans, content)
        first = pieces[start.position].key if start.position < len(pieces) else 0
        out.append(
            {
                "title": start.title[:300],
                "doc": node("doc", content or [paragraph([])]),
                "key": first,
                "depth": start.depth,
                "language": language,
            }
        )
    return out


def _language(values: list[Node]) -> str:
    """The language that all words of title and text are marked with: then it is the section's own; "" for none."""
    texts = (each for value in values for each in tree.walk(value) if each["type"] == "text" and each["text"].strip())
    found = {_marked(text) for text in texts}
    tag = found.pop() if len(found) == 1 else ""
    return tag if len(tag) <= _TAG else ""


def _marked(text: Node) -> str:
    spoken = (mark["attrs"]["lang"] for mark in text.get("marks") or [] if mark["type"] == "language")
    return str(next(spoken, ""))


def _unsaid(content: list[Node], language: str) -> list[Node]:
    """What the section says of all its words, no word says again."""
    texts = [each for value in content for each in tree.walk(value) if language and each.get("marks")]
    for text in texts:
        text["marks"] = [mark for mark in text["marks"] if mark["type"] != "language"]
    return content


def _title_leavings(piece: Piece, report: Report, language: str) -> list[Node]:
    """What a title cannot hold: footnotes and comment edges; tracked changes in it count as accepted."""
    value = copied(piece.node)
    notes = footnotes(value)
    if notes:
        report.say("title-note", piece.key, piece.text)
    marks = [mark for child in [value, *children(value)] for mark in child.get("marks") or []]
    if any(mark["type"] in _SUGGESTING for mark in marks):
        report.say("title-change", piece.key, piece.text)
    say_plain(piece, report, language)
    return [*edges(value), *notes]


def say_plain(piece: Piece, report: Report, language: str = "") -> None:
    """A title is plain words: languages and links go, and looks; those of all of it said only that it is a title.

    ``language`` is what the section says of all its words.
    """
    title = shorten(piece.text, 80)
    texts = [child for child in children(piece.node) if child["type"] == "text" and child["text"].strip()]
    worn = [{mark["type"]: mark.get("attrs") or {} for mark in child.get("marks") or []} for child in texts]
    spoken = dict.fromkeys(each["language"]["lang"] for each in worn if "language" in each)
    spoken.pop(language, None)
    if spoken:
        report.say("title-language", piece.key, piece.text, languages=", ".join(spoken), title=title)
    for href in links(piece):
        report.say("title-link", piece.key, piece.text, href=href)
    if any(0 < sum(name in each for each in worn) < len(worn) for name in ("strong", "em", "superscript", "subscript")):
        report.say("title-form", piece.key, piece.text, title=title)


def links(piece: Piece) -> list[str]:
    """The addresses to which its words lead, each once."""
    marks = (mark for child in children(piece.node) for mark in child.get("marks") or [])
    return list(dict.fromkeys(mark["attrs"]["href"] for mark in marks if mark["type"] == "link"))


def _give(orphans: list[Node], content: list[Node]) -> None:
    if not orphans:
        return
    first = next((child for child in content if child["type"] == "paragraph"), None)
    if first is None:
        first = paragraph([])
        content.insert(0, first)
    first["content"] = [*orphans, *children(first)]


def _block(value: Node, heading: Entry | None, piece: Piece) -> list[Node]:
    if heading and value["type"] == "paragraph":
        made = node("heading", _unstrong(children(value)), id=_id(value), level=heading.level)
        return [_formed({**made, "marks": value["marks"]}) if value.get("marks") else made]
    if piece.quoted and value["type"] == "paragraph" and _is_quotation(piece):
        return [node("block_quote", [value], id=_around(_id(value)))]
    return [_formed(value)]


def _formed(value: Node) -> Node:
    """Tracked changes of a paragraph's style, said of the block that it became; without difference there is none."""
    marks = []
    for mark in value.get("marks") or []:
        was = mark["attrs"].get("was") or {}
        if mark["type"] == "modification" and was.get("type") == value["type"]:
            if was["attrs"].get("level", 0) == (value.get("attrs") or {}).get("level", 0):
                continue
            mark = {**mark, "attrs": {**mark["attrs"], "was": {"attrs": was["attrs"]}}}
        marks.append(mark)
    if marks:
        return {**value, "marks": marks}
    return {key: each for key, each in value.items() if key != "marks"}


def _id(value: Node) -> str:
    return str((value.get("attrs") or {}).get("id", ""))


def _around(identifier: str) -> str:
    """The id of what is put around a block: its own with another first letter."""
    return f"{'q' if identifier[:1] != 'q' else 'z'}{identifier[1:]}"


def _unstrong(inlines: list[Node]) -> list[Node]:
    """A heading is set as one by its level: bold or italics over all of it say nothing more."""
    texts = [child for child in inlines if child["type"] == "text" and child["text"].strip()]
    for name in ("strong", "em"):
        if texts and all(any(mark["type"] == name for mark in child.get("marks") or []) for child in texts):
            inlines = [
                {**child, "marks": [mark for mark in child.get("marks") or [] if mark["type"] != name]}
                if child["type"] == "text"
                else child
                for child in inlines
            ]
    return inlines


def _is_quotation(piece: Piece) -> bool:
    text = piece.text.strip()
    return not piece.numbered and ("quot" in piece.style.lower() or text[:1] in '“"«„‘')


def _quotes_joined(content: list[Node]) -> list[Node]:
    out: list[Node] = []
    for value in content:
        if out and value["type"] == out[-1]["type"] == "block_quote":
            out[-1]["content"] += children(value)
        else:
            out.append(value)
    return out


def finish(value: Node) -> Node:
    """Only what the schema knows: helpers gone, texts joined, marks in order."""
    out: Node = {key: value[key] for key in ("type", "text") if key in value}
    attrs = {key: each for key, each in (value.get("attrs") or {}).items() if not key.startswith("_")}
    if attrs:
        out["attrs"] = attrs
    marks = [mark for mark in value.get("marks") or [] if not mark["type"].startswith("_")]
    if marks:
        out["marks"] = sorted(marks, key=lambda mark: MARK_ORDER.index(mark["type"]))
    inside = merged([finish(child) for child in children(value) if not child["type"].startswith("_")])
    if inside:
        out["content"] = inside
    return out


def identify(value: Node, next_id: Any) -> None:
    """Give every node that carries an id its own, in reading order."""
    if value["type"] not in ("doc", "text", "citation", "cross_reference", "hard_break") and value["type"][0] != "_":
        value["attrs"] = {**(value.get("attrs") or {}), "id": next_id()}
    for child in children(value):
        identify(child, next_id)


@dataclass(frozen=True)
class Place:
    section: int
    block: Node
    offset: int


def places(sections: list[dict[str, Any]]) -> dict[tuple[str, str], Place]:
    """(comment, edge) → where it stands: offsets in UTF-16 units of the block's text."""
    found: dict[tuple[str, str], Place] = {}

    def note(edge: Node, section: int, block: Node, offset: int) -> None:
        key = (edge["attrs"]["comment"], edge["attrs"]["edge"])
        found.setdefault(key, Place(section, block, offset))

    def walk(value: Node, section: int) -> None:
        if value["type"] not in tree.TEXTBLOCKS:
            for child in children(value):
                walk(child, section)
            return
        offset = 0
        for child in children(value):
            for edge in edges(child):
                inside = child["type"] == "footnote" and edge["attrs"]["edge"] == "end"
                note(edge, section, value, offset + (1 if inside else 0))
            if child["type"][0] != "_":
                offset += tree.utf16(child["text"]) if child["type"] == "text" else 1

    for index, section in enumerate(sections):
        walk(section["doc"], index)
    return found


def anchor(start: Place | None, end: Place | None, first: Node | None) -> dict[str, Any]:
    """Where a comment hangs: part of one block, or the whole block (start equals end)."""
    if start is None and end is None:
        block = first or {"type": "paragraph", "attrs": {"id": ""}}
        return {"section_index": 0, **_cut(finish(block), 0, 0)}
    begin = start or end
    assert begin is not None
    block = finish(begin.block)
    length = tree.utf16(tree.block_text(block))
    low = min(begin.offset, length)
    high = end.offset if end and end.block is begin.block else length
    if low >= high and end and end.block is not begin.block:
        block = finish(end.block)
        return {"section_index": end.section, **_cut(block, 0, end.offset)}
    return {"section_index": begin.section, **_cut(block, low, max(low, high))}


def _cut(block: Node, start: int, end: int) -> dict[str, Any]:
    raw = tree.block_text(block).encode("utf-16-le")

    def part(low: int, high: int) -> str:
        return raw[max(low, 0) * 2 : max(high, 0) * 2].decode("utf-16-le", "ignore")

    quotation = part(start, end) if end > start else ""
    return {
        "block": tree.block_id(block),
        "start": start,
        "end": end,
        "quotation": quotation,
        "prefix": part(start - _CONTEXT, start) if quotation else "",
        "suffix": part(end, end + _CONTEXT) if quotation else "",
    }


def count(sections: list[dict[str, Any]]) -> dict[str, int]:
    """What the finished sections hold, by the report's names (comments apart)."""
    kinds: dict[str, int] = {}
    ids: dict[str, set[str]] = {kind: set() for kind in (*_SUGGESTING, "modification")}
    for section in sections:
        for value in tree.walk(section["doc"]):
            kinds[value["type"]] = kinds.get(value["type"], 0) + 1
            for mark in value.get("marks") or []:
                if mark["type"] in ids:
                    ids[_counted(mark)].add(mark["attrs"]["id"])
    words = sum(word_count(f"{section['title']}\n{words_of(section['doc'])}") for section in sections)
    return {
        "words": words,
        "headings": kinds.get("heading", 0) + len(sections),
        "footnotes": kinds.get("footnote", 0),
        "tables": kinds.get("table", 0),
        "boxes": kinds.get("callout", 0),
        "figures": kinds.get("figure", 0),
        "insertions": len(ids["insertion"]),
        "deletions": len(ids["deletion"]),
        "modifications": len(ids["modification"]),
    }


def _counted(mark: Node) -> str:
    """How Word counts a suggestion: a new or gone paragraph mark is an insertion or a deletion there."""
    edge = (mark["attrs"].get("was") or {}).get("edge", "")
    return {"split": "insertion", "join": "deletion"}.get(edge, str(mark["type"]))


def place_findings(report: Report, sections: list[dict[str, Any]]) -> None:
    """Name the section of each finding, and put them in the order of the text."""
    for finding in report.findings:
        before = [section["title"] for section in sections if section["key"] <= finding.key]
        finding.section = before[-1] if before and finding.key else ""
    report.findings.sort(key=lambda finding: finding.key)


def point_out(report: Report, sections: list[dict[str, Any]]) -> None:
    """What a person should look at in the finished sections."""
    for section in sections:
        words = word_count(words_of(section["doc"]))
        if words > LONG:
            report.say("long-section", section["key"], title=shorten(section["title"], 80), words=words)
        for value in tree.walk(section["doc"]):
            if value["type"] == "figure" and not value["attrs"]["alt"]:
                report.say("no-alt", section["key"], plain(value))
