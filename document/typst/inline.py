"""Inline content as typst code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from document import tree
from document.assembly import direction
from document.citations import REFERENCE, Inlines, plain
from document.diff import named
from document.tree import Node
from document.typst import fonts
from document.typst.code import Code, call, content, string
from document.typst.context import Context

_TAG = re.compile(r"[A-Za-z]{2,3}")
_REGION = re.compile(r"[A-Za-z]{2}")

_SIMPLE = {"strong": "strong", "em": "emph", "superscript": "super", "subscript": "sub"}
#: Outermost first, as in HTML.
_ORDER = (
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


def locale(tag: str) -> tuple[str, str]:
    """Typst's language and region of a BCP 47 tag; empty where it has none."""
    language, *rest = tag.split("-")
    if not _TAG.fullmatch(language):
        return "", ""
    region = next((part for part in rest if _REGION.fullmatch(part)), "")
    return language.lower(), region.upper()


def words(text: str) -> Code:
    """A person's words as a literal that the fonts can show."""
    return string(fonts.showable(text))


def optional(text: str) -> Code:
    """The words, or ``none`` if there are none."""
    return words(text) if text.strip() else Code("none")


def render(node: Node, context: Context) -> Code:
    """The content of a textblock or footnote."""
    return content(_child(child, context) for child in context.assembly.closed_up(tree.children(node)))


def _child(child: Node, context: Context) -> Code:
    with context.lined([child]) as lines:
        shown = words(child["text"]) if child["type"] == "text" else RENDERERS[child["type"]](child, context)
    linked = child["type"] in ("text", "hard_break") and bool(child.get("text", "").strip())
    for mark in sorted(child.get("marks") or [], key=lambda mark: _ORDER.index(mark["type"]), reverse=True):
        if mark["type"] != "link" or linked:
            shown = marked(mark, shown)
    return _said(child, suggested(lines, shown), context)


def _said(child: Node, shown: Code, context: Context) -> Code:
    """After words whose looks a redline says have changed: what changed."""
    changes = context.assembly.publication.changes
    if not changes or not any(mark["type"] == "modification" for mark in child.get("marks") or ()):
        return shown
    said = "; ".join(named.notes({"marks": child["marks"]}, changes, context.assembly.labels))
    return content([shown, call("change-note", words(f"[{said}]"))]) if said else shown


_LINES = {"insertion": "inserted", "deletion": "deleted"}


def suggested(lines: Iterable[str], shown: Code) -> Code:
    """The content with the line of its suggestion, if it shows anything."""
    for line in lines:
        shown = call(_LINES[line], shown) if shown else shown
    return shown


def marked(mark: dict[str, Any], shown: Code) -> Code:
    """The content inside one mark."""
    attrs = mark.get("attrs") or {}
    match mark["type"]:
        case "strong" | "em" | "superscript" | "subscript":
            return call(_SIMPLE[mark["type"]], shown)
        case "link":
            return call("link", string(attrs["href"]), shown)
        case "language":
            return _language(attrs, shown)
    return shown


def _language(attrs: dict[str, str], shown: Code) -> Code:
    language, region = locale(attrs.get("lang", ""))
    if not language:
        return shown
    named = {"lang": string(language), "dir": Code(attrs.get("dir") or direction(language))}
    if region:
        named["region"] = string(region)
    return call("text", shown, **named)


def _footnote(node: Node, context: Context) -> Code:
    return call("note", render(node, context))


def _citation(node: Node, context: Context) -> Code:
    shown = formatted(context.assembly.cited(node), context)
    return call("note", shown) if context.assembly.note(node) else shown


def _reference(node: Node, context: Context) -> Code:
    target = str(tree.attr(node, "target"))
    shown = words(context.assembly.reference(target))
    if not context.leads(target):
        return shown
    return call("link", call("label", string(target)), shown)


def _break(node: Node, context: Context) -> Code:
    return Code("linebreak()")


RENDERERS = {"footnote": _footnote, "citation": _citation, "cross_reference": _reference, "hard_break": _break}


def formatted(inlines: Inlines, context: Context) -> Code:
    """What citeproc made, as typst content."""
    return content(_formatted(inline, context) for inline in inlines)


_CITEPROC = {"Emph": "emph", "Strong": "strong", "Superscript": "super", "Subscript": "sub", "SmallCaps": "smallcaps"}


def _formatted(inline: dict[str, Any], context: Context) -> Code:
    kind: str = inline["t"]
    inside: Any = inline.get("c")
    if kind == "Str":
        return words(inside)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return Code('" "')
    if kind in _CITEPROC:
        return call(_CITEPROC[kind], formatted(inside, context))
    if kind == "Quoted":
        opening, closing = ("“", "”") if inside[0]["t"] == "DoubleQuote" else ("‘", "’")
        return content([string(opening), formatted(inside[1], context), string(closing)])
    if kind == "Link":
        return _link(inside[2][0], inside[1], context)
    if kind in ("Span", "Underline"):
        return formatted(inside[1] if kind == "Span" else inside, context)
    return Code('""')


def _link(url: str, inside: Inlines, context: Context) -> Code:
    shown = formatted(inside, context)
    if not _says(inside):
        return shown
    if url.startswith(REFERENCE):
        key = url.removeprefix(REFERENCE)
        listed = context.assembly.citations and any(e.key == key for e in context.assembly.citations.entries)
        return call("link", call("label", string(f"ref-{key}")), shown) if listed else shown
    if url.lower().startswith(("https://", "http://", "mailto:")):
        return call("link", string(url), shown)
    return shown


def _says(inlines: Iterable[dict[str, Any]]) -> bool:
    return bool(plain(list(inlines)).strip())
