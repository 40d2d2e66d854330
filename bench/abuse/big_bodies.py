"""Requests too large, too slow or without end (TRUST, abuse): refused in two seconds, and nobody pays for them.

Every route that takes a POST gets bodies over its limits, straight at a web process and through nginx: megabytes in one
field, thousands of fields, thousands of files, deep JSON, JSON and XML under a form's name, a length that lies, chunks
without end; some routes get huge headers, cookies and query strings, and nulls in them. Refused is a 4xx, or the
connection closed, after at most two seconds. While sixty clients send one byte a second through nginx, the desk must
be there for others. Memory is the web workers' proportional set size after all that, above what it was after two
rounds that fill caches.

Broken on purpose: with Django's limits on memory, fields and files set to None it printed big_bodies.taken 8 of 258
instead of 0, and a growth of 62 MB of the 64 allowed.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from bench.client import Answer, Client
from bench.figures import Figure, at_most, none, quantile
from bench.hostile.everywhere import open_scene
from bench.stack import Stack
from tests.cast import Cast
from tests.house.doors import DOORS
from tests.house.routes import ROUTES, address, parameters

MB = 1024 * 1024
SECONDS = 2.0
GROWTH = 64.0
SLOW = 60
FORM = "application/x-www-form-urlencoded"
EDGE = "edge"
MULTIPART = f"multipart/form-data; boundary={EDGE}"
LONG = b"y" * MB


@dataclass
class Seen:
    tried: int = 0
    taken: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def run(stack: Stack) -> Iterator[Figure]:
    bodies = Bodies(stack)
    # Twice through everything, as two workers share it: what is loaded when it is first asked for is no growth.
    bodies.routes("web")
    bodies.routes("web")
    before = _memory(stack)
    bodies.routes("web")
    if stack.front:
        bodies.routes("front")
    bodies.heads()
    bodies.without_end()
    waited = bodies.slow()
    after = _memory(stack)
    seen = bodies.seen
    yield none(
        "big_bodies.server_errors", len(seen.broken), seen.tried, unit="answers", note="; ".join(seen.broken[:5])
    )
    yield none("big_bodies.taken", len(seen.taken), seen.tried, unit="requests", note="; ".join(seen.taken[:5]))
    slowest = sorted(seen.seconds, reverse=True)[:3]
    told = "; ".join(f"{what} {seconds:.2f} s" for seconds, what in slowest)
    yield at_most("big_bodies.refused_s_p100", slowest[0][0], "s", gate=SECONDS, note=told)
    yield at_most(
        "big_bodies.desk_beside_slow_s_p95", quantile(waited, 0.95), "s", gate=SECONDS, note=f"{SLOW} slow bodies"
    )
    yield at_most(
        "big_bodies.memory_growth_mb", (after - before) / MB, "MB", gate=GROWTH, note=f"from {before / MB:.0f} MB"
    )


class Bodies:
    def __init__(self, stack: Stack) -> None:
        self.stack, self.seen = stack, Seen()
        self.cast: Cast = open_scene()
        self._clients: dict[tuple[str, str], Client] = {}

    def client(self, person: str, at: str) -> Client:
        known = self._clients.get((person, at))
        if known is None:
            known = self._clients[person, at] = self.stack.client(self.cast[person] if person else None, at)
        return known

    @cached_property
    def doors(self) -> list[tuple[str, str, str]]:
        """(route, path, who) of everything that takes a POST in the open brief."""
        found = []
        for name in sorted(ROUTES.keys() & DOORS.keys()):
            door = DOORS[name]
            if not door.post or "release" in parameters(name):
                continue
            person = "" if door.public else sorted(door.post & {"lead", "editor", "reviewer", "admin"} or door.post)[0]
            found.append((name, address(name, self.cast), person))
        return found

    def routes(self, at: str) -> None:
        """Each body of ``BODIES`` at each route."""
        for place, (name, path, person) in enumerate(self.doors):
            for what, make in BODIES.items():
                if place % max(1, len(self.doors) // self.stack.times(len(self.doors))):
                    continue
                kind, body = make()
                self._send(f"{name} {what} at {at}", self.client(person, at), path, kind, body)

    def _send(self, what: str, client: Client, path: str, kind: str, body: bytes) -> None:
        self.seen.tried += 1
        began = time.perf_counter()
        try:
            answer = client.request("POST", path, body, {"Content-Type": kind, "Accept": "application/json"})
        except (OSError, http.client.HTTPException):
            # Closed while we were still sending: refused.
            self.seen.seconds.append((time.perf_counter() - began, what))
            return
        # A page is the form again, with what is wrong or empty: scripts' answers and files are not.
        page = "html" in answer.headers.get("content-type", "")
        self._judge(what, answer, taken=answer.status < 300 and not page)

    def _judge(self, what: str, answer: Answer, *, taken: bool) -> None:
        self.seen.statuses[answer.status] += 1
        self.seen.seconds.append((answer.seconds, what))
        if answer.status >= 500:
            self.seen.broken.append(f"{what}: {answer.status}")
        elif taken:
            self.seen.taken.append(f"{what}: {answer.status}")

    def heads(self) -> None:
        """Huge and odd headers, cookies, query strings."""
        heads: dict[str, dict[str, str]] = {
            "a cookie of 100 KB": {"Cookie": "a=" + "y" * 100_000},
            "10,000 cookies": {"Cookie": "; ".join(f"c{n}=1" for n in range(10_000))},
            "a header of 1 MB": {"X-Long": "y" * MB},
            "a language of 60 KB": {"Accept-Language": "en;q=0.1," * 7000},
            "a range of 2,000 parts": {"Range": "bytes=" + ",".join(f"{n}-{n}" for n in range(2000))},
        }
        queries = (
            "?" + "a=1&" * 20_000,
            "?q=" + "y" * 60_000,
            "?q=%00",
            "?thread=%00&since=%00",
            "?since=" + "9" * 5000,
        )
        for at in ("web", "front") if self.stack.front else ("web",):
            for what, headers in heads.items():
                for path in ("/", "/desk/", f"/write/{self.cast.brief.pk}/"):
                    self._get(f"{what} at {at} {path}", self.client("lead", at), path, headers)
            for query in queries:
                for name, path, person in self.doors[:: max(1, len(self.doors) // self.stack.times(25))]:
                    self._get(f"{query[:12]} at {at} {name}", self.client(person, at), path + query, {})

    def _get(self, what: str, client: Client, path: str, headers: dict[str, str]) -> None:
        self.seen.tried += 1
        try:
            answer = client.request("GET", path, None, headers)
        except (OSError, http.client.HTTPException):
            return
        # What is merely long may be answered; it must not break anything.
        self._judge(what, answer, taken=False)

    def without_end(self) -> None:
        """Chunks that never stop, and a length that lies, by bare sockets."""
        paths = [("/account/login/", ""), (f"/write/{self.cast.brief.pk}/sources/", "lead")]
        for at in ("web", "front") if self.stack.front else ("web",):
            for path, person in paths:
                for what, head, piece in (
                    ("chunks without end", "Transfer-Encoding: chunked", b"10000\r\n" + b"y" * 65536 + b"\r\n"),
                    ("a length of 10 GB", f"Content-Length: {10**10}", b"y" * 65536),
                    ("a negative length", "Content-Length: -1", b"y" * 65536),
                    ("two lengths", "Content-Length: 4\r\nContent-Length: 9", b"yyyy"),
                    ("a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
                ):
                    self._stream(f"{what} at {at} {path}", at, person, path, head, piece)

    def _stream(self, what: str, at: str, person: str, path: str, head: str, piece: bytes) -> None:
        """Send until the other side answers or closes, 100 MB at the most."""
        self.seen.tried += 1
        began, answered = time.perf_counter(), b""
        with _connection(self.stack, at) as link:
            link.settimeout(SECONDS * 5)
            try:
                link.sendall(self._head(at, person, path, head))
                for _ in range(1600):
                    link.sendall(piece)
                    if _readable(link):
                        break
                answered = link.recv(200)
            except (TimeoutError, OSError):
                pass
        seconds = time.perf_counter() - began
        self.seen.seconds.append((seconds, what))
        status = int(answered.split()[1]) if answered.startswith(b"HTTP/") else 0
        if status >= 500:
            self.seen.broken.append(f"{what}: {status}")
        elif 200 <= status < 300:
            self.seen.taken.append(f"{what}: {status}")

    def _head(self, at: str, person: str, path: str, more: str) -> bytes:
        client = self.client(person, at)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {FORM}", more, f"Cookie: {cookies}"]
        return "\r\n".join([*lines, *(["X-Forwarded-Proto: https"] if at == "web" else []), "", ""]).encode()

    def slow(self) -> list[float]:
        """Seconds in which the desk came while many bodies trickled in, through nginx where it is."""
        at = "front" if self.stack.front else "web"
        over = threading.Event()
        head = self._head(at, "lead", f"/write/{self.cast.brief.pk}/sources/", "Content-Length: 100000")

        def trickle() -> None:
            try:
                with _connection(self.stack, at) as link:
                    link.sendall(head)
                    while not over.wait(1):
                        link.sendall(b"y")
            except OSError:
                return

        threads = [threading.Thread(target=trickle, daemon=True) for _ in range(SLOW)]
        for thread in threads:
            thread.start()
        time.sleep(2)
        client = self.stack.client(self.cast.lead, at)
        answers = [client.get("/desk/") for _ in range(20)]
        over.set()
        self.seen.broken += [f"the desk beside slow bodies: {each.status}" for each in answers if each.status != 200]
        return [each.seconds for each in answers]


def _form(pairs: int, size: int) -> Callable[[], tuple[str, bytes]]:
    return lambda: (FORM, b"&".join(b"f%d=%s" % (n, b"y" * size) for n in range(pairs)))


def _parts(count: int, size: int, name: str) -> Callable[[], tuple[str, bytes]]:
    def made() -> tuple[str, bytes]:
        about = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"{name}\r\n\r\n'.encode()
        return MULTIPART, (about + b"y" * size + b"\r\n") * count + f"--{EDGE}--\r\n".encode()

    return made


def _json(text: bytes) -> Callable[[], tuple[str, bytes]]:
    return lambda: ("application/json", text)


BODIES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "3 MB in a field": _form(1, 3 * MB),
    "5,000 fields": _form(5000, 1),
    "200,000 fields": _form(200_000, 1),
    "30 MB in a file": _parts(1, 30 * MB, '; filename="a.png"'),
    "3 MB in a part": _parts(1, 3 * MB, ""),
    "3,000 parts": _parts(3000, 1, ""),
    "3,000 files": _parts(3000, 1, '; filename="a.png"'),
    "deep JSON": _json(b"[" * 500_000 + b"]" * 500_000),
    "5 MB of JSON": _json(b'{"a":"' + b"y" * (5 * MB) + b'"}'),
    "a part without an end": lambda: (
        MULTIPART,
        f'--{EDGE}\r\nContent-Disposition: form-data; name="'.encode() + b"y" * MB,
    ),
    "a part with a huge head": lambda: (MULTIPART, f"--{EDGE}\r\n".encode() + b"X: y\r\n" * 100_000),
}


def _connection(stack: Stack, at: str) -> Any:
    parts = urlsplit(stack.front if at == "front" and stack.front else stack.web)
    link = socket.create_connection((parts.hostname, parts.port), timeout=10)
    if parts.scheme != "https":
        return link
    return ssl.create_default_context(cafile=str(stack.certificate)).wrap_socket(link, server_hostname="localhost")


def _readable(link: Any) -> bool:
    return bool(select.select([link], [], [], 0)[0])


def _memory(stack: Stack) -> int:
    time.sleep(1)
    return stack.processes["web"].memory
