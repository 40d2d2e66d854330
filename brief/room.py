"""What the editor must know beside the text: targets of cross-references, numbers, who suggested."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brief import outlines
from brief.models import Brief, Section
from brief.outlines import Outline, Target
from brief.states import Stake


@dataclass(frozen=True)
class Surroundings:
    """What the editor must know of the whole brief.

    ``targets``: what a cross-reference to another section can point to, ``{id, section, kind, label, text}``
    (the editor reads its own section's from the text). ``firsts``: the provisional numbers with which the
    section begins, ``{paragraph, footnote, series}`` (JSON text).
    """

    targets: list[dict[str, Any]]
    firsts: dict[str, Any]


def addressees(brief: Brief) -> list[str]:
    """Whom the brief asks to act, as its page says."""
    return list(brief.stakeholders.filter(stake=Stake.ADDRESSEE).values_list("name", flat=True))


def surroundings(sections: list[Section], section: Section) -> Surroundings:
    """The other sections' targets and the numbers before ``section``."""
    targets: list[dict[str, Any]] = []
    firsts: dict[str, Any] = {}
    before = _Running()
    for row, outline in zip(sections, outlines.of(sections), strict=True):
        named = _("Section “%(title)s”") % {"title": row.title}
        place = {"section": row.title, "text": ""}
        targets.append({"id": str(row.pk), **place, "kind": "section", "label": named})
        if row.pk == section.pk:
            firsts = before.firsts()
        else:
            targets += [_target(each, row.title, before) for each in outline.targets]
        before.add(outline)
    # The concept note is not among the sections: it counts for itself.
    return Surroundings(targets, firsts or _Running().firsts())


class _Running:
    """How many of everything came before."""

    def __init__(self) -> None:
        self.counts = {"paragraph": 0, "footnote": 0}

    def add(self, outline: Outline) -> None:
        counted = {"paragraph": outline.paragraphs, "footnote": outline.footnotes, **outline.series}
        for name, number in counted.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def firsts(self) -> dict[str, Any]:
        first = {name: number + 1 for name, number in self.counts.items()}
        return {
            "paragraph": first.pop("paragraph"),
            "footnote": first.pop("footnote"),
            "series": json.dumps(first),
        }


def _target(target: Target, section: str, before: _Running) -> dict[str, Any]:
    label, text = _label(target, target.number + before.counts.get(target.series, 0)), target.words
    if target.kind == "heading":
        label, text = f"“{target.words}”", ""
    return {"id": target.id, "section": section, "kind": target.kind, "label": label, "text": text}


def _label(target: Target, number: int) -> str:
    """How a reference to this block reads: “Table 2”, “Paragraph 14”."""
    if target.series == "paragraph":
        return _("Paragraph %(number)d") % {"number": number}
    names = {"table": _("Table"), "figure": _("Figure"), "callout": _("Box"), "recommendation": _("Recommendation")}
    return f"{names.get(target.series, '')} {number}"
