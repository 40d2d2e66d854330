"""The engine: what it takes, what it gives, what it refuses. It runs the real bundle."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from document import engine as module
from document import tree
from document.engine import BUNDLE, Engine, EngineError, NotLoaded, Refused, engine

pytestmark = pytest.mark.skipif(not BUNDLE.exists(), reason="the engine has not been built: run `make build`")

Doc = dict[str, Any]


def p(text: str = "", block: str = "", marks: list[Doc] | None = None) -> Doc:
    node: Doc = {"type": "paragraph", "attrs": {"id": block}}
    if text:
        node["content"] = [{"type": "text", "text": text, **({"marks": marks} if marks else {})}]
    return node


def doc(*blocks: Doc) -> str:
    return json.dumps({"type": "doc", "content": list(blocks)})


def insert(at: int, text: str, to: int | None = None) -> Doc:
    slice_ = {"content": [{"type": "text", "text": text}]}
    return {"stepType": "replace", "from": at, "to": at if to is None else to, "slice": slice_}


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.fixture
def running() -> Iterator[Engine]:
    yield engine()


@pytest.fixture
def loaded(running: Engine) -> Engine:
    running.load("s", 0, doc(p("Hello world", "a"), p("Zwei 😀 drei", "b")))
    running.forget("s", 0)
    return running


def refusal(running: Engine, *steps: Doc) -> Refused:
    with pytest.raises(Refused) as caught:
        running.apply("s", 0, json.dumps(steps))
    return caught.value


def test_it_says_how_to_build_the_bundle_when_it_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="make build"):
        Engine(tmp_path / "engine.js").empty()


def test_its_spec_names_every_node_and_mark_with_their_attributes(running: Engine) -> None:
    spec = running.spec()
    assert spec["version"] == running.schema_version >= 1
    assert {"doc", "paragraph", "table", "figure", "footnote", "citation"} <= spec["nodes"].keys()
    assert spec["nodes"]["heading"]["attrs"]["level"] == {"default": 1}
    assert spec["nodes"]["citation"]["attrs"]["items"] == {"required": True}
    assert {"strong", "link", "insertion", "deletion", "modification"} <= spec["marks"].keys()
    assert "key" in spec["callout_kinds"]


def test_an_empty_document_has_one_paragraph_with_an_id(running: Engine) -> None:
    empty = json.loads(running.empty())
    assert [node["type"] for node in empty["content"]] == ["paragraph"]
    assert len(tree.block_id(empty["content"][0])) == 12


def test_check_writes_canonical_json_that_python_writes_alike(running: Engine) -> None:
    text = running.check(doc(p("für “Alle” 😀\u2028", "a")))
    assert text == canonical(json.loads(text))
    assert running.check(text) == text


def test_check_gives_ids_to_blocks_that_lack_one_and_to_the_second_of_twins(running: Engine) -> None:
    note = {"type": "footnote", "content": [{"type": "text", "text": "note"}]}
    paragraph = {"type": "paragraph", "attrs": {"id": "a"}, "content": [note]}
    checked = json.loads(running.check(doc(paragraph, p("x", "a"), p("y"))))
    ids = [str(node["attrs"]["id"]) for node in tree.walk(checked) if "id" in node.get("attrs", {})]
    assert ids[0] == "a"
    assert len(set(ids)) == 4
    assert all(ids)


def test_check_drops_control_characters_that_xml_cannot_hold(running: Engine) -> None:
    checked = json.loads(running.check(doc(p("a\x00b\x0bc\td", "a"))))
    assert tree.block_text(checked["content"][0]) == "abc\td"


def test_check_joins_neighbouring_text_of_equal_marks(running: Engine) -> None:
    node = {"type": "paragraph", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    assert len(json.loads(running.check(doc(node)))["content"][0]["content"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"type":"doc"}',
        '{"type":"doc","content":[]}',
        '{"type":"paragraph"}',
        doc({"type": "iframe"}),
        doc({"type": "heading", "attrs": {"level": 9}}),
        doc({"type": "heading", "attrs": {"level": "1"}}),
        doc({"type": "callout", "attrs": {"kind": "poem"}, "content": [p("x")]}),
        doc({"type": "bullet_list", "content": [p("x")]}),
        doc(p("x", marks=[{"type": "blink"}])),
        doc(p("x", marks=[{"type": "link", "attrs": {"href": "javascript:alert(1)"}}])),
        doc(p("x", marks=[{"type": "link", "attrs": {"href": "https://a\njavascript:alert(1)"}}])),
        doc(
            p(
                "x",
                marks=[
                    {"type": "link", "attrs": {"href": "https://a"}},
                    {"type": "link", "attrs": {"href": "https://b"}},
                ],
            )
        ),
        doc({"type": "paragraph", "attrs": {"id": "<script>"}}),
        '{"type":"doc","content":[{"type":"paragraph","__proto__":{"x":1}}]}',
        doc({"type": "paragraph", "content": [{"type": "text", "text": ""}]}),
        doc({"type": "paragraph", "content": [{"type": "citation"}]}),
        doc({"type": "paragraph", "content": [{"type": "citation", "attrs": {"items": [{"source": "a"}]}}]}),
    ],
)
def test_check_refuses_what_is_not_a_document_of_ours(running: Engine, text: str) -> None:
    with pytest.raises(Refused) as caught:
        running.check(text)
    assert caught.value.code
    assert caught.value.sentence.endswith(".") or ":" in caught.value.sentence


def nested(depth: int) -> Doc:
    node = p("deep", "")
    for _ in range(depth):
        node = {"type": "bullet_list", "content": [{"type": "list_item", "content": [p("x"), node]}]}
        if node["content"][0]["content"][1]["type"] == "paragraph":
            node["content"][0]["content"].pop()
    return node


def test_check_refuses_text_nested_deeper_than_fifty(running: Engine) -> None:
    running.check(doc(nested(20)))
    with pytest.raises(Refused, match="deep"):
        running.check(doc(nested(30)))


def test_check_refuses_brackets_that_would_exhaust_the_stack(running: Engine) -> None:
    with pytest.raises(Refused):
        running.check("[" * 200_000 + "]" * 200_000)
    with pytest.raises(Refused):
        running.check('{"type":"doc","content":' * 5000 + "[]" + "}" * 5000)


def test_check_refuses_a_document_above_four_million_characters(running: Engine) -> None:
    with pytest.raises(Refused, match="large"):
        running.check(doc(p("x" * 4_000_001)))


def test_a_document_does_not_grow_beyond_what_can_be_read_again(running: Engine) -> None:
    """A line break is one position and twenty characters: the JSON is bounded too, not the positions alone."""
    running.load("grown", 0, doc(p("", "a")))
    breaks = [{"type": "hard_break"}] * 36_000
    version = 0
    with pytest.raises(Refused, match="too long"):
        while version < 8:
            steps = [{"stepType": "replace", "from": 1, "to": 1, "slice": {"content": breaks}}]
            version = running.apply("grown", version, canonical(steps)).version
    assert version == 5
    running.load("grown", version, running.text("grown", version))


def test_the_hash_is_sha256_over_the_blocks_digests(loaded: Engine) -> None:
    text = loaded.text("s", 0)
    blocks = json.loads(text)["content"]
    digests = b"".join(hashlib.sha256(canonical(block).encode()).digest() for block in blocks)
    assert loaded.hash(text) == hashlib.sha256(digests).hexdigest()
    assert loaded.load("s", 0, text) == loaded.hash(text) == loaded.hash_at("s", 0)


def test_steps_apply_and_come_back_rewritten_with_their_maps(loaded: Engine) -> None:
    step = {**insert(6, ","), "evil": "kept?"}
    applied = loaded.apply("s", 0, json.dumps([step, insert(7, "!")]))
    assert applied.version == 2
    assert "evil" not in applied.steps[0]
    assert json.loads(applied.maps[0]) == [6, 0, 1]
    assert applied.hash == loaded.hash(loaded.text("s", 2))
    assert tree.block_text(json.loads(loaded.text("s", 2))["content"][0]) == "Hello,! world"


def test_the_old_version_stays_so_that_a_rolled_back_save_can_be_repeated(loaded: Engine) -> None:
    first = loaded.apply("s", 0, json.dumps([insert(1, "A")]))
    second = loaded.apply("s", 0, json.dumps([insert(1, "B")]))
    assert first.hash != second.hash
    assert loaded.hash(loaded.text("s", 1)) == second.hash


def test_forget_drops_what_a_failed_save_left_behind(loaded: Engine) -> None:
    loaded.apply("s", 0, json.dumps([insert(1, "A")]))
    loaded.forget("s", 0)
    with pytest.raises(NotLoaded):
        loaded.text("s", 1)
    assert loaded.text("s", 0)


def test_an_unknown_section_or_version_is_not_loaded(running: Engine) -> None:
    with pytest.raises(NotLoaded):
        running.apply("never", 0, json.dumps([insert(1, "x")]))
    with pytest.raises(NotLoaded):
        running.text("never", 3)


def test_replay_comes_to_what_apply_came_to(loaded: Engine) -> None:
    start = loaded.text("s", 0)
    applied = loaded.apply("s", 0, json.dumps([insert(1, "A"), insert(2, "B")]))
    assert loaded.replay(start, applied.steps) == loaded.text("s", 2)
    assert loaded.replay(start, []) == start


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (insert(6, "x", to=3), "range"),
        (insert(-1, "x"), "range"),
        (insert(10_000, "x"), "range"),
        ({**insert(3, "x"), "from": 2.5}, "range"),
        (insert(20, "x"), "surrogate"),
        (insert(19, "x", to=20), "surrogate"),
        (insert(3, "\ud83d"), "surrogate"),
        (insert(3, "\x00"), "control"),
        ({"stepType": "attr", "pos": 0, "attr": "level", "value": 2}, "value"),
        ({"stepType": "attr", "pos": 0, "attr": "id", "value": "<b>"}, "step"),
        ({"stepType": "attr", "pos": 0, "attr": "id", "value": {"a": 1}}, "step"),
        ({"stepType": "attr", "pos": 0, "attr": "__proto__", "value": {"a": 1}}, "value"),
        ({"stepType": "attr", "pos": 0, "attr": "id", "value": "b"}, "ids"),
        ({"stepType": "attr", "pos": 0, "attr": "id", "value": ""}, "ids"),
        ({"stepType": "docAttr", "attr": "x", "value": 1}, "step"),
        ({"stepType": "nuke"}, "shape"),
        ({"stepType": "replace", "from": 0, "to": 27}, "step"),
        (
            {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [p("x")], "openStart": 3}},
            "range",
        ),
        (
            {"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [p("x")], "openStart": -1}},
            "range",
        ),
        ({"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [p("x", "a")]}}, "ids"),
        ({"stepType": "replace", "from": 0, "to": 0, "slice": {"content": [p("x")]}}, "ids"),
        ({"stepType": "addMark", "from": 6, "to": 2, "mark": {"type": "strong"}}, "range"),
        (
            {
                "stepType": "addMark",
                "from": 1,
                "to": 3,
                "mark": {"type": "link", "attrs": {"href": "data:x"}},
            },
            "shape",
        ),
        ({"stepType": "addNodeMark", "pos": 0, "mark": {"type": "strong"}}, "step"),
        (
            {"stepType": "addNodeMark", "pos": 500, "mark": {"type": "insertion", "attrs": {"id": "x"}}},
            "range",
        ),
        (
            {
                "stepType": "replaceAround",
                "from": 0,
                "to": 13,
                "gapFrom": 8,
                "gapTo": 4,
                "insert": 1,
                "slice": {"content": [{"type": "block_quote", "attrs": {"id": "q"}}]},
            },
            "range",
        ),
    ],
)
def test_it_refuses_a_step_that_would_break_the_text(loaded: Engine, step: Doc, code: str) -> None:
    assert refusal(loaded, step).code == code


def test_a_batch_is_taken_whole_or_not_at_all(loaded: Engine) -> None:
    refusal(loaded, insert(1, "fine"), insert(9999, "not"))
    with pytest.raises(NotLoaded):
        loaded.text("s", 1)


def test_it_refuses_a_batch_above_a_million_characters_or_a_thousand_steps(loaded: Engine) -> None:
    assert refusal(loaded, insert(1, "x" * 1_000_001)).code == "size"
    assert refusal(loaded, *[insert(1, "x")] * 1001).code == "size"
    assert refusal(loaded).code == "shape"


def test_a_step_may_quote_a_block_with_block_level_suggestion_marks(loaded: Engine) -> None:
    mark = {"stepType": "addNodeMark", "pos": 0, "mark": {"type": "deletion", "attrs": {"id": "s1"}}}
    assert loaded.apply("s", 0, json.dumps([mark])).version == 1


def test_a_call_that_takes_too_long_is_refused_and_the_next_one_works(
    running: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Engine()
    own.empty()
    monkeypatch.setattr(module, "TIME_LIMIT", 0.2)
    assert own._context is not None
    own._context.eval("Engine.call = () => { for (;;); }")
    with pytest.raises(Refused) as caught:
        own.check("{}")
    assert caught.value.code == "heavy"
    monkeypatch.setattr(module, "TIME_LIMIT", 8.0)
    assert own.empty()


def test_who_waits_behind_a_call_that_takes_too_long_gets_an_answer_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Answers come without a name: that of the call which was given up must not be taken for another's."""
    own = Engine()
    own.empty()
    monkeypatch.setattr(module, "TIME_LIMIT", 2.0)
    assert own._context is not None
    own._context.eval(
        "{ const was = Engine.call; Engine.call = (n, a) => { for (; n === 'check';); return was(n, a); } }"
    )

    def ask(number: int) -> str:
        try:
            return own.check("{}") if number == 0 else own.hash(doc(p(str(number), "x" * 12)))
        except Refused as refused:
            return refused.code

    expected = [engine().hash(doc(p(str(number), "x" * 12))) for number in range(1, 30)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(30)))
    assert answers == ["heavy", *expected]


def test_a_grown_context_is_replaced_and_then_asks_for_its_documents_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Engine()
    own.load("s", 0, doc(p("x", "a")))
    monkeypatch.setattr(module, "GROWN", 1)
    monkeypatch.setattr(module, "LOOK_EVERY", 1)
    with pytest.raises(NotLoaded):
        own.text("s", 0)


def test_threads_share_one_context(running: Engine) -> None:
    def write(number: int) -> int:
        section = f"thread{number}"

        def again(ask: Callable[[], Any], version: int) -> Any:
            # A context that has grown is replaced: whoever asks loads again, as the step authority does.
            for _try in range(3):
                try:
                    return ask()
                except NotLoaded:
                    running.load(section, version, doc(p("y" * version + "x", "a")))
            return ask()

        for version in range(20):
            step = json.dumps([insert(1, "y")])
            again(lambda at=version, step=step: running.apply(section, at, step), version)
        text = again(lambda: running.text(section, 20), 20)
        return len(tree.block_text(json.loads(text)["content"][0]))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(8))) == [21] * 8


def test_what_one_section_is_typed_in_takes_no_other_sections_place(running: Engine) -> None:
    """A thread that is held up between loading and asking found its text gone after 64 steps of others."""
    running.load("quiet", 0, doc(p("x", "a")))
    for section in range(8):
        running.load(f"busy{section}", 0, doc(p("x", "a")))
        for version in range(20):
            running.apply(f"busy{section}", version, json.dumps([insert(1, "y")]))
    assert running.text("quiet", 0)


def _in_child(queue: Any) -> None:
    queue.put((os.getpid(), engine().empty()))


def test_a_forked_process_makes_a_context_of_its_own(running: Engine) -> None:
    running.empty()
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(queue,))
    child.start()
    child.join(30)
    pid, empty = queue.get()
    assert pid == child.pid
    assert "paragraph" in empty


def test_a_context_can_be_made_inside_a_running_event_loop() -> None:
    import asyncio

    async def ask() -> str:
        return Engine().empty()

    done: list[str] = []
    thread = threading.Thread(target=lambda: done.append(asyncio.run(ask())), daemon=True)
    thread.start()
    thread.join(20)
    assert done


INSERTED = [{"type": "insertion", "attrs": {"id": "i"}}]
DELETED = [{"type": "deletion", "attrs": {"id": "d"}}]


def suggested() -> str:
    text = [
        {"type": "text", "text": "keep "},
        {"type": "text", "text": "new ", "marks": INSERTED},
        {"type": "text", "text": "old", "marks": DELETED},
    ]
    return doc(
        {"type": "paragraph", "attrs": {"id": "a"}, "content": text},
        {**p("whole", "b"), "marks": DELETED},
    )


def texts(document: str) -> list[str]:
    return [tree.block_text(block) for block in json.loads(document)["content"]]


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ({"*": "accept"}, ["keep new "]),
        ({"*": "reject"}, ["keep old", "whole"]),
        ({"i": "accept"}, ["keep new old", "whole"]),
        ({"d": "accept", "*": "reject"}, ["keep "]),
        ({}, ["keep new old", "whole"]),
    ],
)
def test_suggestions_are_resolved_by_id_or_all(running: Engine, decisions: dict[str, str], expected: list[str]) -> None:
    assert texts(running.resolve(suggested(), decisions)) == expected


def test_a_document_whose_last_block_was_rejected_keeps_an_empty_paragraph(running: Engine) -> None:
    only = doc({**p("new", "a"), "marks": INSERTED})
    resolved = json.loads(running.resolve(only, {"*": "reject"}))
    assert [node["type"] for node in resolved["content"]] == ["paragraph"]
    assert tree.block_id(resolved["content"][0])


def test_a_servers_edit_replaces_words_and_keeps_their_marks(running: Engine) -> None:
    text = running.check(doc(p("plain", "a"), p("A bold claim", "b", [{"type": "strong"}])))
    steps = running.edit(text, [{"op": "replace_text", "block": "b", "from": 2, "to": 6, "text": "cautious"}])
    edited = json.loads(running.replay(text, [canonical(step) for step in json.loads(steps)]))
    assert edited["content"][1]["content"] == [
        {"type": "text", "text": "A cautious claim", "marks": [{"type": "strong"}]}
    ]


def test_offsets_count_a_footnote_as_one_character(running: Engine) -> None:
    note = {"type": "footnote", "attrs": {"id": "n"}, "content": [{"type": "text", "text": "a long note"}]}
    inline = [{"type": "text", "text": "one"}, note, {"type": "text", "text": " two"}]
    text = running.check(doc({"type": "paragraph", "attrs": {"id": "a"}, "content": inline}))
    steps = running.edit(text, [{"op": "replace_text", "block": "a", "from": 5, "to": 8, "text": "three"}])
    edited = json.loads(running.replay(text, [canonical(step) for step in json.loads(steps)]))
    assert tree.block_text(edited["content"][0]) == "one\ufffc three"


@pytest.mark.parametrize(
    "edit",
    [
        {"op": "replace_text", "block": "zz", "from": 0, "to": 1, "text": ""},
        {"op": "replace_text", "block": "a", "from": 3, "to": 1, "text": ""},
        {"op": "replace_text", "block": "a", "from": 0, "to": 99, "text": ""},
        {"op": "replace_text", "block": "a", "from": -1, "to": 1, "text": "x"},
        {"op": "insert_blocks", "after": "zz", "blocks": [p("x")]},
        {"op": "insert_blocks", "after": None, "blocks": [{"type": "iframe"}]},
        {"op": "dance"},
    ],
)
def test_a_servers_edit_that_does_not_fit_is_refused(running: Engine, edit: Doc) -> None:
    with pytest.raises(Refused):
        running.edit(doc(p("abc", "a")), [edit])


def test_replacing_a_document_touches_only_what_differs(running: Engine) -> None:
    old = running.check(doc(p("one", "a"), p("two", "b"), p("three", "c")))
    new = running.check(doc(p("one", "a"), p("TWO", "b"), p("three", "c")))
    steps = json.loads(running.edit(old, [{"op": "replace_document", "doc": json.loads(new)}]))
    assert [(step["from"], step["to"]) for step in steps] == [(5, 10)]
    assert running.edit(old, [{"op": "replace_document", "doc": json.loads(old)}]) == "[]"


def test_inserted_blocks_get_ids_that_nobody_has(running: Engine) -> None:
    old = running.check(doc(p("one", "a")))
    steps = running.edit(old, [{"op": "insert_blocks", "after": "a", "blocks": [p("two", "a"), p("three")]}])
    edited = json.loads(running.replay(old, [canonical(step) for step in json.loads(steps)]))
    assert [tree.block_text(block) for block in edited["content"]] == ["one", "two", "three"]
    assert len({tree.block_id(block) for block in edited["content"]}) == 3


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)


@given(st.lists(words, min_size=1, max_size=6), st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_insertion_is_carried_out_exactly_or_refused(paragraphs: list[str], data: st.DataObject) -> None:
    running = engine()
    text = running.check(doc(*[p(words, f"p{index}") for index, words in enumerate(paragraphs)]))
    running.load("hyp", 0, text)
    at = data.draw(st.integers(-2, 60))
    try:
        applied = running.apply("hyp", 0, json.dumps([insert(at, "Ω")]))
    except Refused as refused:
        assert refused.sentence
        return
    after = running.text("hyp", applied.version)
    assert running.check(after) == after
    assert running.hash(after) == applied.hash
    assert sum(map(len, texts(after))) == sum(map(len, texts(text))) + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "attrs", "content", "marks", "text", "id", "level", "__proto__", "stepType", "from"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_json_makes_it_fail_otherwise_than_by_refusing(value: Any) -> None:
    running = engine()
    running.load("fuzz", 0, doc(p("x", "a")))
    for ask in (running.check, lambda text: running.apply("fuzz", 0, text)):
        try:
            ask(json.dumps(value))
        except Refused as refused:
            assert refused.code
