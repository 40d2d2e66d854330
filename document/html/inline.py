"""Inline content: words with marks, notes, citations, references and highlights.

A script on the page finds a text offset by counting text nodes: what carries ``data-atom`` counts
as one character, what carries ``data-skip`` as none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from document import tree
from document.anchors import cut
from document.assembly import direction
from document.citations import REFERENCE, Inlines
from document.diff import Change, named
from document.html.context import Context, Highlight
from document.html.element import Markup, element, join, text
from document.tree import Node

#: Outermost first. Suggestions stand outside of looks, so that accepting one is easy to see.
MARKS = (
    "link",
    "insertion",
    "deletion",
    "modification",
    "language",
    "strong",
    "em",
    "superscript",
    "subscript",
    "claim",
)

#: One wrapping element: tag and attributes, comparable so that equal neighbours are joined.
Wrapper = tuple[str, tuple[tuple[str, str], ...]]
Piece = tuple[tuple[Wrapper, ...], Markup]
Changes = Mapping[str, Change]


@dataclass
class Notes:
    """Notes met while a stretch of text was rendered, to be shown after it."""

    pending: list[tuple[int, Markup]] = field(default_factory=list)


_TAGS = {"insertion": "ins", "deletion": "del", "modification": "span"}


def _mark(mark: dict[str, Any], changes: Changes) -> Wrapper | None:
    """How a mark is written; None for one that a reader is not shown."""
    attrs = mark.get("attrs") or {}
    if changes and (change := named.meant(mark, changes)):
        css = f"change {named.kind(mark, change)}"
        return _TAGS[mark["type"]], (("class", css), ("data-change", change.id))
    match mark["type"]:
        case "strong" | "em":
            return mark["type"], ()
        case "superscript":
            return "sup", ()
        case "subscript":
            return "sub", ()
        case "link":
            return "a", (("href", attrs["href"]), ("rel", "noopener"))
        case "language":
            return "span", (("lang", attrs["lang"]), ("dir", attrs.get("dir", "ltr")))
        case "insertion":
            return "ins", (("data-suggestion", attrs.get("id", "")),)
        case "deletion":
            return "del", (("data-suggestion", attrs.get("id", "")),)
        case "modification":
            return "span", (("class", "modified"), ("data-suggestion", attrs.get("id", "")))
    return None


def wrappers(node: Node, context: Context) -> tuple[Wrapper, ...]:
    """The elements around a node, by its marks."""
    if "marks" not in node:
        return ()
    marks = sorted(node["marks"] or [], key=lambda mark: MARKS.index(mark["type"]))
    changes = context.assembly.publication.changes
    return tuple(wrapper for mark in marks if (wrapper := _mark(mark, changes)))


def nest(pieces: Sequence[Piece], depth: int = 0) -> Markup:
    """Pieces inside their wrappers; neighbours with the same wrapper share one element."""
    parts: list[Markup] = []
    for head, group in groupby(pieces, key=lambda piece: piece[0][depth : depth + 1]):
        inside = list(group)
        if not head:
            parts += [content for _, content in inside]
        else:
            (tag, attributes), *_ = head
            parts.append(element(tag, nest(inside, depth + 1), **dict(attributes)))
    return join(parts)


def render(node: Node, context: Context, notes: Notes) -> Markup:
    """The content of a textblock or footnote."""
    block = tree.block_id(node)
    highlights = [each for each in context.highlighted(block) if each.start < each.end]
    pieces: list[Piece] = []
    offset = 0
    children = tree.children(node)
    for child, unseen in zip(children, context.assembly.unseen(children), strict=True):
        if child["type"] == "text":
            # Blanks that are not shown are still there: who counts characters counts them.
            pieces += _text(child, offset, highlights, context, unseen)
            offset += tree.utf16(child["text"])
        else:
            around = wrappers(child, context) + _highlight(highlights, offset, offset + 1)
            pieces.append((_outside_links(around, child), _atom(child, context, notes)))
            offset += 1
            pieces += _thread_links(highlights, context, offset)
        pieces += _said(child, context)
    return nest(pieces)


def _said(child: Node, context: Context) -> list[Piece]:
    """After words whose looks a redline says have changed: what changed."""
    changes = context.assembly.publication.changes
    if not changes or not any(mark["type"] == "modification" for mark in child.get("marks") or ()):
        return []
    said = "; ".join(named.notes({"marks": child["marks"]}, changes, context.labels))
    return [((), element("small", f"[{said}]", class_="change-note", data_skip=True))] if said else []


def _text(child: Node, offset: int, highlights: Sequence[Highlight], context: Context, unseen: int) -> list[Piece]:
    """One text node, divided where highlights begin and end, and before its last ``unseen`` blanks."""
    length = tree.utf16(child["text"])
    bounds = {0, length - unseen, length}
    for each in highlights:
        bounds |= {at - offset for at in (each.start, each.end) if 0 < at - offset < length}
    around = wrappers(child, context)
    pieces: list[Piece] = []
    for start, end in pairwise(sorted(bounds)):
        over = _highlight(highlights, offset + start, offset + end)
        words = text(cut(child["text"], start, end))
        pieces.append(
            (around + over, element("span", words, class_="before-note") if start >= length - unseen else words)
        )
        pieces += _thread_links(highlights, context, offset + end)
    return pieces


def _highlight(highlights: Iterable[Highlight], start: int, end: int) -> tuple[Wrapper, ...]:
    over = [each for each in highlights if each.start < end and start < each.end]
    if not over:
        return ()
    css = {word for each in over for word in each.css.split()}
    css |= {"on" for each in over if each.current}
    attributes = [("data-threads", " ".join(sorted({each.thread for each in over})))]
    if css:
        attributes.insert(0, ("class", " ".join(sorted(css))))
    return (("mark", tuple(attributes)),)


def _thread_links(highlights: Iterable[Highlight], context: Context, at: int) -> list[Piece]:
    """After the words of a thread, a link to it: the way there without a script."""
    if not context.thread_url:
        return []
    return [((), thread_link(each, context)) for each in highlights if each.end == at]


def thread_link(highlight: Highlight, context: Context) -> Markup:
    """The small link from words to the thread about them."""
    url = context.thread_url(highlight.thread) if context.thread_url else ""
    name = str(context.labels.thread).format(number=highlight.label)
    return element("a", highlight.label or "•", href=url, class_="thread-link", aria_label=name, data_skip=True)


def _outside_links(around: tuple[Wrapper, ...], child: Node) -> tuple[Wrapper, ...]:
    """Notes, citations and references are links themselves: no link may stand around them."""
    if child["type"] == "hard_break":
        return around
    return tuple(wrapper for wrapper in around if wrapper[0] != "a")


def _atom(node: Node, context: Context, notes: Notes) -> Markup:
    match node["type"]:
        case "hard_break":
            return element("br", data_atom=True)
        case "footnote":
            number = context.assembly.note(node)
            notes.pending.append((number, render(node, context, Notes())))
            return _note_link(number, context)
        case "citation":
            return _citation(node, context, notes)
        case "cross_reference":
            return _reference(tree.attr(node, "target"), context)
    raise ValueError(f"no such inline node: {node['type']}")


def _note_link(number: int, context: Context) -> Markup:
    name = str(context.labels.note).format(number=number)
    link = element("a", str(number), href=f"#note-{number}", role="doc-noteref", aria_label=name)
    return element("sup", link, class_="noteref", id=f"noteref-{number}", data_atom=True)


def _citation(node: Node, context: Context, notes: Notes) -> Markup:
    number = context.assembly.note(node)
    shown = formatted(context.assembly.cited(node), context)
    if not number:
        return element("span", shown, class_="cite", data_atom=True)
    notes.pending.append((number, shown))
    return _note_link(number, context)


def _reference(target: str, context: Context) -> Markup:
    words, url = context.assembly.reference(target), context.link_to(target)
    if not url:
        return element("span", words, class_="xref missing", data_atom=True)
    return element("a", words, href=url, class_="xref", data_atom=True)


def formatted(inlines: Inlines, context: Context) -> Markup:
    """Pandoc's inlines, as citeproc formats citations and sources."""
    return join(_formatted(inline, context) for inline in inlines)


_SIMPLE = {"Emph": "em", "Strong": "strong", "Superscript": "sup", "Subscript": "sub", "Underline": "span"}


def _formatted(inline: dict[str, Any], context: Context) -> Markup:
    kind: str = inline["t"]
    content: Any = inline.get("c")
    if kind == "Str":
        return text(content)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return Markup(" ")
    if kind in _SIMPLE:
        return element(_SIMPLE[kind], formatted(content, context))
    if kind == "SmallCaps":
        return element("span", formatted(content, context), class_="small-caps")
    if kind == "Quoted":
        opening, closing = ("“", "”") if content[0]["t"] == "DoubleQuote" else ("‘", "’")
        return join(opening, formatted(content[1], context), closing)
    if kind == "Link":
        return _link(content[2][0], formatted(content[1], context), context)
    if kind == "Span":
        return formatted(content[1], context)
    return Markup("")


def _link(url: str, words: Markup, context: Context) -> Markup:
    if url.startswith(REFERENCE):
        return element("a", words, href=context.source_link(url.removeprefix(REFERENCE)))
    if url.lower().startswith(("https://", "http://", "mailto:")):
        return element("a", words, href=url, rel="noopener")
    return words


def language(tag: str, default: str) -> dict[str, str]:
    """``lang`` and ``dir`` for text in another language than the page's."""
    return {"lang": tag, "dir": direction(tag)} if tag and tag != default else {}
