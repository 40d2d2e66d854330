"""The outline: what a heading looks like, what a person may do with the proposal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document import tree
from document.importing import headings, numbers, outline, repairs
from document.importing.contents import Line, find
from document.importing.outline import Entry
from document.importing.pieces import Piece, node, paragraph, plain, text_node, trimmed, without_prefix
from document.importing.reading import Names, Reading
from document.importing.report import Report


def piece(text: str, *marks: str, level: int = 0, key: int = 1, **about: Any) -> Piece:
    return Piece(
        paragraph([text_node(text, [{"type": mark} for mark in marks])] if text else []), key, level=level, **about
    )


def pieces(*texts: str) -> list[Piece]:
    return [piece(text, key=at) for at, text in enumerate(texts, 1)]


BODY = "This is a paragraph of several words that ends with a full stop."


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("IV. Roles", "roman", 4),
        ("A. Issues", "alpha", 1),
        ("(a) Mechanisms", "alpha-paren", 1),
        ("(iii) Servers", "roman-paren", 3),
        ("2. Physical", "decimal", 2),
        ("2.3 Physical", "decimal", 3),
        ("(h) Law", "alpha-paren", 8),
    ],
)
def test_numbers_before_headings_are_read(text: str, kind: str, value: int) -> None:
    found = headings.marker(text)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)
    assert text[found.length :] == text.split(" ", 1)[1]


@pytest.mark.parametrize("text", ["Ideas", "I think so", "2005 was a year", "(iiii) no", "e-mail"])
def test_words_are_not_numbers(text: str) -> None:
    assert headings.marker(text) is None or headings.marker(text).kind == "decimal"  # type: ignore[union-attr]


def test_the_letter_i_follows_h() -> None:
    found = headings.marker("(i) Other groups", "h")
    assert found is not None
    assert (found.kind, found.value) == ("alpha-paren", 9)


@given(st.integers(1, 89))
def test_roman_numerals_come_back(value: int) -> None:
    assert headings.roman(headings.written(value)) == value


def test_a_whole_paragraph_in_a_heading_style_is_no_heading() -> None:
    assert headings.score(piece(BODY, level=1), False) == 0


def test_a_bold_line_is_a_heading_without_a_style() -> None:
    assert headings.score(piece("A way forward", "strong"), False) >= 2


def test_chapters_are_found_by_their_numerals_and_the_annex_by_its_name() -> None:
    draft = [
        piece("I. Introduction", level=1),
        piece(BODY),
        piece("A. Scope", "strong"),
        piece(BODY),
        piece("II. Terms"),
        piece(BODY),
        piece("Annex", "strong"),
        piece(BODY),
        piece("Glossary", "strong"),
        piece(BODY),
    ]
    found = [(entry.kind, entry.title) for entry in outline.propose(draft, [])]
    assert found == [
        ("section", "I. Introduction"),
        ("heading", "A. Scope"),
        ("section", "II. Terms"),
        ("section", "Annex"),
        ("heading", "Glossary"),
    ]


def test_words_before_the_first_heading_stand_in_a_section_of_their_own() -> None:
    draft = [piece(BODY), piece("Fees", level=1), piece(BODY)]
    found = outline.propose(draft, [])
    assert [(each.title, each.made) for each in found] == [("Introduction", True), ("Fees", False)]


def test_names_in_a_long_list_are_no_headings() -> None:
    draft = [piece("Members", level=1)]
    for member in range(12):
        draft += [piece(f"Person Number{member}x", "strong"), piece(BODY)]
    assert [each.title for each in outline.propose(draft, [])] == ["Members"]


def test_a_typed_contents_list_is_found() -> None:
    lines = [
        "Contents",
        "I. Introduction 1",
        "II. Terms and limits 7",
        "A. Scope 8",
        "III. Duties 12",
        "Annex 20",
        BODY,
    ]
    start, end, found = find(pieces(*lines))
    assert (start, end) == (1, 6)
    assert Line("Terms and limits", "II.") in found


ENTRIES = [
    Entry(0, "One", "section"),
    Entry(2, "Scope", "heading", 1),
    Entry(4, "Two", "section"),
    Entry(5, "Inner", "heading", 2),
    Entry(7, "Line", "text"),
]


def test_promoting_and_demoting_go_one_step() -> None:
    assert outline.promote(ENTRIES, 1)[1].kind == "section"
    assert outline.promote(ENTRIES, 3)[3].level == 1
    assert outline.promote(ENTRIES, 4)[4] == Entry(7, "Line", "heading", 3)
    assert outline.demote(ENTRIES, 2)[2] == Entry(4, "Two", "heading", 1)
    assert outline.demote(ENTRIES, 1)[1].level == 2
    assert outline.demote(outline.demote(ENTRIES, 3), 3)[3].kind == "text"


def test_the_first_section_stays() -> None:
    assert outline.demote(ENTRIES, 0) == ENTRIES
    assert outline.merge(ENTRIES, 0) == ENTRIES


def test_a_section_goes_into_the_one_before_with_all_that_is_within_it() -> None:
    entries = [Entry(0, "One", "section"), Entry(2, "Two", "section"), Entry(4, "Three", "section", depth=1)]
    inside = outline.within(entries, 1)
    assert [each.depth for each in inside] == [0, 1, 2]
    assert outline.within(inside, 1) == inside and outline.within(entries, 0) == entries
    assert outline.out_of(inside, 1) == entries and outline.out_of(entries, 1) == entries
    # What stood within a section that is none any more rises.
    assert [each.depth for each in outline.demote(inside, 1)] == [0, 0, 1]
    assert outline.promote([*inside, Entry(6, "Part", "heading")], 3)[3].depth == 2


def test_a_section_that_is_too_long_is_proposed_in_parts() -> None:
    long = " ".join(["word"] * 6_000)
    lines = ["I. One", long, "A. First", long, "(a) Inner", BODY, "B. Second", long, "II. Two", BODY, "A. Third", BODY]
    draft = [piece(each, "strong", key=at) if at % 2 == 0 else piece(each, key=at) for at, each in enumerate(lines)]
    found = [(each.title, each.kind, each.level, each.depth) for each in outline.propose(draft, [])]
    assert found == [
        ("I. One", "section", 1, 0),
        ("A. First", "section", 1, 1),
        ("(a) Inner", "heading", 1, 0),
        ("B. Second", "section", 1, 1),
        ("II. Two", "section", 1, 0),
        ("A. Third", "heading", 1, 0),
    ]


def test_merging_keeps_the_title_as_a_heading_and_lowers_what_is_inside() -> None:
    merged = outline.merge(ENTRIES, 2)
    assert [(each.title, each.kind, each.level) for each in merged[2:4]] == [
        ("Two", "heading", 1),
        ("Inner", "heading", 3),
    ]


def test_splitting_begins_a_section_whose_title_is_not_in_the_text() -> None:
    draft = pieces(*([BODY] * 8))
    made = outline.split(ENTRIES, draft, 6, "Anew")
    assert Entry(6, "Anew", "section", 1, True) in made
    assert [each.position for each in made] == sorted(each.position for each in made)
    assert outline.merge(made, made.index(Entry(6, "Anew", "section", 1, True))) == ENTRIES
    for position, title in ((99, "x"), (-1, "x"), (3, "  ")):
        with pytest.raises(ValueError, match="no such place"):
            outline.split(ENTRIES, draft, position, title)


@given(st.data())
def test_whatever_a_person_does_no_word_is_lost(data: st.DataObject) -> None:
    """Any row of changes: the entries stay in order, and the sections hold every word once."""
    draft = [
        piece(f"Line w{at}", "strong", key=at) if at % 3 == 0 else piece(f"w{at} {BODY}", key=at) for at in range(12)
    ]
    reading = Reading("", draft, outline.propose(draft, []))
    reading.identify(Names("x").block)
    entries = reading.entries
    for _ in range(data.draw(st.integers(0, 8))):
        change = data.draw(st.sampled_from(["promote", "demote", "merge", "split", "within", "out_of"]))
        if change == "split":
            entries = outline.split(entries, draft, data.draw(st.integers(1, 11)), "Made")
        else:
            entries = getattr(outline, change)(entries, data.draw(st.integers(0, len(entries) - 1)))
    assert entries[0].kind == "section" and entries[0].position == 0
    assert outline.from_json([entry.to_json() for entry in entries]) == entries
    sections = reading.assembled(entries).sections
    text = " ".join(f"{section['title']} {tree.text(section['doc'])}" for section in sections).split()
    assert [word for word in text if word[1:].isdigit()] == [f"w{at}" for at in range(12)]
    depths = [section["depth"] for section in sections]
    assert all(depth <= most for depth, most in zip(depths, [0, *(min(each + 1, 2) for each in depths)], strict=False))


def test_running_numbers_go_and_enumerations_stay() -> None:
    texts = [f"{n}. {BODY}" for n in (1, 2, 3)] + ["1. First of two things to do here.", "2. Second of them here."]
    texts += [f"{n}. {BODY}" for n in (4, 5, 7)]
    report = Report()
    out = numbers.remove(pieces(*texts), report)
    assert [piece.numbered for piece in out] == [1, 2, 3, 0, 0, 4, 5, 7]
    assert out[3].text.startswith("1. First")
    assert [(f.code, f.values.get("number")) for f in report.findings[1:]] == [("number-missing", 6)]


def test_a_number_that_stands_twice_is_pointed_out() -> None:
    report = Report()
    numbers.remove(pieces(*(f"{n}. {BODY}" for n in (*range(1, 13), 12))), report)
    assert [(f.code, f.values["number"]) for f in report.findings[1:]] == [("number-twice", 12)]


def test_a_few_numbers_are_no_series() -> None:
    out = numbers.remove(pieces(f"1. {BODY}", f"2. {BODY}"), Report())
    assert out[0].text.startswith("1. ")


def test_split_sentences_are_joined_and_others_are_not() -> None:
    report = Report()
    texts = ["The police wanted to set up the conversation to", "hand it over to others.", BODY, "Another begins here."]
    out = repairs.joined(pieces(*texts), report)
    assert next(piece.text for piece in out) == " ".join(texts[:2])
    assert len(out) == 3
    assert [finding.code for finding in report.findings] == ["joined"]


@pytest.mark.parametrize("sign", "✓•▪◦")
def test_typed_signs_become_a_list(sign: str) -> None:
    report = Report()
    out = repairs.glyphs(pieces(BODY, f"{sign} one thing;", f"{sign}\u00a0two things.", BODY), report)
    assert [piece.type for piece in out] == ["paragraph", "bullet_list", "paragraph"]
    assert [plain(item) for item in out[1].node["content"]] == ["one thing;", "two things."]


def test_one_dash_is_no_list_and_two_are() -> None:
    assert repairs.glyphs(pieces("– as he said", BODY), Report())[0].type == "paragraph"
    assert repairs.glyphs(pieces("– this", "– that"), Report())[0].type == "bullet_list"


def test_place_holders_are_pointed_out() -> None:
    report = Report()
    repairs.tokens(pieces("Dear {{ name }}, on [insert date] we met [sic]."), report)
    assert [finding.values["text"] for finding in report.findings] == ["{{ name }}", "[insert date]"]


@given(st.lists(st.sampled_from(["a", " ", "\n", "É", "😀", "|"]), max_size=12), st.integers(0, 12))
def test_a_prefix_is_cut_by_characters_and_edges_stay(parts: list[str], length: int) -> None:
    inlines = [node("_edge", comment="1", edge="start") if part == "|" else text_node(part) for part in parts]
    whole = "".join(part for part in parts if part != "|")
    cut = without_prefix(inlines, length)
    assert "".join(plain(child) for child in cut) == whole[length:].strip()
    assert sum(child["type"] == "_edge" for child in cut) == parts.count("|")
    assert trimmed(cut) == cut


def test_a_comment_on_a_removed_line_moves_on() -> None:
    draft = pieces("", BODY)
    draft[0].node["content"] = [node("_edge", comment="1", edge="start")]
    kept = repairs.without(draft, {0})
    assert kept[0].inlines[0]["type"] == "_edge"


def test_ids_are_twelve_small_letters_and_differ_by_seed() -> None:
    first, second = Names("a"), Names("b")
    made = {first.block() for _ in range(2000)} | {second.block() for _ in range(2000)}
    assert len(made) == 4000
    assert all(len(each) == 12 and each.isalnum() and each.lower() == each for each in made)
