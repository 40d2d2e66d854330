"""Word files of publications: structure, styles, cleanness, the same bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from document import importing, tree, zips
from document.assembly import assemble
from document.word import Remark, Talk, Wrapping, docx, draft
from document.word.names import W
from document.word.reference import reference
from tests.factories import publication as sample
from tests.factories.documents import (
    bullets,
    callout,
    cell,
    doc,
    documents,
    figure,
    heading,
    item,
    mark,
    p,
    recommendation,
    row,
    table,
)

WORD = {"w": W}
PEOPLE = ("Okafor", "Lindqvist", "Haddad")


@pytest.fixture(scope="module")
def word() -> dict[str, bytes]:
    return zips.read(docx(assemble(sample.publication())))


def body(files: dict[str, bytes]):
    return etree.fromstring(files["word/document.xml"])


def styles_of(files: dict[str, bytes]) -> list[str]:
    return body(files).xpath("//w:pStyle/@w:val", namespaces=WORD)


def test_word_has_our_styles(word):
    used = set(styles_of(word))
    assert {"Title", "Heading1", "Heading2", "NumberedParagraph", "NumberedQuotation", "CalloutRisk"} <= used
    known = etree.fromstring(word["word/styles.xml"]).xpath("//w:style/@w:styleId", namespaces=WORD)
    assert used <= set(known) and len(known) == len(set(known))


def test_paragraph_numbers_are_typed_and_followed_by_a_tab(word):
    runs = body(word).xpath("//w:r[w:rPr/w:rStyle/@w:val='ParagraphNumber']", namespaces=WORD)
    assert ["".join(run.itertext()) for run in runs] == [str(n) for n in range(1, 12)]
    assert all(run.find(f"{{{W}}}tab") is not None for run in runs)


def test_word_tables_repeat_their_head_and_pictures_say_what_they_show(word):
    root = body(word)
    assert root.xpath("count(//w:tblHeader)", namespaces=WORD) == 1
    assert root.xpath("//*[local-name()='docPr']/@descr")[0].startswith("Bar chart")


def test_word_marks_languages_and_notes(word):
    root = body(word)
    assert "fr" in root.xpath("//w:lang/@w:val", namespaces=WORD)
    assert root.xpath("//w:rtl", namespaces=WORD)
    assert b"refers to 2021" in word["word/footnotes.xml"]


def test_word_names_no_person_in_its_properties(word):
    assert "docProps/custom.xml" not in word and b"custom.xml" not in word["[Content_Types].xml"]
    properties = word["docProps/core.xml"] + word["docProps/app.xml"]
    assert b"First Organisation" in properties and b"2026-03-01T09:30:00Z" in properties
    assert b"lastModifiedBy" not in properties
    assert not any(person.encode() in properties for person in PEOPLE)


def test_word_has_page_numbers_at_the_foot(word):
    assert b'w:instr="PAGE"' in word["word/footer1.xml"] and "Second Organisation" in word["word/footer1.xml"].decode()
    assert b"footer1.xml" in word["word/_rels/document.xml.rels"] and b"footer1.xml" in word["[Content_Types].xml"]
    assert len(body(word).xpath("//w:sectPr/w:footerReference", namespaces=WORD)) == 1


def test_word_prints_the_content_hash(word):
    assert "3f9a" * 16 in "".join(body(word).itertext())


def test_suggestions_are_tracked_changes_without_a_name():
    files = zips.read(docx(assemble(sample.of(sample.suggested_section()))))
    root = body(files)
    changes = root.xpath("//w:r/parent::w:ins|//w:r/parent::w:del", namespaces=WORD)
    assert ["".join(each.itertext()) for each in changes] == ["new ", "old ", "2A whole new paragraph."]
    assert len(root.xpath("//w:pPr/w:rPr/w:ins", namespaces=WORD)) == 1
    assert {each.get(f"{{{W}}}author") for each in changes} == {"Suggestion"}


def test_word_is_the_same_bytes_each_time():
    made = assemble(sample.publication())
    assert docx(made) == docx(made)


def test_the_reference_document_is_well_formed():
    for name, data in zips.read(reference()).items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(data)


def test_what_a_block_says_of_itself_is_tracked_word_by_word():
    """A text alternative has no words in Word: the suggestion is named as left out."""

    def was(node: tree.Node, **attrs: str) -> tree.Node:
        return {**node, "marks": [mark("modification", id=f"s-{node['type']}", was={"attrs": attrs})]}

    asset = next(iter(sample.publication().figures))
    picture = figure(asset, "A chart")
    picture["attrs"]["credit"] = "Ann"
    given = doc(
        was(table("New flows", row(cell("cell"))), caption="Old flows"),
        was(callout("risk", "Beware", p("boxed")), kind="key", title=""),
        was(recommendation("other", "Employers", p("act")), addressee="States"),
        was(picture, credit="", alt="Bars"),
    )
    made = draft(assemble(sample.of(given), cite=False), wrapping=Wrapping("D", "T", "t"))
    root = body(zips.read(made.content))

    def said(tag: str) -> list[str]:
        return ["".join(each.itertext()).strip() for each in root.xpath(f"//w:r/parent::w:{tag}", namespaces=WORD)]

    assert said("del") == ["Old flows", "Key message", "· For States"]
    assert said("ins") == ["New flows", "Risk", "Beware", "· For Employers", "Credit: Ann"]
    forms = root.xpath("//w:pPrChange/w:pPr/w:pStyle/@w:val", namespaces=WORD)
    assert forms == ["CalloutKeyLabel", "CalloutKeyTitle", "CalloutKey"]
    assert root.xpath("//w:tblCaption/@w:val", namespaces=WORD)[0].endswith("New flows")
    assert [each.identifier for each in made.lost] == ["s-figure"] and made.counts["modifications"] == 4


def test_columns_of_a_section_from_right_to_left_begin_at_the_right():
    grid = doc(table("Flows", row(cell("one"), cell("two"))))
    publication = sample.of(grid, grid)
    first, second = publication.sections
    given = replace(publication, sections=(first, replace(second, language="ar")))
    root = body(zips.read(docx(assemble(given, cite=False))))
    turned = [bool(each.xpath("w:tblPr/w:bidiVisual", namespaces=WORD)) for each in root.iter(f"{{{W}}}tbl")]
    assert turned == [False, True]


def test_the_title_of_a_section_from_right_to_left_is_in_its_language():
    publication = sample.of(doc(p("one")), doc(heading(1, "عنوان"), p("two")))
    first, second = publication.sections
    given = replace(publication, sections=(first, replace(second, title="رسوم", language="ar")))
    root = body(zips.read(docx(assemble(given, cite=False))))
    heads = root.xpath("//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'Heading')]", namespaces=WORD)
    turned = {
        "".join(each.xpath(".//w:t/text()", namespaces=WORD)): (
            bool(each.xpath("w:pPr/w:bidi", namespaces=WORD)),
            each.xpath(".//w:lang/@w:bidi", namespaces=WORD),
        )
        for each in heads
    }
    assert turned["رسوم"] == turned["عنوان"] == (True, ["ar"])
    assert turned[first.title] == (False, [])


def test_a_section_in_another_language_comes_back_as_one():
    french = {"type": "text", "text": "frais", "marks": [mark("language", lang="fr", dir="ltr")]}
    publication = sample.of(doc(p("These are fees, or ", french, ". " * 40)), doc(p("دين ثقيل " * 40)))
    first, second = publication.sections
    sections = (replace(first, title="Fees"), replace(second, title="رسوم", language="ar"))
    given = replace(publication, sections=sections)
    read = importing.read(docx(assemble(given, cite=False)), "own.docx", "own").assembled()
    section = next(each for each in read.sections if each["title"] == "رسوم")
    assert section["language"] == "ar" and tree.text(section["doc"]).startswith("دين ثقيل")
    assert not [node for node in tree.walk(section["doc"]) if node.get("marks")]
    marked = [node for node in tree.walk(read.sections[0]["doc"]) if node.get("marks")]
    assert [(node["text"], node["marks"]) for node in marked] == [("frais", french["marks"])]
    assert "title-language" not in {finding.code for finding in read.report.findings}


def test_a_box_from_right_to_left_has_its_bar_where_its_lines_begin():
    box = doc(callout("risk", "Beware", p("boxed")), p("after"))
    publication = sample.of(box, box)
    first, second = publication.sections
    given = replace(publication, sections=(first, replace(second, language="ar")))
    root = body(zips.read(docx(assemble(given, cite=False))))
    bars = [
        (style, [(etree.QName(side).localname, side.get(f"{{{W}}}val")) for side in each.xpath("*", namespaces=WORD)])
        for each in root.xpath("//w:p/w:pPr/w:pBdr", namespaces=WORD)
        for style in each.xpath("../w:pStyle/@w:val", namespaces=WORD)
    ]
    sides = [("left", "nil"), ("right", "single")]
    assert bars == [("CalloutRiskLabel", sides), ("CalloutRiskTitle", sides), ("CalloutRisk", sides)]


@pytest.mark.parametrize("for_authors", [True, False])
def test_what_follows_a_table_or_a_box_keeps_its_distance(for_authors):
    grid = table("Flows", row(cell("one"), cell("two")))
    given = doc(grid, p("after it"), p("further"), callout("risk", "", p("boxed")), bullets(item(p("item"))), grid)
    assembly = assemble(sample.of(given, doc(heading(1, "Next"), p("last"))), cite=False)
    made = draft(assembly, wrapping=Wrapping("D", "T", "t")).content if for_authors else docx(assembly)
    spaced = body(zips.read(made)).xpath("//w:p[w:pPr/w:spacing/@w:before='280']", namespaces=WORD)
    assert ["".join(each.xpath(".//w:t/text()", namespaces=WORD))[-8:] for each in spaced] == ["after it", "item"]


@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_any_draft_is_well_formed_and_keeps_every_comment(document):
    """Also comments on blocks that show nothing, or that are not there."""
    said = [Remark("Ann", "2026-03-04T05:06:07Z", "Why?", True), Remark("Bo", "2026-03-04T05:06:07Z", "So.\nAnd so.")]
    blocks = [tree.block_id(node) for node in tree.blocks(document)][:20]
    talks = [Talk(said, "section-1", block, 0, 3) for block in [*blocks, "nowhere"]] + [Talk(said)]
    made = draft(assemble(sample.of(document), cite=False), talks=talks, wrapping=Wrapping("Draft", "Today", "today"))
    files = zips.read(made.content)
    for name, data in files.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(data, etree.XMLParser(huge_tree=True))
    root = body(files)
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert root.xpath(f"count(//w:{name})", namespaces=WORD) == 2 * len(talks)
    assert len(set(root.xpath("//w:commentReference/@w:id", namespaces=WORD))) == 2 * len(talks)
    assert not root.xpath("//w:ins//w:commentReference|//w:del//w:commentReference", namespaces=WORD)
    assert made.counts["comments"] == len(talks) and talks[-2] in made.moved
