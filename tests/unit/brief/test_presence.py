"""The colours of those who are here: every one can be read, and seen on either ground."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from brief.presence import COLOURS

STYLES = Path(__file__).resolve().parents[3] / "editor" / "styles"
TONES = re.findall(r"\.tone-\d \{ --tone: (#[0-9a-f]{6})", (STYLES / "writing" / "_people.scss").read_text())
TOKENS = (STYLES / "_tokens.scss").read_text()
INKS = re.findall(r"--ink: (#[0-9a-f]{6})", TOKENS)[:2]
GROUNDS = re.findall(r"--paper: (#[0-9a-f]{6})", TOKENS)[:2]


def channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def mixed(one: str, other: str, part: float) -> str:
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in pairs)


def light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in channels(colour))]
    return sum(part * value for part, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_a_tone_for_each_colour_the_server_gives() -> None:
    assert len(TONES) == len(set(TONES)) == COLOURS
    assert len(INKS) == len(GROUNDS) == 2


@pytest.mark.parametrize("tone", TONES)
def test_a_name_can_be_read_on_its_tone_and_a_caret_be_seen_on_either_ground(tone: str) -> None:
    assert contrast("#ffffff", tone) >= 4.5
    for ink, ground in zip(INKS, GROUNDS, strict=True):
        assert contrast(mixed(tone, ink, 0.65), ground) >= 3


def test_neighbours_in_the_row_of_tones_are_not_alike() -> None:
    assert all(sum(abs(a - b) for a, b in zip(channels(x), channels(y), strict=True)) > 60 for x, y in pairwise(TONES))
