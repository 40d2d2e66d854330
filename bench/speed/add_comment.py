"""Adding a comment or a reply costs the same with 5,000 threads as with none.

Guards the action: one transaction with its revision, its audit event and its anchor, and nothing that reads the
other threads. Milliseconds of the POST (its redirect is not followed); queries. SPEED: "Add a comment or reply, any N".

Broken on purpose: with every thread of the section saved again at each new one (as peers do) in
``brief.threads.start`` it printed add_comment.comment_growth 88.9 and add_comment.queries 5016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most
from bench.filling import fill
from bench.measuring import interleaved, queries, summary
from bench.measuring.times import check
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

GATE, TARGET = 15.0, 6.0


def run(stack: Stack) -> Iterable[Figure]:
    few, many = (fill(words=5000, threads=size, versions=0, reviewers=0) for size in (1, 5000))
    asks = {
        "comment": _comment(stack, few),
        "reply": _reply(stack, few),
        "comment_5000": _comment(stack, many),
        "reply_5000": _reply(stack, many),
    }
    taken = interleaved(asks, stack.times(200))
    for name in asks:
        yield from summary(f"add_comment.{name}", taken[name], gate=GATE, target=TARGET)
    for name in ("comment", "reply"):
        growth = taken[f"{name}_5000"].median / taken[name].median
        yield at_most(f"add_comment.{name}_growth", growth, "times", gate=1.5, target=1.2, note="5,000 threads")
    client = stack.client(many.lead)
    counted = queries(client, "POST", _start(many), _words(many))
    yield at_most("add_comment.queries", counted, "queries", gate=None, target=12)


def _start(made: Filled) -> str:
    return f"/write/{made.brief.pk}/sections/{made.section.pk}/threads/"


def _words(made: Filled) -> dict[str, object]:
    from brief import texts

    block = texts.document(made.section)["content"][0]["attrs"]["id"]
    return {"body": "Is that so?", "block": block, "start": 0, "end": 3}


def _comment(stack: Stack, made: Filled) -> Callable[[], float]:
    client, path, fields = stack.client(made.lead), _start(made), _words(made)
    return lambda: check(client.post(path, fields), (302,)).seconds * 1000


def _reply(stack: Stack, made: Filled) -> Callable[[], float]:
    client, path = stack.client(made.lead), f"/write/{made.brief.pk}/threads/{made.threads[0].pk}/reply/"
    return lambda: check(client.post(path, {"body": "Yes, it is."}), (302,)).seconds * 1000
