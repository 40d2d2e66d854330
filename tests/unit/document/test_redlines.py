"""Redlines of whole texts: sections that came, went, moved or have another name."""

from __future__ import annotations

from dataclasses import replace

from document import numbering, redlines, tree
from document.assembly import assemble
from document.html import Context, render_section
from document.publication import SectionText
from tests.factories import publication as sample
from tests.factories.documents import doc, footnote, p

LONG = "These are words enough for a paragraph to be known again wherever it stands"


def texts(**sections):
    given = tuple(SectionText(name, name.title(), doc(*blocks)) for name, blocks in sections.items())
    return sample.publication(sections=given)


def states(found):
    return [(each.text.id, each.old is not None, each.new is not None, each.moved) for each in found.sections]


def test_sections_that_came_went_and_moved_stand_where_they_belong():
    one, two, three, four = (p(word, id=word) for word in ("one", "two", "three", "four"))
    old = texts(a=[one], b=[two], c=[three])
    new = texts(c=[three], a=[one], d=[four])
    found = redlines.compare(old, new)
    assert states(found) == [
        ("c", True, True, True),
        ("a", True, True, False),
        ("b", True, False, False),
        ("d", False, True, False),
    ]
    assert [each.unchanged for each in found.sections] == [False, True, False, False]


def test_numbers_are_those_of_the_new_text():
    old = texts(a=[p("gone altogether", id="x"), p("stays as it was", id="y")])
    new = texts(a=[p("stays as it was", id="y"), p("comes anew here", id="z")])
    found = redlines.compare(old, new)
    assert found.numbers.paragraphs == {"y": 1, "z": 2}
    shown = numbering.number((each.id, each.title, each.doc) for each in found.publication.sections)
    assert shown.paragraphs == {"y": 1, "z": 2}
    page = render_section(found.publication.sections[0], Context(assemble(found.publication, numbers=found.numbers)))
    assert page.count('class="no"') == 2 and "gone altogether" in page


def test_words_that_went_to_another_section_are_counted_once():
    old = texts(a=[p("one", id="x"), p(LONG, id="y")], b=[p("two", id="z")])
    new = texts(a=[p("one", id="x")], b=[p("two", id="z"), p(LONG, id="y")])
    counted = redlines.compare(old, new).counts
    assert (counted.inserted, counted.deleted, counted.moved) == (0, 0, tree.words(p(LONG)))


def test_another_title_can_be_told_with_the_one_before():
    old, new = texts(a=[p("one", id="x")]), texts(a=[p("one", id="x")])
    new = replace(new, sections=(replace(new.sections[0], title="New"),))
    assert redlines.of(old, new).sections[0].title == "New"
    found = redlines.compare(old, new, titled="{new} (was “{old}”)")
    assert found.publication.sections[0].title == "New (was “A”)" and found.sections[0].renamed


def test_offsets_of_the_new_text_are_found_in_the_redline():
    old, new = texts(a=[p("the old words stay", id="x")]), texts(a=[p("the new words stay", footnote("n"), id="x")])
    shown = redlines.of(old, new)
    shift = redlines.offsets(shown.sections[0].doc, "x", shown.changes)
    text = tree.block_text(shown.sections[0].doc["content"][0])
    assert shift is not None
    assert [text[shift(at)] for at in (0, 4, 8)] == ["t", "n", "w"]
    assert redlines.offsets(shown.sections[0].doc, "nobody", shown.changes) is None
