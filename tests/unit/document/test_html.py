"""The HTML renderer: what a reader, a script on the page and a screen reader get."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from lxml import etree, html

from document import tree
from document.assembly import assemble
from document.html import (
    Context,
    Highlight,
    ParagraphLink,
    render_bibliography,
    render_outline,
    render_section,
)
from document.html.element import Markup, element, join
from tests.factories import publication as sample
from tests.factories.documents import (
    cell,
    doc,
    documents,
    footnote,
    heading,
    mark,
    p,
    ref,
    row,
    table,
    text,
    th,
)

URLS = {"href", "src"}


def page(publication=None, **options) -> str:
    publication = publication or sample.publication()
    context = Context(assemble(publication, cite=options.pop("cite", False)), **options)
    return "".join(render_section(section, context) for section in publication.sections)


def parsed(markup: str) -> html.HtmlElement:
    return html.fragment_fromstring(markup, create_parent="main")


def shown_text(element) -> str:
    """A block's text as a script on the page counts it (see html/inline.py)."""
    parts = [element.text or ""]
    for child in element:
        if child.get("data-skip") is not None:
            pass
        elif child.get("data-atom") is not None:
            parts.append(tree.OBJECT)
        else:
            parts.append(shown_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


# --- the element builder


def test_text_is_escaped_and_markup_is_not():
    assert element("p", "a < b & c", Markup("<b>!</b>")) == "<p>a &lt; b &amp; c<b>!</b></p>"


def test_attributes_are_escaped_and_named_with_hyphens():
    assert (
        element("a", class_='"x"', data_block="1", hidden=True, id=None)
        == '<a class="&quot;x&quot;" data-block="1" hidden></a>'
    )


def test_children_may_be_nested_and_missing():
    assert join("a", None, ["b", ("c",)]) == "abc"


def test_characters_that_html_forbids_keep_their_place():
    assert element("p", "a\x00b\ud800c") == "<p>a\ufffdb\ufffdc</p>"


# --- a section


def test_paragraphs_carry_their_number_as_address():
    root = parsed(page())
    first = root.get_element_by_id("p1")
    assert first.get("class") == "para para-paragraph"
    assert first.find("a").text == "1" and first.find("a").get("href") == "#p1"
    assert first.find("p").get("data-block") == "para00000001"


def test_numbers_run_through_the_brief():
    numbers = [each.get("data-number") for each in parsed(page()).iterfind(".//*[@data-number]")]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) == 11


def test_section_title_is_h2_and_inner_headings_follow():
    root = parsed(page())
    assert [each.tag for each in root.iter("h2", "h3", "h4")] == ["h2", "h3", "h4", "h2"]
    assert root.get_element_by_id("section-section-a").get("aria-labelledby") == "title-section-a"


def test_a_skipped_heading_level_is_closed_up_and_an_empty_heading_left_out():
    root = parsed(page(sample.of(doc(heading(3, "Deep"), heading(1), heading(2, "Next")))))
    assert [each.tag for each in root.iter("h2", "h3", "h4", "h5")] == ["h2", "h3", "h4"]


def test_notes_stand_beside_their_paragraph_with_a_way_back():
    root = parsed(page())
    call, note = root.get_element_by_id("noteref-1"), root.get_element_by_id("note-1")
    assert call.find("a").get("href") == "#note-1" and call.find("a").get("role") == "doc-noteref"
    assert note.getparent().getparent() is root.get_element_by_id("p2")
    assert note.find(".//a[@role='doc-backlink']").get("href") == "#noteref-1"


def test_notes_may_stand_after_the_section():
    root = parsed(page(notes="end"))
    assert root.find(".//section[@role='doc-endnotes']/ol/li").get("value") == "1"


def test_cross_references_read_as_the_number_of_their_target():
    words = {each.text: each.get("href") for each in parsed(page()).iterfind(".//a[@class='xref']")}
    assert words == {
        "Table 1": "#b-table0000001",
        "paragraph 1": "#p1",
        "section “Risks and answers”": "#section-section-b",
    }


def test_a_cross_reference_to_nothing_says_so():
    assert "[missing reference]" in page(sample.of(doc(p(ref("gone")))))


def test_cross_references_lead_to_other_pages():
    assert 'href="/s/section-b#section-section-b"' in page(page_url=lambda section: f"/s/{section}")


def test_a_table_has_caption_scope_and_a_region_that_scrolls():
    root = parsed(page())
    region = root.find(".//div[@class='table-scroll']")
    assert region.get("tabindex") == "0" and region.get("role") == "region"
    assert region.find(".//caption").text_content() == "Table 1 Contacts by channel and year"
    assert [each.get("scope") for each in region.iterfind(".//thead//th")] == ["col"] * 3
    assert [each.get("scope") for each in region.iterfind(".//tbody//th")] == ["row"] * 2
    assert region.find(".//td[@colspan='2']") is not None


def test_headers_that_reach_into_the_body_are_no_table_head():
    rows = [row(th("a", rowspan=2), th("b")), row(cell("c"))]
    assert "<thead>" not in page(sample.of(doc(table("t", *rows))))


def test_a_figure_has_alt_text_number_caption_credit_and_licence():
    figure = parsed(page()).find(".//figure")
    assert figure.find("img").get("alt").startswith("Bar chart")
    assert figure.find("img").get("src") == "figures/chart"
    assert (
        figure.find("figcaption").text_content()
        == "Figure 1 Contacts by quarter, all channels Credit: Alpha Institute Licence: CC BY 4.0"
    )


def test_a_decorative_figure_has_an_empty_alt_and_a_lost_one_says_so():
    from tests.factories.documents import figure

    shown = page(sample.of(doc(figure("chart", alt="not read", decorative=True), figure("gone"))))
    assert 'alt=""' in shown and "not read" not in shown and "Missing figure" in shown


def test_callouts_say_their_kind_in_words():
    labels = [each.text_content() for each in parsed(page()).iterfind(".//p[@class='callout-label']")]
    assert labels[0] == "Key message Box 1What to remember"
    assert [each.split(" Box")[0] for each in labels[1:]] == [
        "Risk",
        "Opportunity",
        "Case",
        "Definition",
        "Note",
    ]


def test_recommendations_have_number_addressee_and_kind():
    root = parsed(page())
    first = root.get_element_by_id("r1").getparent()
    assert first.get("aria-label") == "Recommendation 1"
    assert [each.text for each in first.iterfind(".//span")] == ["For legislators", "Legislation"]


def test_languages_carry_lang_and_dir():
    root = parsed(page())
    assert root.find(".//span[@lang='ar']").get("dir") == "rtl"


def test_a_section_in_another_language_says_so():
    from document.publication import SectionText

    section = SectionText("s", "عنوان", doc(p("نص")), language="ar")
    assert 'lang="ar" dir="rtl"' in page(sample.publication(sections=(section,)))


def test_a_content_notice_precedes_the_section_with_a_way_past_it():
    root = parsed(page())
    notice = root.find(".//div[@class='content-notice']")
    assert "exploitation" in notice.text_content()
    assert root.get_element_by_id(notice.find(".//a").get("href")[1:]) is not None


def test_suggestions_are_ins_and_del_also_for_blocks():
    shown = page(sample.of(sample.suggested_section()))
    assert '<ins data-suggestion="s1">new </ins><del data-suggestion="s1">old </del>' in shown
    assert re.search(r'<ins data-suggestion="s2"><p [^>]*>A whole new', shown)
    assert '<span class="modified" data-suggestion="s3"><strong>set in bold</strong></span>' in shown


def test_claims_leave_no_trace():
    assert "claim" not in page()


def test_neighbours_share_the_element_of_a_common_mark():
    bold_link = text("two", "strong", mark("link", href="https://example.org/"))
    shown = page(sample.of(doc(p(text("one ", mark("link", href="https://example.org/")), bold_link))))
    assert '<a href="https://example.org/" rel="noopener">one <strong>two</strong></a>' in shown


def test_a_note_inside_a_link_is_not_nested_in_it():
    note = {**footnote("n"), "marks": [mark("link", href="https://example.org/")]}
    assert not parsed(page(sample.of(doc(p(note))))).xpath("//a//a")


# --- comments


def test_highlighted_words_name_their_threads():
    highlights = [
        Highlight("para00000001", 0, 8, "t1", "1"),
        Highlight("para00000001", 4, 12, "t2", "2", current=True),
    ]
    root = parsed(page(highlights=highlights))
    marks = [(each.get("data-threads"), each.text_content()) for each in root.iter("mark")]
    assert marks == [("t1", "Lang"), ("t1 t2", "uage"), ("t2", " no ")]
    assert root.findall(".//mark")[1].get("class") == "on"


def test_highlights_count_in_utf16_units():
    publication = sample.of(doc(p("😀 word", id="x")))
    assert ">word</mark>" in page(publication, highlights=[Highlight("x", 3, 7, "t")])


def test_without_a_script_a_link_leads_from_words_to_their_thread():
    shown = page(highlights=[Highlight("para00000001", 0, 8, "t1", "4")], thread_url=lambda thread: f"/t/{thread}")
    assert '</mark><a href="/t/t1" class="thread-link" aria-label="Comment 4" data-skip>4</a>' in shown


def test_a_thread_on_a_whole_block_is_named_on_it():
    shown = parsed(page(highlights=[Highlight("table0000001", 0, 0, "t9")]))
    assert shown.find(".//table").get("data-threads") == "t9"


def test_each_paragraph_may_have_a_link_of_its_own():
    shown = page(paragraph_link=lambda block, n: ParagraphLink(f"/c/{block}", "Comment", f"Comment on paragraph {n}"))
    assert '<a href="/c/para00000001" aria-label="Comment on paragraph 1">Comment</a>' in shown


# --- sources and outline


def test_citations_are_formatted_and_lead_to_the_list_of_sources():
    publication = sample.publication()
    context = Context(assemble(publication))
    cite = parsed(render_section(publication.sections[0], context)).find(".//span[@class='cite']")
    assert cite.text_content() == "(see Okafor and Lindqvist 2024, 12)"
    assert cite.find(".//a").get("href") == "#source-alpha2024"
    entries = parsed(render_bibliography(context)).findall(".//li")
    assert [each.get("id") for each in entries] == ["source-gamma", "source-beta2019", "source-alpha2024"]


def test_without_outside_programs_citations_are_provisional():
    assert "(see Okafor and Lindqvist 2024, p. 12)" in page(cite=False)


def test_a_note_style_puts_citations_into_notes_numbered_with_the_others():
    publication = sample.publication(style="chicago-notes-bibliography")
    root = parsed(page(publication, cite=True))
    numbers = [each.get("id") for each in root.iterfind(".//sup[@class='noteref']")]
    assert numbers == [f"noteref-{n}" for n in range(1, len(numbers) + 1)] and len(numbers) == 3
    assert "Alpha Institute" in root.get_element_by_id("note-1").text_content()


def test_the_outline_lists_sections_and_their_headings():
    publication = sample.publication()
    links = parsed(render_outline(Context(assemble(publication, cite=False)))).iter("a")
    assert [each.text for each in links] == ["What has changed", "What the numbers say", "Risks and answers"]


# --- any document


def well_formed(markup: str) -> None:
    """Every element closed, every attribute quoted: the builder's output is nearly XML already."""
    xml = re.sub(r"<(br|img)((?: [^<>]*)?)>", r"<\1\2/>", markup)
    xml = re.sub(r" (data-atom|data-skip|hidden)(?=[ />])", r' \1=""', xml)
    etree.fromstring(f"<main>{xml}</main>")


@settings(deadline=None, max_examples=60)
@given(documents())
def test_any_document_gives_well_formed_html_with_its_text_in_place(document):
    publication = sample.of(document)
    markup = page(publication)
    well_formed(markup)
    root = etree.HTML(f"<main>{markup}</main>")
    found = {each.get("data-block"): each for each in root.iterfind(".//*[@data-block]")}
    for node in tree.blocks(document):
        identifier = tree.block_id(node)
        if node["type"] in tree.TEXTBLOCKS and identifier in found:
            assert shown_text(found[identifier]) == tree.block_text(node)
        elif node["type"] != "heading":
            assert identifier in found


@settings(deadline=None, max_examples=40)
@given(documents())
def test_no_document_brings_a_script_or_a_foreign_address(document):
    root = parsed(page(sample.of(document)))
    assert not root.xpath("//script|//style|//iframe|//object|//*[@style]")
    for each in root.iter():
        assert not any(name.startswith("on") for name in each.attrib)
        for name in URLS & set(each.attrib):
            assert re.match(r"(https?:|mailto:|#|figures/)", each.get(name))


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '" onload="x', "javascript:alert(1)", "]]>"])
def test_hostile_words_stay_words(hostile):
    document = doc(p(hostile), table(hostile, row(th(hostile), cell(hostile)), row(cell(hostile), cell("x"))))
    root = parsed(page(sample.of(document, title=hostile)))
    assert not root.xpath("//script") and not root.xpath("//*[@onload]")
    assert hostile in root.text_content()
