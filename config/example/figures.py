"""The example's two figures, drawn here so that they are ours down to the pixel."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

INK, PAPER, ACCENT, PALE, QUIET = "#1d2733", "#ffffff", "#0b5a76", "#dce9ee", "#5a6672"
WIDTH = 1400

#: Where people first saw the offer, in per cent; several answers were possible.
ANSWERS = (
    ("Added to a group by someone known", 71),
    ("Public post or page", 38),
    ("Messaging contact from a stranger", 22),
    ("Job board", 14),
    ("Agency with a licence", 9),
    ("Printed notice", 4),
)
STAGES = (
    ("Offer", "platform, friends"),
    ("Conversation", "family, helplines"),
    ("Journey", "border, carrier"),
    ("Hold", "neighbours, banks,\nconsulates"),
)


def _canvas(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return image, ImageDraw.Draw(image)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    # Few colours: a palette makes the file a tenth of the size.
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def survey() -> bytes:
    """A horizontal bar chart."""
    row, left, full = 96, 560, WIDTH - 560 - 140
    image, draw = _canvas(row * len(ANSWERS) + 60)
    for index, (words, value) in enumerate(ANSWERS):
        top = 40 + index * row
        draw.text((left - 24, top + 26), words, INK, _font(28), anchor="rm")
        draw.rectangle((left, top, left + full * value // 100, top + 52), ACCENT)
        draw.text((left + full * value // 100 + 18, top + 26), str(value), INK, _font(30), anchor="lm")
    draw.line((left, 20, left, 40 + row * len(ANSWERS) - 24), QUIET, 2)
    return _png(image)


def stages() -> bytes:
    """Four boxes joined by arrows; below each, who can notice."""
    box, gap, top, height = 290, 60, 50, 130
    image, draw = _canvas(360)
    for index, (name, seen_by) in enumerate(STAGES):
        left = 30 + index * (box + gap)
        draw.rounded_rectangle((left, top, left + box, top + height), 12, PALE, ACCENT, 3)
        draw.text((left + box // 2, top + height // 2), name, INK, _font(36), anchor="mm")
        below = (left + box // 2, top + height + 60)
        draw.multiline_text(below, seen_by, QUIET, _font(28), anchor="ma", align="center")
        if index + 1 < len(STAGES):
            middle, end = top + height // 2, left + box + gap - 8
            draw.line((left + box + 8, middle, end - 12, middle), ACCENT, 5)
            draw.polygon(((end, middle), (end - 18, middle - 12), (end - 18, middle + 12)), ACCENT)
    return _png(image)


FIGURES: dict[str, Callable[[], bytes]] = {"survey": survey, "stages": stages}
