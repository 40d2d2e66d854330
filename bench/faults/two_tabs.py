"""Guards that two tabs of one person on one section never overwrite each other silently (TRUST, figures).

1,000 interleavings, drawn by a seeded source: both save at once on one version; one is behind by one to
four saves and then rebases; one request arrives twice at once; another tab uses the same key; other words
come under a key that was used; a tab claims a version that there is not. What a tab writes is words with a
mark of their own, put among others' or over words that this tab has read. Afterwards every stored step is
carried out again, one by one: marks may go only in a request that said it replaces them. Units: marks,
answers.

Broken on purpose: with ``if version > section.version`` in place of ``!=`` in brief/steps.py, so that who is
behind is stored as if nothing had come between, 60 interleavings overwrote 6 marks ("silent_overwrites",
"lost"), 42 texts strayed and 42 answers were wrong. Without the comparison of versions in
``_answered_before`` other words under a used key were called saved ("wrong_answers" 5 of 5).
"""

from __future__ import annotations

import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from bench.client import SESSION, Answer, Client
from bench.figures import Figure, none
from bench.filling import fill
from bench.stack import Stack

MARK = re.compile(r"zz[0-9a-f]{12}")


def run(stack: Stack) -> Iterable[Figure]:
    made = fill(words=120, reviewers=0)
    first, second = stack.client(made.lead), stack.client(made.lead)
    second.cookies[SESSION] = first.cookies[SESSION]
    scene = Scene(Tab(first, made.section), Tab(second, made.section), random.Random(1_000))  # noqa: S311
    rounds = stack.times(1_000)
    with ThreadPoolExecutor(2) as pool:
        for _round in range(rounds):
            scene.play(pool)
    told = scene.judge(made.section)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(scene.played.items()))
    yield none("two_tabs.silent_overwrites", len(told["overwritten"]), rounds, unit="marks", note=kinds)
    yield none("two_tabs.lost", len(told["lost"]), told["saved"], unit="marks")
    yield none("two_tabs.doubled", len(told["doubled"]), told["saved"], unit="marks")
    yield none("two_tabs.strayed", told["strayed"], told["saved"], unit="texts unlike the server's")
    wrong = scene.wrong
    yield none("two_tabs.wrong_answers", len(wrong), scene.answers, unit="answers", note="; ".join(wrong[:2]))


@dataclass
class Change:
    """Words to be written: a mark, and what it replaces (marks this tab has read)."""

    mark: str
    instead: list[str] = field(default_factory=list)


@dataclass
class Request:
    """What goes over the wire; ``change`` is what it means."""

    change: Change
    version: int
    key: str
    client: str
    steps: list[Any]


class Tab:
    """The text as one tab has it, and its way to the server."""

    def __init__(self, client: Client, section: Any) -> None:
        self.http, self.name = client, uuid.uuid4().hex
        self.path = f"/write/{section.brief_id}/sections/{section.pk}/steps"
        self.strayed = 0
        self.load()

    def load(self) -> None:
        told = self.http.get(self.path.replace("/steps", "/document")).json()
        self.version, self.schema = told["version"], told["schema"]
        self.text = json.dumps(told["doc"])

    def make(self, change: Change, luck: random.Random, **other: Any) -> Request:
        """The change as steps on the text as this tab has it now: making it again is its rebase."""
        from document.engine import engine

        steps = json.loads(engine().edit(self.text, [edit(self.text, change, luck)]))
        known = {"version": self.version, "key": uuid.uuid4().hex, "client": self.name}
        return Request(change, steps=steps, **{**known, **other})

    def post(self, request: Request) -> Answer:
        fields = ("version", "key", "client", "steps")
        return self.http.post(
            self.path, json={name: getattr(request, name) for name in fields} | {"schema": self.schema}
        )

    def take(self, told: dict[str, Any]) -> None:
        """Carry out what was missed; a text that is not the server's then is loaded anew, as the editor does."""
        from document.engine import EngineError, engine

        try:
            self.text = engine().replay(self.text, [json.dumps(step) for step in told["steps"]])
            self.version = told["version"]
            astray = bool(told["hash"]) and engine().hash(self.text) != told["hash"]
        except EngineError:
            astray = True
        if astray:
            self.strayed += 1
            self.load()

    def pull(self) -> None:
        self.take(self.http.get(f"{self.path}?since={self.version}").json())


class Scene:
    def __init__(self, one: Tab, two: Tab, luck: random.Random) -> None:
        self.tabs, self.luck = (one, two), luck
        self.first, self.began = one.text, one.version
        self.stored: list[Request] = []
        self.wanted: list[Change] = []
        self.played: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.answers = 0
        self.kinds: list[tuple[str, Callable[[ThreadPoolExecutor], None]]] = [
            *[("at once", self.at_once)] * 4,
            *[("behind", self.behind)] * 4,
            ("twice", self.twice),
            ("same key", self.same_key),
            ("used key", self.used_key),
            ("ahead", self.ahead),
        ]

    def play(self, pool: ThreadPoolExecutor) -> None:
        name, act = self.luck.choice(self.kinds)
        self.played[name] += 1
        act(pool)

    # --- what may happen ---------------------------------------------------------------------------

    def at_once(self, pool: ThreadPoolExecutor) -> None:
        """Both save on the same version at the same moment: one is stored, the other rebases."""
        for tab in self.tabs:
            tab.pull()
        requests = [tab.make(self._change(tab), self.luck) for tab in self.tabs]
        answers = self._together(pool, requests)
        self._expect(sorted(each.status for each in answers) == [200, 409], "at once", answers)
        for tab, request, answer in zip(self.tabs, requests, answers, strict=True):
            self._settle(tab, request, answer)

    def behind(self, pool: ThreadPoolExecutor) -> None:
        """One saves a few times; the other, which has read none of it, is told what it missed."""
        ahead, late = self._drawn()
        ahead.pull()
        late.pull()
        request = late.make(self._change(late), self.luck)
        for _save in range(self.luck.randint(1, 4)):
            self._save(ahead)
        answer = late.post(request)
        missed = len(answer.json().get("steps", [])) if answer.status == 409 else 0
        self._expect(answer.status == 409 and missed == ahead.version - late.version, "behind", [answer])
        self._settle(late, request, answer)

    def twice(self, pool: ThreadPoolExecutor) -> None:
        """The same request on both connections at once: one effect, the same answer."""
        tab = self.tabs[0]
        tab.pull()
        request = tab.make(self._change(tab), self.luck)
        answers = self._together(pool, [request, request])
        same = answers[0].status == 200 and answers[0].body == answers[1].body
        self._expect(same, "twice", answers)
        self._settle(tab, request, answers[0])

    def same_key(self, pool: ThreadPoolExecutor) -> None:
        """A key is a client's own: another tab's words under it are stored, too."""
        ahead, late = self._drawn()
        ahead.pull()
        request = ahead.make(self._change(ahead), self.luck)
        self._settle(ahead, request, ahead.post(request))
        late.pull()
        other = late.make(self._change(late), self.luck, key=request.key)
        answer = late.post(other)
        self._expect(answer.status == 200 and answer.json()["version"] > request.version + 1, "same key", [answer])
        self._settle(late, other, answer)

    def used_key(self, pool: ThreadPoolExecutor) -> None:
        """Other words under the key and name of what is stored: never called saved."""
        ahead, late = self._drawn()
        request = self._save(ahead)
        late.pull()
        other = late.make(self._change(late), self.luck, key=request.key, client=request.client)
        answer = late.post(other)
        self._expect(answer.status == 422, "used key", [answer])
        # The words are handed back to the person, who saves them again.
        self._settle(late, late.make(other.change, self.luck), None)

    def ahead(self, pool: ThreadPoolExecutor) -> None:
        """On a version that there is not: to be loaded again, with the words kept."""
        tab = self._drawn()[0]
        tab.pull()
        change = self._change(tab)
        answer = tab.post(tab.make(change, self.luck, version=tab.version + 3))
        self._expect(answer.status == 410, "ahead", [answer])
        self._settle(tab, tab.make(change, self.luck), None)

    # --- how -----------------------------------------------------------------------------------------

    def _drawn(self) -> list[Tab]:
        return self.luck.sample(self.tabs, 2)

    def _change(self, tab: Tab) -> Change:
        """Sometimes over one to three marks that stand together in the text as this tab has it."""
        mark = f"zz{uuid.uuid4().hex[:12]}"
        instead: list[str] = []
        if self.luck.random() < 0.4:
            run = self.luck.choice(marked_runs(tab.text) or [[]])
            start = self.luck.randrange(max(1, len(run)))
            instead = run[start : start + self.luck.randint(1, 3)]
        change = Change(mark, instead)
        self.wanted.append(change)
        return change

    def _save(self, tab: Tab) -> Request:
        tab.pull()
        request = tab.make(self._change(tab), self.luck)
        self._settle(tab, request, tab.post(request))
        return request

    def _settle(self, tab: Tab, request: Request, answer: Answer | None) -> None:
        """Until the words are stored: whoever is behind takes what it missed and says them again."""
        for _try in range(20):
            answer = answer or tab.post(request)
            self.answers += 1
            if answer.status == 200:
                tab.take({**answer.json(), "steps": request.steps})
                self.stored.append(request)
                return
            if answer.status == 409:
                tab.take(answer.json())
            else:
                self.wrong.append(f"{answer.status} {answer.text[:120]}")
                tab.pull()
            request, answer = tab.make(request.change, self.luck), None
        raise RuntimeError(f"never stored: {self.wrong[-1]}")

    def _together(self, pool: ThreadPoolExecutor, requests: list[Request]) -> list[Answer]:
        barrier = Barrier(len(requests))

        def send(tab: Tab, request: Request) -> Answer:
            barrier.wait()
            return tab.post(request)

        return list(pool.map(send, self.tabs, requests))

    def _expect(self, so: bool, what: str, answers: list[Answer]) -> None:
        self.answers += len(answers)
        if not so:
            self.wrong.append(f"{what}: " + " / ".join(f"{each.status} {each.text[:80]}" for each in answers))

    # --- what came of it -----------------------------------------------------------------------------

    def judge(self, section: Any) -> dict[str, Any]:
        """Carry out every stored step again; whose marks went without being meant?"""
        from brief.models import Step
        from document.engine import engine

        by_key = {(each.client, each.key): each.change for each in self.stored}
        text, had = self.first, set(MARK.findall(self.first))
        overwritten: list[str] = []
        for row in Step.objects.filter(section=section, version__gt=self.began).order_by("version"):
            text = engine().replay(text, [row.step])
            has = set(MARK.findall(text))
            change = by_key.get((row.client, row.key))
            overwritten += had - has - set(change.instead if change else [])
            had = has
        replaced = {mark for each in self.stored for mark in each.change.instead}
        count = Counter(MARK.findall(text))
        for tab in self.tabs:
            tab.pull()
        self.tabs[0].load()
        server = self.tabs[0].text
        return {
            "overwritten": overwritten,
            "lost": [each.mark for each in self.wanted if not count[each.mark] and each.mark not in replaced],
            "doubled": [mark for mark, times in count.items() if times > 1],
            "strayed": sum(tab.strayed for tab in self.tabs) + (engine().hash(text) != engine().hash(server)),
            "saved": len(self.stored),
        }


def blocks(text: str) -> list[tuple[str, str]]:
    """(id, words) of every paragraph."""
    from document import tree

    doc = json.loads(text)
    return [(tree.block_id(each), tree.block_text(each)) for each in tree.blocks(doc) if each["type"] == "paragraph"]


def marked_runs(text: str) -> list[list[str]]:
    """Marks that stand next to one another."""
    found = []
    for _block, words in blocks(text):
        found += [MARK.findall(run) for run in re.findall(r"(?:zz[0-9a-f]{12} ?)+", words)]
    return found


def edit(text: str, change: Change, luck: random.Random) -> dict[str, Any]:
    """In place of the marks it replaces, as far as they still stand together; otherwise between two words."""
    known = blocks(text)
    change.instead = [mark for mark in change.instead if any(mark in words for _block, words in known)]
    for block, words in known if change.instead else []:
        joined = " ".join(change.instead)
        if (at := words.find(joined)) >= 0:
            return {"op": "replace_text", "block": block, "from": at, "to": at + len(joined), "text": change.mark}
    change.instead = []
    block, words = luck.choice(known)
    at = luck.choice([match.end() for match in re.finditer(" ", words)] or [0])
    return {"op": "replace_text", "block": block, "from": at, "to": at, "text": f"{change.mark} "}
