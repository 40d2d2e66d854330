"""One moment of a section as a page shows it: its text, and of each block what has become of it since."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from brief import texts
from brief.history import standings
from brief.labels import labels
from brief.models import Section
from document import numbering, tree
from document.assembly import assemble
from document.characters import shorten
from document.diff import compare
from document.diff.display import displayed, nameless
from document.html import Context, render_nodes
from document.html.element import Markup
from document.publication import Publication, SectionText
from document.tree import Node

#: Letters of a block's beginning that name it.
NAMED = 50


@dataclass(frozen=True)
class Block:
    """A block as it was. ``since``: the redline to what it is today; None when it is gone, or as it was.

    ``words``: its first, by which its buttons are told apart when they are only heard.
    """

    id: str
    markup: Markup
    words: str
    since: Markup | None = None
    gone: bool = False

    @property
    def same(self) -> bool:
        return self.since is None and not self.gone


@dataclass(frozen=True)
class Then:
    """``blocks`` in the order of the moment; ``same``: the section reads today as it did."""

    blocks: list[Block]
    same: bool


def then(section: Section, version: int, *, figure_url: Callable[[str], str]) -> Then:
    """The section after so many steps, block by block beside today's. Raises NotNow when it was not kept."""
    publication = standings.of_section(section, version)
    doc = publication.sections[0].doc
    today = json.loads(texts.current(section)[1])
    standing = {tree.block_id(node): node for node in tree.children(today)}
    context = _context(publication, figure_url)
    blocks = [_block(node, standing.get(tree.block_id(node)), context, figure_url) for node in tree.children(doc)]
    return Then(blocks, doc == today)


def _context(publication: Publication, figure_url: Callable[[str], str]) -> Context:
    numbers = numbering.number((each.id, each.title, each.doc) for each in publication.sections)
    assembly = assemble(publication, labels(publication.language), cite=False, numbers=numbers)
    return Context(assembly=assembly, figure_url=figure_url)


def _block(node: Node, now: Node | None, context: Context, figure_url: Callable[[str], str]) -> Block:
    markup, words = render_nodes([node], context), shorten(tree.text(node), NAMED)
    if now is None or now == node:
        return Block(tree.block_id(node), markup, words, gone=now is None)
    return Block(tree.block_id(node), markup, words, since=_redline(node, now, context, figure_url))


def _redline(node: Node, now: Node, context: Context, figure_url: Callable[[str], str]) -> Markup:
    redline = compare({"type": "doc", "content": [node]}, {"type": "doc", "content": [now]})
    # Numbers and addresses belong to the text beside which this stands.
    doc = displayed(redline, numbering.Numbering())
    whole = context.assembly.publication
    shown = Publication(
        title="",
        subtitle="",
        language=whole.language,
        organisations=(),
        sections=(SectionText("", "", doc),),
        sources=whole.sources,
        figures=whole.figures,
        changes=redline.changes,
    )
    assembly = assemble(shown, context.labels, cite=False)
    return render_nodes(
        [nameless(each) for each in tree.children(doc)], Context(assembly=assembly, figure_url=figure_url)
    )
