"""What importing costs: `python bench/importing.py [FILE|words] [times]` prints JSON.

Without a file the sample report of 35,000 words is written first. `read` is everything up to the
proposed outline (pandoc included), `assemble` the sections and the report; `engine` checks every
section. Seconds, medians; `pandoc_mb` is the converter's largest resident memory.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from document import importing
from document.engine import engine
from document.sample import sample


def main(what: str = "35000", times: str = "5") -> None:
    path = Path(what)
    name, content = (path.name, path.read_bytes()) if path.is_file() else ("sample.docx", sample(int(what)))
    taken: dict[str, list[float]] = {"read": [], "assemble": [], "engine": []}
    for _ in range(int(times)):
        begun = time.perf_counter()
        reading = importing.read(content, name)
        read = time.perf_counter()
        imported = reading.assembled()
        assembled = time.perf_counter()
        for section in imported.sections:
            engine().check(json.dumps(section["doc"]))
        for part, seconds in (
            ("read", read - begun),
            ("assemble", assembled - read),
            ("engine", time.perf_counter() - assembled),
        ):
            taken[part].append(seconds)
    medians = {part: round(statistics.median(seconds), 3) for part, seconds in taken.items()}
    total = round(sum(medians.values()), 3)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    counts = {"words": imported.report.found["words"], "sections": len(imported.sections)}
    told = {**counts, **medians, "total": total, "target": 2.0, "ok": total <= 8, "pandoc_mb": memory}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
