"""One person's browser without scripts: it keeps its connection and cookies, and carries the form token.

Not for several threads at once: each takes a client of its own.
"""

from __future__ import annotations

import http.client
import json as json_module
import secrets
import select
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

#: field → (file name, bytes, media type)
Files = Mapping[str, tuple[str, bytes, str]]
Values = Mapping[str, Any] | Iterable[tuple[str, Any]]
SESSION, CSRF = "__Host-session", "__Host-csrf"


@dataclass(frozen=True)
class Answer:
    """What came back; ``headers`` by lower-case name, doubled ones joined by a comma. Seconds to the last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    pairs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json_module.loads(self.body)


class _AtOnce(http.client.HTTPConnection):
    """Sends head and body in one piece, as browsers and proxies do; Python's sends two, and the server waits."""

    _held: bytearray | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._held = bytearray()
        try:
            super().request(*args, **kwargs)
            whole = bytes(self._held)
        finally:
            self._held = None
        self.send(whole)

    def send(self, data: Any) -> None:
        if self._held is None:
            super().send(data)
        else:
            self._held += data


class _Secure(_AtOnce, http.client.HTTPSConnection):
    pass


class Client:
    """``base`` is an origin ("https://localhost:8443"); ``certificate`` the one it is trusted by.

    Straight to a web process it plays the proxy: https, and ``address`` as the visitor's. No redirect
    is followed by itself (``follow``).
    """

    def __init__(
        self, base: str, *, certificate: Path | None = None, address: str = "127.0.0.1", timeout: float = 60.0
    ) -> None:
        self.base = base.rstrip("/")
        parts = urlsplit(self.base)
        self.host, self.port, self.secure = parts.hostname or "", parts.port or 443, parts.scheme == "https"
        self.certificate, self.address, self.timeout = certificate, address, timeout
        self.cookies: dict[str, str] = {}
        self._token = secrets.token_hex(16)
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("GET", path, headers=headers)

    def head(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("HEAD", path, headers=headers)

    def post(
        self,
        path: str,
        data: Values | None = None,
        *,
        json: Any = None,
        files: Files | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """As a form does (``data``, with ``files`` in parts), or as a script does (``json``)."""
        body, kind = _body(data, json, files)
        asked = {
            "Content-Type": kind,
            **({"Accept": "application/json"} if json is not None else {}),
            **(headers or {}),
        }
        return self.request("POST", path, body, asked)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises OSError or http.client.HTTPException when no whole answer came."""
        asked = {**self._own_headers(method, path), **(headers or {})}
        began = time.perf_counter()
        connection = self._connected()
        try:
            connection.request(method, path, body, asked)
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            self.close()
            raise
        seconds = time.perf_counter() - began
        if response.will_close:
            self.close()
        pairs = response.getheaders()
        self._keep_cookies(pairs)
        joined: dict[str, str] = {}
        for name, value in pairs:
            known = joined.get(name.lower())
            joined[name.lower()] = f"{known}, {value}" if known else value
        return Answer(response.status, joined, content, seconds, pairs)

    def follow(self, answer: Answer, most: int = 5) -> Answer:
        """Go where the answer leads, within the same host."""
        while answer.status in (301, 302, 303, 307, 308) and most:
            target = urlsplit(answer.headers["location"])
            answer = self.get((target.path or "/") + (f"?{target.query}" if target.query else ""))
            most -= 1
        return answer

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[Iterator[str]]:
        """Lines as they come, on a connection of their own, until the end of the block. Raises OSError if refused."""
        connection = self._new()
        try:
            connection.request("GET", path, None, {**self._own_headers("GET", path), **(headers or {})})
            response = connection.getresponse()
            if response.status != 200:
                raise ConnectionRefusedError(f"{path} answers {response.status}")
            yield (line.decode().rstrip("\n") for line in response)
        finally:
            connection.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connected(self) -> http.client.HTTPConnection:
        """The kept connection, or a new one when the other side has hung up meanwhile."""
        kept = self._connection
        if kept is not None and kept.sock is not None and not select.select([kept.sock], [], [], 0)[0]:
            return kept
        self.close()
        self._connection = self._new()
        return self._connection

    def _new(self) -> http.client.HTTPConnection:
        if not self.secure:
            return _AtOnce(self.host, self.port, timeout=self.timeout)
        context = ssl.create_default_context(cafile=str(self.certificate) if self.certificate else None)
        return _Secure(self.host, self.port, timeout=self.timeout, context=context)

    def _own_headers(self, method: str, path: str) -> dict[str, str]:
        headers = {"Accept": "text/html,*/*;q=0.5", "User-Agent": "Countersign bench"}
        if not self.secure:
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        cookies = dict(self.cookies)
        if method not in ("GET", "HEAD", "OPTIONS"):
            # Any token will do that stands in the cookie and in the header alike.
            cookies.setdefault(CSRF, self._token)
            headers["X-CSRFToken"] = cookies[CSRF]
            headers["Referer"] = f"https://{urlsplit(self.base).netloc}{path.partition('?')[0]}"
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return headers

    def _keep_cookies(self, pairs: list[tuple[str, str]]) -> None:
        for name, value in pairs:
            if name.lower() != "set-cookie":
                continue
            for key, morsel in SimpleCookie(value).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(key, None)
                else:
                    self.cookies[key] = morsel.value


def _body(data: Values | None, json: Any, files: Files | None) -> tuple[bytes, str]:
    if json is not None:
        return json_module.dumps(json).encode(), "application/json"
    pairs = list(data.items() if isinstance(data, Mapping) else data or [])
    if not files:
        return urlencode(pairs, doseq=True).encode(), "application/x-www-form-urlencoded"
    edge = secrets.token_hex(12)
    parts = [_part(edge, f'name="{name}"', str(value).encode()) for name, value in _flat(pairs)]
    for name, (given, content, kind) in files.items():
        about = f'name="{name}"; filename="{given}"\r\nContent-Type: {kind}'
        parts.append(_part(edge, about, content))
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


def _flat(pairs: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in pairs:
        yield from ((name, each) for each in (value if isinstance(value, list | tuple) else [value]))


def _part(edge: str, about: str, content: bytes) -> bytes:
    return f"--{edge}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"
