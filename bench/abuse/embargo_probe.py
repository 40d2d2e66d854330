"""10,000 probes of an embargoed release from T − 24 h to T + 20 s: nothing before, everything at once after (TRUST 6).

Each probe is asked twice: for the release and for one that never was, with the same headers and method. Before T
both answers are the same in status, headers (but Date) and bytes, and hold no word, name or hash of the release.
Half go straight to a web process, half through nginx. The times of both kinds lie within the critical distance of
the two-sample Kolmogorov–Smirnov test at one in a thousand (1,500 each, in turns). T is real: a full minute, set by
the press officer. An answer is early when it ended before T by the database's clock; "together" counts answers of
404 that were asked for after the first 200 had arrived. The library, feed and sitemap through nginx are files of a
generation: they follow, and their seconds are only told.

Broken on purpose: with four seconds added to ``DatabaseClock`` of release/visibility.py, 171 of the last 201 answers
before T were early, the first by 3.6 s; with one space more in the 404 of a known address, 242 of 1,000 differed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from bench.client import Answer, Client
from bench.figures import Figure, at_most, none
from bench.scene import timing
from bench.scene.embargoed import Embargoed, embargoed, open_at_the_next_minute
from bench.scene.probes import HEADERS, METHODS, Pair, pairs
from bench.stack import Stack
from ledger import clock

#: Seconds of watching after T. TRUST's minute, shortened: nothing changes after the new generation.
AFTER = 20.0
THREADS = 6
PEOPLE = (None, None, None, "lead", "press", "reviewer")


def run(stack: Stack) -> Iterable[Figure]:
    scene = embargoed()
    yield from before_time(stack, scene)
    yield from told_apart(stack, scene)
    yield from at_time(stack, scene)


# --- before ---------------------------------------------------------------------------------------


def before_time(stack: Stack, scene: Embargoed) -> Iterator[Figure]:
    wanted = stack.times(10_000) // 2
    asked = list(_questions(pairs(scene), wanted))
    ways = ["web", "front"] if stack.front else ["web"]

    def probe(number: int) -> list[str]:
        at = ways[number % len(ways)]
        who = PEOPLE[number // len(ways) % len(PEOPLE)]
        client, stranger = stack.client(scene.cast[who] if who else None, at=at), stack.client(at=at)
        wrong: list[str] = []
        for question in asked[number::THREADS]:
            # Whoever has a part may see the release in its private room.
            private = question[0].there.startswith("/release/")
            wrong += _compare(stranger if private else client, at, question, scene)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = [words for told in pool.map(probe, range(THREADS)) for words in told]
    wrong += list(_searched(stack, scene)) + list(_listed(stack, scene))
    tell(wrong)
    differ = [each for each in wrong if each.startswith("differs")]
    yield none("embargo_probe.other_answer_than_never_was", len(differ), wanted * 2, unit="answers")
    yield none("embargo_probe.leaks", len(wrong) - len(differ), wanted * 2, unit="answers")
    files = [path for path in stack.public_root.rglob("*") if path.is_file()]
    early = [path for path in files if any(each in path.read_bytes() for each in scene.canaries)]
    yield none("embargo_probe.files_written_early", len(early), max(1, len(files)), unit="files")


def _questions(known: list[Pair], wanted: int) -> Iterator[tuple[Pair, str, dict[str, str]]]:
    """Each address with each way of asking in turn, as often as wanted, in a mixed order."""
    every = [(pair, method, headers) for headers in HEADERS for method in METHODS[::2] for pair in known]
    random.Random(20261122).shuffle(every)  # noqa: S311 - an order, no secret
    plain: list[tuple[Pair, str, dict[str, str]]] = [(pair, "GET", {}) for pair in known]
    for number, question in enumerate(cycle([*plain, *every])):
        if number == wanted:
            return
        yield question


def _compare(client: Client, at: str, question: tuple[Pair, str, dict[str, str]], scene: Embargoed) -> Iterator[str]:
    pair, method, headers = question
    there, never = (client.request(method, path, headers=headers) for path in (pair.there, pair.never))
    first, second = _shape(there, pair, 0), _shape(never, pair, 1)
    if first != second:
        yield f"differs at {at}: {method} {pair.there} {headers} → {first[:2]!r} but {second[:2]!r}"
    yield from _leaks(there, pair.there, at, scene)


def _shape(answer: Answer, pair: Pair, which: int) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body, with the words that were asked for put out of sight."""
    body, headers = answer.body, sorted((name.lower(), value) for name, value in answer.pairs)
    for words in pair.words:
        body = body.replace(words[which].encode(), b"WORDS")
        headers = [(name, value.replace(words[which], "WORDS")) for name, value in headers]
    return answer.status, [each for each in headers if each[0] not in ("date", "set-cookie")], body


def _leaks(answer: Answer, path: str, at: str, scene: Embargoed) -> Iterator[str]:
    """What was not in the question and is in the answer."""
    whole = answer.body + repr(answer.pairs).encode()
    for canary in scene.canaries:
        if canary in whole and canary.decode() not in path:
            yield f"leak at {at}: {path} → {answer.status} holds {canary.decode()[:20]}"


def _searched(stack: Stack, scene: Embargoed) -> Iterator[str]:
    """The search, as a visitor of their own each time: there is a limit for each."""
    turned = ((scene.token, scene.token[::-1]), (scene.words, scene.words[::-1]))
    asked = (scene.token, scene.words, f"Embargoed {scene.token}", scene.slug, f'"{scene.token}"')
    for number, words in enumerate(asked):
        client = stack.client(address=f"192.0.2.{number + 1}")
        other = words
        for there, never in turned:
            other = other.replace(there, never)
        pair = Pair(words, other, turned)
        answers = [client.get(f"/search/?{urlencode({'q': each})}") for each in (words, other)]
        if _shape(answers[0], pair, 0) != _shape(answers[1], pair, 1):
            yield f"differs: search for {words}"


def _listed(stack: Stack, scene: Embargoed) -> Iterator[str]:
    for at in ("web", "front") if stack.front else ("web",):
        client = stack.client(at=at)
        for path in ("/", "/feed/", "/sitemap.xml", "/robots.txt", "/events/", "/briefs/", "/health/", "/nowhere"):
            yield from _leaks(client.get(path), path, at, scene)


# --- told apart by their times --------------------------------------------------------------------


def told_apart(stack: Stack, scene: Embargoed) -> Iterator[Figure]:
    client = stack.client()
    never = scene.slug.replace(scene.token, scene.token[::-1])
    number = stack.times(1500)
    for name, rest in (("page", ""), ("file", "brief.pdf")):
        paths = [f"/briefs/{slug}/{rest}" for slug in (scene.slug, never)]
        timing.alternate(lambda: client.get(paths[0]).seconds, lambda: client.get(paths[1]).seconds, 20)  # noqa: B023
        one, two = timing.alternate(
            lambda: client.get(paths[0]).seconds,  # noqa: B023
            lambda: client.get(paths[1]).seconds,  # noqa: B023
            number,
        )
        limit = timing.critical(len(one), len(two))
        note = f"Kolmogorov–Smirnov D of {number:,} each, median difference {1e6 * (median(one) - median(two)):.0f} µs"
        yield at_most(f"embargo_probe.{name}_times_apart", timing.distance(one, two), "D", gate=limit, note=note)


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


# --- the moment itself ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One answer: by our clock put right to the database's."""

    at: str
    path: str
    asked: float
    answered: float
    status: int
    holds: bool


def at_time(stack: Stack, scene: Embargoed) -> Iterator[Figure]:
    moment = open_at_the_next_minute(scene, least=5)
    ahead = clock.database_now().timestamp() - time.time()
    base = f"/briefs/{scene.slug}/"
    rests = ["", *(name for name in scene.files if not name.startswith("pages/")), "cite.bib", "cite.ris", "cite.json"]
    rests += ["print.html", "editions/1.0/", "editions/1.0/brief.pdf", f"sections/{scene.cast.section.pk}/"]
    paths = [base + rest for rest in rests] + [f"/events/{scene.event}/", f"/events/{scene.event}/event.ics"]
    lists = ["/", "/feed/", "/sitemap.xml"]
    ways = ["web", "front"] if stack.front else ["web"]
    time.sleep(max(0.0, moment - 6 - time.time() - ahead))

    def watch(number: int) -> list[Look]:
        at, seen = ways[number % len(ways)], []
        client = stack.client(at=at)
        share = [*paths, *lists][number // len(ways) :: 2]
        while time.time() + ahead < moment + AFTER:
            for path in share:
                asked = time.time() + ahead
                answer = client.get(path)
                holds = any(each in answer.body for each in scene.canaries)
                seen.append(Look(at, path, asked, time.time() + ahead, answer.status, holds))
            # After the first seconds only changes are looked for.
            time.sleep(0.0 if time.time() + ahead < moment + 5 else 0.3)
        return seen

    with ThreadPoolExecutor(2 * len(ways)) as pool:
        looks = [look for seen in pool.map(watch, range(2 * len(ways))) for look in seen]
    yield from _told(looks, paths, lists, moment)


def _told(looks: list[Look], paths: list[str], lists: list[str], moment: float) -> Iterator[Figure]:
    ours = [each for each in looks if each.path in paths]
    before = [each for each in looks if each.answered < moment]
    early = [each for each in before if each.holds or (each.path in paths and each.status != 404)]
    tell([f"early by {moment - each.answered:.3f} s: {each}" for each in early])
    yield none("embargo_probe.early", len(early), len(before), unit="answers", note="in the last seconds before T")
    opened = {(each.at, each.path): each.answered - moment for each in reversed(ours) if each.status == 200}
    ever = max(opened.values()) if opened else float("nan")
    yield at_most("embargo_probe.first_200", min(opened.values(), default=float("nan")), "s", gate=2)
    note = f"{len(opened)} addresses, web and front, each asked in turn: a round's own length is in it"
    yield at_most("embargo_probe.last_200", ever, "s", gate=2, note=note)
    missing = {(each.at, each.path) for each in ours} - opened.keys()
    first = min((each.answered for each in ours if each.status == 200), default=float("inf"))
    apart = [each for each in ours if each.status != 200 and each.asked > max(first, moment)]
    tell([f"not with the others: {each}" for each in apart])
    note = f"asked after the first 200, {len(missing)} never came"
    yield none("embargo_probe.not_together", len(apart) + len(missing), len(ours), unit="answers", note=note)
    for at in sorted({each.at for each in looks}):
        shown = [each.answered - moment for each in looks if each.at == at and each.path in lists and each.holds]
        yield at_most(f"embargo_probe.listed_at_{at}", min(shown, default=float("nan")), "s", gate=15)


def tell(words: list[str]) -> None:
    for each in words[:25]:
        sys.stderr.write(f"embargo_probe: {each[:600]}\n")
