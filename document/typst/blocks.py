"""Blocks as calls of ``brief.typ``. Each renderer gives one expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from document import tables, tree
from document.assembly import blank, wordless
from document.diff import named
from document.tables import Cell, Grid
from document.tree import Node
from document.typst import inline
from document.typst.code import Code, array, call, content, string
from document.typst.context import Context

Renderer = Callable[[Node, Context], Code]
NONE = Code("none")


def top(node: Node, context: Context) -> Code:
    """A block of a section; empty paragraphs and headings show nothing."""
    return block(node, context)


def block(node: Node, context: Context) -> Code:
    with context.lined([node]) as lines:
        shown = RENDERERS[node["type"]](node, context)
    return labelled(node, inline.suggested(lines, shown), context)


def labelled(node: Node, shown: Code, context: Context) -> Code:
    """What a redline says of a block, in front of it: “Moved here”, “Heading level: 1 → 2”."""
    said = named.notes(node, context.assembly.publication.changes, context.assembly.labels)
    return content([call("change-label", inline.words(" · ".join(said))), shown]) if said and shown else shown


def inner(nodes: Iterable[Node], context: Context) -> Code:
    """Blocks one after another as one piece of content."""
    return content(shown for node in nodes if (shown := block(node, context)))


def _number(node: Node, context: Context) -> Code:
    number = context.assembly.numbering.paragraphs.get(tree.block_id(node))
    return string(number) if number else NONE


def _series(node: Node, context: Context) -> Code:
    kind, number = context.assembly.numbering.series.get(tree.block_id(node), (node["type"], 0))
    return inline.words(context.assembly.labels.series(kind, number))


def _start(node: Node, context: Context) -> Code:
    return context.label(tree.block_id(node))


def _started(node: Node, context: Context, shown: Code) -> Code:
    """The content with the place to lead to in front of it."""
    start = _start(node, context)
    return shown if start == NONE else content([start, shown])


def _paragraph(node: Node, context: Context) -> Code:
    if blank(node):
        return Code("")
    return call("para", _number(node, context), _started(node, context, inline.render(node, context)))


def _heading(node: Node, context: Context) -> Code:
    if wordless(node):
        return _paragraph(node, context)
    start = _start(node, context)
    level = context.assembly.level(node) + context.assembly.depth_of(tree.block_id(node)) + 1
    shown = call("heading", inline.render(node, context), level=level)
    return shown if start == NONE else content([start, shown])


def _bullets(node: Node, context: Context) -> Code:
    return _started(node, context, call("list", *_items(node, context), tight=False))


def _ordered(node: Node, context: Context) -> Code:
    start = int(tree.attr(node, "start", 1))
    return _started(node, context, call("enum", *_items(node, context), start=start, tight=False))


def _items(node: Node, context: Context) -> list[Code]:
    return [block(child, context) for child in tree.children(node)]


def _item(node: Node, context: Context) -> Code:
    return inner(tree.children(node), context)


def _quote(node: Node, context: Context) -> Code:
    shown = _started(node, context, inner(tree.children(node), context))
    return call("quotation", _number(node, context), shown)


def _callout(node: Node, context: Context) -> Code:
    kind = str(tree.attr(node, "kind", "note"))
    name = inline.words(context.assembly.labels.callout(node))
    title = inline.optional(str(tree.attr(node, "title")))
    body = _started(node, context, inner(tree.children(node), context))
    return call("callout", string(kind), name, _series(node, context), title, body)


def _recommendation(node: Node, context: Context) -> Code:
    labels = context.assembly.labels
    name = str(tree.attr(node, "addressee")).strip()
    addressee = inline.words(str(labels.addressee).format(name=name)) if name else NONE
    kind = inline.optional(str(labels.recommendation_kinds.get(str(tree.attr(node, "kind", "other")), "")))
    body = _started(node, context, inner(tree.children(node), context))
    return call("recommendation", _number(node, context), _series(node, context), addressee, kind, body)


def _figure(node: Node, context: Context) -> Code:
    labels, asset = context.assembly.labels, str(tree.attr(node, "asset"))
    parts = [call("strong", _series(node, context)), Code('" "'), inline.render(node, context)]
    for template, name in (
        (labels.credit, tree.attr(node, "credit")),
        (labels.figure_licence, tree.attr(node, "licence")),
    ):
        if str(name).strip():
            parts += [Code('" "'), inline.words(str(template).format(name=name))]
    caption, start = content(parts), _start(node, context)
    if asset not in context.names:
        lost = content([inline.words(str(labels.missing_figure)), Code('" "'), caption])
        return call("lost-picture", lost, start)
    return call("picture", string(context.names[asset]), _alt(node, context), caption, start)


def _alt(node: Node, context: Context) -> Code:
    """What the picture shows; a gate refuses a brief without it, a draft falls back on the caption."""
    if tree.attr(node, "decorative", False):
        return NONE
    said = str(tree.attr(node, "alt")).strip() or tree.text(node).strip()
    return inline.words(said) if said else _series(node, context)


def _table(node: Node, context: Context) -> Code:
    grid = tables.grid(node)
    heads = tables.header_rows(node)
    context.grids.append(grid)
    caption = [call("strong", _series(node, context)), Code('" "')]
    caption.append(inline.words(str(tree.attr(node, "caption"))))
    numeric = tables.numeric_columns(grid, heads)
    rows = {id(cell): row for row in tree.children(node) for cell in tree.children(row)}
    cells = [_cell(cell, rows[id(cell.node)], numeric, context) for cell in grid.cells]
    empty = [(row, call("table.cell", Code("[]"), x=column, y=row)) for row, column in grid.gaps]
    placed = [*((cell.row, code) for cell, code in zip(grid.cells, cells, strict=True)), *empty]
    head = [code for row, code in placed if row < heads]
    body = [code for row, code in placed if row >= heads]
    # A note in a header that is repeated on each page would be repeated with it.
    header = array([call("table.header", *head, repeat=not _has_notes(grid, heads))]) if heads else Code("()")
    width = max(1, grid.columns)
    return call("tabular", content(caption), width, header, array(body), _start(node, context))


def _has_notes(grid: Grid, heads: int) -> bool:
    notes = ("footnote", "citation")
    return any(node["type"] in notes for cell in grid.cells if cell.row < heads for node in tree.walk(cell.node))


def _cell(cell: Cell, row: Node, numeric: frozenset[int], context: Context) -> Code:
    with context.lined([row, cell.node]) as lines:
        shown = inner(tree.children(cell.node), context)
    shown = inline.suggested(lines, call("strong", shown) if cell.scope else shown)
    shown = labelled(cell.node, shown, context)
    if cell.node is row["content"][0]:
        shown = labelled(row, shown, context)
    named = {"x": cell.column, "y": cell.row, "colspan": cell.colspan, "rowspan": cell.rowspan}
    given = {key: number for key, number in named.items() if key in "xy" or number > 1}
    if cell.colspan == 1 and cell.column in numeric:
        return call("table.cell", shown, **given, align=Code("end + top"))
    return call("table.cell", shown, **given)


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
