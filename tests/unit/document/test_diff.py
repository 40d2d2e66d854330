"""Redlines: what is marked, and that nothing is lost on the way."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document import tree
from document.diff import Counts, compare, compare_all, counts, merged, settle
from document.engine import engine
from tests.factories import publication as sample
from tests.factories.documents import (
    any_block,
    bullets,
    callout,
    cell,
    cite,
    doc,
    documents,
    figure,
    footnote,
    heading,
    item,
    link,
    mark,
    numbers,
    p,
    quote,
    recommendation,
    row,
    table,
    text,
    th,
)

LONG = "These are words enough for a paragraph to be known again wherever it stands"


def signs(node, changes) -> str:
    found = {each["type"]: changes.get(each["attrs"]["id"]) for each in node.get("marks") or [] if "attrs" in each}
    if found.get("insertion"):
        return ">" if found["insertion"].kind == "moved" else "+"
    if found.get("deletion"):
        return "<" if found["deletion"].kind == "moved" else "-"
    return "~" if found.get("modification") else ""


def shown(redline) -> str:
    """Words with ``+inserted+``, ``-deleted-``, ``~changed~``."""
    parts = []
    for node in tree.walk(redline.doc):
        if node["type"] == "text":
            sign = signs(node, redline.changes)
            parts.append(f"{sign}{node['text']}{sign}")
    return "".join(parts)


def blocks(redline) -> list[str]:
    """Blocks that are marked, with their sign in front: ``<`` moved from here, ``>`` moved to here."""
    return [f"{sign}{tree.text(node)}" for node in tree.blocks(redline.doc) if (sign := signs(node, redline.changes))]


def attributes(redline) -> list[tuple]:
    return [each for change in redline.changes.values() for each in change.attributes if change.kind == "changed"]


def test_nothing_changed_is_nothing_marked():
    document = sample.first_section()
    result = compare(document, copy.deepcopy(document))
    assert result.doc == document and result.unchanged


# --- words


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["The old text stays."], ["The new text stays here."], "The -old-+new+ text stays+ here+."),
        (["one two three"], ["one 2 3"], "one -two three-+2 3+"),
        (["Paid 1,200 in May"], ["Paid 3,400 in May"], "Paid -1,200-+3,400+ in May"),
        (["don’t go"], ["don’t stay"], "don’t -go-+stay+"),
        (["cafe\u0301 ouvert"], ["cafe\u0301s ouvert"], "-cafe\u0301-+cafe\u0301s+ ouvert"),
        (["हिन्दी पाठ यहाँ"], ["हिन्दी पाठक यहाँ"], "हिन्दी -पाठ-+पाठक+ यहाँ"),
        (["人身取引の報告"], ["人身売買の報告"], "人身-取引-+売買+の報告"),
        (["one 👩‍👧 here"], ["one 👩‍👦 here"], "one -👩‍👧-+👩‍👦+ here"),
        (["it was"], ["it was", footnote("really")], "it was+really+"),
        (["Entirely other words of the past"], ["Nothing like it the case here"], None),
    ],
)
def test_words_are_compared_inside_a_paragraph(old, new, expected):
    result = compare(doc(p(*old, id="a")), doc(p(*new, id="a")))
    if expected is None:
        assert shown(result) == f"-{old[0]}-+{new[0]}+"
    elif not isinstance(new[-1], dict):
        assert shown(result) == expected
    else:
        note = tree.children(result.doc["content"][0])[-1]
        assert signs(note, result.changes) == "+"


def test_other_looks_are_a_change_and_not_other_words():
    result = compare(doc(p("one two three", id="a")), doc(p("one ", text("two three", "strong"), id="a")))
    assert shown(result) == "one ~two three~"
    assert attributes(result) == [("marks", [], [{"type": "strong"}])]


def test_another_address_of_a_link_is_named():
    old, new = doc(p(link("here", "https://a.example"), id="a")), doc(p(link("here", "https://b.example"), id="a"))
    ((name, before, after),) = attributes(compare(old, new))
    assert (name, before[0]["attrs"]["href"], after[0]["attrs"]["href"]) == (
        "marks",
        "https://a.example",
        "https://b.example",
    )


def test_what_a_note_says_is_compared_inside_the_note():
    old, new = doc(p("x", footnote("it was so", id="f"), id="a")), doc(p("x", footnote("it is so", id="f"), id="a"))
    assert shown(compare(old, new)) == "xit -was-+is+ so"


def test_citations_are_compared_as_wholes():
    result = compare(doc(p("x", cite("gamma"), id="a")), doc(p("x", cite("beta2019"), footnote("n"), id="a")))
    nodes = tree.children(tree.children(result.doc)[0])
    assert [signs(node, result.changes) for node in nodes] == ["", "-", "+", "+"]


# --- blocks


def test_new_and_removed_paragraphs_are_marked_whole():
    result = compare(doc(p("One", id="a"), p("Two", id="b")), doc(p("One", id="a"), p("Three!", id="c")))
    assert blocks(result) == ["-Two", "+Three!"] or blocks(result) == ["+Three!", "-Two"]


def test_a_rewritten_paragraph_under_a_new_id_is_compared():
    words = "A paragraph that was imported again, with other identifiers, "
    result = compare(doc(p(words + "once.", id="a")), doc(p(words + "twice.", id="z")))
    assert shown(result) == f"{words}-once-+twice+." and result.renamed == {"z": "a"}


def test_lists_quotations_callouts_and_recommendations_are_compared_inside():
    before = doc(
        bullets(item(p("one", id="x")), id="l"),
        quote(p("it was said", id="y"), id="q"),
        callout("risk", "", p("it may be", id="z"), id="c"),
        recommendation("other", "", p("do that now", id="w"), id="r"),
    )
    after = copy.deepcopy(before)
    after["content"][0]["content"].append(item("two"))
    after["content"][1]["content"][0]["content"][0]["text"] = "it was written"
    after["content"][2]["content"][0]["content"][0]["text"] = "it can be"
    after["content"][3]["content"][0]["content"][0]["text"] = "do this now"
    assert shown(compare(before, after)) == "onetwoit was -said-+written+it -may-+can+ bedo -that-+this+ now"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (heading(1, "T", id="a"), heading(2, "T", id="a"), [("level", 1, 2)]),
        (p("T", id="a"), heading(2, "T", id="a"), [("type", "paragraph", "heading"), ("level", None, 2)]),
        (figure("x", "T", alt="A", id="a"), figure("x", "T", alt="B", id="a"), [("alt", "A", "B")]),
        (
            callout("risk", "", p("T", id="b"), id="a"),
            callout("key", "New", p("T", id="b"), id="a"),
            [("kind", "risk", "key"), ("title", "", "New")],
        ),
        (
            recommendation("other", "States", p("T", id="b"), id="a"),
            recommendation("other", "companies", p("T", id="b"), id="a"),
            [("addressee", "States", "companies")],
        ),
    ],
)
def test_attribute_changes_are_named_and_the_words_left_alone(old, new, expected):
    result = compare(doc(old), doc(new))
    assert sorted(attributes(result), key=str) == sorted(expected, key=str)
    assert shown(result) == "T" and [change.kind for change in result.changes.values()] == ["changed"]
    assert settle(result, accept=False) == doc(old) and settle(result, accept=True) == doc(new)


# --- moves


def test_a_moved_paragraph_is_shown_as_moved_under_one_name():
    first, second, third = (p(word, id=word) for word in ("one", "two", "three"))
    result = compare(doc(first, second, third), doc(second, third, first))
    assert blocks(result) == ["<one", ">one"] and len(result.changes) == 1


def test_a_paragraph_moved_and_rewritten_shows_its_words_once_as_changed():
    old = doc(p("one", id="a"), p("two", id="b"), p(LONG, id="c"))
    new = doc(p(f"{LONG} today", id="c"), p("one", id="a"), p("two", id="b"))
    result = compare(old, new)
    assert blocks(result) == [f">{LONG} today", f"<{LONG}"]
    assert sorted(change.kind for change in result.changes.values()) == ["inserted", "moved"]


def test_a_paragraph_put_into_a_list_was_moved_there():
    old, new = doc(p(LONG, id="a"), p("x", id="b")), doc(bullets(item(p(LONG, id="a"))), p("x", id="b"))
    kinds = sorted(change.kind for change in compare(old, new).changes.values())
    assert kinds == ["inserted", "moved"]


@pytest.mark.parametrize("left", ["", "These"])
def test_a_paragraph_that_was_cut_and_pasted_is_moved_to_where_its_words_are(left):
    """The cut leaves an empty paragraph with its id, which joins the list above; what is pasted has another id."""
    listed, kept = bullets(item(p("An item.", id="i1")), id="l1"), [p(f"Stays {n}.", id=f"s{n}") for n in range(3)]
    old = doc(listed, p(LONG, id="cut"), *kept)
    new = doc(
        bullets(item(p("An item.", id="i1")), item(p(*[left] * bool(left), id="cut")), id="l1"),
        *kept,
        p(LONG, id="pasted"),
    )
    result = compare(old, new)
    for sign in "<>":
        assert [tree.text(each) for each in tree.walk(result.doc) if signs(each, result.changes) == sign] == [LONG]
    assert settle(result, accept=True) == new and settle(result, accept=False) == old
    assert counts([result]) == Counts(inserted=len(left.split()), moved=len(LONG.split()))


def test_words_moved_under_another_id_are_known_when_there_are_enough_of_them():
    result = compare(doc(p(LONG, id="a"), p("x", id="b")), doc(p("x", id="b"), p(f"{LONG}!", id="z")))
    assert "moved" in {change.kind for change in result.changes.values()}
    result = compare(doc(p("Few words", id="a"), p("x", id="b")), doc(p("x", id="b"), p("Few words", id="z")))
    assert {change.kind for change in result.changes.values()} == {"inserted", "deleted"}


def test_what_went_to_another_section_is_moved_in_both():
    left, right = doc(p("one", id="a"), p(LONG, id="b")), doc(p("two", id="c"))
    results = compare_all([(left, doc(p("one", id="a"))), (right, doc(p("two", id="c"), p(LONG, id="b")))])
    assert blocks(results[0]) == [f"<{LONG}"] and blocks(results[1]) == [f">{LONG}"]
    assert list(results[0].changes) == list(results[1].changes)


def test_whole_sections_come_and_go():
    results = compare_all([(doc(p("gone", id="a")), None), (None, doc(p("come", id="b")))])
    assert blocks(results[0]) == ["-gone"] and blocks(results[1]) == ["+come"]


# --- tables


def made(*rows):
    ids = iter(range(1000))
    value = {**table("t", *copy.deepcopy(rows)), "attrs": {"id": "t", "caption": "t"}}
    for node in tree.blocks(value):
        node["attrs"] = {**node["attrs"], "id": f"{node['type'][:7]}{next(ids)}"}
    value["attrs"]["id"] = "t"
    return doc(value)


def test_cells_are_compared_one_by_one():
    old, new = made(row(th("h"), th("i")), row(cell("v"), cell("10"))), None
    new = copy.deepcopy(old)
    new["content"][0]["content"][1]["content"][1]["content"][0]["content"][0]["text"] = "12"
    assert shown(compare(old, new)) == "hiv-10-+12+"


def test_a_new_row_and_a_new_column_are_marked_and_the_rest_left_alone():
    old = made(row(th("h"), th("i")), row(cell("v"), cell("10")))
    new = copy.deepcopy(old)
    new["content"][0]["content"].append(row(cell("w"), cell("11")))
    assert blocks(compare(old, new)) == ["+w\n11"]
    for each, words in zip(new["content"][0]["content"], "abc", strict=True):
        each["content"].append(cell(words))
    result = compare(old, new)
    assert blocks(result) == ["+a", "+b", "+w\n11\nc"]
    assert [change.kind for change in result.changes.values()] == ["inserted"] * 3


def test_cells_whose_places_do_not_fit_together_are_replaced_as_a_table():
    old = made(row(th("h"), th("i")), row(cell("v"), cell("10")))
    new = copy.deepcopy(old)
    merged_row = new["content"][0]["content"][1]
    merged_row["content"] = [{**merged_row["content"][0], "attrs": {**merged_row["content"][0]["attrs"], "colspan": 2}}]
    result = compare(old, new)
    assert [change.kind for change in result.changes.values()] == ["replaced"]


def test_a_cell_made_a_header_is_named():
    old = made(row(cell("h"), cell("i")))
    new = copy.deepcopy(old)
    new["content"][0]["content"][0]["content"][0]["type"] = "table_header"
    new["content"][0]["content"][0]["content"][0]["attrs"]["scope"] = "col"
    assert ("type", "table_cell", "table_header") in attributes(compare(old, new))


# --- counting


def test_moved_words_are_counted_once_and_apart():
    old = doc(p("one two", id="a"), p("three", id="b"), p(LONG, id="c"))
    new = doc(p(f"{LONG} today", id="c"), p("one", id="a"), p("three", id="b"), p("quite new", id="d"))
    counted = counts([compare(old, new)])
    assert counted == Counts(inserted=3, deleted=1, moved=14, changed=0)


def test_changes_without_words_are_counted_as_changes():
    assert counts([compare(doc(heading(1, "T", id="a")), doc(heading(2, "T", id="a")))]) == Counts(changed=1)


# --- people's own suggestions


def test_suggestions_of_people_are_kept_apart_from_the_redline():
    mine = mark("insertion", id="change-1")
    old, new = doc(p("one ", text("two", mine), id="a")), doc(p("one ", text("two", mine), " three", id="a"))
    result = compare(old, new)
    assert "change-1" not in result.changes
    assert settle(result, accept=False) == old and settle(result, accept=True) == new


# --- any text


@settings(deadline=None, max_examples=12)
@given(documents(max_blocks=4), documents(max_blocks=4))
def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old(old, new):
    result = compare(old, new)
    assert settle(result, accept=True) == new
    assert settle(result, accept=False) == old


@st.composite
def edited(draw):
    """A document, and what became of it: blocks gone, come, moved; words and attributes changed."""
    old = draw(documents())
    new = copy.deepcopy(old)
    inside = new["content"]
    for _time in range(draw(st.integers(0, 3))):
        match draw(st.sampled_from(("remove", "add", "move", "words", "level"))):
            case "remove" if len(inside) > 1:
                inside.pop(draw(st.integers(0, len(inside) - 1)))
            case "add":
                inside.insert(draw(st.integers(0, len(inside))), draw(any_block))
            case "move":
                inside.insert(draw(st.integers(0, len(inside) - 1)), inside.pop(draw(st.integers(0, len(inside) - 1))))
            case "words":
                for node in tree.walk(new):
                    if node["type"] == "text" and draw(st.booleans()):
                        node["text"] = node["text"][::-1] + "x"
            case "level":
                for node in tree.walk(new):
                    if node["type"] == "heading":
                        node["attrs"]["level"] = 5 - node["attrs"]["level"]
    return old, new


@settings(deadline=None, max_examples=25)
@given(edited())
def test_an_edited_document_comes_back_from_its_redline_and_the_redline_is_a_valid_document(pair):
    old, new = pair
    result = compare(old, new)
    assert settle(result, accept=True) == new
    assert settle(result, accept=False) == old
    engine().check(json.dumps(result.doc))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (p("one two", id="a"), p("one ", text("two", "strong"), " three", id="a")),
        (p(link("x", "https://a.example"), id="a"), p(link("x", "https://b.example"), id="a")),
        (p("T", id="a"), heading(2, "T", id="a")),
        (figure("x", "T", alt="A", id="a"), figure("x", "T", alt="B", id="a")),
    ],
)
def test_the_engine_settles_a_redline_as_it_does_suggestions(old, new):
    given = json.dumps(compare(doc(old), doc(new)).doc)
    for decision, expected in (("accept", new), ("reject", old)):
        found = json.loads(engine().resolve(engine().check(given), {"*": decision}))
        assert found == json.loads(engine().check(json.dumps(doc(expected))))


@settings(deadline=None, max_examples=5)
@given(documents(max_blocks=2), documents(max_blocks=2), documents(max_blocks=2))
def test_sections_come_back_together_too(first, second, third):
    pairs = [(first, second), (second, first), (third, None), (None, copy.deepcopy(third))]
    for (old, new), result in zip(pairs, compare_all(pairs), strict=True):
        assert settle(result, accept=True) == (new if new is not None else {"type": "doc"})
        assert settle(result, accept=False) == (old if old is not None else {"type": "doc"})


def test_text_neighbours_are_joined():
    assert merged([text("a"), text("b"), text("c", "em")]) == [text("ab"), text("c", "em")]


def test_a_numbered_list_may_become_one_of_points():
    old, new = doc(numbers(item(p("x", id="x")), id="l")), doc(bullets(item(p("x", id="x")), id="l"))
    new["content"][0]["content"][0]["attrs"]["id"] = old["content"][0]["content"][0]["attrs"]["id"]
    assert ("type", "ordered_list", "bullet_list") in attributes(compare(old, new))
