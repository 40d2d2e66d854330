"""Redlines: what is marked, and that nothing is lost on the way."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from document import tree
from document.assembly import assemble
from document.diff import DELETED, INSERTED, merged, redline, settle
from document.engine import engine
from document.html import Context, render_section
from tests.factories import publication as sample
from tests.factories.documents import (
    bullets,
    cell,
    cite,
    doc,
    documents,
    footnote,
    heading,
    item,
    p,
    quote,
    row,
    table,
    text,
    th,
)


def shown(document) -> str:
    """Words with ``+inserted+`` and ``-deleted-``."""
    parts = []
    for node in tree.walk(document):
        if node["type"] != "text":
            continue
        marks = node.get("marks") or []
        sign = "+" if INSERTED in marks else "-" if DELETED in marks else ""
        parts.append(f"{sign}{node['text']}{sign}")
    return "".join(parts)


def blocks_marked(document, mark) -> list[str]:
    return [tree.text(node) for node in tree.children(document) if mark in (node.get("marks") or [])]


def test_nothing_changed_is_nothing_marked():
    document = sample.first_section()
    assert redline(document, copy.deepcopy(document)) == document


def test_words_are_compared_inside_a_paragraph():
    result = redline(doc(p("The old text stays.", id="a")), doc(p("The new text stays here.", id="a")))
    assert shown(result) == "The -old-+new+ text stays+ here+."


def test_a_change_of_looks_is_a_change():
    result = redline(doc(p("one two", id="a")), doc(p("one ", text("two", "strong"), id="a")))
    assert shown(result) == "one -two-+two+"


def test_new_and_removed_paragraphs_are_marked_whole():
    result = redline(doc(p("One", id="a"), p("Two", id="b")), doc(p("One", id="a"), p("Three!", id="c")))
    assert blocks_marked(result, DELETED) == ["Two"] and blocks_marked(result, INSERTED) == ["Three!"]


def test_a_rewritten_paragraph_under_a_new_id_is_compared():
    words = "A paragraph that was imported again, with other identifiers, "
    result = redline(doc(p(words + "once.", id="a")), doc(p(words + "twice.", id="z")))
    assert shown(result) == f"{words}-once-+twice+."


def test_a_moved_paragraph_is_struck_and_inserted():
    first, second, third = (p(word, id=word) for word in ("one", "two", "three"))
    result = redline(doc(first, second, third), doc(second, third, first))
    assert blocks_marked(result, DELETED) == ["one"] and blocks_marked(result, INSERTED) == ["one"]


def test_lists_and_quotations_are_compared_inside():
    before = doc(bullets(item(p("one", id="x")), id="l"), quote(p("it was said", id="y"), id="q"))
    after = copy.deepcopy(before)
    after["content"][0]["content"].append(item("two"))
    after["content"][1]["content"][0]["content"][0]["text"] = "it was written"
    assert shown(redline(before, after)) == "onetwoit was -said-+written+"


def test_cells_of_a_table_are_compared_one_by_one_and_another_shape_is_replaced():
    def made(value, *more):
        return doc(
            {
                **table("t", row(th("h"), th("i")), row(cell("v"), cell(value)), *more),
                "attrs": {"id": "t", "caption": "t"},
            }
        )

    assert shown(redline(made("10"), made("12"))).endswith("-10-+12+")
    result = redline(made("10"), made("10", row(cell("a"), cell("b"))))
    assert len(blocks_marked(result, DELETED)) == len(blocks_marked(result, INSERTED)) == 1


def test_notes_and_citations_are_compared_as_wholes():
    before, after = doc(p("x", cite("gamma"), id="a")), doc(p("x", cite("beta2019"), footnote("n"), id="a"))
    marks = [node.get("marks") for node in tree.children(tree.children(redline(before, after))[0])]
    assert marks == [None, [DELETED], [INSERTED], [INSERTED]]


def test_another_level_of_a_heading_is_a_replacement():
    result = redline(doc(heading(1, "Title", id="a")), doc(heading(2, "Title", id="a")))
    assert blocks_marked(result, DELETED) == blocks_marked(result, INSERTED) == ["Title"]


def test_a_redline_is_shown_by_the_renderers():
    result = redline(doc(p("old", id="a")), doc(p("new", id="a"), p("more", id="b")))
    publication = sample.of(result)
    markup = render_section(publication.sections[0], Context(assemble(publication)))
    assert '<del data-suggestion="old">old</del><ins data-suggestion="new">new</ins>' in markup


def without_ids(node):
    """A document without the ids of its blocks: of two of equal words the redline keeps the new."""
    result = {
        **node,
        "attrs": {k: v for k, v in node.get("attrs", {}).items() if k != "id" or node["type"] in ("footnote",)},
    }
    if "content" in node:
        result["content"] = [without_ids(child) for child in node["content"]]
    return result


@settings(deadline=None, max_examples=40)
@given(documents(), documents())
def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old(old, new):
    result = redline(old, new)
    assert settle(result, accept=True) == new
    assert without_ids(settle(result, accept=False)) == without_ids(old)


@settings(deadline=None, max_examples=30)
@given(documents(), st.data())
def test_an_edited_document_comes_back_from_its_redline(old, data):
    new = copy.deepcopy(old)
    blocks = new["content"]
    if data.draw(st.booleans()) and len(blocks) > 1:
        blocks.pop(data.draw(st.integers(0, len(blocks) - 1)))
    for node in tree.walk(new):
        if node["type"] == "text" and data.draw(st.booleans()):
            node["text"] = node["text"][::-1] + "x"
    result = redline(old, new)
    assert settle(result, accept=True) == new
    assert without_ids(settle(result, accept=False)) == without_ids(old)


@settings(deadline=None, max_examples=25)
@given(documents(max_blocks=3), documents(max_blocks=3))
def test_every_redline_is_a_valid_document(old, new):
    engine().check(json.dumps(redline(old, new)))


def test_a_paragraph_with_little_in_common_is_replaced_whole():
    before, after = doc(p("Entirely other words of the past", id="a")), doc(p("Nothing like it the case here", id="a"))
    assert shown(redline(before, after)) == "-Entirely other words of the past-+Nothing like it the case here+"


def test_text_neighbours_are_joined():
    assert merged([text("a"), text("b"), text("c", "em")]) == [text("ab"), text("c", "em")]
