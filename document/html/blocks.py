"""Blocks: paragraphs with their numbers, lists, tables, figures, callouts, recommendations."""

from __future__ import annotations

from collections.abc import Callable

from document import tree
from document.assembly import wordless
from document.diff import named
from document.html import inline
from document.html.context import Context
from document.html.element import Attribute, Markup, element, join
from document.html.inline import Notes
from document.html.tables import table
from document.tree import Node

Renderer = Callable[[Node, Context, Notes], Markup]


def top(node: Node, context: Context) -> Markup:
    """A block of a section, with its paragraph number and, after it, the notes it refers to."""
    notes = Notes()
    shown = block(node, context, notes)
    beside = side_notes(notes, context) if context.notes == "side" else None
    number = context.assembly.numbering.paragraphs.get(tree.block_id(node))
    if not number:
        return join(shown, beside)
    name = str(context.labels.paragraph_name).format(number=number)
    anchor = element("a", str(number), class_="no", href=f"#p{number}", aria_label=name, data_skip=True)
    css = f"para para-{node['type'].replace('_', '-')}"
    link = _paragraph_link(node, number, context)
    return element("div", anchor, shown, beside, link, class_=css, id=f"p{number}", data_number=number)


def _paragraph_link(node: Node, number: int, context: Context) -> Markup | None:
    link = context.paragraph_link(tree.block_id(node), number) if context.paragraph_link else None
    if not link:
        return None
    anchor = element("a", link.text, href=link.url, aria_label=link.name or None)
    return element("p", anchor, class_="para-action", data_skip=True)


def side_notes(notes: Notes, context: Context) -> Markup | None:
    """Notes as small asides after the text that refers to them."""
    if not notes.pending:
        return None
    shown = (note(*each, context, tag="div") for each in notes.pending)
    return element("div", shown, class_="notes", data_skip=True)


def note(number: int, content: Markup, context: Context, *, tag: str) -> Markup:
    """One note with the way back to where it was called."""
    label = element("span", str(number), class_="note-no") if tag == "div" else None
    leads = {"href": f"#noteref-{number}", "role": "doc-backlink", "aria_label": str(context.labels.back)}
    back = element("a", "↩", class_="note-back", **leads)
    role = "note" if tag == "div" else None
    value = number if tag == "li" else None
    body = element("p", label, " " if label else None, content, " ", back)
    return element(tag, body, class_="note", id=f"note-{number}", role=role, value=value)


def block(node: Node, context: Context, notes: Notes) -> Markup:
    """Any block, inside the insertion or deletion that its marks say."""
    shown = RENDERERS[node["type"]](node, context, notes)
    # Only a list item may stand in a list: the suggestion is inside it.
    return shown if node["type"] == "list_item" else suggested(node, shown, context)


def suggested(node: Node, shown: Markup, context: Context) -> Markup:
    """The block within ``ins`` or ``del`` for block-level suggestions; a redline says what became of it."""
    if not node.get("marks"):
        return shown
    # What was modified is a block: nothing less may stand around it.
    around = tuple(("div" if tag == "span" else tag, attributes) for tag, attributes in inline.wrappers(node, context))
    return join(change_label(node, context), inline.nest([(around, shown)]))


def change_label(node: Node, context: Context) -> Markup | None:
    """What a redline says of a block: “Moved here”, “Heading level: 1 → 2”."""
    said = named.notes(node, context.assembly.publication.changes, context.labels)
    return element("p", " · ".join(said), class_="change-label", data_skip=True) if said else None


def blocks(node: Node, context: Context, notes: Notes) -> Markup:
    """A node's blocks, one after another."""
    return join(block(child, context, notes) for child in tree.children(node))


def identity(node: Node, context: Context, **more: Attribute) -> dict[str, Attribute]:
    """Attributes by which scripts and links find a block; threads on the whole block are named."""
    identifier = tree.block_id(node)
    whole = [each for each in context.highlighted(identifier) if each.start >= each.end]
    threads = " ".join(each.thread for each in whole) or None
    numbered = identifier in context.assembly.numbering.paragraphs
    address = None if numbered or not identifier else f"b-{identifier}"
    return {"id": address, "data_block": identifier or None, "data_threads": threads, **more}


def _paragraph(node: Node, context: Context, notes: Notes) -> Markup:
    return element("p", inline.render(node, context, notes), **identity(node, context))


def _heading(node: Node, context: Context, notes: Notes) -> Markup:
    if wordless(node):
        return _paragraph(node, context, notes)
    lowered = context.lowered(tree.block_id(node))
    level = min(6, context.base_level + lowered + context.assembly.level(node))
    return element(f"h{level}", inline.render(node, context, notes), **identity(node, context))


def _bullets(node: Node, context: Context, notes: Notes) -> Markup:
    return element("ul", blocks(node, context, notes), **identity(node, context))


def _ordered(node: Node, context: Context, notes: Notes) -> Markup:
    start = int(tree.attr(node, "start", 1))
    return element("ol", blocks(node, context, notes), start=start if start != 1 else None, **identity(node, context))


def _item(node: Node, context: Context, notes: Notes) -> Markup:
    return element("li", suggested(node, blocks(node, context, notes), context), **identity(node, context))


def _quote(node: Node, context: Context, notes: Notes) -> Markup:
    return element("blockquote", blocks(node, context, notes), **identity(node, context))


def _figure(node: Node, context: Context, notes: Notes) -> Markup:
    labels, identifier = context.labels, tree.block_id(node)
    number = context.assembly.numbering.series.get(identifier, ("figure", 0))[1]
    asset, credit = str(tree.attr(node, "asset")), str(tree.attr(node, "credit"))
    caption = element(
        "figcaption",
        element("b", labels.series("figure", number), class_="series", data_skip=True),
        " ",
        element("span", inline.render(node, context, notes), data_block=identifier or None),
        _labelled(" " + str(labels.credit), credit, "credit"),
        _labelled(" " + str(labels.figure_licence), str(tree.attr(node, "licence")), "credit"),
    )
    attributes = identity(node, context, data_block=None)
    return element("figure", _image(node, asset, context), caption, **attributes)


def _labelled(template: str, name: str, css: str) -> Markup | None:
    """A small text with a name in it, or nothing when there is no name."""
    return element("span", template.format(name=name), class_=css, data_skip=True) if name else None


def _image(node: Node, asset: str, context: Context) -> Markup:
    file = context.assembly.publication.figures.get(asset)
    if not file:
        return element("p", str(context.labels.missing_figure), class_="missing", data_skip=True)
    alt = "" if tree.attr(node, "decorative", False) else str(tree.attr(node, "alt"))
    size: dict[str, Attribute] = {"width": file.width or None, "height": file.height or None}
    return element("img", src=context.figure_url(asset), alt=alt, loading="lazy", decoding="async", **size)


def _callout(node: Node, context: Context, notes: Notes) -> Markup:
    labels, identifier = context.labels, tree.block_id(node)
    kind, title = str(tree.attr(node, "kind", "note")), str(tree.attr(node, "title"))
    number = context.assembly.numbering.series.get(identifier, ("callout", 0))[1]
    head = element(
        "p",
        element("b", labels.callout(node), class_="callout-kind"),
        " ",
        element("span", labels.series("callout", number), class_="series"),
        element("strong", title, class_="callout-title") if title else None,
        class_="callout-label",
        id=f"label-{identifier}",
        data_skip=True,
    )
    described = {"role": "note", "aria_labelledby": f"label-{identifier}"}
    attributes = identity(node, context, class_=f"callout callout-{kind}", **described)
    return element("div", head, blocks(node, context, notes), **attributes)


def _recommendation(node: Node, context: Context, notes: Notes) -> Markup:
    labels, identifier = context.labels, tree.block_id(node)
    number = context.assembly.numbering.series.get(identifier, ("recommendation", 0))[1]
    addressee, kind = str(tree.attr(node, "addressee")), str(tree.attr(node, "kind", "other"))
    tags = [
        _labelled(str(labels.addressee), addressee, "tag addressee"),
        _labelled("{name}", str(labels.recommendation_kinds.get(kind, "")), "tag kind"),
    ]
    head = element("p", tags, class_="rec-tags", data_skip=True) if any(tags) else None
    body = element("div", head, blocks(node, context, notes), class_="rec-body")
    words = labels.series("recommendation", number)
    label = element("strong", words, class_="rec-no", id=f"r{number}", data_skip=True)
    name = str(labels.recommendation_name).format(number=number)
    attributes = identity(node, context, class_=f"rec rec-{kind}", role="group", aria_label=name)
    return element("div", label, body, **attributes)


def _table(node: Node, context: Context, notes: Notes) -> Markup:
    return table(node, context, lambda cell: suggested(cell, blocks(cell, context, notes), context), identity)


RENDERERS: dict[str, Renderer] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _bullets,
    "ordered_list": _ordered,
    "list_item": _item,
    "block_quote": _quote,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "recommendation": _recommendation,
}
