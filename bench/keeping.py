"""The last figures of each program, one JSON line per figure, in .cache/bench/figures.jsonl."""

from __future__ import annotations

import fcntl
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import SCALE, Figure

FILE = Path(__file__).resolve().parent.parent / ".cache" / "bench" / "figures.jsonl"


def keep(program: str, found: list[Figure], *, seconds: float, machine: str, at: datetime) -> None:
    """Put a program's figures in the place of its earlier ones."""
    about = {
        "program": program,
        "machine": machine,
        "at": at.isoformat(timespec="minutes"),
        "scale": SCALE,
        "seconds": round(seconds, 1),
        "command": f"make bench ONLY={program}" + ("" if SCALE == 1 else f" SCALE={SCALE:g}"),
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        others = [line for line in kept() if line["program"] != program]
        lines = [*others, *({**figure.told(), "on_target": figure.on_target, **about} for figure in found)]
        fresh = FILE.with_suffix(".new")
        fresh.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        fresh.replace(FILE)


def kept() -> list[dict[str, Any]]:
    """Every figure last measured, with its program, machine, date, scale and command."""
    if not FILE.exists():
        return []
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line]
