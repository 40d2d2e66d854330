"""Hostile drafts and pictures through the real upload pages (TRUST, abuse): refused in two seconds with a sentence, or
converted in thirty within 512 MB; no connection leaves; the workers survive.

Some 150 files of our own making (``bench/hostile/documents.py``, ``pictures.py``) go up one by one: archives that lie,
XML that reads or grows, documents and pictures that name addresses, floods of pixels, Markdown against parsers. Seconds
are from the upload's first byte to the sentence, the queue included. Memory is the proportional set size of the
converter with its children, and of the web workers, above what they held before, sampled every 50 ms.

Connections are watched twice. A listener on loopback is named by every file that can name an address, and must not be
visited. And while every file that names an address goes up once more, strace (where it may attach) writes down each
``connect`` of web, converter and their children, also those that a namespace would have stopped: none may lead
anywhere but to the stack's own ports. ``replaced`` counts main processes that are not those of before.

Broken on purpose: with 1 GB for pandoc it printed converter_memory_mb 766, above 512; with 24 and with 14 MB of blocks
taken from it a table of many rows 604 and 614. Before the mend of `document/images.py` a
picture of 49.9 million pixels took 800 MB (tests/unit/document/test_images.py).
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench.client import Client
from bench.figures import Figure, at_most, none
from bench.hostile import documents, office, pictures
from bench.stack import Stack
from brief.models import ImportDraft
from brief.states import ImportState
from tests.cast import Cast

Item = TypeVar("Item")
REFUSED, CONVERTED, MEMORY = 2.0, 30.0, 512.0
#: How long a draft is waited for before it counts as never answered, in seconds.
PATIENCE = 90.0
MB = 1024 * 1024
#: In the names of attacks that put an address, or a file of this machine, into a draft.
NAMES_AN_ADDRESS = ("address", "file", "inclu", "parameter", "link", "picture of", "page", "fetches")
_CONNECT = re.compile(
    r'connect\(\d+, \{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)'
)


@dataclass
class Seen:
    """What became of the files."""

    tried: int = 0
    refused: list[tuple[float, str]] = field(default_factory=list)
    converted: list[tuple[float, str]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def run(stack: Stack) -> Iterator[Figure]:
    cast = Cast(f"hf{time.time_ns():x}")
    uploads = Uploads(stack, cast)
    before = {name: stack.processes[name].pid for name in ("web", "converter", "worker")}
    with _listener() as (trap, visits), _memory(stack, uploads) as peaks:
        for name, file, content in _some(stack, list(documents.drafts(trap))):
            uploads.draft(name, file, content)
        for name, content in _some(stack, [*pictures.hostile(trap), *pictures.large()]):
            uploads.picture(name, content)
        time.sleep(1)
        led = _traced(stack, uploads, trap)
        uploads.csl(trap)
    seen = uploads.seen
    replaced = [name for name, pid in before.items() if stack.processes[name].pid != pid]
    yield from _figures(seen, peaks)
    note = "; ".join([*map(str, visits[:3]), *led[:3]])
    strace = "by the listener and strace" if shutil.which("strace") else "by the listener; strace is not installed"
    told = ", ".join(filter(None, [strace, note]))
    yield none("hostile_files.connections", len(visits) + len(led), seen.tried, unit="connections", note=told)
    yield none("hostile_files.replaced", len(replaced), 3, unit="processes", note=", ".join(replaced))
    last = uploads.draft("a plain one, at the end", "plain.docx", office.word(office.plain()))
    yield none("hostile_files.dead_at_the_end", int(last != ImportState.PROPOSED), 1, unit="drafts")


def _figures(seen: Seen, peaks: dict[str, tuple[float, str]]) -> Iterator[Figure]:
    yield none(
        "hostile_files.server_errors", len(seen.broken), seen.tried, unit="answers", note="; ".join(seen.broken[:5])
    )
    silent = "; ".join(seen.silent[:5])
    yield none("hostile_files.without_a_sentence", len(seen.silent), seen.tried, unit="files", note=silent)
    for name, rows, gate in (("refused", seen.refused, REFUSED), ("converted", seen.converted, CONVERTED)):
        slowest = sorted(rows, reverse=True)[:3]
        told = f"of {len(rows)}; " + "; ".join(f"{what} {seconds:.2f} s" for seconds, what in slowest)
        yield at_most(f"hostile_files.{name}_s_p100", slowest[0][0] if slowest else 0, "s", gate=gate, note=told)
    for name, (peak, file) in peaks.items():
        note = f"above what it held before, at {file}"
        yield at_most(f"hostile_files.{name}_memory_mb", peak / MB, "MB", gate=MEMORY, note=note)


class Uploads:
    """Sends files as a lead author does, one at a time, and waits for what becomes of them."""

    def __init__(self, stack: Stack, cast: Cast) -> None:
        self.stack, self.cast, self.seen = stack, cast, Seen()
        self.client: Client = stack.client(cast.lead)
        #: Which file is on its way.
        self.now = ""

    def draft(self, name: str, file: str, content: bytes) -> str:
        """The state that the draft came to, or an empty string when it was not taken at all."""
        began, self.now = time.perf_counter(), name
        answer = self.client.post(
            f"/write/{self.cast.brief.pk}/import/", files={"file": (file, content, "application/zip")}
        )
        self.seen.tried += 1
        if answer.status != 302:
            self._not_taken(name, answer.status, answer.text, time.perf_counter() - began)
            return ""
        identity = answer.headers["location"].rstrip("/").rpartition("/")[2]
        while (draft := ImportDraft.objects.only("status", "sentence").get(pk=identity)).status == ImportState.READING:
            if time.perf_counter() - began > PATIENCE:
                self.seen.silent.append(f"{name}: no answer in {PATIENCE:g} s")
                return ImportState.READING
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        if draft.status == ImportState.REFUSED:
            self.seen.refused.append((seconds, name))
            if not draft.sentence:
                self.seen.silent.append(name)
        else:
            self.seen.converted.append((seconds, name))
        self.client.post(f"{answer.headers['location']}discard/")
        return draft.status

    def _not_taken(self, name: str, status: int, text: str, seconds: float) -> None:
        if status >= 500:
            self.seen.broken.append(f"{name}: {status}")
        elif status == 200 and "invalid-feedback" not in text and "errorlist" not in text and "error" not in text:
            self.seen.silent.append(name)
        self.seen.refused.append((seconds, name))

    def picture(self, name: str, content: bytes) -> None:
        began, self.now = time.perf_counter(), name
        answer = self.client.post(
            f"/write/{self.cast.brief.pk}/figures/", files={"file": ("a.png", content, "image/png")}
        )
        seconds = time.perf_counter() - began
        self.seen.tried += 1
        if answer.status >= 500:
            self.seen.broken.append(f"{name}: {answer.status}")
        elif answer.status == 200:
            self.seen.converted.append((seconds, name))
        else:
            self.seen.refused.append((seconds, name))
            if answer.status != 413 and not answer.json().get("error"):
                self.seen.silent.append(name)

    def csl(self, trap: str) -> None:
        """A source's address is kept, never asked."""
        for address in (trap, "http://169.254.169.254/latest/", "http://[::1]/"):
            item = {"type": "webpage", "title": "An address", "URL": address}
            answer = self.client.post(
                f"/write/{self.cast.brief.pk}/sources/", {"type": "webpage", "title": "x", "url": address}
            )
            self.client.post(
                f"/write/{self.cast.brief.pk}/sources/", {"csl": str(item).replace("'", '"'), "type": "report"}
            )
            self.seen.tried += 2
            if answer.status >= 500:
                self.seen.broken.append(f"a source of {address}: {answer.status}")


def _some(stack: Stack, files: list[Item]) -> list[Item]:
    """All of them, or every n-th when the run is scaled down."""
    wanted = min(len(files), stack.times(len(files)))
    return files[:: max(1, len(files) // wanted)]


@contextmanager
def _listener() -> Iterator[tuple[str, list[object]]]:
    """An address on loopback that must not be visited, and who did."""
    visits: list[object] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def listen() -> None:
            while not over.is_set():
                try:
                    visits.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/", visits
        finally:
            over.set()
            thread.join()


@contextmanager
def _memory(stack: Stack, uploads: Uploads) -> Iterator[dict[str, tuple[float, str]]]:
    """Part → the most bytes that it held above its start, and at which file, while this lasts."""
    names = ("converter", "web")
    start = {name: float(stack.processes[name].memory) for name in names}
    peaks = dict.fromkeys(names, (0.0, ""))
    over = threading.Event()

    def sample() -> None:
        while not over.wait(0.05):
            for name in names:
                peaks[name] = max(peaks[name], (stack.processes[name].memory - start[name], uploads.now))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def _traced(stack: Stack, uploads: Uploads, trap: str) -> list[str]:
    """Files that name addresses, once more under strace; every connection that leads elsewhere."""
    files: list[Callable[[], object]] = []
    for name, file, content in [*documents.links(trap), *documents.xml(trap), *documents.markdown(trap)]:
        if len(content) < MB and any(word in name for word in NAMES_AN_ADDRESS):
            files.append(partial(uploads.draft, name, file, content))
    for name, content in pictures.hostile(trap):
        if trap.encode() in content:
            files.append(partial(uploads.picture, name, content))
    with _strace([pid for part in ("web", "converter") for pid in stack.processes[part].pids()]) as log:
        for send in files[:: max(1, len(files) // stack.times(len(files)))]:
            send()
    ours = {str(port) for port in stack.ports.values()}
    found = _CONNECT.findall(log.read_text()) if log.exists() else []
    return sorted({f"{address}:{port}" for port, address in found if port not in ours})


@contextmanager
def _strace(pids: list[int]) -> Iterator[Path]:
    """The log of every connect of these processes and their children; an empty one where strace may not."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "connects"
        program = shutil.which("strace")
        if program is None:
            yield log
            return
        words = [program, "-f", "-q", "-e", "trace=connect", "-o", str(log)]
        tracer = subprocess.Popen(
            [*words, *(word for pid in pids for word in ("-p", str(pid)))], stderr=subprocess.DEVNULL
        )
        time.sleep(1)
        try:
            yield log
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(20)
