"""Who wrote which words, as a page shows it: each person a sign and a colour, each run of words its author."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brief.history import authorship
from brief.history.authorship import Author, Authorship
from brief.models import Section
from document import tree
from document.anchors import cut
from document.html.element import Markup, element, join

#: Colours of the style sheet; beyond these people share them and keep their own letters.
COLOURS = 8


def shown(section: Section) -> dict[str, Any]:
    """``people``: who wrote how many words; ``blocks``: the text, each run with who wrote it when."""
    found = authorship.of(section)
    names = _numbers(found)
    total = sum(count for _author, count in found.words) or 1
    people = [
        {
            "name": author.name or _("Before this history, or imported"),
            "number": names[author.name],
            "colour": _colour(names[author.name]),
            "words": count,
            "share": round(100 * count / total),
        }
        for author, count in found.words
    ]
    return {"people": people, "blocks": list(_blocks(found, names)), "cut": found.since}


def _numbers(found: Authorship) -> dict[str, int]:
    """Name → its number in the legend; 0 for nobody known."""
    known = [author.name for author, _count in found.words if author.name]
    return {"": 0, **{name: number for number, name in enumerate(known, start=1)}}


def _colour(number: int) -> int:
    return (number - 1) % COLOURS + 1 if number else 0


def _blocks(found: Authorship, names: dict[str, int]) -> list[Markup]:
    shown = []
    for block in tree.blocks(found.doc):
        runs = found.runs.get(tree.block_id(block)) or []
        if block["type"] in tree.TEXTBLOCKS and runs:
            text = tree.block_text(block).replace(tree.OBJECT, "▫")
            tag = "h3" if block["type"] == "heading" else "p"
            joined = _joined(runs)
            ends = [*(who.name for _start, _end, who in joined[1:]), None]
            said = (
                _run(cut(text, start, end), who, names, signed=who.name != after)
                for (start, end, who), after in zip(joined, ends, strict=True)
            )
            shown.append(element(tag, join(said)))
    return shown


def _joined(runs: list[tuple[int, int, Author]]) -> list[tuple[int, int, Author]]:
    result: list[tuple[int, int, Author]] = []
    for start, end, author in runs:
        if result and result[-1][2] == author:
            result[-1] = (result[-1][0], end, author)
        else:
            result.append((start, end, author))
    return result


def _run(words: str, author: Author, names: dict[str, int], *, signed: bool) -> Markup:
    """Some words; the last of a person's in a row carry the sign."""
    number = names.get(author.name, 0)
    if not number:
        return join(words)
    when = date_format(author.on, "DATE_FORMAT") if author.on else ""
    label = element("sup", str(number), class_="who", aria_hidden="true") if signed else None
    told = element("span", f" [{author.name}] ", class_="visually-hidden") if signed else None
    return element(
        "span", words, label, told, class_=f"by by-{_colour(number)}", title=f"{author.name}, {when}".rstrip(", ")
    )
