"""Hostile editor steps and documents: nothing breaks, nothing unsound is stored, refusals are quick (TRUST, abuse).

Six in ten go over HTTP, one request each, by two authors with a section of their own at a time; the rest are whole
documents and batches given to the engine itself, as an import or another server's code would. Afterwards every
section that was attacked is judged twice: by the engine's own check, version by version, and by a judge in Python
that shares no code with it. Seconds are from the request's first byte to the answer's last, on loopback; the least of
three of the same body where one was slow.

``server_errors`` counts 5xx and connections that ended without an answer; ``unsound`` stored versions.

Broken on purpose: with `config.whole` leaving unread what an early refusal left unread, as it did, 6 of 100,000 ended
without an answer ("server_errors" 6, BrokenPipeError). Before the length of a section was bounded in
`editor/guard.ts`, a text of line breaks grew to 4.6 million characters and was refused when read again
(tests/unit/document/test_engine.py).
"""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random

from bench.client import Answer
from bench.figures import Figure, at_least, at_most, none
from bench.hostile import judge, seeded, steps
from bench.stack import Stack
from brief.actions.sections import add_section
from brief.models import Section, Step
from document.engine import Applied, Engine, EngineError, NotLoaded, Refused
from tests.cast import Cast
from tests.factories.documents import doc, p

TRIED = 100_000
OVER_HTTP = 0.6
#: Requests on one section; then the next: a text that has grown makes every request slower.
EACH = 500
#: What a refusal may be: not readable, behind, ahead, too large, not taken. 200 is for what was no lie after all.
REFUSALS = {400, 409, 410, 413, 422}
SECONDS = 0.2
BODY = 1_000_000


@dataclass
class Outcome:
    """What the attacked answered: (kind, status) → how often; the slowest refusals first."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    slow: list[tuple[float, str, int]] = field(default_factory=list)
    large: int = 0

    def took(self, seconds: float, kind: str, size: int) -> None:
        self.slow = sorted([*self.slow, (seconds, kind, size)], reverse=True)[:5]

    @property
    def tried(self) -> int:
        return self.answers.total() + len(self.lost)


def run(stack: Stack) -> Iterator[Figure]:
    many = stack.times(TRIED)
    cast = Cast(f"hs{time.time_ns():x}")
    share = max(1, round(many * OVER_HTTP / 2))
    sections = [_sections(cast, share) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        attackers = [partial(_over_http, stack, cast, sections[n], share, seeded(f"steps {n}")) for n in range(2)]
        outcomes = list(pool.map(lambda attacker: attacker(), attackers))
    outcomes.append(_at_the_engine(max(1, many - 2 * share), seeded("documents")))
    yield from _figures(outcomes)
    yield from _judged([section for row in sections for section in row])


def _figures(outcomes: list[Outcome]) -> Iterator[Figure]:
    answers = sum((each.answers for each in outcomes), Counter[tuple[str, int]]())
    tried = sum(each.tried for each in outcomes)
    broken = [f"{kind} {status}" for (kind, status) in answers if status >= 500]
    errors = sum(count for (_, status), count in answers.items() if status >= 500)
    lost = [each for outcome in outcomes for each in outcome.lost]
    odd = sorted({f"{kind} {status}" for kind, status in answers if status != 200 and status not in REFUSALS})
    note = "; ".join([*broken, *lost][:5])
    yield none("hostile_steps.server_errors", errors + len(lost), tried, unit="errors", note=note)
    yield none("hostile_steps.odd_answers", len(odd), tried, unit="kinds", note="; ".join(odd[:5]))
    taken = sum(count for (_, status), count in answers.items() if status == 200)
    yield at_most("hostile_steps.taken", taken, "requests", note="legal after all, judged below")
    large = sum(outcome.large for outcome in outcomes)
    yield none("hostile_steps.large_bodies_taken", large, tried, unit="bodies", note="above 1 MB")
    slow = sorted((each for outcome in outcomes for each in outcome.slow), reverse=True)
    told = "; ".join(f"{kind} {size:,} bytes" for _, kind, size in slow[:3])
    worst = slow[0][0] * 1000 if slow else float("nan")
    yield at_most("hostile_steps.refused_ms_p100", worst, "ms", gate=SECONDS * 1000, note=told)
    yield at_least("hostile_steps.kinds", len({kind for kind, _ in answers}), "kinds", gate=len(steps.WEIGHTS) * 0.9)


def _sections(cast: Cast, share: int) -> list[Section]:
    """New ones, as they are before they are attacked: from there on they are judged."""
    words = ("Recruiters promise work abroad, and some of the promises are kept.", "Fees are charged before departure.")
    made = [
        add_section(actor=cast.lead, brief=cast.brief, title=f"Target {number}", doc=json.dumps(doc(*map(p, words))))
        for number in range(-(-share // EACH))
    ]
    return [Section.objects.get(pk=section.pk) for section in made]


def _over_http(stack: Stack, cast: Cast, sections: list[Section], share: int, rng: Random) -> Outcome:
    outcome = Outcome()
    client = stack.client(cast.lead)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    for section in sections:
        base = f"/write/{cast.brief.pk}/sections/{section.pk}"
        head = _head(client.get(f"{base}/document").json())
        for _ in range(min(EACH, share - outcome.tried)):
            kind, body = steps.attack(rng, head)
            try:
                answer = client.request("POST", f"{base}/steps", body, headers)
            except (OSError, http.client.HTTPException) as error:
                outcome.lost.append(f"{kind}: {type(error).__name__}")
                continue
            outcome.answers[kind, answer.status] += 1
            if answer.status == 200:
                outcome.large += len(body) > BODY
                head = _head(client.get(f"{base}/document").json(), head.sent)
            else:
                outcome.took(
                    _least(answer, partial(client.request, "POST", f"{base}/steps", body, headers)), kind, len(body)
                )
    return outcome


def _least(answer: Answer, again: Callable[[], Answer]) -> float:
    """Seconds of a refusal; a slow one is asked for twice more, and the least counts: the machine has pauses."""
    seconds = [answer.seconds]
    while max(seconds) > SECONDS / 2 and len(seconds) < 3:
        seconds.append(again().seconds)
    return min(seconds)


def _head(told: dict[str, object], sent: int = 0) -> steps.Head:
    assert isinstance(told["doc"], dict)
    head = steps.Head(int(str(told["version"])), told["doc"], int(str(told["schema"])))
    head.sent = sent
    return head


def _at_the_engine(many: int, rng: Random) -> Outcome:
    """Steps, edits and whole documents without the web's checks before them, in an engine of its own."""
    outcome, engine = Outcome(), Engine()
    start = engine.check(json.dumps(doc(p("Recruiters promise work abroad."), p("Fees are charged."))))
    engine.load("s", 0, start)
    head = steps.Head(0, json.loads(start), engine.schema_version)

    def applied(told: str) -> Applied:
        try:
            return engine.apply("s", 0, told)
        except NotLoaded:
            # As for every caller (brief/steps.py): a context that has grown is made anew, and loaded again.
            engine.load("s", 0, start)
            return engine.apply("s", 0, told)

    ways = (
        applied,
        lambda told: engine.replay(start, [json.dumps(each, allow_nan=False) for each in json.loads(told)]),
        lambda told: engine.edit(start, [{"op": "replace_document", "doc": told}]),
        lambda told: engine.edit(start, [{"op": "insert_blocks", "after": None, "blocks": told}]),
        lambda told: engine.check(told),
    )
    for _ in range(many):
        kind, body = steps.attack(rng, head)
        told = _inner(body, whole=rng.random() < 0.5)
        way = rng.randrange(len(ways))
        began = time.perf_counter()
        try:
            taken = ways[way](told)
        except Refused:
            outcome.answers[kind, 422] += 1
            outcome.took(time.perf_counter() - began, f"{kind} at the engine", len(told))
        except (EngineError, NotLoaded) as error:
            outcome.lost.append(f"{kind} at the engine: {error}"[:120])
            engine.load("s", 0, start)
        except (ValueError, TypeError, RecursionError):
            # Not a list in JSON at all, said by Python's own reader on the way to the engine.
            outcome.answers[kind, 400] += 1
        else:
            outcome.answers[kind, 200] += 1
            if isinstance(taken, str) and way == len(ways) - 1 and judge.faults(taken, engine.spec()):
                outcome.lost.append(f"{kind}: an unsound document passed")
    engine.close()
    return outcome


def _inner(body: bytes, *, whole: bool) -> str:
    """The steps of a request; ``whole``: what a step would put in, as a document."""
    text = body.decode("utf-8", "replace")
    _before, found, inner = text.partition('"steps": ')
    inner = inner[:-1] if found else text
    if not whole:
        return inner
    at = inner.find('"content":')
    return f'{{"type":"doc",{inner[at:].rstrip("]}")}]}}' if at >= 0 else inner


def _judged(sections: Iterable[Section]) -> Iterator[Figure]:
    """Every stored version of every section, by the engine's check and by the judge."""
    engine = Engine()
    wrong: Counter[str] = Counter()
    versions = 0
    for section in sections:
        # The text of before the attack: workers have written newer ones meanwhile.
        name, first = str(section.pk), section.snapshot_version
        rows = Step.objects.filter(section=section).order_by("version").values_list("version", "step")
        try:
            engine.load(name, first, section.snapshot)
        except Refused as refused:
            wrong[refused.code] += 1
            continue
        kept, last = section.snapshot, first
        for version, step in rows:
            if version <= first:
                continue
            versions += 1
            if version != last + 1:
                wrong["gap"] += 1
            last = version
            faults, kept = _one(engine, name, version, step, kept)
            wrong.update(faults)
    engine.close()
    told = ", ".join(f"{fault} {count}" for fault, count in wrong.most_common(5))
    yield none("hostile_steps.unsound", wrong.total(), versions, unit="stored versions", note=told)


def _one(engine: Engine, name: str, version: int, step: str, before: str) -> tuple[list[str], str]:
    """What is wrong with the text behind a stored step, and that text; ``before`` is the text in front of it."""
    for _try in range(2):
        try:
            engine.apply(name, version - 1, f"[{step}]")
            text = engine.text(name, version)
            again = engine.check(text)
        except NotLoaded:
            # The engine made its context anew, as it does when that has grown: whoever asks loads again.
            engine.load(name, version - 1, before)
        except Refused as refused:
            return [refused.code], before
        else:
            return judge.faults(text, engine.spec()) + ([] if again == text else ["repaired"]), text
    return ["not kept"], before
