"""The notation in which the example's texts are written."""

from __future__ import annotations

import json

import pytest

from config.example.notation import Names as Given
from config.example.notation import NotationError, identifier, read
from document import tree
from document.engine import engine


def document(body: str, draft: int = 1) -> tree.Node:
    doc = read(f"Title: T\n\n{body}", "part").document(draft, Given())
    checked: tree.Node = json.loads(engine().check(json.dumps(doc)))
    return checked


def only(body: str) -> tree.Node:
    (node,) = tree.children(document(body))
    return node


def test_wrapped_lines_are_one_paragraph() -> None:
    assert tree.text(only("One line\nand its rest.")) == "One line and its rest."


def test_marks_may_stand_inside_one_another() -> None:
    words = tree.children(only("**bold and *both* again**"))
    assert [[mark["type"] for mark in node["marks"]] for node in words] == [["strong"], ["strong", "em"], ["strong"]]


def test_a_footnote_may_hold_a_citation() -> None:
    paragraph = only("Words^[see [cf. @one2020, p. 3; @two2021] there] go on.")
    footnote = tree.children(paragraph)[1]
    assert footnote["type"] == "footnote"
    items = tree.children(footnote)[1]["attrs"]["items"]
    assert items[0] == {"source": "one2020", "locator": "p. 3", "prefix": "cf.", "suffix": ""}
    assert items[1]["source"] == "two2021"
    assert tree.text(paragraph) == "Words go on."


def test_foreign_words_carry_language_and_direction() -> None:
    first, _, second = tree.children(only("{fr: mot} {ar rtl: كلمة}"))
    assert first["marks"][0]["attrs"] == {"lang": "fr", "dir": "ltr"}
    assert second["marks"][0]["attrs"] == {"lang": "ar", "dir": "rtl"}


def test_a_label_gives_the_id_that_references_lead_to() -> None:
    doc = document("% id=here\nA place.\n\nSee <<here>>.")
    assert tree.block_id(tree.children(doc)[0]) == identifier("here")
    reference = tree.children(tree.children(doc)[1])[1]
    assert reference["attrs"]["target"] == identifier("here")


def test_tables_have_headers_with_their_scope() -> None:
    table = only(":::table What and who\n|! A |! B |\n|= a | b |\n:::")
    assert table["attrs"]["caption"] == "What and who"
    cells = [cell for row in tree.children(table) for cell in tree.children(row)]
    scopes = [cell["attrs"].get("scope") for cell in cells]
    assert scopes == ["col", "col", "row", None]


def test_recommendations_have_kind_and_addressee() -> None:
    node = only(":::rec legislation | Governments\nDo it.\n\n- at once\n:::")
    assert node["attrs"]["kind"] == "legislation" and node["attrs"]["addressee"] == "Governments"
    assert [child["type"] for child in tree.children(node)] == ["paragraph", "bullet_list"]


@pytest.mark.parametrize(("draft", "words"), [(1, "old"), (2, "old"), (3, "new")])
def test_a_block_stands_from_one_draft_to_another(draft: int, words: str) -> None:
    doc = document("% until=2 id=it\nold\n\n% from=3 id=it\nnew", draft)
    assert [tree.text(node) for node in tree.children(doc)] == [words]
    assert tree.block_id(tree.children(doc)[0]) == identifier("it")


def test_the_same_text_gives_the_same_ids() -> None:
    assert document("One.\n\n- two\n- three") == document("One.\n\n- two\n- three")


@pytest.mark.parametrize("body", [":::key open", "a note^[that never ends", "[not @a b, citation]", "% id=alone"])
def test_it_says_what_cannot_be_read(body: str) -> None:
    with pytest.raises(NotationError):
        document(body)
