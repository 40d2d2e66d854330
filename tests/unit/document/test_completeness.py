"""Every node and mark of the schema is known to every renderer, and nothing else is."""

from __future__ import annotations

import pytest

from document import html, pandoc, tree, typst  # noqa: F401 - the packages whose parts are held below
from document.diff import redlines
from document.engine import engine
from document.html import blocks as html_blocks
from document.html import inline as html_inline
from document.labels import Labels
from document.pandoc import blocks as pandoc_blocks
from document.pandoc import inline as pandoc_inline
from document.pandoc.context import SUGGESTIONS
from document.typst import blocks as typst_blocks
from document.typst import inline as typst_inline
from document.word.reference import CALLOUTS

#: Handled by their parents: a table lays its rows and cells out, text and root have no renderer.
INSIDE = {"doc", "text", "table_row", "table_cell", "table_header"}


@pytest.fixture(scope="module")
def spec():
    return engine().spec()


def inline_nodes(spec) -> set[str]:
    return set(tree.INLINE) - {"text"}


@pytest.mark.parametrize("blocks", [html_blocks, typst_blocks, pandoc_blocks])
def test_every_block_has_a_renderer(spec, blocks):
    assert set(blocks.RENDERERS) == set(spec["nodes"]) - INSIDE - inline_nodes(spec)


@pytest.mark.parametrize("inline", [typst_inline, pandoc_inline])
def test_every_inline_node_has_a_renderer(spec, inline):
    assert set(inline.RENDERERS) == inline_nodes(spec)


def test_every_mark_has_its_place(spec):
    marks = set(spec["marks"])
    assert set(html_inline.MARKS) == set(typst_inline._ORDER) == set(redlines._ORDER) == marks
    assert set(pandoc_inline._ORDER) | set(SUGGESTIONS) == marks


def test_the_tree_knows_the_same_nodes(spec):
    assert set(spec["nodes"]) >= tree.INLINE | tree.TEXTBLOCKS


def test_every_callout_has_a_label_a_colour_and_a_style():
    kinds = {"key", "risk", "opportunity", "case", "definition", "note"}
    assert set(Labels().callouts) == kinds == {name.lower() for name in CALLOUTS}


def test_every_kind_of_recommendation_has_a_label():
    assert set(Labels().recommendation_kinds) == {"legislation", "investment", "cooperation", "partnership", "other"}
