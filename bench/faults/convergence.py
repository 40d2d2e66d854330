"""Guards that people who write in one section at once all come to the same text, and that none of their words is lost.

Stories told by a seed (editor/simulation/): five pages run the real client – session, saving loop, rebase, guard,
ids, every plugin of the writing room, what the device keeps – while time passes only when the story goes on. They
write, paste, move, mark, suggest and decide, change lists, tables and attributes, undo and redo, in emoji,
right-to-left and combining scripts, while lines are slow (200 ms) and lose a fifth of all requests, fall silent, end
at a hotel's sign-in page, sessions end, laptops sleep, browsers are closed and come back, servers start anew and
refuse a change. 3,000 stories have the document engine behind the answers of brief/steps.py; 60 have this server.
Units: stories, words.

Broken on purpose: with a rebase whose losses are not looked for (``reconcile`` answering null) 21 of 25 stories lost
words, 55 in all; with a hotel's page taken for a save 9 of 25 came apart; without ``ids`` among the editor's plugins
the server refused steps in 24 of 25, without ``guard`` in 7.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.figures import Figure, at_least, none
from bench.filling import fill
from bench.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
#: What must never be: figure, field of a story, unit.
NEVER = (
    ("divergences", "diverged", "stories"),
    ("wedged", "wedged", "stories"),
    ("lost", "lost", "stories with words lost"),
    ("doubled", "doubled", "stories with words doubled"),
    ("refused", "refused", "stories with a step of the editor's own refused"),
    ("faults", "faults", "stories in which something threw"),
)


def run(stack: Stack) -> Iterable[Figure]:
    _build()
    simulated = _simulated(stack.times(3_000))
    yield at_least("convergence.runs", len(simulated), "stories", gate=stack.times(3_000), note=_about(simulated))
    yield from _never("convergence", simulated)
    real = list(_with_server(stack, stack.times(60)))
    yield at_least("convergence.server.runs", len(real), "stories", gate=stack.times(60), note=_about(real))
    yield from _never("convergence.server", real)


def _never(name: str, told: list[dict[str, Any]]) -> Iterator[Figure]:
    for figure, field, unit in NEVER:
        bad = [each for each in told if each[field]]
        note = "; ".join(f"seed {each['seed']}: {each[field][0]}" for each in bad[:3])
        yield none(f"{name}.{figure}", len(bad), len(told), unit=unit, note=note)


def _about(told: list[dict[str, Any]]) -> str:
    kinds: Counter[str] = Counter()
    for each in told:
        kinds.update(each["kinds"])
    words, offered = sum(each["words"] for each in told), sum(each["offered"] for each in told)
    steps = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    return f"{words:,} words written, {offered:,} offered back; steps: {steps}"


def _node(*options: Any) -> list[str]:
    # Beside this Python's own programs: the wheel's node.
    node = Path(sys.executable).with_name("node")
    return [str(node), str(ROOT / "build" / "simulation" / "main.js"), *(str(each) for each in options)]


def _build() -> None:
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    node = Path(sys.executable).with_name("node")
    command = [str(node), str(vite), "build", "--config", "vite.simulation.config.ts", "--logLevel", "error"]
    subprocess.run(command, cwd=ROOT, check=True)


def _simulated(count: int) -> list[dict[str, Any]]:
    parts = min(count, os.cpu_count() or 1)
    edges = [1 + count * part // parts for part in range(parts + 1)]

    def tell(first: int, last: int) -> list[dict[str, Any]]:
        done = subprocess.run(_node("--from", first, "--to", last), stdout=subprocess.PIPE, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    with ThreadPoolExecutor(parts) as pool:
        return [each for told in pool.map(lambda span: tell(span[0], span[1] - 1), pairwise(edges)) for each in told]


def _with_server(stack: Stack, count: int) -> Iterator[dict[str, Any]]:
    """The same stories, each question of theirs put to this stack's web process."""
    made = fill(words=120, reviewers=0)
    people = [stack.client(person) for person in made.authors]
    section = made.sections[0]
    place = f"/write/{section.brief_id}/sections/{section.pk}"
    asking = subprocess.Popen(
        _node("--from", 1, "--to", count, "--remote", 1, "--changes", 40),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asking.stdin
    assert asking.stdout
    try:
        for line in asking.stdout:
            told = json.loads(line)
            if "ask" not in told:
                yield told
                continue
            asking.stdin.write(json.dumps(_answer(people, place, told["ask"])) + "\n")
            asking.stdin.flush()
    finally:
        asking.kill()
        asking.wait()


def _answer(people: list[Client], place: str, asked: dict[str, Any]) -> dict[str, Any]:
    person = people[int(asked["user"][1:]) % len(people)]
    path = f"{place}{asked['url']}"
    answer = person.post(path, json=asked["body"]) if asked["method"] == "POST" else person.get(path)
    return {"status": answer.status, "body": answer.json()}
