"""Short forms, and whether they are written out where they first stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from document.checks.codes import is_code
from document.checks.passages import Passage

SHORT = re.compile(r"(?<![\w.&@#/\-])[A-Z][A-Za-z0-9&]*[A-Z0-9](?:-[A-Z0-9]+)?(?=s?(?![\w]))")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
#: Words of long forms that short forms pass over.
_SMALL_WORDS = """of the and for in on to a an de la le du des et der die das und für à au aux"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Use:
    """One use of a short form; ``long`` is what the text says there that it stands for."""

    short: str
    start: int
    end: int
    long: str = ""


def uses(passage: Passage, listed: dict[str, str]) -> list[Use]:
    """Uses of short forms in reading order. ``listed`` maps those of the brief's own list to their long forms."""
    text = passage.seen
    if _shouts(text):
        return []
    found = []
    for match in SHORT.finditer(text):
        short = match.group()
        if short not in listed and (not _is_short_form(short) or is_code(text, *match.span())):
            continue
        if any(first <= match.start() < last for first, last in passage.foreign):
            continue
        found.append(Use(short, *match.span(), long_form(text, match.start(), match.end(), listed.get(short, ""))))
    return found


def _is_short_form(short: str) -> bool:
    capitals = sum(character.isupper() for character in short)
    return 2 <= len(short) <= 12 and capitals >= 2


def _shouts(text: str) -> bool:
    """Whether a line is set in capitals, where nothing can be told from a short form."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 12 and sum(character.isupper() for character in letters) > 0.6 * len(letters)


def long_form(text: str, start: int, end: int, listed: str = "") -> str:
    """What is written out at this use: “Long Form (LF)” or “LF (Long Form)”; empty when nothing is."""
    rest = text[end:].removeprefix("s")
    if text[:start].rstrip().endswith("(") and re.match(r"\s*[),;]", rest):
        before = text[:start].rstrip()[:-1].rstrip(" \u00a0\"”’'")
        return _before(text[start:end], before, listed)
    inside = re.match(r"\s*\(([^()]{3,200})\)", rest)
    if inside:
        words = inside.group(1).split(";")[0].strip(' "“”')
        return words if words.casefold() == listed.casefold() or _stands_for(text[start:end], words) else ""
    return ""


def _before(short: str, before: str, listed: str) -> str:
    if listed and before.casefold().endswith(listed.casefold()):
        return before[-len(listed) :]
    words = list(_WORD.finditer(before))[-(2 * len(short) + 3) :]
    # The shortest run of words that fits: what stands before it is the sentence's.
    for match in reversed(words):
        candidate = before[match.start() :]
        if match.group().casefold() not in _SMALL and _stands_for(short, candidate):
            return candidate
    return ""


def _stands_for(short: str, words: str) -> bool:
    """Whether the short form's letters are the initials of most words, in order, or at least run through them."""
    parts = [part for word in _WORD.findall(words) for part in word.split("-") if part]
    letters = [character.casefold() for character in short if character.isalnum()]
    full = [part for part in parts if part.casefold() not in _SMALL]
    if len(full) < 2 and len(letters) > 1 and len(parts) < 2:
        return False
    if not full or full[0][0].casefold() != letters[0]:
        return False
    initials = [part[0].casefold() for part in parts]
    if _runs_through(letters, initials):
        return True
    # "Mediterranean Action Plan" is MAP, "co-operation" gives two letters: letters inside words count as well.
    return len(full) >= max(2, len(letters) // 2) and _runs_through(letters, list("".join(parts).casefold()))


def _runs_through(letters: list[str], inside: list[str]) -> bool:
    rest = iter(inside)
    return all(letter in rest for letter in letters)
