"""The documents that other tests are made of are documents the engine accepts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from document.engine import engine
from tests.factories import publication as sample
from tests.factories.documents import documents


@settings(deadline=None, max_examples=100)
@given(documents())
def test_every_drawn_document_is_valid(document):
    engine().check(json.dumps(document))


@pytest.mark.parametrize("make", [sample.first_section, sample.second_section, sample.suggested_section])
def test_the_sample_is_valid(make):
    engine().check(json.dumps(make()))


def test_the_sample_holds_every_node_and_mark():
    from document import tree

    found = {"nodes": set(), "marks": set()}
    for make in (sample.first_section, sample.second_section, sample.suggested_section):
        for node in tree.walk(make()):
            found["nodes"].add(node["type"])
            found["marks"] |= {mark["type"] for mark in node.get("marks", [])}
    spec = engine().spec()
    assert found["nodes"] == set(spec["nodes"])
    assert found["marks"] == set(spec["marks"])
