"""A figure: what was measured, and whether it passes its gate.

``gate`` is what the issue demands, ``target`` what SPEED hopes for: only the gate decides ``ok``.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: Multiplies every count that a program takes; below 1 a figure says so in its note.
SCALE = float(os.environ.get("SCALE") or 1.0)


#: How much slower the machine is just now than the reference (``bench.measuring.pace``), for the notes; 1 outside of
#: the programs of speed.
_pace = 1.0


def set_pace(pace: float) -> None:
    """From here on figures in milliseconds say at which pace they were measured; gates are as they are."""
    global _pace
    _pace = pace


@dataclass(frozen=True)
class Figure:
    """One line of the result. ``unit`` is what ``value``, ``gate`` and ``target`` are counted in."""

    name: str
    value: float
    unit: str
    gate: float | None
    target: float | None
    ok: bool
    note: str = ""
    #: Whether more is better; for the pages, which say when a target is missed.
    higher: bool = False

    def told(self) -> dict[str, Any]:
        """As the line of JSON has it; a value that is none is null."""
        fields = asdict(self)
        del fields["higher"]
        if not self.note:
            del fields["note"]
        return {**fields, "value": self.value if math.isfinite(self.value) else None}

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps(self.told(), ensure_ascii=False)

    @property
    def on_target(self) -> bool | None:
        """None without a target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.higher else self.value <= self.target


def at_most(
    name: str, value: float, unit: str, *, gate: float | None = None, target: float | None = None, note: str = ""
) -> Figure:
    """Passes when ``value`` is not above the gate; without a gate it is only told."""
    ok = not math.isnan(value) and (gate is None or value <= gate)
    if unit == "ms" and _pace > 1.0:
        note = ", ".join(filter(None, [note, f"at pace {_pace:.2f}"]))
    return Figure(name, _round(value), unit, gate, target, ok, _scaled(note))


def at_least(
    name: str, value: float, unit: str, *, gate: float | None = None, target: float | None = None, note: str = ""
) -> Figure:
    """Passes when ``value`` is not below the gate; without a gate it is only told."""
    ok = not math.isnan(value) and (gate is None or value >= gate)
    return Figure(name, _round(value), unit, gate, target, ok, _scaled(note), higher=True)


def none(name: str, count: int, tried: int, *, unit: str, note: str = "") -> Figure:
    """Passes when it never happened and something was tried: nothing tried proves nothing."""
    words = ", ".join(filter(None, [f"of {tried:,} tried", note]))
    return Figure(name, count, unit, 0, 0, count == 0 and tried > 0, _scaled(words))


def times(number: int) -> int:
    """``number`` scaled by SCALE, at least 1."""
    return max(1, round(number * SCALE))


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def p95(values: Sequence[float]) -> float:
    return quantile(values, 0.95)


def quantile(values: Sequence[float], part: float) -> float:
    """Between the two nearest values; not a number when there is none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _round(value: float) -> float:
    """Three decimals for small values, whole numbers as such."""
    if math.isnan(value) or math.isinf(value):
        return value
    rounded = round(value, 3 if abs(value) < 100 else 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _scaled(note: str) -> str:
    return note if SCALE == 1.0 else ", ".join(filter(None, [note, f"counts × {SCALE:g}"]))
