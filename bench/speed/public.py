"""A published brief's page: through the front at nginx's own rate, and from a web process without asking the database.

Guards the public path. Beside nginx: the front (TLS, our headers, the public folder) against a bare nginx that serves
the same bytes from a folder with the same certificate, in turns. Without nginx: granian itself, whose process
answers what the current generation holds. Requests a second over 32 kept connections; queries in a whole request.
SPEED: "Public page of 34 kB".

Broken on purpose: with ``config.published.Published._held`` giving None (each page asked of Django and the
database, as before) it printed public.queries 3 and public.alone 1/s on a busy machine.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, at_least, at_most, median
from bench.filling import fill
from bench.measuring.rate import CONNECTIONS, client, plain_nginx, requests_a_second
from bench.stack import Stack
from config.embedded import free_port

#: Many short turns: a neighbour on the machine slows a pair of them alike, and a long one alone.
ROUNDS = 8
SECONDS = 2.0


def run(stack: Stack) -> Iterable[Figure]:
    made = fill(words=5000, versions=1, reviewers=1, released=True)
    path = f"/briefs/{made.brief.slug}/"
    stack.settle(60)
    page = _held_page(stack, path)
    seconds = max(1.0, SECONDS * min(1.0, stack.times(10) / 10))
    yield from _beside(stack, path, page, seconds)
    told = {"X-Forwarded-Proto": "https", "Host": "localhost"}
    requests_a_second(stack.web + path, 1, dict(told))
    alone = median([requests_a_second(stack.web + path, seconds, dict(told)) for _ in range(ROUNDS)])
    note = f"{len(page) / 1000:.0f} kB, {CONNECTIONS} connections, {client()}"
    yield at_least("public.alone", alone, "requests/s", gate=5000, target=6000, note=note)
    yield at_most("public.queries", _queries(path), "queries", gate=0, target=0, note="of a whole request")


def _held_page(stack: Stack, path: str) -> bytes:
    """The page as the public folder has it; it is written by a job, or by the folder's watcher."""
    file = stack.public_root / "current" / path.strip("/") / "index.html"
    end = time.monotonic() + 60
    while not file.is_file():
        if time.monotonic() > end:
            raise TimeoutError("the public folder was not written")
        time.sleep(0.2)
    return file.read_bytes()


def _beside(stack: Stack, path: str, page: bytes, seconds: float) -> Iterator[Figure]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None or stack.front is None:
        yield at_least("public.front", 0, "of nginx", gate=None, target=0.9, note="nginx is not installed here")
        return
    ours, theirs = [], []
    with _bare(nginx, stack, page) as bare:
        for address in (stack.front + path, bare):
            requests_a_second(address, 1)
        for _ in range(ROUNDS):
            ours.append(requests_a_second(stack.front + path, seconds))
            theirs.append(requests_a_second(bare, seconds))
    note = f"{median(ours):,.0f} of {median(theirs):,.0f}/s over TLS, {client()}"
    beside = median([our / their for our, their in zip(ours, theirs, strict=True)])
    yield at_least("public.front", beside, "of nginx", gate=0.9, target=1.0, note=note)


@contextmanager
def _bare(nginx: str, stack: Stack, page: bytes) -> Iterator[str]:
    folder = Path(stack.folder) / "plain"
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_bytes(page)
    for each in (stack.folder, folder):
        each.chmod(0o755)
    port = free_port()
    process = subprocess.Popen(plain_nginx(nginx, folder, port, stack.certificate.parent), stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield f"https://localhost:{port}/index.html"
    finally:
        process.terminate()
        process.wait(10)


def _queries(path: str) -> int:
    """Counted inside this process, through the same layers as the web server's."""
    from django.db import connection
    from django.test import RequestFactory

    from bench.measuring.weights import counting
    from config.pages import pages

    counted: list[str] = []

    def ask() -> None:
        environ = RequestFactory(HTTP_HOST="localhost", HTTP_X_FORWARDED_PROTO="https").get(path).environ
        told: list[tuple[object, ...]] = []
        body = b"".join(pages(environ, lambda *given: told.append(given)))
        if not str(told[0][0]).startswith("200") or not body:
            raise RuntimeError(told[0])

    ask()
    with connection.execute_wrapper(counting(counted)):
        ask()
    return len(counted)
