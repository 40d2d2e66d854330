"""What is public and held in this host's folder is answered before Django: no query, no page made.

A web server in front does the same with the same files; this is for a host without one, and for the demonstration.
Only plain requests are answered here, with the very headers that the pages give; for everything else (ranges,
queries, unknown hosts, what is not held) the pages decide.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from ledger.metrics import ANSWERED
from release import public_root
from release.public.held import Held, current
from release.public.views import matches

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

#: What an answer says of itself; the rest of the headers is the same on every public answer.
_OWN = frozenset({"content-type", "content-length", "etag", "cache-control", "content-disposition", "accept-ranges"})
#: With these a request asks for something that only the pages know.
_PARTIAL = ("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


class Published:
    """A WSGI application around the pages' own."""

    def __init__(self, pages: Application) -> None:
        self._pages = pages
        self._shared: dict[bool, Headers] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        held = self._held(environ)
        shared = self._shared_headers(environ) if held else None
        if held is None or shared is None:
            return self._pages(environ, start_response)
        ANSWERED.inc()
        tags = environ.get("HTTP_IF_NONE_MATCH", "")
        if tags and matches(tags, held.etag):
            start_response("304 Not Modified", _without_body(held.headers) + shared)
            return []
        start_response("200 OK", held.headers + shared)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else held.chunks()

    def _held(self, environ: Environ) -> Held | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("QUERY_STRING"):
            return None
        if not _known_host(environ.get("HTTP_HOST", "")) or any(name in environ for name in _PARTIAL):
            return None
        if settings.SECURE_SSL_REDIRECT and not _is_secure(environ):
            return None
        path = environ.get("PATH_INFO", "")
        return current(public_root.root()).find(path[1:]) if path.startswith("/") else None

    def _shared_headers(self, environ: Environ) -> Headers | None:
        """The headers that policies put on every public answer: learnt once from the pages themselves."""
        secure = _is_secure(environ)
        if secure not in self._shared:
            told: list[tuple[str, Headers]] = []

            def start(status: str, headers: Headers, error: object = None) -> None:
                told.append((status, headers))

            answer = self._pages(_plain(environ), start)
            for _piece in answer:
                pass
            if close := getattr(answer, "close", None):
                close()
            status, headers = told[-1]
            if not status.startswith("200"):
                return None
            self._shared[secure] = [pair for pair in headers if pair[0].lower() not in _OWN]
        return self._shared[secure]


def _plain(environ: Environ) -> Environ:
    """A request for what needs no database, from the same kind of connection."""
    kept = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR")
    asked = {name: value for name, value in environ.items() if name in kept or name.startswith("wsgi.")}
    return {
        **asked,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/robots.txt",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(),
    }


def _without_body(headers: Headers) -> Headers:
    kept = [pair for pair in headers if pair[0].lower() not in ("content-type", "content-length")]
    return [*kept, ("Content-Length", "0")]


def _is_secure(environ: Environ) -> bool:
    """As ``HttpRequest.scheme`` decides it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, wanted = settings.SECURE_PROXY_SSL_HEADER
        told = environ.get(name)
        if told is not None:
            return bool(told.split(",", 1)[0].strip() == wanted)
    return bool(environ.get("wsgi.url_scheme") == "https")


@lru_cache(maxsize=256)
def _known_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
