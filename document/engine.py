"""The document language, running: ``editor/schema.ts`` and its rules inside V8.

The rules are written once, in TypeScript; this is the door to them. A process makes its context
when it first needs one (never before a fork), keeps the documents it used last parsed, and throws
the context away when it grew or failed: whoever asked is told ``NotLoaded`` and loads again.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import json
import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

BUNDLE = Path(__file__).resolve().parent.parent / "build" / "engine" / "engine.js"

#: Seconds one call may take; a refusal takes milliseconds, a 30,000-word import less than one.
TIME_LIMIT = 8.0
#: Bytes of V8 heap: above the first a context is replaced, at the second V8 stops it.
GROWN = 256 * 1024 * 1024
HEAP_LIMIT = 640 * 1024 * 1024
#: Calls between two looks at the heap; one look costs about as much as a small call.
LOOK_EVERY = 200


class EngineError(Exception):
    """The engine failed: no bundle, out of time, out of memory, or a fault of ours."""


class Refused(EngineError):
    """The document or the change is not allowed. ``code`` is for programs, ``sentence`` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class NotLoaded(EngineError):
    """This process does not hold that document parsed: ``load`` it, then ask again."""


@dataclass(frozen=True)
class Applied:
    """What a batch of steps came to. ``steps`` are the engine's own writing of them (store these,
    never what came in); ``maps`` are JSON lists ``[start, old size, new size, …]``, one a step."""

    version: int
    steps: list[str]
    maps: list[str]
    hash: str


@dataclass(frozen=True)
class Query:
    """Words to be found (``editor/find/matches.ts``)."""

    text: str
    match_case: bool = False
    whole_words: bool = False

    def text_of(self) -> str:
        return json.dumps({"text": self.text, "matchCase": self.match_case, "wholeWords": self.whole_words})


class Engine:
    """One V8 context. Safe to share between threads: V8 runs one call at a time."""

    def __init__(self, bundle: Path = BUNDLE) -> None:
        self._bundle = bundle
        self._lock = threading.Lock()
        #: Held while V8 runs: it runs one call at a time, and answers come without a name.
        self._turn = threading.Lock()
        self._context: MiniRacer | None = None
        self._calls = 0

    def _start(self) -> MiniRacer:
        try:
            source = self._bundle.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise EngineError(f"{self._bundle.name} has not been built: run `make build`") from None

        def create() -> MiniRacer:
            context = MiniRacer()
            context.set_hard_memory_limit(HEAP_LIMIT)
            context.eval(source, timeout_sec=TIME_LIMIT)
            return context

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return create()
        # Made on a thread that runs an event loop, the context would borrow that loop and then
        # wait for itself.
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(create).result()

    def _ready(self) -> MiniRacer:
        with self._lock:
            self._calls += 1
            context = self._context
            look = self._calls % LOOK_EVERY == 0
            if context is None or (look and context.heap_stats()["used_heap_size"] > GROWN):
                context = self._context = self._start()
            return context

    def _discard(self, context: MiniRacer) -> None:
        with self._lock:
            if self._context is context:
                self._context = None

    def close(self) -> None:
        """Let V8 go; the next call makes a new context."""
        with self._lock:
            context, self._context = self._context, None
        if context is not None:
            context.close()

    def abandon(self) -> None:
        """Never touch the context again, not even to free it: it is of the process we were forked from."""
        context, self._context = self._context, None
        if context is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(context._own_context_maker))
            context._own_context_maker = None

    def _call(self, name: str, *args: str | int) -> str:
        code = f"Engine.call({json.dumps(name)},{json.dumps(args)})"
        with self._turn:
            context = self._ready()
            try:
                answer = str(_evaluated(context, code))
            except (JSTimeoutException, JSOOMException) as error:
                self._discard(context)
                raise Refused("heavy", "This is more than can be worked through at once.") from error
            except JSEvalException as error:
                self._discard(context)
                raise EngineError(f"the engine failed in {name}: {error}") from error
        match answer[:1]:
            case "=":
                return answer[1:]
            case "?":
                raise NotLoaded(f"{name}: the document is not loaded in this process")
            case _:
                raise Refused(**json.loads(answer[1:]))

    @cached_property
    def _spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = json.loads(self._call("spec"))
        return spec

    def spec(self) -> dict[str, Any]:
        """``{version, nodes: {name: {attrs, content, inline, leaf, textblock}}, marks: {name:
        {attrs}}, callout_kinds, recommendation_kinds, cell_scopes}``."""
        return self._spec

    @property
    def schema_version(self) -> int:
        return int(self._spec["version"])

    def empty(self) -> str:
        """A new section's text: one empty paragraph with an id."""
        return self._call("empty")

    def check(self, doc: str) -> str:
        """The document in canonical JSON, ids repaired. For documents the server made.

        Raises Refused when it is not sound, larger than 4 MB or nested deeper than 50.
        """
        return self._call("check", doc)

    def hash(self, doc: str) -> str:
        """The Merkle hash of a sound document's text: 64 hexadecimal digits."""
        return self._call("hash", doc)

    def hash_at(self, section: str, version: int) -> str:
        """The hash of a kept document, without reading it again. Raises NotLoaded."""
        return self._call("hashAt", section, version)

    def load(self, section: str, version: int, doc: str) -> str:
        """Keep a stored document parsed as ``section`` at ``version``; its hash."""
        return self._call("load", section, version, doc)

    def apply(self, section: str, version: int, steps: str) -> Applied:
        """Carry out a JSON array of steps, all or none, on the document loaded at ``version``.

        The result is kept at the new version, the old one too. Raises NotLoaded, Refused.
        A caller whose transaction then fails must ``forget`` what came after ``version``.
        """
        return Applied(**json.loads(self._call("apply", section, version, steps)))

    def forget(self, section: str, after: int) -> None:
        """Drop every kept document of the section with a version above ``after``."""
        self._call("forget", section, after)

    def text(self, section: str, version: int) -> str:
        """Canonical JSON text of a kept document. Raises NotLoaded."""
        return self._call("text", section, version)

    def suggests_only(self, section: str, before: int, after: int, own: list[str]) -> bool:
        """Whether from one kept document to the other only suggestions came or went, and only one's ``own`` or new
        ones. Raises NotLoaded."""
        return self._call("suggestsOnly", section, before, after, json.dumps(own)) == "1"

    def replay(self, doc: str, steps: list[str]) -> str:
        """The text after stored steps, oldest first."""
        return self._call("replay", doc, json.dumps(steps))

    def resolve(self, doc: str, decisions: dict[str, str]) -> str:
        """The text with suggestions accepted or rejected: id → "accept" or "reject", "*" for all."""
        return self._call("resolve", doc, json.dumps(decisions))

    def suggestions(self, doc: str) -> list[dict[str, Any]]:
        """What is suggested in the text, first things first: ``{id, before, after, forms, words, block}``.

        ``before`` goes and ``after`` comes when it is accepted; ``forms`` names what changes of ``words``.
        """
        found: list[dict[str, Any]] = json.loads(self._call("suggestions", doc))
        return found

    def take_back(self, before: str, decided: list[str], since: list[str], decision: str) -> dict[str, Any]:
        """``{steps, ids}``: steps that bring back what ``decided`` did ("accept" or "reject"), and its suggestions.

        ``before`` is the text before it, ``since`` the steps after it. Raises Refused ("changed") when somebody has
        changed the place.
        """
        asked = f"[{','.join(decided)}]", f"[{','.join(since)}]", decision
        made: dict[str, Any] = json.loads(self._call("takeBack", before, *asked))
        return made

    def edit(self, doc: str, edits: list[dict[str, Any]]) -> str:
        """A JSON array of steps that carry out the server's edits on ``doc``, for ``apply``.

        ``{"op": "replace_text", "block", "from", "to", "text"}`` (offsets in the block's text),
        ``{"op": "replace_document", "doc"}``, ``{"op": "insert_blocks", "after", "blocks"}``,
        ``{"op": "resolve", "decisions"}`` (as for ``resolve``, in steps that comments follow),
        ``{"op": "cite_instead", "from", "to"}`` (keys of sources).
        May be empty (``[]``) when nothing differs.
        """
        return self._call("edit", doc, json.dumps(edits))

    def find(self, doc: str, query: Query, most: int) -> dict[str, Any]:
        """``{count, shown: [{block, attribute, before, match, after}]}``, at most ``most`` of them shown."""
        found: dict[str, Any] = json.loads(self._call("find", doc, query.text_of(), most))
        return found

    def replace(self, doc: str, query: Query, replacement: str) -> dict[str, Any]:
        """``{count, steps, undo}``: JSON texts of steps for ``apply``, and what ``restore`` needs after them."""
        made: dict[str, Any] = json.loads(self._call("replace", doc, query.text_of(), replacement))
        return made

    def suggest_replace(self, doc: str, query: Query, replacement: str) -> dict[str, Any]:
        """``{count, left, steps, undo}``: the same as suggestions, one a place: ``undo`` is ``[{suggestion: id}]``.

        ``left`` says in how many places it could not be suggested truly; those stay as they are.
        """
        made: dict[str, Any] = json.loads(self._call("suggestReplace", doc, query.text_of(), replacement))
        return made

    def restore(self, doc: str, since: list[str], undo: list[Any]) -> dict[str, Any]:
        """``{count, steps}`` that put a replacement back; ``since`` are the position maps stored after it.

        Places that somebody has changed since are left as they are, and not counted.
        """
        made: dict[str, Any] = json.loads(self._call("restore", doc, f"[{','.join(since)}]", json.dumps(undo)))
        return made


def _evaluated(context: MiniRacer, code: str) -> object:
    """``context.eval``, straight to V8's thread; one caller at a time.

    MiniRacer's own goes to the thread of its event loop, on to V8 and back through both: 0.44 ms for nothing,
    where this takes 0.05. The context is of no use after an exception: its answer may still come.
    """
    inner = context._ctx
    if inner is None:
        raise EngineError("the engine was closed")
    source = inner._python_to_value_handle(code)
    task = inner._dll.mr_eval(inner._ctx, source.raw, _WITHOUT_A_LOOP)
    try:
        answer = inner._non_cancelable_mr_task_results_queue.get(timeout=TIME_LIMIT)
    except queue.Empty:
        inner._dll.mr_cancel_task(inner._ctx, task)
        raise JSTimeoutException from None
    return inner._value_handle_to_python(answer)


#: The number of a call in MiniRacer whose answer lands in its queue.
_WITHOUT_A_LOOP = 0

_engines: dict[int, Engine] = {}
_engines_lock = threading.Lock()


def engine() -> Engine:
    """This process's engine, made when first asked for: V8 does not survive a fork."""
    pid = os.getpid()
    found = _engines.get(pid)
    if found is None:
        with _engines_lock:
            found = _engines.setdefault(pid, Engine())
    return found


def _after_fork() -> None:
    # A lock held by another thread at the fork would stay locked for ever in the child.
    global _engines_lock
    _engines_lock = threading.Lock()
    for inherited in _engines.values():
        inherited.abandon()
    _engines.clear()


os.register_at_fork(after_in_child=_after_fork)


@atexit.register
def _close() -> None:
    """While threads still run: a context that is collected after them waits for its own for ever."""
    found = _engines.get(os.getpid())
    if found is not None:
        found.close()
