"""Inline content as pandoc's inlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from document import tree
from document.assembly import direction
from document.citations import Inlines
from document.pandoc import ast
from document.pandoc.ast import Inline
from document.pandoc.context import Context, joined
from document.tree import Node

_SIMPLE = {"strong": "Strong", "em": "Emph", "superscript": "Superscript", "subscript": "Subscript"}
#: Looks that Word tracks changes of.
LOOKS = {**_SIMPLE, "link": "Link"}
#: Innermost first: suggestions are put around at the end.
_ORDER = ("claim", "subscript", "superscript", "em", "strong", "language", "link", "modification")


def render(node: Node, context: Context) -> list[Inline]:
    """The content of a textblock or footnote."""
    edges = context.edges.get(tree.block_id(node), ())
    if edges and node["type"] in tree.TEXTBLOCKS:
        return joined(_edge(each) if isinstance(each, str) else _child(each, context) for each in parted(node, edges))
    children = tree.children(node)
    # A draft goes back and forth between Word and here: its words stay as they were typed.
    shown = children if context.draft else context.assembly.closed_up(children)
    return joined(_child(child, context) for child in shown)


def block_marks(context: Context) -> list[Inline]:
    """The paragraph's own mark, inserted or deleted with its block; its form before. As pandoc has it, at the end."""
    if context.target != "docx":
        return []
    return [ast.span(context.tracked(mark, f"paragraph-{context.kind(mark)}"), []) for mark in context.around]


def of_paragraph(node: Node, context: Context) -> list[Inline]:
    """``block_marks`` of a textblock: also what a suggestion on the next one says of where this one ends."""
    if context.target != "docx":
        return []
    ends = [ast.span(context.tracked(mark, f"paragraph-{kind}"), []) for kind, mark in context.ends(node)]
    forms = [
        ast.span(context.tracked(mark, "paragraph-modification", style=style), [])
        for mark, style in context.forms(node)
    ]
    return [*block_marks(context), *ends, *forms]


def around(shown: list[Inline], context: Context, like: Node | None = None) -> list[Inline]:
    """Words of our own (a number, a label) in the suggestions on their block, or on the words they lead in."""
    if context.target == "docx" and context.around:
        for mark in reversed(context.suggestions(like or {})):
            shown = suggested(mark, shown, context)
    return shown


def remarked(name: str, words: list[Inline], context: Context) -> list[Inline]:
    """Words of our own (a title) with the comments on all of them."""
    keys = [key for _start, _end, key in context.edges.get(name, ())]
    return [*joined(_edge(f"+{key}") for key in keys), *words, *joined(_edge(f"-{key}") for key in reversed(keys))]


def parted(node: Node, edges: Sequence[tuple[int, int, str]]) -> Iterator[Node | str]:
    """The children of a textblock, with where comments begin (``+key``) and end (``-key``) between them."""
    length = tree.utf16(tree.block_text(node))
    at: dict[int, list[str]] = {}
    for start, end, key in edges:
        low, high = (start, min(end, length)) if start < min(end, length) else (0, length)
        at.setdefault(high, []).append(f"-{key}") if low < high else None
        at.setdefault(low, []).append(f"+{key}")
        if low == high:
            at[low].append(f"-{key}")
    offset = 0
    for child in tree.children(node):
        size = tree.utf16(child["text"]) if child["type"] == "text" else 1
        inside = sorted(place for place in at if offset <= place < offset + size)
        done = 0
        for place in inside:
            if place - offset > done:
                yield cut(child, done, place - offset)
                done = place - offset
            yield from at.pop(place)
        yield cut(child, done, size) if done else child
        offset += size
    for place in sorted(at):
        yield from at[place]


def cut(child: Node, low: int, high: int) -> Node:
    """Part of a text, in UTF-16 units; a half of a pair stays with what is before it."""
    words = child["text"]
    if not words.isascii():
        words = words.encode("utf-16-le", "surrogatepass")[low * 2 : high * 2].decode("utf-16-le", "replace")
        return {**child, "text": words}
    return {**child, "text": words[low:high]}


def _edge(edge: str) -> list[Inline]:
    return [ast.span(ast.attr(edge[1:], ["comment-start" if edge[0] == "+" else "comment-end"]), [])]


def _child(child: Node, context: Context) -> list[Inline]:
    shown = ast.text(child["text"]) if child["type"] == "text" else RENDERERS[child["type"]](child, context)
    marks = [mark for mark in child.get("marks") or [] if mark["type"] in _ORDER]
    for mark in sorted(marks, key=lambda mark: _ORDER.index(mark["type"])):
        if mark["type"] != "link" or child["type"] == "text":
            shown = marked(mark, shown)
    if context.draft:
        shown = _modified(child, shown, context)
    for suggestion in reversed(context.suggestions(child)):
        shown = suggested(suggestion, shown, context)
    return shown


def _modified(child: Node, shown: list[Inline], context: Context) -> list[Inline]:
    """A suggested change of looks, with the looks before: Word's tracked change of form."""
    looks = [mark["type"] for mark in child.get("marks") or [] if mark["type"] in LOOKS]
    for mark in child.get("marks") or []:
        was = (mark.get("attrs") or {}).get("was")
        if mark["type"] != "modification" or not was or "added" not in was:
            continue
        added, removed = ({each["type"] for each in was[name]} for name in ("added", "removed"))
        before = [each for each in looks if each not in added] + [each for each in LOOKS if each in removed]
        if {*added, *removed} & LOOKS.keys():
            context.written.add(str(mark["attrs"]["id"]))
            shown = [ast.span(context.tracked(mark, "modification", look=" ".join(before)), shown)]
    return shown


def marked(mark: dict[str, Any], shown: list[Inline]) -> list[Inline]:
    """The inlines inside one mark."""
    attrs = mark.get("attrs") or {}
    match mark["type"]:
        case "strong" | "em" | "superscript" | "subscript":
            return [ast.wrap(_SIMPLE[mark["type"]], shown)]
        case "link":
            return [ast.link(attrs["href"], shown)]
        case "language":
            lang = attrs.get("lang", "")
            return [ast.span(ast.attr(lang=lang, dir=attrs.get("dir") or direction(lang)), shown)]
    return shown  # claims and changes of looks leave no trace


def suggested(mark: dict[str, Any], shown: list[Inline], context: Context) -> list[Inline]:
    """A tracked change in Word; underlined or struck through elsewhere."""
    if context.target == "docx":
        return [ast.span(context.tracked(mark, context.kind(mark)), shown)]
    return [ast.wrap("Underline" if mark["type"] == "insertion" else "Strikeout", shown)]


def _footnote(node: Node, context: Context) -> list[Inline]:
    return [ast.note([ast.para(render(node, context))])]


def _citation(node: Node, context: Context) -> list[Inline]:
    shown = formatted(context.assembly.cited(node))
    return [ast.note([ast.para(shown)])] if context.assembly.note(node) else shown


def _reference(node: Node, context: Context) -> list[Inline]:
    target = str(tree.attr(node, "target"))
    shown = ast.text(context.assembly.reference(target))
    url = context.link_to(target)
    return [ast.link(url, shown)] if url else shown


def _break(node: Node, context: Context) -> list[Inline]:
    return [ast.BREAK]


RENDERERS = {"footnote": _footnote, "citation": _citation, "cross_reference": _reference, "hard_break": _break}


def formatted(inlines: Inlines) -> list[Inline]:
    """What citeproc made, without the wrappers of its own that Word would turn into styles."""
    return joined(_formatted(each) for each in inlines)


def _formatted(inline: Inline) -> list[Inline]:
    kind: str = inline["t"]
    inside: Any = inline.get("c")
    if kind == "Str":
        return ast.text(inside)
    if kind == "Span":
        return formatted(inside[1])
    if kind == "Link":
        return [ast.link(inside[2][0], formatted(inside[1]))]
    if kind == "Quoted":
        opening, closing = ("“", "”") if inside[0]["t"] == "DoubleQuote" else ("‘", "’")
        return [*ast.text(opening), *formatted(inside[1]), *ast.text(closing)]
    if kind in ("Emph", "Strong", "Superscript", "Subscript", "SmallCaps", "Underline"):
        return [ast.wrap(kind, formatted(inside))]
    return [ast.SPACE] if kind in ("Space", "SoftBreak", "LineBreak") else []
