"""How redlines read: on a page, in print and in Word; what moved and what changed is said in words."""

from __future__ import annotations

import copy
import io
import re
import zipfile

import pytest
from lxml import etree

from document import numbering, pdfcheck, tree, typst, word
from document.assembly import assemble
from document.diff import Change, compare, named
from document.diff.display import displayed
from document.engine import engine
from document.html import Context, render_section
from document.labels import Labels
from document.word import docx
from tests.factories import publication as sample
from tests.factories.documents import bullets, cell, doc, footnote, heading, item, mark, p, row, table, text, th

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def assembly():
    """The sample's first section, and what became of it."""
    old = sample.first_section()
    new = copy.deepcopy(old)
    blocks = new["content"]
    blocks[2]["attrs"]["level"] = 2
    blocks[0]["content"][1]["marks"] = [{"type": "em"}]
    table = next(node for node in blocks if node["type"] == "table")
    table["content"].append(row(th("Letters", scope="row"), th("7"), th("8")))
    next(node for node in blocks if node["type"] == "figure")["attrs"]["alt"] = "Bars that rise"
    next(node for node in tree.walk(new) if node["type"] == "footnote")["content"][0]["text"] = "That figure refers to "
    blocks.insert(1, blocks.pop())
    blocks.insert(3, p("A wholly new paragraph."))
    return shown(old, new)


def shown(old, new):
    redline = compare(old, new)
    numbers = numbering.number([("section-1", "Section 1", new)])
    document = displayed(redline, numbers)
    return assemble(sample.of(document, changes=redline.changes), numbers=numbers)


def page(assembly) -> str:
    return str(render_section(assembly.publication.sections[0], Context(assembly)))


def test_a_page_says_what_became_of_blocks_and_words(assembly):
    markup = page(assembly)
    for words in (
        "Moved here",
        "Moved away from here",
        "Inserted",
        "Heading level: 1 → 2",
        "[Formatting: bold → italic]",
    ):
        assert words in markup
    assert (
        "Text alternative: “Bar chart: contacts rise until the third quarter, then fall.” → “Bars that rise”" in markup
    )
    assert re.search(r'<ins class="change moved-here" data-change="change-\d+"><blockquote', markup)
    assert '<div class="change changed"' in markup and '<span class="modified"' not in markup


def test_no_two_places_of_a_page_have_one_address(assembly):
    found = re.findall(r' id="([^"]+)"', page(assembly))
    assert len(found) == len(set(found))


def test_a_note_that_is_struck_has_a_number_of_its_own():
    old = doc(p("one", footnote("gone", id="f1"), " two", footnote("stays", id="f2"), id="a"))
    new = doc(p("one", " two", footnote("stays", id="f2"), id="a"))
    assert re.findall(r'id="noteref-(\d+)"', page(shown(old, new))) == ["2", "1"]


def test_print_has_the_same_words_and_is_accessible(assembly):
    data = typst.pdf(assembly)
    assert not pdfcheck.check(data)
    source = typst.emit(assembly).main
    assert "Moved away from here" in source and "deleted(" in source and "inserted(" in source


def test_word_has_tracked_changes(assembly):
    body = zipfile.ZipFile(io.BytesIO(docx(assembly))).read("word/document.xml").decode()
    assert "<w:ins " in body and "<w:del " in body and "<w:delText" in body


def _redlined(old, new) -> str:
    """``word/document.xml`` of the redline as authors take it away."""
    made = word.draft(shown(old, new), changes={}, wrapping=word.Wrapping("Draft", "Changes", "Changes"))
    return zipfile.ZipFile(io.BytesIO(made.content)).read("word/document.xml").decode()


def test_word_is_told_what_moved():
    words = ["The first paragraph says one thing.", "A second one says another.", "Nobody reads the third."]
    first, second, third = (p(each, id=each[:3]) for each in words)
    listed = bullets(item(p("An item that travels far.", id="i1")), item(p("Another with it.", id="i2")))
    body = _redlined(doc(first, second, listed, third), doc(listed, second, third, first))
    root = etree.fromstring(body.encode())
    kept = {kind: [_said(each) for each in root.iter(f"{W}{kind}") if len(each)] for kind in ("moveFrom", "moveTo")}
    assert sorted(kept["moveFrom"]) == sorted(kept["moveTo"]) and words[0] in kept["moveTo"]
    assert "<w:ins " not in body and "<w:del " not in body and "<w:delText" not in body
    ranges = {way: root.findall(f".//{W}move{way}RangeStart") for way in ("From", "To")}
    names = {way: sorted(each.get(f"{W}name") for each in found) for way, found in ranges.items()}
    assert names["From"] == names["To"] and len(set(names["To"])) == len(names["To"]) > 0
    for way, found in ranges.items():
        ends = [each.get(f"{W}id") for each in root.iter(f"{W}move{way}RangeEnd")]
        assert ends == [each.get(f"{W}id") for each in found]
        # Each range holds whole paragraphs, whose own marks move with them.
        for each in found:
            assert each.getnext().find(f"{W}pPr/{W}rPr/{W}move{way}") is not None


def _said(element) -> str:
    """Its words, without the number of a paragraph that counts."""
    return "".join(element.itertext()).lstrip("0123456789")


def test_word_is_told_of_a_moved_table_by_its_rows():
    grid = table("Cases", row(th("Year"), th("Cases")), row(cell("2024"), cell("12 cases")), id="t1")
    rest = [p(f"Paragraph {number} that stays where it always was.", id=f"p{number}") for number in range(4)]
    body = _redlined(doc(grid, *rest), doc(*rest, grid))
    assert "<w:move" not in body
    assert re.findall(r"<w:trPr>(?:<w:tblHeader/>)?<w:(ins|del) ", body) == ["del", "del", "ins", "ins"]
    assert "Table – " in body.replace('</w:delText></w:r><w:r><w:delText xml:space="preserve">', "")
    assert 'w:name="b-"' not in body


def test_people_s_suggestions_are_shown_as_before():
    given = sample.of(sample.suggested_section())
    markup = str(render_section(given.sections[0], Context(assemble(given, cite=False))))
    assert '<ins data-suggestion="s1">new </ins>' in markup and 'class="modified"' in markup


def test_every_attribute_and_mark_of_the_language_has_a_name():
    spec, labels = engine().spec(), Labels()
    blocks = {name for name, node in spec["nodes"].items() if not node["inline"]}
    attributes = {attr for name in blocks for attr in spec["nodes"][name]["attrs"]}
    assert attributes - {"id"} <= set(labels.attributes)
    assert set(spec["marks"]) == set(labels.looks)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (p("T", id="a"), heading(2, "T", id="a"), ["Kind of block: paragraph → heading"]),
        (p(text("T", "strong"), id="a"), p("T", id="a"), ["Formatting: bold → none"]),
        (p("T", id="a"), p(text("T", mark("claim", id="c1")), id="a"), ["Registered as a claim"]),
        (
            p(text("T", "strong", mark("claim", id="c1")), id="a"),
            p("T", id="a"),
            ["No longer a claim", "Formatting: bold → none"],
        ),
    ],
)
def test_changes_are_named_in_sentences(old, new, said):
    (change,) = compare(doc(old), doc(new)).changes.values()
    assert named.sentences(change, Labels()) == said


def test_the_kinds_of_boxes_and_recommendations_are_named_too():
    change = Change("c", "changed", {"attrs": {"kind": "risk"}}, {"attrs": {"kind": "key", "decorative": True}})
    assert named.sentences(change, Labels()) == ["Kind: Risk → Key message"]
