"""Inline content as pandoc's inlines."""

from __future__ import annotations

from typing import Any

from document import tree
from document.assembly import direction
from document.citations import Inlines
from document.pandoc import ast
from document.pandoc.ast import Inline
from document.pandoc.context import Context, joined
from document.tree import Node

_SIMPLE = {"strong": "Strong", "em": "Emph", "superscript": "Superscript", "subscript": "Subscript"}
#: Innermost first: suggestions are put around at the end.
_ORDER = ("claim", "subscript", "superscript", "em", "strong", "language", "link", "modification")


def render(node: Node, context: Context) -> list[Inline]:
    """The content of a textblock or footnote."""
    return joined(_child(child, context) for child in tree.children(node))


def _child(child: Node, context: Context) -> list[Inline]:
    shown = ast.text(child["text"]) if child["type"] == "text" else RENDERERS[child["type"]](child, context)
    marks = [mark for mark in child.get("marks") or [] if mark["type"] in _ORDER]
    for mark in sorted(marks, key=lambda mark: _ORDER.index(mark["type"])):
        if mark["type"] != "link" or child["type"] == "text":
            shown = marked(mark, shown)
    for suggestion in reversed(context.suggestions(child)):
        shown = suggested(suggestion, shown, context)
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


def suggested(kind: str, shown: list[Inline], context: Context) -> list[Inline]:
    """A tracked change in Word; underlined or struck through elsewhere."""
    if context.target == "docx":
        return [ast.span(ast.attr(classes=[kind], author=context.author, date=context.date), shown)]
    return [ast.wrap("Underline" if kind == "insertion" else "Strikeout", shown)]


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
