"""Comments and tracked changes of an ODT file become threads and suggestions; what cannot is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from document import importing, tree
from document.engine import engine
from document.importing import Imported, Refused, margins, opendocument
from tests.factories import odt as made

A, B = "The first half of it stays as it was.", "The second half of it does as well."
NEW = "Words that somebody put in here."


def imported(*body: str, **parts: str) -> Imported:
    read = importing.read(made.file(*body, **parts), "a.odt", "odt").assembled()
    for section in read.sections:
        engine().check(json.dumps(section["doc"]))
    for kind in ("comments", "replies", "resolved", "insertions", "deletions"):
        assert read.report.found[kind] == read.report.kept[kind], kind
    return read


def nodes(read: Imported) -> list[dict[str, Any]]:
    return [node for section in read.sections for node in tree.walk(section["doc"])]


def marks(read: Imported) -> list[tuple[str, str, Any]]:
    """(words or kind of node, mark, what it takes back) of all suggestions, in order."""
    return [
        (node.get("text", node["type"]), mark["type"], mark["attrs"].get("was"))
        for node in nodes(read)
        for mark in node.get("marks") or []
        if mark["type"] in ("insertion", "deletion", "modification")
    ]


def codes(read: Imported) -> list[str]:
    return [finding.code for finding in read.report.findings]


# --- comments


def test_a_comment_keeps_author_time_words_and_place() -> None:
    read = imported(made.para(A, " Fees are ", made.comment("c", "Which fees?"), "charged", made.comment_end("c"), "."))
    (comment,) = read.comments
    assert (comment["author"], comment["at"], comment["body"]) == ("Ann Other", "2026-03-04T05:06:07", "Which fees?")
    assert (comment["quotation"], comment["resolved"]) == ("charged", False)
    assert tree.text(read.sections[0]["doc"]).strip() == f"{A} Fees are charged."


def test_answers_follow_what_they_answer_however_deep() -> None:
    said = (
        made.comment("c", "Which fees?", resolved=True),
        made.comment("d", "Those of recruiters.", parent="c"),
        made.comment("e", "Thank you.", parent="d", resolved=True),
    )
    read = imported(made.para(A, *said, "charged", made.comment_end("c")))
    (comment,) = read.comments
    assert [reply["body"] for reply in comment["replies"]] == ["Those of recruiters.", "Thank you."]
    assert comment["resolved"] and read.report.kept["resolved"] == 2


def test_a_comment_without_an_end_stands_on_its_paragraph() -> None:
    read = imported(made.para(A), made.para("Other words ", made.comment("c", "Here?"), "and more."))
    (comment,) = read.comments
    blocks = {tree.block_id(node): tree.block_text(node) for node in nodes(read) if node["type"] == "paragraph"}
    assert comment["quotation"] == "" and blocks[comment["block"]] == "Other words and more."


def test_comments_that_answer_each_other_are_all_kept() -> None:
    said = (made.comment("c", "One", parent="d"), made.comment("d", "Two", parent="c"), made.comment("c", "Three"))
    read = importing.read(made.file(made.para(A, *said)), "a.odt", "odt").assembled()
    bodies = {each["body"] for comment in read.comments for each in (comment, *comment["replies"])}
    assert bodies == {"One", "Two", "Three"}


# --- changes of words


def test_words_come_and_go_with_author_and_time() -> None:
    changes = made.region("i", made.inserted()) + made.region("d", made.deleted(made.para("always ")))
    read = imported(
        made.para(A, " It was ", made.start("i"), "often ", made.end("i"), made.at("d"), "so."), changes=changes
    )
    assert marks(read) == [("often ", "insertion", None), ("always ", "deletion", None)]
    assert {(each["author"], each["at"]) for each in read.suggestions.values()} == {
        ("Ann Other", "2026-03-04T05:06:07")
    }


def test_words_that_one_put_in_and_another_took_out_say_both() -> None:
    gone = made.region("d", made.deleted(made.para("maybe ")), made.inserted("<dc:creator>Bo</dc:creator>"))
    read = imported(made.para(A, " ", made.at("d"), "so."), changes=gone)
    assert sorted(kind for _node, kind, _was in marks(read)) == ["deletion", "insertion"]
    assert {each["author"]: each["kind"] for each in read.suggestions.values()} == {
        "Ann Other": "deletion",
        "Bo": "insertion",
    }


def test_a_note_that_was_put_in_is_one_change() -> None:
    words = made.para(A, made.start("i"), made.note("The ", made.at("d"), "note."), made.end("i"), " More.")
    changes = made.region("i", made.inserted()) + made.region("d", made.deleted(made.para("old ")))
    read = imported(words, changes=changes)
    assert marks(read) == [("footnote", "insertion", None), ("old ", "deletion", None)]
    (note,) = [node for node in nodes(read) if node["type"] == "footnote"]
    assert tree.text(note, footnotes=True) == "The old note."


# --- paragraphs


def test_a_split_paragraph_says_that_its_start_is_new() -> None:
    read = imported(
        made.para(A, made.start("i")), made.para(made.end("i"), B), changes=made.region("i", made.inserted())
    )
    assert marks(read) == [("paragraph", "modification", {"edge": "split"})]


def test_joined_paragraphs_stand_apart_again_with_all_their_words() -> None:
    gone = made.deleted(made.para(" tail"), made.para("between"), made.para("head "))
    read = imported(made.para(A, made.at("d"), B), changes=made.region("d", gone))
    shown = [tree.block_text(node) for node in nodes(read) if node["type"] == "paragraph"]
    assert shown == [f"{A} tail", "between", f"head {B}"]
    assert ("between", "deletion", None) in marks(read)
    assert ("paragraph", "modification", {"edge": "join"}) in marks(read)


def test_a_deletion_within_bold_words_cuts_them_in_two() -> None:
    bold = '<text:span text:style-name="Strong">Bold '
    gone = made.region("d", made.deleted(made.para("one"), made.para("two")))
    read = imported(made.para(bold, made.at("d"), "words</text:span> after. ", A), changes=gone)
    shown = [tree.block_text(node) for node in nodes(read) if node["type"] == "paragraph"]
    assert shown == ["Bold one", f"twowords after. {A}"]


def test_a_deleted_list_and_heading_are_what_they_were() -> None:
    heading = '<text:h text:outline-level="2">Gone heading</text:h>'
    changes = made.region("l", made.deleted(made.items("one", "two"), made.para()))
    changes += made.region("h", made.deleted(heading, made.para()))
    top = '<text:h text:outline-level="1">Fees</text:h>'
    read = imported(top, made.para(A), made.para(made.at("l"), B), made.para(made.at("h"), B), changes=changes)
    kinds = [(node, kind) for node, kind, _was in marks(read)]
    assert [kind for node, kind in kinds if node in ("one", "two", "paragraph", "heading")] == ["deletion"] * 5
    assert [node["type"] for node in nodes(read)].count("list_item") == 2
    assert ("heading", "deletion") in kinds


def test_deleted_items_are_items_again() -> None:
    gone = made.region("d", made.deleted(made.items("two", "three", "")))
    read = imported(made.para(A), made.items("one", f"{made.at('d')}four"), changes=gone)
    shown = [tree.text(node).strip() for node in nodes(read) if node["type"] == "list_item"]
    assert shown == ["one", "two", "three", "four"]
    assert [node for node, kind, _was in marks(read) if node != "paragraph"] == ["two", "three"]


def test_new_rows_are_rows_and_a_deleted_table_is_one_again() -> None:
    new, old = made.row("c", "d"), made.table(made.row("e", "f"), made.row("g", "h"))
    changes = made.region("i", made.inserted()) + made.region("d", made.deleted(old, made.para()))
    body = (
        made.para(A),
        made.start("i"),
        made.table(made.row("a", "b"), new),
        made.end("i"),
        made.para(made.at("d"), B),
    )
    read = imported(*body, changes=changes)
    assert marks(read) == [("table_row", "insertion", None)] * 2 + [("table_row", "deletion", None)] * 2
    assert read.report.kept["insertions"] == read.report.kept["deletions"] == 2


def test_a_change_within_a_cell_stays_there() -> None:
    cells = made.row(f"{made.start('i')}new{made.end('i')} a", "b")
    read = imported(made.para(A), made.table(cells, made.row("c", "d")), changes=made.region("i", made.inserted()))
    assert marks(read) == [("new", "insertion", None)]


# --- what cannot be kept, and what a file might try


def test_a_change_of_form_is_said_with_its_place() -> None:
    words = made.para(A, made.start("f"), "larger words", made.end("f"))
    read = imported(words, changes=made.region("f", made.formed()))
    assert marks(read) == []
    (found,) = [finding for finding in read.report.findings if finding.code == "odt-form"]
    assert found.excerpt == f"{A}larger words" and found.section


def test_changes_that_no_place_names_are_counted() -> None:
    changes = made.region("i", made.inserted()) + made.region("d", made.deleted(made.para("x")))
    read = imported(made.para(A), made.para(made.start("i"), B), changes=changes)
    assert [finding.values for finding in read.report.findings if finding.code == "empty-change"] == [{"count": 2}]


def test_a_deleted_table_between_cut_words_is_told() -> None:
    gone = made.deleted(made.para(" tail"), made.table(made.row("x", "y")), made.para("head "))
    read = imported(made.para(A, made.at("d"), B), changes=made.region("d", gone))
    assert "deleted-table" in codes(read)
    assert {"x", "y"} <= {node for node, _kind, _was in marks(read)}


def test_a_deletion_that_is_named_again_and_again_is_put_back_once() -> None:
    gone = made.region("d", made.deleted(made.para("long words ")))
    read = imported(made.para(A, " ", made.at("d") * 50, B), changes=gone)
    assert tree.text(read.sections[0]["doc"]).count("long words") == 1


def test_changes_over_more_paragraphs_than_can_be_told_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendocument, "MOST_POINTS", 50)
    names = [f"i{number}" for number in range(5)]
    body = [made.para(*map(made.start, names), A), *[made.para(B)] * 10, made.para(*map(made.end, names))]
    data = made.file(*body, changes="".join(made.region(name, made.inserted()) for name in names))
    with pytest.raises(Refused) as refused:
        importing.read(data, "a.odt", "odt")
    assert refused.value.code == "changes"


def test_signs_in_the_text_cannot_be_guessed_and_leave_nothing_behind() -> None:
    posing = f"{'0' * 24}-0;"
    words = made.para(A, posing, made.start("i"), "new", made.end("i"), made.comment("c", "x"), ".")
    read = imported(words, changes=made.region("i", made.inserted()))
    assert tree.text(read.sections[0]["doc"]).strip() == f"{A}{posing}new."


# --- page headers and footers


def beside(read: Imported) -> list[tuple[str, str, str]]:
    """(code, page style, excerpt) of what stood in page headers and footers."""
    codes = ("headers", "head-comment", "foot-comment", "head-change", "foot-change")
    return [
        (each.code, each.values.get("page", ""), each.excerpt) for each in read.report.findings if each.code in codes
    ]


def test_comments_and_changes_in_page_headers_and_footers_are_told_with_their_place() -> None:
    head = made.tracked(made.region("i", made.inserted()), made.region("d", made.deleted(made.para("Not this."))))
    head += made.para("Draft ", made.start("i"), "of May", made.end("i"), made.at("d"))
    foot = made.para("Fees", made.comment("c", "Which fees?"), made.comment_end("c"))
    pages = made.page("Standard", head, foot) + made.page("First", foot=made.para("1"))
    read = imported(made.para(A), made.para(B), pages=pages)
    assert sorted(beside(read)) == [
        ("foot-comment", "Standard", "Which fees?"),
        ("head-change", "Standard", "Draft of May"),
        ("head-change", "Standard", "Not this."),
        ("headers", "", "Draft of May / Fees"),
    ]
    assert read.comments == [] and marks(read) == []
    said = [each.sentence() for each in read.report.findings if each.code == "foot-comment"]
    assert said == ["A comment of Ann Other in the page footer (page style “Standard”)"]


def test_more_than_can_be_told_of_page_headers_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "MOST", 2)
    head = made.para(*(made.comment(f"c{number}", "Why?") for number in range(5)))
    read = imported(made.para(A), pages=made.page("Standard", head))
    assert [each.values for each in read.report.findings if each.code == "margins-more"] == [{"count": 3}]
    assert len(beside(read)) == 2


def test_a_file_without_page_headers_says_nothing_of_them() -> None:
    assert beside(imported(made.para(A), pages=made.page("Standard"))) == []


def test_languages_of_words_are_told() -> None:
    styles = made.spoken("T1", "fr", "FR") + made.spoken("T2", "zxx", "none") + made.spoken("T3", "de", "none")
    read = imported(
        made.para(A, " ", made.span("T1", "deux mots"), made.span("T2", " in no language ")),
        made.para(B, " ", made.span("T3", "ein paar Worte"), made.note(made.span("T1", "trois"))),
        styles=styles,
    )
    told = [(f.values["language"], f.values["count"], f.excerpt) for f in read.report.findings if f.code == "language"]
    assert told == [("fr-FR", 3, "deux mots"), ("de", 3, "ein paar Worte")]
