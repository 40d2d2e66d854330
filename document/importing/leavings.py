"""What web pages and templates leave in a text: lines of the template, promotion at the end."""

from __future__ import annotations

import re

from document.characters import shorten
from document.importing.pieces import Piece
from document.importing.report import Report

TEMPLATE = re.compile(r"^(enable breadcrumbs\b.*|.*\.html?\.twig\b.*|\{[{%].*[%}]\}|skip to (main )?content)$", re.I)
TAIL = re.compile(
    r"^(leave a (reply|comment)|your email address will not be published.*|required fields are marked.*"
    r"|contact (an )?expert|contact us|enjoy(ing|ed)?\b.{0,60}\?|subscribe\b.{0,80}|sign up\b.{0,80}|share this\b.*"
    r"|read more|related (articles|posts).*|follow us\b.*|click here\b.*|sponsored\b.*|advertisement)$",
    re.I,
)
#: So many of the last lines can be promotion.
_LAST = 6


def point_out(pieces: list[Piece], report: Report) -> None:
    """Name such lines where the file says what it is (Word, HTML): whether they go is for a person to decide."""
    lines = [piece for piece in pieces if piece.type == "paragraph" and piece.text.strip()]
    for at, piece in enumerate(lines):
        words = piece.text.strip()
        if TEMPLATE.match(words):
            report.say("template-line", piece.key, words, text=shorten(words, 80))
        elif at >= len(lines) - _LAST and TAIL.match(words):
            report.say("tail-line", piece.key, words, text=shorten(words, 80))
