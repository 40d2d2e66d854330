"""Requests as bytes: what no client library would send."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.stack import Stack


def ask(stack: Stack, at: str, request: bytes, seconds: float = 10.0) -> bytes:
    """Everything that comes back until the other side hangs up or falls silent; empty when it hung up at once."""
    with _connected(stack, at, seconds) as connection:
        connection.sendall(request)
        received = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while piece := connection.recv(65_536):
                received += piece
        return received


@contextlib.contextmanager
def _connected(stack: Stack, at: str, seconds: float) -> Iterator[socket.socket]:
    base = urlsplit(stack.front or "" if at == "front" else stack.web)
    with socket.create_connection((base.hostname, base.port), timeout=seconds) as plain:
        if base.scheme != "https":
            yield plain
            return
        context = ssl.create_default_context(cafile=str(stack.certificate))
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            yield connection


def host(stack: Stack, at: str) -> str:
    """The honest name of where this goes."""
    return urlsplit(stack.front or "" if at == "front" else stack.web).netloc


def request(line: str, headers: list[str], body: str = "") -> bytes:
    """``line`` and header lines as given; ours come last, so that what is doubled is doubled by the caller."""
    ours = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([line, *headers, *ours, "Connection: close", "", body]).encode("latin-1")
