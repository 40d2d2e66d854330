"""Guards what was acknowledged against a disk whose fsync takes 0.5 s, or fails (TRUST, figures).

PostgreSQL is started with fsync and fdatasync of our own (``slow_fsync.c``). Slow: three people write for 30
seconds, each save waits for the disk. Failing: fsync answers EIO; PostgreSQL must panic and recover from what
the disk really has, clients must hear "not saved"; then the disk is well again. Units: writes, seconds.

Broken on purpose: with ``synchronous_commit=off`` and ``wal_writer_delay=5000`` in docker-compose.yml one fsync error
(SCALE=0.1) lost 1 of 59 acknowledged writes ("slow_disk.failing_lost").
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.figures import Figure, at_most, none, p95
from bench.stack import Stack
from bench.stack.people import fresh_connections
from bench.writing import Verdict, Writer, judge, until_all_go_on, writing

SOURCE = Path(__file__).with_name("slow_fsync.c")
DELAY = 0.5


def run(stack: Stack) -> Iterable[Figure]:
    compiler = shutil.which("cc")
    if compiler is None:
        yield at_most("slow_disk.skipped", 1, "times", note="no C compiler here: nothing was tried")
        return
    orders = _interpose(stack, compiler)
    try:
        yield from _slow(stack, orders)
        yield from _failing(stack, orders)
    finally:
        _restore(stack)


def _slow(stack: Stack, orders: Path) -> Iterator[Figure]:
    with writing(stack, "slow") as (ledger, writers):
        orders.write_text(f"{DELAY * 1000:.0f} 0")
        time.sleep(max(6, stack.times(30)))
        taken = [seconds for writer in writers for seconds in writer.seconds if seconds > DELAY / 2]
        orders.write_text("0 0")
    found = judge(ledger, writers)
    yield from _kept("slow_disk.slow", found, writers)
    note = f"{len(taken)} writes, fsync takes {DELAY:g} s"
    yield at_most("slow_disk.slow_p95", p95(taken), "s", gate=3, note=note)


def _failing(stack: Stack, orders: Path) -> Iterator[Figure]:
    rounds, back = stack.times(10), []
    with writing(stack, "failing") as (ledger, writers):
        for _round in range(rounds):
            time.sleep(0.5)
            orders.write_text("0 1")
            refused = _until_refused(writers)
            orders.write_text("0 0")
            back.append(until_all_go_on(writers, refused, engine=stack.processes["database"]))
    found = judge(ledger, writers)
    yield from _kept("slow_disk.failing", found, writers, note=f"{rounds} fsync errors")
    yield at_most("slow_disk.back", max(back), "s", gate=30, note="from the disk's recovery")


def _kept(name: str, found: Verdict, writers: list[Writer], note: str = "") -> Iterator[Figure]:
    wrong = [words for writer in writers for words in writer.wrong]
    tried = found.acknowledged
    told = "; ".join([note, *found.examples[:2]]).strip("; ")
    yield none(f"{name}_lost", found.lost, tried, unit="writes", note=told)
    yield none(f"{name}_doubled_or_half", found.doubled + found.half, tried, unit="writes")
    yield none(f"{name}_wrong_answers", len(wrong), tried, unit="answers", note="; ".join(wrong[:2]))


def _until_refused(writers: list[Writer], most: float = 20.0) -> float:
    """Until each writer heard that something was not saved; the moment."""
    before = [_refusals(writer) for writer in writers]
    end = time.monotonic() + most
    while time.monotonic() < end:
        if all(_refusals(writer) > count for writer, count in zip(writers, before, strict=True)):
            return time.monotonic()
        time.sleep(0.01)
    raise RuntimeError("the disk failed, and nobody was told")


def _refusals(writer: Writer) -> int:
    return sum(count for outcome, count in writer.tries.items() if outcome == "cut" or outcome >= "5")


def _interpose(stack: Stack, compiler: str) -> Path:
    """Start PostgreSQL anew with our fsync; the file that tells it what to do."""
    folder = stack.folder / "slow"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    library, orders = folder / "slow_fsync.so", folder / "orders"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    orders.write_text("0 0")
    orders.chmod(0o644)
    database = stack.processes["database"]
    database.environment |= {"LD_PRELOAD": str(library), "SLOW_FSYNC": str(orders)}
    database.restart()
    fresh_connections()
    return orders


def _restore(stack: Stack) -> None:
    database = stack.processes["database"]
    for name in ("LD_PRELOAD", "SLOW_FSYNC"):
        database.environment.pop(name, None)
    database.restart()
    fresh_connections()
