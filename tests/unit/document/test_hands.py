"""Whose a redline's changes are: marks parted by hand, and the texts that they stand for as they were."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from document import tree
from document.diff import compare, settle
from document.diff.hands import Hands, parted
from document.engine import engine
from tests.factories.documents import doc, documents, p


def _whole(document: tree.Node) -> tree.Node:
    checked: tree.Node = json.loads(engine().check(json.dumps(document)))
    return checked


def test_a_mark_is_parted_where_another_hand_wrote() -> None:
    old, new = doc(p("One end.", id="a")), doc(p("One 🧭 long way to the end.", id="a"))
    came = [0] * (tree.size(new) - 2)
    came[5:8], came[8:25] = [1] * 3, [2] * 17
    redline, whose = parted(compare(old, new), Hands(came, [3] * (tree.size(old) - 2)))
    said = [
        (node["text"], mark["type"], whose.get(mark["attrs"]["id"]))
        for node in redline.doc["content"][0]["content"]
        for mark in node.get("marks") or ()
    ]
    assert said == [("🧭 ", "insertion", 1), ("long way to the ", "insertion", 2)]


@settings(max_examples=60, deadline=None)
@given(documents(), documents(), st.integers(1, 4))
def test_parted_redlines_give_both_texts(first: tree.Node, second: tree.Node, many: int) -> None:
    old, new = _whole(first), _whole(second)
    redline = compare(old, new)
    hands = Hands([at % many for at in range(tree.size(new) - 2)], [at % many for at in range(tree.size(old) - 2)])
    told, whose = parted(redline, hands)
    assert settle(told, accept=True) == new and settle(told, accept=False) == old
    assert whose.keys() <= told.changes.keys()
    if many > 1 and any(change.kind in ("inserted", "deleted") for change in redline.changes.values()):
        assert whose


def test_another_text_is_left_alone() -> None:
    redline = compare(doc(p("One.", id="a")), doc(p("Two.", id="a")))
    assert parted(redline, Hands([1] * 99, [1] * 6)) == (redline, {})
