"""Guards what was acknowledged against kill -9 of every process that could have had it in its hands.

Two people save and one comments without a pause; meanwhile are killed: web processes (200; one in ten times
all of them), PostgreSQL's backends (50), its postmaster (50), Valkey (20). Then, while mails leave, candidates
are built and releases become public: workers (100). Units: acknowledged writes, jobs, seconds. TRUST, figures.
"Back" is the longest that any writer waited for a yes after a kill.

Broken on purpose: with ``synchronous_commit=off`` and ``wal_writer_delay=5000`` in docker-compose.yml five ends of the
postmaster (SCALE=0.1) lost 9 of 48 acknowledged writes ("ledger_kills.postmaster_lost").
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator

import psycopg

from bench.faults._outbox import worker_kills
from bench.figures import Figure, at_most, none
from bench.stack import Stack
from bench.writing import judge, until_all_go_on, writing

luck = random.Random(9)  # noqa: S311
#: What is killed → the part that its engine starts again.
PART = {"web": "web", "broker": "broker"}


def run(stack: Stack) -> Iterable[Figure]:
    yield from _kills(stack, "web", stack.times(200), _kill_web, gate=5)
    yield from _kills(stack, "backend", stack.times(50), _kill_backend, gate=30)
    yield from _kills(stack, "postmaster", stack.times(50), _kill_postmaster, gate=30)
    yield from _kills(stack, "broker", stack.times(20), _kill_broker, gate=5)
    yield from worker_kills(stack, stack.times(100))


def _kills(stack: Stack, name: str, count: int, kill: Callable[[Stack, int], int], *, gate: float) -> Iterator[Figure]:
    back: list[float] = []
    killed = 0
    with writing(stack, name) as (ledger, writers):
        while killed < count:
            # In the middle of something: the writers never pause.
            time.sleep(luck.uniform(0.05, 0.25))
            began = time.monotonic()
            hit = kill(stack, len(back))
            if not hit:
                continue
            killed += hit
            back.append(until_all_go_on(writers, began, engine=stack.processes[PART.get(name, "database")]))
    found = judge(ledger, writers)
    cut = sum(writer.tries["cut"] for writer in writers)
    refused = sum(writer.tries[status] for writer in writers for status in ("503", "507"))
    wrong = [words for writer in writers for words in writer.wrong]
    note = f"{killed} kills, {cut} requests cut, {refused} refused"
    acknowledged, told = found.acknowledged, "; ".join(found.examples[:2])
    yield none(f"ledger_kills.{name}_lost", found.lost, acknowledged, unit="writes", note=f"{note} {told}".strip())
    yield none(f"ledger_kills.{name}_doubled_or_half", found.doubled + found.half, acknowledged, unit="writes")
    yield none(
        f"ledger_kills.{name}_wrong_answers", len(wrong), acknowledged, unit="answers", note="; ".join(wrong[:2])
    )
    yield at_most(
        f"ledger_kills.{name}_back", max(back), "s", gate=gate, note=f"median {sorted(back)[len(back) // 2]:.2f}"
    )


def _kill_web(stack: Stack, number: int) -> int:
    """Both processes, at moments of their own; one in ten times all at once, as a container ends.

    granian starts them again, or ends where one dies twice within seconds, and is started again.
    """
    web = stack.processes["web"]
    if number % 10 == 9:
        web.kill()
    victims = web.pids()[1:]
    for pid in victims:
        time.sleep(luck.uniform(0, 0.1))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return max(1, len(victims))


def _kill_backend(stack: Stack, number: int) -> int:
    """The backend that serves a web process at this moment, or had it last."""
    asked = (
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        " ORDER BY state = 'idle', state_change DESC LIMIT 2"
    )
    # While it recovers from the last one there is none to kill.
    with contextlib.suppress(psycopg.OperationalError, ProcessLookupError):
        with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
            pids = [row[0] for row in connection.execute(asked)]
        if pids:
            os.kill(luck.choice(pids), signal.SIGKILL)
            return 1
    return 0


def _kill_postmaster(stack: Stack, number: int) -> int:
    stack.processes["database"].kill(family=False)
    return 1


def _kill_broker(stack: Stack, number: int) -> int:
    broker = stack.processes["broker"]
    broker.kill()
    if number % 2:
        time.sleep(0.5)
    return 1
