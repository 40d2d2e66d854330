"""Tables: caption, header cells with their scope, spans, inside a region that scrolls by itself."""

from __future__ import annotations

from collections.abc import Callable

from document import tables, tree
from document.diff import named
from document.html import inline
from document.html.context import Context
from document.html.element import Attribute, Markup, element, join
from document.tree import Node

Identity = Callable[..., dict[str, Attribute]]


def table(node: Node, context: Context, content: Callable[[Node], Markup], identity: Identity) -> Markup:
    """``content`` renders what is in a cell, ``identity`` gives a block's attributes."""
    identifier = tree.block_id(node)
    number = context.assembly.numbering.series.get(identifier, ("table", 0))[1]
    title = str(tree.attr(node, "caption"))
    label = element("b", context.labels.series("table", number), class_="series")
    caption = element("caption", label, " ", title, id=f"caption-{identifier}", data_skip=True)
    rows = [_row(row, context, content, identity) for row in tree.children(node)]
    heads = tables.header_rows(node)
    shown = element(
        "table",
        caption,
        element("thead", rows[:heads]) if heads else None,
        element("tbody", rows[heads:]) if rows[heads:] else None,
        **identity(node, context),
    )
    region = {"role": "region", "aria_labelledby": f"caption-{identifier}"}
    return element("div", shown, class_="table-scroll", tabindex=0, **region)


def _row(row: Node, context: Context, content: Callable[[Node], Markup], identity: Identity) -> Markup:
    cells = [_cell(cell, row, context, content, identity) for cell in tree.children(row)]
    return element("tr", join(cells), **identity(row, context))


def _cell(cell: Node, row: Node, context: Context, content: Callable[[Node], Markup], identity: Identity) -> Markup:
    # A row cannot stand inside ``ins`` or ``del``: its cells' contents do.
    around = inline.wrappers(row, context)
    said = named.notes(row, context.assembly.publication.changes, context.labels) if cell is row["content"][0] else []
    label = element("p", " · ".join(said), class_="change-label", data_skip=True) if said else None
    inside = join(label, inline.nest([(around, content(cell))]))
    attributes = identity(cell, context)
    for name in ("colspan", "rowspan"):
        span = int(tree.attr(cell, name, 1))
        attributes[name] = span if span != 1 else None
    if cell["type"] == "table_header":
        return element("th", inside, scope=str(tree.attr(cell, "scope", "col")), **attributes)
    return element("td", inside, **attributes)
