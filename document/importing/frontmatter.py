"""What Markdown files say of themselves before their text: lines between two of three dashes."""

from __future__ import annotations

import re

from document.importing.report import Report

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\r?\n((?:[^\r\n]*\r?\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_FIELD = re.compile(r"[A-Za-z][\w -]{0,40}:(?:\s|$)")
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.M | re.I)


def taken_off(data: bytes, report: Report) -> tuple[bytes, str]:
    """The text without them, and the title that they name; they are in the report."""
    text = data.decode("utf-8", "replace")
    found = _BLOCK.match(text)
    if found is None or not _FIELD.match(found[1].lstrip()):
        return data, ""
    lines = " / ".join(line.strip() for line in found[1].splitlines() if line.strip())
    report.say("front-matter", text=lines[:200])
    title = _TITLE.search(found[1])
    return text[found.end() :].encode(), title[1].strip("\"'") if title else ""
