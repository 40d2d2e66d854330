"""Typst source from small parts. Everything of a person's is a string literal, never markup.

In typst's code mode a string is shown as it is: no character in it means anything. So the emitter
writes calls with literals only, and no text can become markup or code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+")


class Code(str):
    """Typst source of one expression."""

    __slots__ = ()


Value = str | int | bool | None


def string(text: object) -> Code:
    """A string literal. Control characters, line ends too, become spaces."""
    clean = _CONTROL.sub(" ", unicodedata.normalize("NFC", str(text)))
    return Code('"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"')


def value(given: Value) -> Code:
    """Code as it is; other values as literals."""
    if isinstance(given, Code):
        return given
    if given is None:
        return Code("none")
    if isinstance(given, bool):
        return Code("true" if given else "false")
    return Code(str(given)) if isinstance(given, int) else string(given)


def call(name: str, *arguments: Value, **named: Value) -> Code:
    """``call("para", 12, x, lang="en")`` is ``para(12, x, lang: "en")``; underscores become hyphens."""
    words = [value(each) for each in arguments]
    words += [Code(f"{key.replace('_', '-')}: {value(each)}") for key, each in named.items()]
    return Code(f"{name}({', '.join(words)})")


def content(parts: Iterable[Code]) -> Code:
    """Expressions joined into one piece of content."""
    return Code("[#{" + "; ".join(parts) + "}]")


def array(parts: Iterable[Value]) -> Code:
    """An array; the comma after each element keeps an array of one an array."""
    return Code("(" + "".join(f"{value(each)}, " for each in parts) + ")")
