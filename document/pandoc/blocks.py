"""Blocks as pandoc's blocks."""

from __future__ import annotations

from collections.abc import Callable

from document import tables, tree
from document.assembly import blank, wordless
from document.labels import Labels
from document.pandoc import ast, former, inline
from document.pandoc.ast import Attr, Block, Inline
from document.pandoc.context import Context, data_uri, joined
from document.tables import Cell
from document.tree import Node

Renderer = Callable[[Node, Context], list[Block]]


def top(node: Node, context: Context) -> list[Block]:
    """A block of a section, with its paragraph number typed in front of it."""
    number = context.assembly.numbering.paragraphs.get(tree.block_id(node))
    shown = block(node, context)
    if not number:
        return _anchored(node, shown, context)
    if node["type"] == "recommendation" or not shown:  # it bears its number itself
        return shown
    first, *rest = shown
    style = context.styled("Numbered Paragraph", "para")
    with context.inside(node):
        if first["t"] != "BlockQuote":
            return [ast.div(style, [_led(number, first, context, _first_words(node))]), *rest]
        inside = [_led(number, first["c"][0], context, _first_words(node)), *first["c"][1:]]
        # Word's writer gives every quotation the same style; ours has room for the number.
        within = inside if context.target == "docx" else [ast.quote(inside)]
        return [ast.div(context.styled("Numbered Quotation", "para"), within), *rest]


def _led(number: int, first: Block, context: Context, words: Node) -> Block:
    """A paragraph that begins with its number, which came and goes with the first of its ``words``."""
    space = [ast.SPACE] if context.target == "epub" else []
    return ast.para([*inline.around([numbered(number, context)], context, words), *space, *first["c"]])


def _first_words(node: Node) -> Node:
    """The first inline of a paragraph or quotation."""
    inside = tree.children(node)
    while inside and inside[0]["type"] not in tree.INLINE:
        inside = tree.children(inside[0])
    return inside[0] if inside else {}


def numbered(number: int, context: Context) -> Inline:
    """The visible number, which is also the address of its paragraph. Word's tab is set afterwards."""
    style = context.styled("Paragraph Number", "no", identifier=f"p{number}")
    return ast.span(style, ast.text(str(number)))


def _anchored(node: Node, shown: list[Block], context: Context) -> list[Block]:
    """Give a block without number an address, where the block itself cannot carry one."""
    if node["type"] not in ("paragraph", "bullet_list", "ordered_list") or not shown:
        return shown
    return [ast.div(ast.attr(context.anchor(node)), shown)] if tree.block_id(node) else shown


def block(node: Node, context: Context) -> list[Block]:
    with context.inside(node):
        return RENDERERS[node["type"]](node, context)


def blocks(node: Node, context: Context) -> list[Block]:
    return joined(block(child, context) for child in tree.children(node))


def _paragraph(node: Node, context: Context) -> list[Block]:
    if blank(node) and not (context.draft and context.held(node)):
        return []
    return [ast.para([*inline.render(node, context), *inline.of_paragraph(node, context)])]


def _heading(node: Node, context: Context) -> list[Block]:
    if wordless(node):
        return _paragraph(node, context)
    lowered = context.assembly.depth_of(tree.block_id(node))
    level = min(6, context.assembly.level(node) + lowered + 1)
    words = [*inline.render(node, context), *inline.of_paragraph(node, context)]
    return [ast.header(level, words, ast.attr(context.anchor(node)))]


def _bullets(node: Node, context: Context) -> list[Block]:
    return [ast.bullets([_item_blocks(child, context) for child in tree.children(node)])]


def _ordered(node: Node, context: Context) -> list[Block]:
    items = [_item_blocks(child, context) for child in tree.children(node)]
    return [ast.numbers(int(tree.attr(node, "start", 1)), items)]


def _item_blocks(node: Node, context: Context) -> list[Block]:
    """An item's blocks; one that is short is set without space around it."""
    shown = block(node, context) or [ast.plain([])]
    if len(shown) == 1 and shown[0]["t"] == "Para":
        return [ast.plain(shown[0]["c"])]
    return shown


def _quote(node: Node, context: Context) -> list[Block]:
    return [ast.quote(blocks(node, context) or [ast.para([])])]


def _callout(node: Node, context: Context) -> list[Block]:
    labels, kind = context.assembly.labels, str(tree.attr(node, "kind", "note"))
    series = labels.series(*context.assembly.numbering.series.get(tree.block_id(node), ("callout", 0)))
    mark, other = former.before(node, "kind", context) or (None, node)
    old, name = f"Callout{str(tree.attr(other, 'kind', 'note')).title()}", f"Callout {kind.title()}"
    said = former.changed(mark, ast.text(labels.callout(other)), ast.text(labels.callout(node)), context)
    head = [ast.wrap("Strong", said), *ast.text(f" · {series}"), *former.restyled(mark, f"{old}Label", context)]
    shown = [_labelled(head, f"{name} Label", "callout-label", context)]
    renamed, untitled = former.before(node, "title", context) or (None, node)
    was, title = (ast.text(str(tree.attr(each, "title"))) for each in (untitled, node))
    if was or title:
        words = [ast.wrap("Strong", former.changed(renamed, was, title, context))]
        words += former.restyled(mark, f"{old}Title", context)
        shown.append(_labelled(words, f"{name} Title", "callout-title", context))
    shown += [_restyled(each, former.restyled(mark, old, context)) for each in blocks(node, context)]
    style = context.styled(name, "callout", f"callout-{kind}", identifier=context.anchor(node))
    box = ast.div(style, shown)
    return [_boxed(box, context)] if context.draft else [box]


def _restyled(shown: Block, style: list[Inline]) -> Block:
    return {**shown, "c": [*shown["c"], *style]} if style and shown["t"] == "Para" else shown


def _boxed(box: Block, context: Context) -> Block:
    """A box as authors draw it in Word: a table of one cell, whose text stays together."""
    cell = ast.cell([box], rowspan=1, colspan=1)
    return ast.table(ast.attr(table_style="Box"), [], [1], [], [[cell]], row_attributes=[_row_mark(context)])


def _row_mark(context: Context) -> Attr:
    """A row that is inserted or deleted with its table."""
    return context.tracked(context.around[-1], context.around[-1]["type"]) if context.around else ast.PLAIN


def _labelled(words: list[Inline], style: str, css: str, context: Context) -> Block:
    return ast.div(context.styled(style, css), [_said(words, context)])


def _said(words: list[Inline], context: Context) -> Block:
    """A paragraph of our own words, tracked like the block that it belongs to."""
    return ast.para([*inline.around(words, context), *inline.block_marks(context)])


def _recommendation(node: Node, context: Context) -> list[Block]:
    labels, kind = context.assembly.labels, str(tree.attr(node, "kind", "other"))
    series = labels.series(*context.assembly.numbering.series.get(tree.block_id(node), ("recommendation", 0)))
    words = [ast.wrap("Strong", ast.text(series))]
    for attribute, tag in (("addressee", _addressee), ("kind", _kind)):
        mark, other = former.before(node, attribute, context) or (None, node)
        words += former.changed(mark, tag(other, labels), tag(node, labels), context)
    number = context.assembly.numbering.paragraphs.get(tree.block_id(node))
    if number:
        words = [numbered(number, context), *([ast.SPACE] if context.target == "epub" else []), *words]
    head = _labelled(words, "Recommendation Label", "rec-label", context)
    body = ast.div(context.styled("Recommendation", "rec-body"), blocks(node, context))
    return [ast.div(context.styled("Recommendation", "rec", f"rec-{kind}"), [head, body])]


def _addressee(node: Node, labels: Labels) -> list[Inline]:
    name = str(tree.attr(node, "addressee")).strip()
    return ast.text(f" · {str(labels.addressee).format(name=name)}") if name else []


def _kind(node: Node, labels: Labels) -> list[Inline]:
    name = str(labels.recommendation_kinds.get(str(tree.attr(node, "kind", "other")), ""))
    return ast.text(f" · {name}") if name else []


def _figure(node: Node, context: Context) -> list[Block]:
    labels, asset = context.assembly.labels, str(tree.attr(node, "asset"))
    series = labels.series(*context.assembly.numbering.series.get(tree.block_id(node), ("figure", 0)))
    words = inline.around([ast.wrap("Strong", ast.text(series)), ast.SPACE], context)
    words += inline.render(node, context)
    for template, name in ((labels.credit, "credit"), (labels.figure_licence, "licence")):
        mark, other = former.before(node, name, context) or (None, node)
        was, now = (_credited(str(template), str(tree.attr(each, name))) for each in (other, node))
        words += inline.around(former.changed(mark, was, now, context), context)
    words += inline.of_paragraph(node, context)
    file = context.assembly.publication.figures.get(asset)
    if not file:
        return [ast.para([*ast.text(str(labels.missing_figure)), ast.SPACE, *words])]
    alt = "" if tree.attr(node, "decorative", False) else str(tree.attr(node, "alt")) or tree.text(node)
    size = ast.attr(width="14cm") if context.target == "docx" and file.width > 500 else ast.PLAIN
    # Word's writer of ours takes the picture from the publication, pandoc reads no files in its sandbox.
    url = f"asset:{asset}" if context.target == "docx" else data_uri(file.image, file.media_type)
    picture = inline.around([ast.image(url, alt, size)], context)
    shown = ast.plain([*picture, *inline.block_marks(context)])
    return [ast.figure(ast.attr(context.anchor(node)), words, [shown])]


def _credited(template: str, name: str) -> list[Inline]:
    return [ast.SPACE, *ast.text(template.format(name=name))] if name.strip() else []


def _table(node: Node, context: Context) -> list[Block]:
    grid, heads = tables.grid(node), tables.header_rows(node)
    series = context.assembly.labels.series(*context.assembly.numbering.series.get(tree.block_id(node), ("table", 0)))
    mark, other = former.before(node, "caption", context) or (None, node)
    was, title = (ast.text(str(tree.attr(each, "caption"))) for each in (other, node))
    title = former.changed(mark, was, title, context)
    words = inline.around([ast.wrap("Strong", ast.text(series)), ast.SPACE, *title], context)
    words += inline.block_marks(context)
    numeric = tables.numeric_columns(grid, heads)
    lines: list[dict[int, list[object]]] = [{} for _ in range(grid.rows)]
    for row, column in grid.gaps:
        lines[row][column] = ast.cell([], rowspan=1, colspan=1)
    rows = {id(cell): row for row in tree.children(node) for cell in tree.children(row)}
    attributes = []
    for line in tree.children(node):
        with context.inside(line):
            attributes.append(_row_mark(context))
    for cell in grid.cells:
        with context.row(rows[id(cell.node)]):
            lines[cell.row][cell.column] = _cell(cell, numeric, heads, context)
    shown = [[line[column] for column in sorted(line)] for line in lines]
    share = 1 / max(1, grid.columns)
    widths = [share if context.target == "docx" else None] * grid.columns
    identity = ast.attr(context.anchor(node))
    columns = tables.row_heads(grid, heads)
    return [ast.table(identity, words, widths, shown[:heads], shown[heads:], columns, row_attributes=attributes)]


def _cell(cell: Cell, numeric: frozenset[int], heads: int, context: Context) -> list[object]:
    with context.inside(cell.node):
        shown = blocks(cell.node, context)
    if cell.scope and cell.row >= heads:
        shown = [_bold(each) for each in shown]
    if len(shown) == 1 and shown[0]["t"] == "Para":
        shown = [ast.plain(shown[0]["c"])]
    align = "AlignRight" if cell.colspan == 1 and cell.column in numeric else "AlignDefault"
    return ast.cell(shown, rowspan=cell.rowspan, colspan=cell.colspan, align=align)


def _bold(shown: Block) -> Block:
    """A row's header in bold; Word has no other sign of it."""
    return ast.para([ast.wrap("Strong", shown["c"])]) if shown["t"] == "Para" else shown


RENDERERS: dict[str, Renderer] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _bullets,
    "ordered_list": _ordered,
    "list_item": blocks,
    "block_quote": _quote,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "recommendation": _recommendation,
}
