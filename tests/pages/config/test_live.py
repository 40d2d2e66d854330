"""The live stream, through the ASGI application itself and PostgreSQL's NOTIFY."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from accounts.models import User
from brief.models import Role
from config import live
from config.asgi import application
from ledger.live import notify
from tests.cast import Cast

Message = dict[str, Any]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    made = Cast()
    assert made.brief
    return made


@pytest.fixture(autouse=True)
def _own_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub of this test's loop, that asks for rights often."""
    monkeypatch.setattr(live, "hub", live.Hub())
    monkeypatch.setattr(live, "RECHECK", 0.3)
    yield


class Client:
    """One request to `/live/`, as a server would put it."""

    def __init__(self, cast: Cast, person: User | None, query: str, method: str = "GET") -> None:
        cookie = f"{settings.SESSION_COOKIE_NAME}={cast.session(person)}" if person else "x=y"
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": "/live/",
            "raw_path": b"/live/",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1),
        }
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.text = ""
        self.ended = asyncio.Event()
        self.leave = asyncio.Event()
        self._asked = False

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.text += message.get("body", b"").decode()
            if not message.get("more_body"):
                self.ended.set()

    async def until(self, words: str) -> None:
        async with asyncio.timeout(5):
            while words not in self.text:
                await asyncio.sleep(0.01)


def with_client(client: Client, story: Callable[[Client], Awaitable[None]]) -> Client:
    """Run a story beside an open stream."""

    async def run() -> None:
        task = asyncio.create_task(application(client.scope, client.receive, client.send))
        try:
            await story(client)
        finally:
            client.leave.set()
            await asyncio.wait_for(task, 5)
            for each in live.hub.tasks:
                each.cancel()

    # In a thread of its own: browser tests leave their driver's loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
    return client


async def tell(topic: str, scope: Any, **data: Any) -> None:
    def send() -> None:
        notify(topic, scope=scope, **data)
        connection.close()

    await sync_to_async(send, thread_sensitive=False)()


async def nothing(client: Client) -> None:
    await asyncio.wait_for(client.ended.wait(), 5)


def test_an_author_hears_what_happens_to_the_brief(cast: Cast) -> None:
    async def story(client: Client) -> None:
        await client.until("event: resync")
        await tell("section", cast.brief.pk, section="s1", version=7)
        await client.until('event: section\ndata: {"section":"s1","version":7}\n\n')

    client = with_client(Client(cast, cast.lead, f"brief={cast.brief.pk}"), story)
    assert client.status == 200
    assert client.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert client.headers[b"cache-control"] == b"no-store"
    assert client.headers[b"content-security-policy"].startswith(b"default-src 'none'")


def test_another_brief_and_unknown_topics_are_not_heard(cast: Cast) -> None:
    async def story(client: Client) -> None:
        await client.until("event: resync")
        await tell("section", uuid4(), section="elsewhere", version=1)
        await tell("gossip", cast.brief.pk, word="x")
        await tell("section", cast.brief.pk, section="here", version=1)
        await client.until("here")

    client = with_client(Client(cast, cast.lead, f"brief={cast.brief.pk}"), story)
    assert "elsewhere" not in client.text
    assert "gossip" not in client.text


def test_an_approver_hears_jobs_and_nothing_of_the_living_draft(cast: Cast) -> None:
    async def story(client: Client) -> None:
        await client.until("event: resync")
        await tell("section", cast.brief.pk, section="s1", version=7)
        await tell("presence", cast.brief.pk, section="s1", people=[])
        await tell("job", cast.brief.pk, job="j1", state="done")
        await client.until("j1")

    client = with_client(Client(cast, cast.approver, f"brief={cast.brief.pk}"), story)
    assert "s1" not in client.text


@pytest.mark.parametrize("name", ["outsider", "former", "reviewer", "admin"])
def test_who_has_no_role_gets_the_plain_not_found(cast: Cast, name: str) -> None:
    client = with_client(Client(cast, cast[name], f"brief={cast.brief.pk}"), nothing)
    assert client.status == 404


@pytest.mark.parametrize("query", ["", "brief=", "brief=no", "brief=00000000-0000-4000-8000-000000000000", "brief=%00"])
def test_a_brief_that_is_none_is_not_found(cast: Cast, query: str) -> None:
    assert with_client(Client(cast, cast.lead, query), nothing).status == 404


def test_a_stranger_is_redirected_as_everywhere(cast: Cast) -> None:
    client = with_client(Client(cast, None, f"brief={cast.brief.pk}"), nothing)
    assert (client.status, client.headers[b"location"]) == (302, b"/account/login/")


def test_the_stream_takes_no_other_method(cast: Cast) -> None:
    client = with_client(Client(cast, cast.lead, f"brief={cast.brief.pk}", method="PUT"), nothing)
    # Without the token of the page it is refused even earlier.
    assert client.status in (403, 405)


def test_a_role_that_is_taken_ends_the_stream_by_itself(cast: Cast) -> None:
    async def story(client: Client) -> None:
        await client.until("event: resync")
        await Role.objects.filter(user=cast.partner).adelete()
        await asyncio.wait_for(client.ended.wait(), 5)

    assert with_client(Client(cast, cast.partner, f"brief={cast.brief.pk}"), story).status == 200


def test_a_word_about_rights_ends_it_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK", 60)

    async def story(client: Client) -> None:
        await client.until("event: resync")
        await Role.objects.filter(user=cast.partner).adelete()
        await tell("rights", cast.brief.pk)
        await asyncio.wait_for(client.ended.wait(), 5)

    with_client(Client(cast, cast.partner, f"brief={cast.brief.pk}"), story)


def test_a_slow_client_is_told_to_pull_instead_of_being_flooded() -> None:
    async def run() -> list[bytes | None]:
        stream = live.Stream(live.Viewer("s", uuid4(), frozenset({"section"})))
        for number in range(live.QUEUE + 1):
            stream.offer(b"%d" % number)
        return [stream.events.get_nowait() for _ in range(stream.events.qsize())]

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, run()).result() == [live.RESYNC]
