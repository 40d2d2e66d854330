"""What Word tracks beyond words: paragraph marks, looks, styles, rows; and what styles say."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from document import importing, tree, word
from document.assembly import assemble
from document.engine import engine
from document.importing import Imported, pieces
from document.importing.headings import word_count
from tests.factories import publication as factory
from tests.factories import word as made
from tests.factories.documents import callout, cell, doc, figure, mark, p, recommendation, row, table


def file(*body: str, **parts: str) -> bytes:
    """A Word file with this body, other parts as in the file that has everything."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.everything())) as old, zipfile.ZipFile(out, "w") as new:
        for name in (each for each in old.namelist() if each != "word/document.xml"):
            given = parts.get(name.rpartition("/")[2].partition(".")[0])
            new.writestr(name, given if given is not None else old.read(name))
        document = f"<w:document {made.SPACES}><w:body>{''.join(body)}</w:body></w:document>"
        new.writestr("word/document.xml", document)
    return out.getvalue()


def imported(*body: str, **parts: str) -> Imported:
    read = importing.read(file(*body, **parts), "a.docx", "tracked").assembled()
    for section in read.sections:
        engine().check(json.dumps(section["doc"]))
    return read


def marks(read: Imported) -> list[tuple[str, str, Any]]:
    """(node, mark, what it takes back) of all suggestions on blocks and words, in order."""
    return [
        (node["type"], mark["type"], mark["attrs"].get("was"))
        for section in read.sections
        for node in tree.walk(section["doc"])
        for mark in node.get("marks") or []
        if mark["type"] in ("insertion", "deletion", "modification")
    ]


A, B = made.run("The first half of it stays as it was."), made.run("The second half of it does as well.")
NEW = made.ins(made.run("Words that somebody put in here."))


def test_a_split_paragraph_says_that_its_start_is_new() -> None:
    read = imported(made.para(A, mark="ins"), made.para(B))
    assert marks(read) == [("paragraph", "modification", {"edge": "split"})]


def test_joined_paragraphs_say_that_the_start_goes_away() -> None:
    read = imported(made.para(A, mark="del"), made.para(B))
    assert marks(read) == [("paragraph", "modification", {"edge": "join"})]


def test_a_new_paragraph_bears_its_own_mark() -> None:
    read = imported(made.para(A), made.para(NEW, mark="ins"), made.para(B))
    assert marks(read) == [("paragraph", "insertion", None), ("text", "insertion", None)]


def test_a_new_paragraph_whose_mark_stands_one_early() -> None:
    read = imported(made.para(A, mark="ins"), made.para(NEW, mark="ins"), made.para(NEW))
    blocks = [kind for node, kind, _was in marks(read) if node == "paragraph"]
    assert blocks == ["insertion", "insertion"]
    assert "insertion" not in tree.children(read.sections[0]["doc"])[0].get("marks", [])


def test_an_item_that_was_split_says_so_with_its_words() -> None:
    read = imported(made.item(A, mark="ins"), made.item(B))
    assert [(node, was) for node, _kind, was in marks(read)] == [
        ("list_item", {"edge": "split"}),
        ("paragraph", {"edge": "split"}),
    ]


def test_rows_come_and_go() -> None:
    rows = [made.row(made.cell("a"), made.cell("b")), made.row(made.cell("c"), made.cell("d"), mark="del")]
    read = imported(made.para(A), "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>" + "".join(rows) + "</w:tbl>")
    assert marks(read) == [("table_row", "deletion", None)]


def test_looks_say_what_they_were() -> None:
    read = imported(made.para(A, made.looked(" bold", "<w:b/>", "<w:i/>")))
    was = {"added": [{"type": "strong"}], "removed": [{"type": "em"}]}
    assert marks(read) == [("text", "modification", was)]
    assert read.suggestions and all(each["author"] == "Ann Other" for each in read.suggestions.values())


def test_a_change_of_size_is_said_with_its_place() -> None:
    read = imported(made.para(A, made.looked(" larger words", '<w:sz w:val="40"/>', "")))
    assert marks(read) == []
    (found,) = [finding for finding in read.report.findings if finding.code == "format-change"]
    assert "larger words" in found.excerpt and found.section


def test_what_is_said_of_a_table_has_its_cells_and_lines_apart() -> None:
    cells = made.row(made.cell("governance"), made.cell("and</w:t><w:br/><w:t>finance"))
    form = f'<w:tblPr><w:tblPrChange w:id="9" {made.WHO}><w:tblPr/></w:tblPrChange></w:tblPr>'
    read = imported(made.para(A), f"<w:tbl>{form}<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{cells}</w:tbl>")
    (found,) = [finding for finding in read.report.findings if finding.code == "format-change"]
    assert found.excerpt == "governance and finance" and found.section
    notes = 8
    assert read.report.found["words"] - notes == read.report.kept["words"] - word_count(read.sections[0]["title"]) == 12


def test_words_of_a_box_that_begins_with_an_empty_line_are_apart() -> None:
    box = pieces.node("callout", [pieces.paragraph([]), *(pieces.paragraph([pieces.text_node(w)]) for w in ("a", "b"))])
    assert pieces.plain(box).split() == ["a", "b"]


def test_a_sentence_that_was_joined_is_shown_in_whole_words() -> None:
    long = "Recruiters promise work abroad and keep some of the promises that were made by them"
    read = imported(made.para(made.run(long)), made.para(made.run(f"in all of the years since then, {long}.")))
    (found,) = [finding for finding in read.report.findings if finding.code == "joined"]
    assert found.excerpt == "…of the promises that were made by them in all of the years since then…"


def test_a_new_heading_is_an_insertion() -> None:
    read = imported(
        made.para(made.run("Recruitment"), style="Heading1"),
        made.para(made.run(made.LONG)),
        made.para(made.ins(made.run("A new heading")), style="Heading2", mark="ins"),
        made.para(made.run(made.LONG)),
    )
    assert ("heading", "insertion", None) in marks(read)


def test_an_author_cannot_pose_as_a_change_of_looks() -> None:
    posing = made.ins(made.run("in here")).replace("Ann Other", "0123456789abcdef-0")
    read = imported(made.para(A, posing))
    assert [kind for _node, kind, _was in marks(read)] == ["insertion"]


def test_changes_without_words_are_counted_in_the_report() -> None:
    sign = made.ins('<w:r><w:commentReference w:id="0"/></w:r>')
    read = imported(made.para(A, sign))
    assert [f.values for f in read.report.findings if f.code == "empty-change"] == [{"count": 1}]


def test_states_of_the_first_word_that_had_them_are_read_too() -> None:
    old = f"<w15:commentsEx {made.SPACES}>{made._states()}</w15:commentsEx>".replace("2012/wordml", "2010/11/wordml")
    read = imported(*made.BODY, commentsExtended=old)
    assert read.report.kept["replies"] == 2 and read.report.kept["resolved"] == 2


def test_a_comment_over_two_paragraphs_is_said_to_be_cut() -> None:
    start, end = '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>'
    read = imported(made.para(A, start, B), made.para(A, end, made.run("x")))
    assert "comment-cut" in {finding.code for finding in read.report.findings}


def styles(*names: str) -> str:
    rows = (
        f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in names
    )
    return f"<w:styles {made.SPACES}>{''.join(rows)}</w:styles>"


def test_paragraphs_in_a_boxs_style_are_a_callout() -> None:
    read = imported(
        made.para(A),
        made.para(made.run("Key findings"), style="BoxTitle"),
        made.para(B, style="BoxText"),
        made.para(A, style="BoxText"),
        made.para(B),
        styles=styles("Box Title", "Box Text"),
    )
    (box,) = [node for node in tree.blocks(read.sections[0]["doc"]) if node["type"] == "callout"]
    assert (box["attrs"]["kind"], box["attrs"]["title"], len(box["content"])) == ("key", "Key findings", 2)
    assert "styled-box" in {finding.code for finding in read.report.findings}


def test_a_recommendations_style_is_a_recommendation() -> None:
    read = imported(made.para(A), made.para(B, style="Recommendation"), styles=styles("Recommendation"))
    assert [n["type"] for n in tree.children(read.sections[0]["doc"])] == ["paragraph", "recommendation"]


def test_the_title_in_its_own_style_is_the_drafts_title() -> None:
    read = imported(
        made.para(made.run("Fees and debts"), style="Title"),
        made.para(made.run("What changed"), style="Subtitle"),
        made.para(A),
        styles=styles("Title", "Subtitle"),
    )
    assert read.title == "Fees and debts"
    assert any("What changed" in f.values["text"] for f in read.report.findings if f.code == "title-page")


def test_what_a_title_page_cannot_hold_is_told() -> None:
    arabic = made.run("رسوم", '<w:rtl/><w:lang w:bidi="ar-EG"/>')
    read = imported(
        made.para(made.run("On "), arabic, made.run(" and "), made.run("debts", "<w:b/>"), style="Title"),
        made.para(A),
        styles=styles("Title"),
    )
    assert read.title == "On رسوم and debts"
    told = {finding.code: finding.values for finding in read.report.findings}
    assert told["title-language"] == {"languages": "ar-EG", "title": "On رسوم and debts"}
    assert told["title-form"] == {"title": "On رسوم and debts"}


def test_languages_that_are_no_chance_are_taken_and_the_others_told() -> None:
    def spoken(words: str, tag: str, right: bool = False) -> str:
        return made.run(words, f'<w:rtl/><w:lang w:bidi="{tag}"/>' if right else f'<w:lang w:val="{tag}"/>')

    read = imported(
        made.para(A, spoken("Four Italian words here", "it-IT")),
        made.para(
            made.run("He said "), spoken("كلام", "ar-SA", right=True), made.ins(spoken("דבר", "he-IL", right=True))
        ),
        made.para(spoken("Two more", "it-IT"), made.run(" and the rest.")),
    )
    marked = [
        (node["text"], each["attrs"])
        for section in read.sections
        for node in tree.walk(section["doc"])
        for each in node.get("marks") or []
        if each["type"] == "language"
    ]
    assert marked == [("كلام", {"lang": "ar-SA", "dir": "rtl"})]
    told = [(f.values, f.excerpt) for f in read.report.findings if f.code == "language"]
    assert told == [
        ({"language": "it-IT", "count": 6}, "Four Italian words here"),
        ({"language": "he-IL", "count": 1}, "דבר"),
    ]
    assert "דבר" in tree.text(read.sections[0]["doc"])
    assert read.report.kept["insertions"] == 1 and read.report.found["modifications"] == 0


def test_the_language_of_the_whole_file_is_on_no_word() -> None:
    arabic = made.run("رسوم التوظيف عالية جدا", '<w:rtl/><w:lang w:bidi="ar-SA"/>')
    read = imported(made.para(arabic, made.run(" IOM")), made.para(arabic))
    assert not [n for section in read.sections for n in tree.walk(section["doc"]) if n.get("marks")]
    assert "language" not in {finding.code for finding in read.report.findings}


def test_languages_in_notes_are_told() -> None:
    said = made.para(made.run("ein Wort", '<w:lang w:val="de-DE"/>'))
    notes = f'<w:footnotes {made.SPACES}><w:footnote w:id="1">{said}</w:footnote></w:footnotes>'
    read = imported(made.para(A, made.note(1)), footnotes=notes)
    assert [f.values for f in read.report.findings if f.code == "language"] == [{"language": "de-DE", "count": 2}]
    assert read.report.kept["footnotes"] == 1


def test_page_heads_are_said() -> None:
    out = io.BytesIO(file(made.para(A)))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/header1.xml", f"<w:hdr {made.SPACES}>{made.para(made.run('Confidential'))}</w:hdr>")
    read = importing.read(out.getvalue(), "a.docx", "x").assembled()
    assert [f.excerpt for f in read.report.findings if f.code == "headers"] == ["Confidential"]


@pytest.mark.parametrize("draft", [True, False])
def test_a_file_of_our_own_comes_back_as_it_was(draft: bool) -> None:
    """Numbers, boxes, recommendations and captions are known by our styles and taken for what they are."""
    assembly = assemble(factory.publication())
    said = word.Wrapping("Draft – do not cite, quote or distribute", "Today", "today")
    data = word.draft(assembly, wrapping=said).content if draft else word.docx(assembly)
    read = importing.read(data, "own.docx", "own").assembled()
    ours = [node for section in factory.publication().sections for node in tree.blocks(section.doc)]
    theirs = [node for section in read.sections for node in tree.blocks(section["doc"])]

    def seen(nodes: list[tree.Node], kind: str, *names: str) -> list[tuple[str, ...]]:
        return [tuple(str(n["attrs"][name]) for name in names) for n in nodes if n["type"] == kind]

    assert seen(theirs, "callout", "kind", "title") == seen(ours, "callout", "kind", "title")
    assert seen(theirs, "recommendation", "kind", "addressee") == seen(ours, "recommendation", "kind", "addressee")
    assert seen(theirs, "table", "caption") == seen(ours, "table", "caption")
    assert seen(theirs, "block_quote") == seen(ours, "block_quote")
    leading = [tree.text(node) for section in read.sections for node in tree.children(section["doc"])]
    assert not any(words[:2].strip().isdigit() for words in leading)
    assert read.title == "A policy brief set as a long read"


def test_changed_details_of_blocks_come_back_as_they_were_suggested() -> None:
    """A caption with tracked words must not hold the old words and the new ones in a row."""

    def was(node: tree.Node, **attrs: str) -> tree.Node:
        return {**node, "marks": [mark("modification", id=f"s-{node['type']}", was={"attrs": attrs})]}

    given = doc(
        was(table("New flows", row(cell("one"), cell("two"))), caption="Old flows"),
        was(callout("risk", "Beware", p("boxed")), kind="key", title=""),
        was(recommendation("partnership", "Employers", p("act")), addressee="States"),
    )
    data = word.draft(assemble(factory.of(given), cite=False), wrapping=word.Wrapping("D", "T", "t")).content
    read = importing.read(data, "own.docx", "own").assembled()
    for section in read.sections:
        engine().check(json.dumps(section["doc"]))
    blocks = [node for section in read.sections for node in tree.children(section["doc"])]
    seen = {node["type"]: node for node in blocks if node.get("marks")}
    assert {kind: node["marks"][0]["attrs"]["was"]["attrs"] for kind, node in seen.items()} == {
        "table": {"caption": "Old flows"},
        "callout": {"kind": "key", "title": ""},
        "recommendation": {"addressee": "States"},
    }
    assert (
        seen["table"]["attrs"]["caption"] == "New flows" and seen["recommendation"]["attrs"]["addressee"] == "Employers"
    )
    assert {change["kind"] for change in read.suggestions.values()} == {"modification"}
    assert sum(finding.code == "detail-change" for finding in read.report.findings) == 3


def _back(*given: tree.Node) -> Imported:
    data = word.draft(assemble(factory.of(doc(*given)), cite=False), wrapping=word.Wrapping("D", "T", "t")).content
    read = importing.read(data, "own.docx", "own").assembled()
    for section in read.sections:
        engine().check(json.dumps(section["doc"]))
    return read


def _figure(credit: str, licence: str, caption: str = "A chart") -> tree.Node:
    made = figure(next(iter(factory.publication().figures)), caption)
    return {**made, "attrs": {**made["attrs"], "credit": credit, "licence": licence}}


@pytest.mark.parametrize("was", [{}, {"credit": "Eve"}, {"credit": "", "licence": "CC0"}, {"licence": ""}])
def test_a_figures_credit_and_licence_come_back_as_they_were_suggested(was: dict[str, str]) -> None:
    given = _figure("Ann", "CC BY")
    if was:
        given["marks"] = [mark("modification", id="s", was={"attrs": was})]
    read = _back(given, _figure("Bob", ""), _figure("", ""))
    seen = [node for section in read.sections for node in tree.children(section["doc"])]
    assert [(tree.text(each), each["attrs"]["credit"], each["attrs"]["licence"]) for each in seen] == [
        ("A chart", "Ann", "CC BY"),
        ("A chart", "Bob", ""),
        ("A chart", "", ""),
    ]
    marks = [each["attrs"]["was"] for node in seen for each in node.get("marks") or ()]
    assert marks == ([{"attrs": was}] if was else [])
    assert {change["kind"] for change in read.suggestions.values()} == ({"modification"} if was else set())


def test_words_that_only_look_like_a_credit_stay_in_the_caption() -> None:
    read = _back(_figure("", "", "Accredit: a word. Licence: see the note, "), _figure("Ann", "", "Credit: to whom"))
    seen = [node for section in read.sections for node in tree.children(section["doc"])]
    assert "Accredit: a word." in tree.text(seen[0])
    told = [tree.text(each) + each["attrs"]["credit"] + each["attrs"]["licence"] for each in seen]
    assert "see the note" in told[0] and "to whom" in told[1] and "Ann" in told[1], "no word is lost"


def test_a_table_of_one_column_comes_back_as_a_table_and_a_box_as_a_box() -> None:
    read = _back(table("Flows", row(cell("one")), row(cell("two"))), callout("risk", "Beware", p("boxed")))
    seen = [node for section in read.sections for node in tree.children(section["doc"])]
    assert [node["type"] for node in seen] == ["table", "callout"]
    assert seen[0]["attrs"]["caption"] == "Flows" and len(tree.children(seen[0])) == 2


def test_tables_and_boxes_in_a_row_stay_apart() -> None:
    """Word makes one of two tables that no paragraph parts."""
    grid, other = table("", row(cell("one"), cell("two"))), table("", row(cell("three"), cell("four")))
    given = [grid, other, callout("risk", "", p("boxed")), callout("key", "", p("kept")), grid]
    whole = assemble(factory.of(doc(*given)), cite=False)
    for content in (word.docx(whole), word.draft(whole, wrapping=word.Wrapping("D", "T", "t")).content):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert b"</w:tbl><w:tbl>" not in packed.read("word/document.xml")
    seen = [node for section in _back(*given).sections for node in tree.children(section["doc"])]
    assert [node["type"] for node in seen] == ["table", "table", "callout", "callout", "table"]


#: The style of a table's caption, as Word names it.
STYLES = (
    f'<w:styles {made.SPACES}><w:style w:type="paragraph" w:styleId="TableCaption">'
    '<w:name w:val="Table Caption"/></w:style></w:styles>'
)


def test_a_list_of_one_column_under_a_caption_is_a_table() -> None:
    caption = made.para(made.run("What was promised"), style="TableCaption")
    cells = "".join(made.row(made.cell(words)) for words in ("Work", "Papers"))
    grid = f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{cells}</w:tbl>"
    (found,) = tree.children(imported(caption, grid, styles=STYLES).sections[0]["doc"])
    assert found["type"] == "table" and found["attrs"]["caption"] == "What was promised"
    assert [tree.text(each) for each in tree.children(found)] == ["Work", "Papers"]


def test_a_box_under_a_caption_is_called_what_it_says() -> None:
    caption = made.para(made.run("Box 2: What was promised"), style="TableCaption")
    grid = f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{made.row(made.cell('Work abroad.'))}</w:tbl>"
    (found,) = tree.children(imported(caption, grid, styles=STYLES).sections[0]["doc"])
    assert found["type"] == "callout" and found["attrs"]["title"] == "What was promised"
    assert tree.text(found) == "Work abroad."
