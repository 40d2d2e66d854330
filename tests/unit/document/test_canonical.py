"""Canonical JSON, hashes, and hashes as words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document.canonical import SectionDigest, content_hash, digest, dumps, sha256, vocabulary, words

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=10,
)


def test_keys_are_sorted_and_nothing_is_spent_on_space():
    assert dumps({"b": [1, 2], "a": "é"}) == '{"a":"é","b":[1,2]}'


def test_characters_stay_as_typed():
    assert digest("\u00e9") != digest("e\u0301")


@given(values)
def test_it_says_the_same_after_a_round_trip(value):
    assert dumps(json.loads(dumps(value))) == dumps(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(ValueError):
        dumps(value)


def one(**changes):
    fields = {
        "sections": [SectionDigest("s", "Title", "aa"), SectionDigest("t", "Next", "bb", "notice")],
        "figures": {"f": "cc"},
        "sources": {"k": {"title": "x"}},
        "objectives": ["o"],
        "head": {"title": "Brief"},
    }
    return content_hash(**{**fields, **changes})


@pytest.mark.parametrize(
    "change",
    [
        {"sections": [SectionDigest("t", "Next", "bb", "notice"), SectionDigest("s", "Title", "aa")]},
        {"sections": [SectionDigest("s", "Title", "ab"), SectionDigest("t", "Next", "bb", "notice")]},
        {"sections": [SectionDigest("s", "Title", "aa"), SectionDigest("t", "Next", "bb", "")]},
        {"figures": {"f": "cd"}},
        {"sources": {"k": {"title": "y"}}},
        {"claims": [{"id": "c"}]},
        {"objectives": []},
        {"head": {"title": "Brief", "subtitle": "s"}},
    ],
)
def test_any_change_changes_the_content_hash(change):
    assert one() == one() != one(**change)


def test_the_hash_does_not_depend_on_the_order_of_sources():
    assert one(sources={"a": {}, "b": {}}) == one(sources={"b": {}, "a": {}})


def test_there_is_a_word_for_every_byte():
    assert len(vocabulary()) == 256
    assert all(word.isascii() and word.islower() and len(word) <= 9 for word in vocabulary())


def test_a_hash_reads_as_six_words():
    assert words("00" * 32) == " ".join(["acorn"] * 6)
    assert words("ff" * 32, 2) == "window window"
    assert words(sha256("a")) != words(sha256("b"))
