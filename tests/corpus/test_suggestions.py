"""Tracked changes of real Word files: decided in small steps as in whole, one by one as all at once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from document import tree
from document.engine import engine
from tests.corpus.test_import_drafts import DATA, WORD, imported

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not present")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    made = imported(WORD / "comments-with-tracked-changes.docx")
    return [engine().check(json.dumps(section["doc"])) for section in made.sections]


def decided(text: str, decisions: dict[str, str]) -> str:
    steps = [json.dumps(step) for step in json.loads(engine().edit(text, [{"op": "resolve", "decisions": decisions}]))]
    return engine().replay(text, steps) if steps else text


def bare(text: str) -> Any:
    """Without the ids of blocks, of which a few are new."""

    def strip(node: dict[str, Any]) -> dict[str, Any]:
        attrs = {key: value for key, value in node.get("attrs", {}).items() if key != "id"}
        return node | {"attrs": attrs, "content": [strip(child) for child in node.get("content", [])]}

    return strip(json.loads(text))


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_small_steps_come_to_what_deciding_the_whole_comes_to(texts: list[str], decision: str) -> None:
    found = [each["id"] for text in texts for each in engine().suggestions(text)]
    assert len(found) > 3
    for text in texts:
        assert bare(decided(text, {"*": decision})) == bare(engine().resolve(text, {"*": decision}))


def test_one_by_one_comes_to_the_same_and_touches_nothing_else(texts: list[str]) -> None:
    text = max(texts, key=lambda each: len(engine().suggestions(each)))
    waiting = [each["id"] for each in engine().suggestions(text)]
    whole = engine().resolve(text, {"*": "accept"})
    for index, identifier in enumerate(waiting[:60]):
        text = decided(text, {identifier: "accept"})
        left = [each["id"] for each in engine().suggestions(text)]
        assert left == waiting[index + 1 :]
    assert bare(decided(text, {"*": "accept"})) == bare(whole)


def test_two_thousand_are_decided_within_a_second() -> None:
    words = [
        {"type": "text", "text": f"word {n} ", "marks": [{"type": kind, "attrs": {"id": f"s{n}"}}]}
        for n in range(2000)
        for kind in ("insertion", "deletion")[n % 2 : n % 2 + 1]
    ]
    blocks = [
        {"type": "paragraph", "attrs": {"id": f"p{n}"}, "content": words[n * 20 : n * 20 + 20]} for n in range(100)
    ]
    text = engine().check(json.dumps({"type": "doc", "content": blocks}))
    begun = time.perf_counter()
    after = decided(text, {"*": "accept"})
    assert tree.text(json.loads(after)).count("word") == 1000
    assert time.perf_counter() - begun < 8, "a second on a quiet machine"
