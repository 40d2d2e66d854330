"""What changed between two versions, while somebody waits: worked out alone, and as the page that shows it.

Guards ``document.diff`` for 5,000 and 50,000 words of which a tenth of the paragraphs has other words, every fiftieth
was moved and every fiftieth replaced; and for 50,000 in which every paragraph changed, also where every block has
another id (a text imported anew). Milliseconds; the page is ``/write/<brief>/compare/`` of two frozen versions, to the
last byte at a web process. SPEED: "Redline of two versions".

Broken on purpose: with ``document.diff.align.ALIKE`` 101 and ``REACH`` 100,000 (nothing is like anything, and all is
compared with all) redline.50000.anew took 3,900 ms of processor time instead of 160 and missed its gate.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, at_most, median, none, p95
from bench.filling import fill
from bench.measuring.times import timed
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

Node = dict[str, Any]
GATES: dict[int, tuple[float, float]] = {5_000: (100.0, 20.0), 50_000: (500.0, 120.0)}
#: Of a hundred paragraphs so many get other words.
SHARE = 10


def run(stack: Stack) -> Iterable[Figure]:
    from document.diff import compare, settle

    wrong, tried = 0, 0
    for words, (gate, target) in GATES.items():
        for name, old, new in _pairs(words):
            taken = [_milliseconds(lambda: compare(old, new)) for _ in range(max(5, stack.times(15)))]  # noqa: B023
            note = f"p95 {p95(taken):.1f}"
            goal = target if name == "tenth" else None
            yield at_most(f"redline.{words}.{name}", median(taken), "ms", gate=gate, target=goal, note=note)
            found = compare(old, new)
            tried += 2
            wrong += (settle(found, accept=True) != new) + (settle(found, accept=False) != old)
    yield none("redline.lost", wrong, tried, unit="texts that did not come back from their redline")
    for words, (gate, _target) in GATES.items():
        made = _versions(words)
        client = stack.client(made.editor)
        path = f"/write/{made.brief.pk}/compare/?from=v1&to=v2"
        pages = timed(lambda: client.get(path), max(5, stack.times(20)), warm=4)  # noqa: B023
        size = len(client.get(path).body)
        note = f"{size:,} bytes, p95 {pages.p95:.1f}"
        yield at_most(f"redline.page.{words}", pages.median, "ms", gate=gate if words == 50_000 else None, note=note)


def _pairs(words: int) -> Iterable[tuple[str, Node, Node]]:
    from config.filling.texts import document

    old = document(words, 7)
    yield "tenth", old, edited(old, SHARE)
    if words == max(GATES):
        yield "every", old, edited(old, 100)
        yield "anew", old, edited(_renamed(old), 100)


def edited(doc: Node, share: int, seed: int = 1) -> Node:
    """A copy in which so many of a hundred paragraphs have other words, some moved, some replaced."""
    from config.filling.texts import paragraph

    pick = random.Random(seed)  # noqa: S311 - places, not secrets
    new: Node = json.loads(json.dumps(doc))
    blocks: list[Node] = new["content"]
    for block in blocks:
        if block["type"] == "paragraph" and pick.randrange(100) < share:
            said = block["content"][0]["text"].split(" ")
            for _word in range(min(5, len(said))):
                said[pick.randrange(len(said))] = pick.choice(("other", "words", "indeed"))
            block["content"][0]["text"] = " ".join(said)
    for number in range(len(blocks) // 50):
        blocks.insert(pick.randrange(len(blocks)), blocks.pop(pick.randrange(len(blocks))))
        blocks[pick.randrange(len(blocks))] = paragraph(seed * 1000 + number)
    return new


def _renamed(doc: Node) -> Node:
    """The same text with other ids, as an import gives them."""
    new: Node = json.loads(json.dumps(doc))
    stack = [new]
    while stack:
        node = stack.pop()
        if "attrs" in node:
            node["attrs"]["id"] = secrets.token_hex(6)
        stack += node.get("content", [])
    return new


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _versions(words: int) -> Filled:
    """A brief of ten sections in two versions, between which it was edited."""
    from brief import steps, texts
    from brief.actions import freeze
    from brief.states import OrderDraft

    made = fill(words=words, sections=10, versions=1, reviewers=0)
    for number, section in enumerate(made.sections):
        section.refresh_from_db()
        doc = edited(texts.document(section), SHARE, seed=number)
        steps.edit(actor=made.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])
    freeze(actor=made.editor, brief=made.brief, order_draft=OrderDraft.FINAL)
    return made
