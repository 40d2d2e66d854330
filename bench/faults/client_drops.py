"""Guards that a client whose connection breaks off loses nothing and doubles nothing (TRUST, figures).

500 saves and 100 comments: each request is cut at one of 20 byte offsets (within the head, at its end, within
the body, before the last byte) or after its last byte, before the answer is read; the connection is then
reset or half closed. The same request is sent whole under the same key. Units: requests.

Broken on purpose: without ``config.whole`` granian's WSGI took what had come of a broken form for all of it: at
SCALE=0.2 "client_drops.doubled" said 3 and "client_drops.half_stored" 1 of 120 (a comment cut in its middle).
"""

from __future__ import annotations

import http.client
import random
import socket
import struct
import time
import uuid
from collections.abc import Iterable

from bench.client import Client
from bench.figures import Figure, none
from bench.filling import fill
from bench.stack import Stack
from bench.writing import Commenter, Ledger, Saver, Writer, judge

OFFSETS = 20


def run(stack: Stack) -> Iterable[Figure]:
    made = fill(words=120, sections=2, reviewers=0)
    ledger = Ledger(stack.folder / "ledgers" / "client_drops")
    saver = Saver(stack.client(made.authors[0]), made.sections[0], ledger, "dropper")
    commenter = Commenter(stack.client(made.authors[-1]), made.sections[1], ledger, "dropping")
    luck = random.Random(20)  # noqa: S311
    unread = 0
    for writer, count in ((saver, stack.times(500)), (commenter, stack.times(100))):
        writer.prepare()
        for number in range(count):
            unread += _one(writer, number, luck)
    found = judge(ledger, [saver, commenter])
    wrong = len(saver.wrong) + len(commenter.wrong)
    tried = found.acknowledged
    yield none("client_drops.lost", found.lost, tried, unit="requests", note=f"{unread} with an unread answer")
    yield none("client_drops.doubled", found.doubled, tried, unit="requests", note="; ".join(found.examples[:2]))
    yield none("client_drops.half_stored", found.half, tried, unit="requests", note="; ".join(found.examples[-3:]))
    yield none("client_drops.wrong_answers", wrong, tried, unit="answers", note="; ".join(saver.wrong[:2]))


def _one(writer: Writer, number: int, luck: random.Random) -> int:
    """Cut one request, then send it whole; 1 when only its answer was cut off."""
    marker, key = f"{writer.name}x{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
    path, body, headers = writer.request(marker, key)
    raw, head = raw_request(writer.client, path, body, headers)
    at = offsets(head, len(raw))[number % OFFSETS]
    drop(writer.client, raw[:at], reset=luck.random() < 0.5)
    if at == len(raw):
        # It may be stored just now: the second request must meet the first one's row lock or its row.
        time.sleep(luck.choice((0, 0.002, 0.02)))
    for _try in range(100):
        answer = writer.client.request("POST", path, body, headers)
        writer.tries[str(answer.status)] += 1
        if writer.accepted(answer):
            writer.ledger.write(writer.name, path, key, marker, writer.parts, body)
            return int(at == len(raw))
        # Saved before the key was known would be behind: then these words are sent anew, and stand twice.
        if answer.status != 409:
            writer.wrong.append(f"{answer.status} {answer.text[:120]}")
            time.sleep(0.05)
        key = uuid.uuid4().hex if answer.status == 409 else key
        path, body, headers = writer.request(marker, key)
    raise RuntimeError(f"never accepted: {writer.wrong[-3:]}")


def offsets(head: int, whole: int) -> list[int]:
    """20 places: 6 in the head, its end, 11 in the body, all but one byte, all."""
    body = whole - head
    return [
        *(head * part // 6 for part in range(6)),
        head,
        *(head + body * part // 12 for part in range(1, 12)),
        whole - 1,
        whole,
    ]


def raw_request(client: Client, path: str, body: bytes, headers: dict[str, str]) -> tuple[bytes, int]:
    """The bytes that ``client`` would send, and how many of them are the head."""
    own = {**client._own_headers("POST", path), **headers, "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", f"Host: {client.host}:{client.port}", *(f"{k}: {v}" for k, v in own.items())]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return head + body, len(head)


def drop(client: Client, raw: bytes, *, reset: bool) -> None:
    """Send so much on a connection of its own and be gone."""
    with socket.create_connection((client.host, client.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if reset:
            # Closing then sends a reset, as a vanished network does.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            connection.sendall(raw)
        except (OSError, http.client.HTTPException):
            return
