"""The live stream: `GET /live/?brief=<id>` as server-sent events, fed by PostgreSQL NOTIFY.

One connection per process listens and fans out to the streams of a brief. What a stream may carry
follows from the viewer's rights, which are asked again every 15 seconds and when somebody notifies
`rights`. Events are hints: a client that misses one pulls, and a `resync` event tells it to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

from brief import permissions
from config import rights
from config.parts import direct_parameters
from ledger import metrics
from ledger.live import CHANNEL
from ledger.refusals import allowed

log = logging.getLogger(__name__)

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/live/"
#: Seconds between questions about rights, and between signs of life.
RECHECK = 15.0
#: Events that may wait for a slow client before it is told to pull instead.
QUEUE = 64
#: Topic → the permit that lets a viewer hear it; a topic that is not here is heard by nobody.
TOPICS = {
    "section": permissions.read_draft,
    "presence": permissions.read_draft,
    "outline": permissions.read_draft,
    "talk": permissions.talk,
    "job": permissions.open_brief,
}
RESYNC = b"event: resync\ndata: {}\n\n"
_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")


@dataclass(frozen=True)
class Viewer:
    """Whose stream it is: a session, a brief, and what may be heard of it."""

    session: str
    brief: UUID
    topics: frozenset[str]


@dataclass(eq=False)
class Stream:
    viewer: Viewer
    events: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def offer(self, event: bytes | None) -> None:
        """Queue an event; None ends the stream. A full queue is replaced by one `resync`."""
        if self.events.full() or event is None:
            while not self.events.empty():
                self.events.get_nowait()
            self.events.put_nowait(RESYNC if event is not None else None)
        else:
            self.events.put_nowait(event)


async def viewer(scope: Scope) -> Viewer | None:
    """Who asks for this stream, or None when pages should answer (stranger, no right, nonsense)."""
    cookies: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookies.load(value.decode("latin1"))
    session = cookies.get(settings.SESSION_COOKIE_NAME)
    asked = parse_qs(scope["query_string"].decode("latin1")).get("brief", [""])[0]
    try:
        brief = UUID(asked)
    except ValueError:
        return None
    if session is None:
        return None
    key = session.value
    found = await asyncio.get_running_loop().run_in_executor(_asking, _ask_here, [key], brief)
    return found.get(key)


def ask(session: str, brief: UUID) -> Viewer | None:
    """One viewer's rights as they are now."""
    return ask_all([session], brief).get(session)


def ask_all(sessions: list[str], brief: UUID) -> dict[str, Viewer]:
    """Session → its rights as they are now; who may hear nothing is not in it."""
    found: dict[str, Viewer] = {}
    for subject, signed_in in rights.people(sessions, brief):
        for session, user in signed_in.items():
            topics = _topics(frozenset(topic for topic, permit in TOPICS.items() if allowed(permit, user, subject)))
            if topics:
                found[session] = Viewer(session, brief, topics)
    return found


@cache
def _topics(topics: frozenset[str]) -> frozenset[str]:
    """One object for all who hear the same."""
    return topics


def _ask_here(sessions: list[str], brief: UUID) -> dict[str, Viewer]:
    """``ask_all`` in a thread of this module, which gives its connection back each time."""
    try:
        return ask_all(sessions, brief)
    finally:
        connection.close()


class Hub:
    """All streams of this process, and the one connection that feeds them."""

    def __init__(self) -> None:
        self.streams: dict[UUID, set[Stream]] = defaultdict(set)
        self.tasks: list[asyncio.Task[None]] = []
        #: Rechecks under way: the loop itself keeps only weak references.
        self.rechecks: set[asyncio.Task[None]] = set()

    async def serve(self, viewer: Viewer, receive: Receive, send: Send) -> None:
        """Answer one client until it leaves, loses its rights, or the process ends."""
        self._ensure_running()
        stream = Stream(viewer)
        self.streams[viewer.brief].add(stream)
        leaving = asyncio.create_task(_left(receive, stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _write(send, b"retry: 3000\n\n")
            while True:
                try:
                    event = await asyncio.wait_for(stream.events.get(), RECHECK)
                except TimeoutError:
                    event = b": still here\n\n"
                if event is None:
                    break
                await _write(send, event)
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            self._forget(stream)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        for streams in self.streams.values():
            for stream in streams:
                stream.offer(None)

    def hear(self, payload: str) -> None:
        """One notification: to the streams of its brief whose viewers may hear its topic."""
        try:
            told = json.loads(payload)
            topic, brief = told.pop("topic"), UUID(told.pop("scope"))
        except (ValueError, KeyError):
            return
        if topic == "rights":
            self._recheck_soon(brief)
        event = f"event: {topic}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n".encode()
        for stream in self.streams.get(brief, ()):
            if topic in stream.viewer.topics:
                stream.offer(event)

    async def recheck(self, briefs: list[UUID]) -> None:
        """Ask for everybody's rights again; a stream whose rights changed ends, and its client reconnects."""
        loop = asyncio.get_running_loop()
        for brief in briefs:
            streams = list(self.streams.get(brief, ()))
            try:
                sessions = list({stream.viewer.session for stream in streams})
                now = await loop.run_in_executor(_asking, _ask_here, sessions, brief)
            except DatabaseError:
                # Without the database nothing is written or heard; rights are asked again when it is back.
                return
            for stream in streams:
                if now.get(stream.viewer.session) != stream.viewer:
                    stream.offer(None)

    def _ensure_running(self) -> None:
        if not self.tasks or any(task.done() for task in self.tasks):
            self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_checking())]

    def _recheck_soon(self, brief: UUID) -> None:
        task = asyncio.create_task(self.recheck([brief]))
        self.rechecks.add(task)
        task.add_done_callback(self.rechecks.discard)

    def _forget(self, stream: Stream) -> None:
        streams = self.streams.get(stream.viewer.brief, set())
        streams.discard(stream)
        if not streams:
            self.streams.pop(stream.viewer.brief, None)

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            await self.recheck(list(self.streams))

    async def _listen(self) -> None:
        """Listen for as long as the process runs; after a lost connection everybody is told to pull."""
        while True:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(**direct_parameters(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self._tell_all(RESYNC)
                    async for notification in listening.notifies():
                        self.hear(notification.payload)
            log.warning("live events: database away")
            await asyncio.sleep(1)

    def _tell_all(self, event: bytes) -> None:
        for streams in self.streams.values():
            for stream in streams:
                stream.offer(event)


hub = Hub()
metrics.LIVE.set_function(lambda: sum(len(streams) for streams in list(hub.streams.values())))
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx would hold events back otherwise.
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    # Events are data: opened as a page they can do nothing.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


async def _write(send: Send, event: bytes) -> None:
    await send({"type": "http.response.body", "body": event, "more_body": True})


async def _left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.offer(None)
