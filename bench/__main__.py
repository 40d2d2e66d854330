"""`python -m bench [name …]`: start the stack once, run programs against it, print what they measured.

One line of JSON per figure, then a table. Exit 1 when a gate is missed or a program crashed. SCALE
multiplies every count; ONLY names programs as arguments do.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import SCALE, Figure, set_pace
from bench.keeping import keep
from bench.measuring.pace import pace
from bench.programs import programs
from bench.stack import Stack
from bench.stack.running import scratch

Run = Callable[[Stack], Iterable[Figure]]


def main(arguments: list[str]) -> int:
    known = programs()
    wanted = arguments or os.environ.get("ONLY", "").replace(",", " ").split() or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        say(f"No such program: {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    began, results = time.monotonic(), []
    folder = scratch()
    with Stack(folder) as stack:
        say(f"# the stack is up after {time.monotonic() - began:.1f} s; scale {SCALE:g}; {machine()}")
        for name in wanted:
            results += run(name, known[name].module, stack)
    say(table(results))
    say(f"# {len(results)} figures in {(time.monotonic() - began) / 60:.1f} minutes")
    if all(figure.ok for figure in results):
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    say(f"# {sum(not figure.ok for figure in results)} missed; the logs are in {folder / 'logs'}")
    return 1


def run(name: str, module: str, stack: Stack) -> list[Figure]:
    """The figures of one program; a crash is a figure that fails."""
    found: list[Figure] = []
    began = time.monotonic()
    try:
        stack.mend()
        stack.settle()
        set_pace(pace(stack) if module.startswith("bench.speed.") else 1.0)
        program: Run = importlib.import_module(module).run
        for figure in program(stack):
            found.append(figure)
            print(figure.line(), flush=True)  # noqa: T201
    except Exception:
        traceback.print_exc()
        found.append(_failed(name, "the program ended with an exception"))
    if not found:
        found.append(_failed(name, "the program measured nothing"))
    keep(name, found, seconds=time.monotonic() - began, machine=machine(), at=datetime.now(UTC))
    return found


def _failed(name: str, note: str) -> Figure:
    figure = Figure(f"{name}.crashed", 1, "times", 0, None, False, note)
    print(figure.line(), flush=True)  # noqa: T201
    return figure


def table(results: list[Figure]) -> str:
    """For a person: name, value, gate, target, and what is missed."""
    rows = [("figure", "value", "gate", "target", "")]
    for figure in results:
        gate = "" if figure.gate is None else f"{figure.gate:g}"
        target = "" if figure.target is None else f"{figure.target:g}"
        rows.append((figure.name, f"{figure.value:g} {figure.unit}", gate, target, "" if figure.ok else "MISSED"))
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    return "\n" + "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def machine() -> str:
    """What the figures were measured on, as far as readers need it."""
    processor = ""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    except (OSError, StopIteration, ValueError):
        return platform.machine()
    system = f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores of {processor}, {memory} GB, {system}"


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
