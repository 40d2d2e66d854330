"""One step of one co-editor, durable before it is answered, at any length of text, crowd and number of threads.

Guards the step authority: no work that grows with the text, with those who watch, or with the comments; no spike
when the whole text is written again (every 200th step). Milliseconds of the POST; steps a second over eight
sections at once, each request with one step. SPEED: "Save: one co-editor's step, durable".

Broken on purpose: with the engine made to forget the section before each step (``engine().forget`` in
``brief.steps._apply``: the text is read anew from its snapshot) it printed steps.growth 1.65, above 1.5, and
steps.throughput 272, below 300.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Figure, at_least, at_most, quantile
from bench.filling import fill
from bench.measuring import Timed, queries, summary
from bench.measuring.times import WARM, check
from bench.measuring.typing import Writer
from bench.stack import Stack

LENGTHS = (500, 5000, 10_000)
CROWD, SECTIONS = 20, 8
#: Steps typed a second in all, above what is demanded; and how many an editor sends at once.
OFFERED, MOST = 360, 400
GATE, TARGET, P95_GATE, P95_TARGET = 8.0, 5.0, 20.0, 10.0


def run(stack: Stack) -> Iterable[Figure]:
    from document.engine import engine

    schema, repeats = engine().schema_version, stack.times(400)
    of_length: dict[int, Timed] = {}
    for words in LENGTHS:
        made = fill(words=words, versions=0, reviewers=0)
        writer = Writer(stack.client(made.lead), made.section, schema)
        of_length[words] = _alone(writer, repeats)
        yield from _summary(f"steps.{words}_words", of_length[words])
    growth = of_length[LENGTHS[-1]].median / of_length[LENGTHS[0]].median
    yield at_most("steps.growth", growth, "times", target=1.5, note="10,000 words against 500")
    made = fill(words=5000, threads=5000, versions=0, reviewers=0)
    writer = Writer(stack.client(made.lead), made.section, schema)
    taken = _alone(writer, repeats)
    yield from _summary("steps.5000_threads", taken)
    yield at_most(
        "steps.spike", quantile(taken, 0.995), "ms", gate=None, target=P95_TARGET * 2, note="199 of 200 are below"
    )
    yield at_most("steps.queries", _queries(writer), "queries", gate=None, target=12, note="with BEGIN's row lock")
    made = fill(words=5000, authors=CROWD, versions=0, reviewers=0)
    crowd = [Writer(stack.client(person), made.section, schema) for person in made.authors[:CROWD]]
    yield from _summary(f"steps.{len(crowd)}_editors", _together(crowd, stack.times(200)))
    yield from _throughput(stack, schema)


def _summary(name: str, taken: Timed) -> Iterable[Figure]:
    return summary(name, taken, gate=GATE, target=TARGET, p95_gate=P95_GATE, p95_target=P95_TARGET)


def _alone(writer: Writer, repeats: int) -> Timed:
    for _ in range(WARM):
        check(writer.type())
    return Timed(check(writer.type()).seconds * 1000 for _ in range(repeats))


def _together(crowd: list[Writer], repeats: int) -> Timed:
    """Each types in turn, five letters a second in all; everyone else fetches what was typed meanwhile."""
    taken = Timed()
    done = threading.Event()

    def watch(some: list[Writer]) -> None:
        while not done.is_set():
            for writer in some:
                writer.pull()
            done.wait(0.2)

    writing, watching = crowd[: len(crowd) // 4], crowd[len(crowd) // 4 :]
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(watch, watching[place::3]) for place in range(3)]
        try:
            for turn in range(repeats + WARM):
                writer = writing[turn % len(writing)]
                writer.pull()
                answer = check(writer.type())
                if turn >= WARM:
                    taken.append(answer.seconds * 1000)
                time.sleep(0.1)
        finally:
            done.set()
        for future in futures:
            future.result()
    return taken


def _queries(writer: Writer) -> int:
    step = {"stepType": "replace", "from": 1, "to": 1, "slice": {"content": [{"type": "text", "text": "x"}]}}
    sent = {"client": "counter", "key": "once", "schema": writer.schema, "steps": [step], "version": writer.version}
    return queries(writer.client, "POST", writer.path, sent, content_type="application/json")


def _throughput(stack: Stack, schema: int) -> Iterable[Figure]:
    """Eight authors of eight sections. As editors do, each sends what was typed while its last step was under way."""
    made = fill(words=8 * 1000, sections=SECTIONS, versions=0, reviewers=0)
    writers = [Writer(stack.client(made.lead), section, schema) for section in made.sections]
    seconds = max(2.0, 15.0 * min(1.0, stack.times(100) / 100))
    for writer in writers:
        check(writer.type())
    began = time.monotonic()

    def work(writer: Writer) -> tuple[int, int]:
        requests = stored = 0
        while (now := time.monotonic() - began) < seconds:
            typed = int(now * OFFERED / SECTIONS) - stored
            if typed < 1:
                time.sleep(0.005)
                continue
            check(writer.type(steps=min(typed, MOST)))
            stored += min(typed, MOST)
            requests += 1
        return stored, requests

    with ThreadPoolExecutor(len(writers)) as pool:
        done = list(pool.map(work, writers))
    took = time.monotonic() - began
    stored, requests = (sum(each[place] for each in done) for place in (0, 1))
    note = f"{OFFERED} typed a second, {stored / max(1, requests):.1f} in a request"
    yield at_least("steps.throughput", stored / took, "steps/s", gate=300, target=300, note=note)
    yield at_least("steps.requests", requests / took, "requests/s", note="at that rate, over eight sections")
