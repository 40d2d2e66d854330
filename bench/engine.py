"""What one step costs in the document engine: `python bench/engine.py [words]` prints JSON.

Milliseconds, median and 95th percentile over 300 keystrokes: `apply` with the parsed document kept
(apply, full check, map, hash, re-serialise), `text` (writing the whole text), `load` (reading it).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from document.engine import engine

STEPS = 300


def measure(work: Callable[[int], object], times: int) -> dict[str, float]:
    taken = []
    for index in range(times):
        begun = time.perf_counter()
        work(index)
        taken.append((time.perf_counter() - begun) * 1000)
    return {"median": round(statistics.median(taken), 3), "p95": round(sorted(taken)[int(times * 0.95) - 1], 3)}


def main(words: int) -> None:
    running = engine()
    paragraph = "word " * 50
    blocks = [
        {"type": "paragraph", "attrs": {"id": f"b{index}"}, "content": [{"type": "text", "text": paragraph}]}
        for index in range(max(1, words // 50))
    ]
    text = running.check(json.dumps({"type": "doc", "content": blocks}))
    running.load("bench", 0, text)
    step = json.dumps(
        [{"stepType": "replace", "from": 5, "to": 5, "slice": {"content": [{"type": "text", "text": "x"}]}}]
    )
    figures = {
        "words": words,
        "bytes": len(text.encode()),
        "apply": measure(lambda index: running.apply("bench", index, step), STEPS),
        "text": measure(lambda _index: running.text("bench", STEPS), 20),
        "load": measure(lambda _index: running.load("again", 0, text), 20),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
