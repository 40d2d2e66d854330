"""`python -m bench.report`: put the last figures between the markers of docs/performance.md and docs/trust.md."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.keeping import kept
from bench.programs import Program, programs

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {"performance.md": ("speed",), "trust.md": ("faults", "abuse")}
BEGIN, END = "<!-- figures: written by python -m bench.report -->", "<!-- end of figures -->"


def main() -> int:
    lines = kept()
    for name, rooms in PAGES.items():
        path = DOCS / name
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        told = page(lines, rooms)
        path.write_text(f"{before}{BEGIN}\n\n{told}\n{END}{after}", encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    return 0


def page(lines: list[dict[str, Any]], rooms: Iterable[str]) -> str:
    """The part between the markers: a table for each program that was measured."""
    known = [each for each in programs().values() if each.room in rooms]
    parts, machines = [], set()
    for program in known:
        own = [line for line in lines if line["program"] == program.name]
        if own:
            parts.append(section(program, own))
            machines.add(own[0]["machine"])
    without = [f"`{each.name}`" for each in known if not any(line["program"] == each.name for line in lines)]
    if without:
        parts.append(f"Not measured yet: {', '.join(without)}.\n")
    return "\n".join([*(f"Machine: {each}.\n" for each in sorted(machines)), *parts])


def section(program: Program, lines: list[dict[str, Any]]) -> str:
    about = lines[0]
    rows = "".join(row(line) for line in lines)
    minutes = f"{about['seconds'] / 60:.1f} minutes" if about["seconds"] >= 90 else f"{about['seconds']:.0f} s"
    return (
        f"### {program.name}\n\n{program.guards}\n\n"
        "| figure | value | gate | target | note |\n|---|---:|---:|---:|---|\n"
        f"{rows}\n`{about['command']}`, {about['at'][:10]}, {minutes}\n"
    )


def row(line: dict[str, Any]) -> str:
    value = "none" if line["value"] is None else f"{_number(line['value'])} {line['unit']}"
    gate = _number(line["gate"]) + ("" if line["ok"] else " **missed**")
    target = _number(line["target"]) + (" not met" if line.get("on_target") is False else "")
    cells = [line["name"].partition(".")[2] or line["name"], value, gate, target, line.get("note", "")]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


if __name__ == "__main__":
    sys.exit(main())
