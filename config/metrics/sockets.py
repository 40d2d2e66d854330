"""Each process answers on a socket of its own with its counts; `ask_all` hears every process of the host.

A process that died leaves its socket; the next question finds nobody there and removes it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from prometheus_client import ProcessCollector, generate_latest

from ledger.metrics import registry

log = logging.getLogger(__name__)
#: Seconds for one process's answer.
PATIENCE = 1.0
_serving: dict[int, str] = {}


@dataclass(frozen=True)
class Told:
    """What one process said: its part (web, live, worker), its name, and its counts as text."""

    part: str
    process: str
    text: str


def folder() -> Path:
    return Path(settings.METRICS_DIR)


def serve(part: str) -> None:
    """Begin to answer in a thread of this process; a second call does nothing. Never raises.

    Counting must not stop what is counted: a folder that cannot be written to is logged.
    """
    if os.getpid() in _serving:
        return
    name = f"{part}-{secrets.token_hex(4)}"
    try:
        listening = _listen(name)
    except OSError as error:
        log.warning("metrics of this process are not told", extra={"error": type(error).__name__})
        return
    if not _serving:
        ProcessCollector(namespace="countersign", registry=registry)
    _serving[os.getpid()] = name
    threading.Thread(target=_answer, args=(listening,), name="metrics", daemon=True).start()


def ask_all() -> list[Told]:
    """The counts of every process that answers, in the order of their names."""
    return [told for name in _names() if (told := _ask(name)) is not None]


def _names() -> list[str]:
    with contextlib.suppress(OSError):
        return sorted(entry.name for entry in os.scandir(folder()) if stat.S_ISSOCK(entry.stat().st_mode))
    return []


@contextlib.contextmanager
def _address(name: str) -> Iterator[str]:
    """A socket's address may have 107 bytes: a long folder is named by its handle where the system can."""
    path = str(folder() / name)
    if len(path.encode()) < 100 or not Path("/proc/self/fd").is_dir():
        yield path
        return
    handle = os.open(folder(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{name}"
    finally:
        os.close(handle)


def _listen(name: str) -> socket.socket:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _address(name) as address:
            listening.bind(address)
        listening.listen(8)
    except OSError:
        listening.close()
        raise
    return listening


def _answer(listening: socket.socket) -> None:
    while True:
        with contextlib.suppress(OSError):
            asking, _peer = listening.accept()
            with asking:
                asking.settimeout(PATIENCE)
                asking.sendall(generate_latest(registry))


def _ask(name: str) -> Told | None:
    part, _, _rest = name.partition("-")
    pieces: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(PATIENCE)
        try:
            with _address(name) as address:
                asking.connect(address)
            while piece := asking.recv(65_536):
                pieces.append(piece)
        except ConnectionRefusedError:
            # Nobody listens there any more.
            with contextlib.suppress(OSError):
                (folder() / name).unlink()
            return None
        except OSError:
            return None
    return Told(part, name, b"".join(pieces).decode())
