"""HTML for the reading room and the public pages, safe by construction.

``render_section`` gives a whole section, ``render_bibliography`` the list of sources,
``render_outline`` the contents. See ``Context`` for what a page decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from document import tree
from document.assembly import wordless
from document.html import inline
from document.html.blocks import note, top
from document.html.context import Context, Highlight, ParagraphLink
from document.html.element import Markup, element, join
from document.html.inline import Notes
from document.publication import SectionText
from document.tree import Node

__all__ = [
    "Context",
    "Highlight",
    "Markup",
    "ParagraphLink",
    "render_bibliography",
    "render_blocks",
    "render_lists",
    "render_nodes",
    "render_outline",
    "render_section",
]


def render_section(section: SectionText, context: Context) -> Markup:
    """A section with its heading, content notice, blocks and notes."""
    heading = element(f"h{context.level(section)}", section.title, id=f"title-{section.id}")
    language = inline.language(section.language, context.assembly.publication.language)
    return element(
        "section",
        heading,
        _notice(section, context),
        render_blocks(section.doc, context),
        _end_notes(section, context) if context.notes == "end" else None,
        element("span", id=f"after-{section.id}", tabindex=-1) if section.content_notice else None,
        id=f"section-{section.id}",
        class_="section",
        aria_labelledby=f"title-{section.id}",
        data_section=section.id,
        **language,
    )


def render_blocks(doc: Node, context: Context) -> Markup:
    """The blocks of a document, without heading and notice."""
    return render_nodes(tree.children(doc), context)


def render_nodes(nodes: Iterable[Node], context: Context) -> Markup:
    """Some blocks of a document, in the order given."""
    return join(top(node, context) for node in nodes)


def _notice(section: SectionText, context: Context) -> Markup | None:
    if not section.content_notice:
        return None
    skip = element("a", str(context.labels.skip_section), href=f"#after-{section.id}")
    label = element("b", str(context.labels.content_notice))
    body = element("p", label, " ", section.content_notice, " ", skip)
    return element("div", body, class_="content-notice", role="note", data_skip=True)


def _end_notes(section: SectionText, context: Context) -> Markup | None:
    """All notes of a section as one list after it."""
    notes = Notes()
    for node in tree.walk(section.doc):
        if node["type"] in tree.TEXTBLOCKS:
            inline.render(node, context, notes)
    if not notes.pending:
        return None
    name = f"notes-{section.id}"
    heading = element(f"h{min(6, context.level(section) + 1)}", str(context.labels.notes), id=name)
    items = element("ol", (note(*each, context, tag="li") for each in notes.pending))
    described = {"role": "doc-endnotes", "aria_labelledby": name}
    return element("section", heading, items, class_="endnotes", data_skip=True, **described)


def render_bibliography(context: Context) -> Markup:
    """The sources cited, as a list whose items citations lead to; empty when nothing is cited."""
    entries = context.assembly.sources()
    if not entries:
        return Markup("")
    items = (element("li", inline.formatted(entry.inlines, context), id=f"source-{entry.key}") for entry in entries)
    return element("ul", items, class_="bibliography")


def render_lists(context: Context) -> Markup:
    """Acronyms and glossary, made from the text and the brief's records; empty when there are none."""
    publication, labels = context.assembly.publication, context.labels
    short = [(each.short, [each.long]) for each in publication.acronyms]
    terms = [
        (each.term, [each.text, *([" ", element("span", each.source, class_="meta")] if each.source else [])])
        for each in publication.glossary
    ]
    return join(_list(*each) for each in (("acronyms", labels.acronyms, short), ("glossary", labels.glossary, terms)))


def _list(name: str, title: str, entries: list[tuple[str, list[str]]]) -> Markup | None:
    if not entries:
        return None
    rows = [part for term, told in entries for part in (element("dt", term), element("dd", *told))]
    heading = element("h2", str(title), id=f"{name}-title")
    body = element("dl", rows, class_="facts")
    return element("section", heading, body, id=name, class_="section", aria_labelledby=f"{name}-title")


def render_outline(context: Context) -> Markup:
    """The sections as they nest, and the headings inside them, as a list of links."""
    entries = []
    for section in context.assembly.publication.sections:
        link = element("a", section.title, href=f"{context.page_url(section.id)}#section-{section.id}")
        heads = [
            node
            for node in tree.blocks(section.doc)
            if node["type"] == "heading" and context.assembly.level(node) == 1 and not wordless(node)
        ]
        entries.append((section.depth, link, [_outline_item(node, context) for node in heads]))
    return element("ol", _nested(entries, 0), class_="outline")


def _nested(entries: list[tuple[int, Markup, list[Markup]]], depth: int) -> list[Markup]:
    """List items of the entries that stand at ``depth``, each with what is within it."""
    items: list[Markup] = []
    start = 0
    while start < len(entries):
        end = start + 1
        while end < len(entries) and entries[end][0] > depth:
            end += 1
        _depth, link, heads = entries[start]
        inner = [*heads, *_nested(entries[start + 1 : end], depth + 1)]
        items.append(element("li", link, element("ol", inner) if inner else None))
        start = end
    return items


def _outline_item(node: Node, context: Context) -> Markup:
    return element("li", element("a", tree.text(node), href=context.link_to(tree.block_id(node))))
