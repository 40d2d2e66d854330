"""Thousands of live streams from one thread: plain sockets and one selector."""

from __future__ import annotations

import resource
import selectors
import socket
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

#: At the same time under way; a server's queue of connections is not endless either.
OPENING = 64


class Listeners:
    """``with Listeners(address) as crowd``: ``open`` streams, then ``wait_for`` words on all of some."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.sockets: list[socket.socket] = []
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard) if soft < hard else (soft, hard))

    def __enter__(self) -> Listeners:
        return self

    def __exit__(self, *error: object) -> None:
        for each in self.sockets:
            each.close()

    def open(self, asks: Iterable[tuple[str, str]]) -> list[socket.socket]:
        """One stream for each ``(path, cookie)``; back when every one of them has said its first words."""
        opened: list[socket.socket] = []
        waiting: list[socket.socket] = []
        for path, cookie in asks:
            one = socket.create_connection((self.host, self.port), timeout=60)
            one.sendall(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
                f"Accept: text/event-stream\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            self.sockets.append(one)
            opened.append(one)
            waiting.append(one)
            if len(waiting) == OPENING:
                self.wait_for(waiting, b"retry:")
                waiting = []
        self.wait_for(waiting, b"retry:")
        return opened

    def wait_for(self, sockets: Iterable[socket.socket], words: bytes, seconds: float = 60.0) -> float:
        """Seconds until every one of these streams has said these words. Raises TimeoutError."""
        said: dict[socket.socket, bytes] = dict.fromkeys(sockets, b"")
        began = time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for each in said:
                selector.register(each, selectors.EVENT_READ)
            left = len(said)
            while left:
                ready = selector.select(max(0.0, began + seconds - time.perf_counter()))
                if not ready:
                    raise TimeoutError(f"{left} streams did not say {words!r}")
                for key, _events in ready:
                    one: socket.socket = key.fileobj  # type: ignore[assignment]
                    piece = one.recv(65_536)
                    said[one] += piece
                    if words in said[one] or not piece:
                        if not piece:
                            raise ConnectionError(f"a stream ended: {said[one][:200]!r}")
                        selector.unregister(one)
                        left -= 1
        return time.perf_counter() - began

    def drain(self) -> None:
        """Take what has come meanwhile out of every stream."""
        for each in self.sockets:
            each.setblocking(False)
            try:
                while each.recv(65_536):
                    pass
            except BlockingIOError:
                pass
            each.setblocking(True)
