"""Guards that a whole round can work at once: 200 reviewers reading and commenting (TRUST, figures).

Each opens the room, reads a section, marks it as read, writes a comment, looks at their comments, and thinks
for some seconds in between. Every comment that was answered for is in the database exactly once afterwards.
Memory is that of the web processes, all of one minute's work after the first third against the end. Shortened
to one minute; MINUTES=30 takes TRUST's half an hour. Units: requests, comments, milliseconds, percent.

Broken on purpose: with a ``time.sleep(2.5)`` in the view of the room p95 was 2,647 ms ("many_reviewers.p95").
"""

from __future__ import annotations

import http.client
import os
import random
import re
import threading
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.client import Answer, Client
from bench.figures import Figure, at_most, none, p95
from bench.filling import fill
from bench.stack import Stack

REVIEWERS = 200
#: Seconds of thought between two requests, from and to: 200 people then ask some 13 times a second.
THOUGHT = (5.0, 25.0)
MARK = re.compile(r"mr-[0-9a-f]{32}")


@dataclass
class Told:
    """What all of them saw."""

    seconds: list[float] = field(default_factory=list)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def note(self, page: str, answer: Answer) -> None:
        with self.lock:
            self.seconds.append(answer.seconds)
            self.by_page.setdefault(page, []).append(answer.seconds)
            if answer.status >= 400:
                self.errors.append(f"{page} {answer.status}")


class Reviewer(threading.Thread):
    """One person at a browser, until it is over."""

    def __init__(self, client: Client, room: str, sections: list[str], told: Told, over: threading.Event, seed: int):
        super().__init__(daemon=True)
        self.client, self.room, self.sections = client, room, sections
        self.told, self.over = told, over
        self.luck = random.Random(seed)  # noqa: S311

    def run(self) -> None:
        # Nobody comes at the same moment as everybody else.
        self.over.wait(self.luck.uniform(0, THOUGHT[1]))
        while not self.over.is_set():
            for act in (self.look, self.read, self.mark, self.comment, self.list):
                if self.over.is_set():
                    return
                self.section = self.luck.choice(self.sections)
                try:
                    act()
                except (OSError, http.client.HTTPException) as error:
                    self.told.errors.append(f"{act.__name__} {type(error).__name__}")
                self.over.wait(self.luck.uniform(*THOUGHT))

    def look(self) -> None:
        self.told.note("room", self.client.get(self.room))

    def read(self) -> None:
        self.told.note("section", self.client.get(f"{self.room}sections/{self.section}/"))

    def mark(self) -> None:
        self.told.note("mark", self.client.post(f"{self.room}sections/{self.section}/read/", {"read": "1"}))

    def comment(self) -> None:
        words = f"mr-{uuid.uuid4().hex} A source would help here."
        given = {"body": words, "type": "technical", "severity": "major", "section": self.section}
        answer = self.client.post(f"{self.room}comments/new/", given)
        self.told.note("comment", answer)
        if answer.status in (302, 303):
            with self.told.lock:
                self.told.saved.append(words.split()[0])

    def list(self) -> None:
        self.told.note("comments", self.client.get(f"{self.room}comments/"))


def run(stack: Stack) -> Iterable[Figure]:
    from brief.models import Comment

    minutes = float(os.environ.get("MINUTES") or 1)
    made = fill(words=5_000, sections=8, reviewers=stack.times(REVIEWERS))
    assert made.round is not None
    told, over = Told(), threading.Event()
    assert made.round is not None
    room = f"/review/{made.round.pk}/"
    people = [
        Reviewer(
            stack.client(user, address=f"10.4.{number // 250}.{number % 250 + 1}"),
            room,
            [str(each.pk) for each in made.sections],
            told,
            over,
            number,
        )
        for number, user in enumerate(made.reviewers)
    ]
    for person in people:
        person.start()
    over.wait(minutes * 20)
    early = memory(stack)
    over.wait(minutes * 40)
    late = memory(stack)
    over.set()
    for person in people:
        person.join(60)
    stored = Counter(
        mark
        for body in Comment.objects.filter(body__startswith="mr-").values_list("body", flat=True)
        for mark in MARK.findall(body)
    )
    asked = len(told.seconds)
    about = f"{len(people)} reviewers, {minutes:g} min, {asked / (minutes * 60):.1f} requests/s"
    yield none("many_reviewers.errors", len(told.errors), asked, unit="requests", note="; ".join(told.errors[:3]))
    lost = [mark for mark in told.saved if not stored[mark]]
    yield none("many_reviewers.lost", len(lost), len(told.saved), unit="comments")
    yield none("many_reviewers.doubled", sum(n > 1 for n in stored.values()), len(told.saved), unit="comments")
    slow = ", ".join(f"{page} {p95(taken) * 1000:.0f}" for page, taken in sorted(told.by_page.items()))
    yield at_most("many_reviewers.p95", p95(told.seconds) * 1000, "ms", gate=500, note=f"{about}; {slow}")
    growth = 100 * (late / early - 1)
    yield at_most("many_reviewers.memory_growth", growth, "%", gate=10, note=f"{late / 1024**2:.0f} MB at the end")


def memory(stack: Stack) -> int:
    """Bytes of all web processes."""
    return sum(part.memory for name, part in stack.processes.items() if name.rstrip("0123456789") == "web")
