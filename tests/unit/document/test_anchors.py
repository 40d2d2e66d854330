"""Where a comment's words are after edits: followed, looked for, or gone."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from document import tree
from document.anchors import Anchor, State, cut, locate, map_position, map_span, place, position
from tests.factories.documents import doc, documents, footnote, heading, p

WORDS = "the cost of a convincing false offer has fallen"


def anchored(document, block, quotation, context=20):
    node = tree.find(document, block)
    whole = tree.block_text(node)
    at = whole.index(quotation)
    return Anchor(
        block,
        tree.utf16(whole[:at]),
        tree.utf16(whole[: at + len(quotation)]),
        quotation,
        whole[max(0, at - context) : at],
        whole[at + len(quotation) :][:context],
    )


def simple(first=f"And {WORDS}."):
    return doc(heading(1, "Title", id="h"), p(first, id="a"), p("Another paragraph.", id="b"))


# --- positions and offsets


def test_an_offset_in_the_second_block_is_a_position_of_the_document():
    assert position(simple(), "a", 0) == 8  # 7 for the heading, 1 to enter the paragraph
    assert place(simple(), 8) == ("a", 0)


def test_a_note_counts_one_in_text_and_its_size_in_positions():
    document = doc(p("ab", footnote("note"), "cd", id="a"))
    assert [position(document, "a", n) for n in range(6)] == [1, 2, 3, 9, 10, 11]
    assert place(document, 5) == ("a", 2)  # inside the note


def test_offsets_count_utf16_units():
    document = doc(p("😀b", id="a"))
    assert position(document, "a", 3) == 4 and position(document, "a", 4) is None
    assert cut("a😀b", 1, 3) == "😀"


@settings(deadline=None, max_examples=50)
@given(documents(), st.data())
def test_positions_and_offsets_go_both_ways(document, data):
    blocks = [node for node in tree.blocks(document) if node["type"] in tree.TEXTBLOCKS]
    if not blocks:
        return
    node = data.draw(st.sampled_from(blocks))
    offset = data.draw(st.integers(0, tree.utf16(tree.block_text(node))))
    at = position(document, tree.block_id(node), offset)
    assert at is not None and place(document, at) == (tree.block_id(node), offset)


# --- maps (expected values from prosemirror-transform's own tests of StepMap)


def test_an_insertion_pushes_what_follows():
    assert [map_position(at, [2, 0, 4], -1) for at in (0, 2, 3)] == [0, 2, 7]
    assert map_position(2, [2, 0, 4], 1) == 6


def test_a_deletion_pulls_to_its_start():
    assert [map_position(at, [2, 4, 0], 1) for at in (0, 2, 3, 6, 7)] == [0, 2, 2, 2, 3]


def test_several_ranges_of_one_map_add_up():
    assert map_position(10, [2, 0, 1, 5, 2, 0], 1) == 9


def test_a_deleted_span_maps_to_nothing():
    assert map_span((3, 5), [[2, 4, 0]]) is None
    assert map_span((3, 9), [[2, 4, 0]]) == (2, 5)


# --- locating


def test_untouched_words_are_exact():
    document = simple()
    anchor = anchored(document, "a", WORDS)
    assert locate(anchor, document, [], origin=document).state == State.EXACT


def test_words_pushed_by_an_earlier_edit_are_still_exact():
    before, after = simple(), simple(f"Now: And {WORDS}.")
    anchor = anchored(before, "a", WORDS)
    found = locate(anchor, after, [[8, 0, 5]], origin=before)
    assert (found.state, found.block, found.start) == (State.EXACT, "a", anchor.start + 5)


def test_words_changed_inside_are_moved_and_cover_the_change():
    before, after = simple(), simple("And the cost of a very convincing false offer has fallen.")
    anchor = anchored(before, "a", WORDS)
    found = locate(anchor, after, [[8 + 18, 0, 5]], origin=before)
    text = tree.block_text(tree.find(after, "a"))
    assert found.state == State.MOVED
    assert cut(text, found.start, found.end) == "the cost of a very convincing false offer has fallen"


def test_a_stored_span_serves_in_place_of_the_old_document():
    before = simple()
    anchor = anchored(before, "a", WORDS)
    found = locate(anchor, before, [], span=(12, 12 + len(WORDS)))
    assert found.state == State.EXACT


def test_words_in_a_split_off_paragraph_are_moved_to_it():
    before = simple()
    after = doc(heading(1, "Title", id="h"), p("And ", id="a"), p(f"{WORDS}.", id="new"), p("x", id="b"))
    found = locate(anchored(before, "a", WORDS), after, [[12, 0, 2]], origin=before)
    assert (found.state, found.block, found.start, found.end) == (State.MOVED, "new", 0, len(WORDS))


def test_a_split_inside_the_quotation_keeps_the_first_part():
    before = simple()
    after = doc(
        heading(1, "Title", id="h"),
        p("And the cost", id="a"),
        p(" of a convincing…", id="new"),
        p("x", id="b"),
    )
    found = locate(anchored(before, "a", WORDS), after, [[20, 0, 2]], origin=before)
    assert (found.state, found.block, found.start, found.end) == (State.MOVED, "a", 4, 12)


def test_deleted_words_are_deleted():
    before, after = simple(), simple("And .")
    found = locate(anchored(before, "a", WORDS), after, [[12, len(WORDS), 0]], origin=before)
    assert found.state == State.DELETED


def test_a_deletion_that_was_undone_is_found_again_in_place():
    before = simple()
    maps = [[12, len(WORDS), 0], [12, 0, len(WORDS)]]
    found = locate(anchored(before, "a", WORDS), before, maps, origin=before)
    assert found.state == State.EXACT


def test_without_maps_words_that_shifted_in_their_block_are_moved():
    before, after = simple(), simple(f"Today, {WORDS}.")
    found = locate(anchored(before, "a", WORDS), after)
    assert (found.state, found.block, found.start) == (State.MOVED, "a", 7)


def test_words_in_another_block_are_refound():
    before = simple()
    after = doc(p("Nothing here.", id="a"), p(f"Elsewhere {WORDS}.", id="z"))
    found = locate(anchored(before, "a", WORDS), after)
    assert (found.state, found.block, found.start) == (State.REFOUND, "z", 10)


def test_words_moved_to_another_section_are_refound_there():
    before = simple()
    found = locate(anchored(before, "a", WORDS), doc(p("x", id="q")), others={"two": before})
    assert (found.state, found.section, found.block) == (State.REFOUND, "two", "a")


def test_of_several_occurrences_the_one_with_the_same_surroundings_is_taken():
    anchor = Anchor("a", 20, 25, "offer", "two ", " there")
    after = doc(p("one offer here, two offers here, two offer there", id="z"))
    assert locate(anchor, after).start == 37


def test_words_slightly_changed_and_lost_are_refound_by_likeness():
    before = simple()
    after = doc(p("Since the cost of a convincing false offer fell, things changed.", id="z"))
    found = locate(anchored(before, "a", WORDS), after)
    assert found.state == State.REFOUND and found.block == "z"


def test_short_words_are_not_guessed():
    assert locate(Anchor("a", 0, 4, "cost"), doc(p("coast", id="z"))).state == State.DELETED


def test_an_anchor_to_a_whole_block_lives_as_long_as_the_block():
    document = simple()
    assert locate(Anchor("b", 0, 0), document).state == State.EXACT
    assert locate(Anchor("b", 0, 0), doc(p("x", id="a"))).state == State.DELETED
    assert locate(Anchor("b", 0, 0), doc(p("x", id="a")), others={"two": document}).section == "two"


@settings(deadline=None, max_examples=60)
@given(st.text("abc d", min_size=4, max_size=30), st.data())
def test_following_an_insertion_never_loses_words(words, data):
    """Insert anywhere in a paragraph: the words quoted are found, whole or grown."""
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    at = data.draw(st.integers(0, len(words)))
    before, after = doc(p(words, id="a")), doc(p(words[:at] + "XYZ" + words[at:], id="a"))
    anchor = Anchor("a", start, end, words[start:end])
    found = locate(anchor, after, [[1 + at, 0, 3]], origin=copy.deepcopy(before))
    shown = tree.block_text(tree.find(after, "a"))[found.start : found.end]
    assert shown.replace("XYZ", "") == words[start:end]
    assert found.state == (State.MOVED if "XYZ" in shown else State.EXACT)


@settings(deadline=None, max_examples=60)
@given(documents(), st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), max_size=4))
def test_no_map_however_wrong_brings_it_down(document, maps):
    blocks = [node for node in tree.blocks(document) if tree.utf16(tree.block_text(node)) > 1]
    for node in blocks[:3]:
        anchor = Anchor(tree.block_id(node), 0, 2, cut(tree.block_text(node), 0, 2))
        found = locate(anchor, document, maps, origin=document)
        assert found.state == State.DELETED or found.start <= found.end
