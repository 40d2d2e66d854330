"""The few words that renderers add to a brief's own, in one place so that they can be translated.

``Labels()`` is English; whoever renders in another language passes its own. Every template takes
the named values it shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from document.tree import Node

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _callouts() -> dict[str, str]:
    return {
        "key": "Key message",
        "risk": "Risk",
        "opportunity": "Opportunity",
        "case": "Case",
        "definition": "Definition",
        "note": "Note",
    }


def _kinds() -> dict[str, str]:
    return {
        "legislation": "Legislation",
        "investment": "Investment and training",
        "cooperation": "International co-operation",
        "partnership": "Technology partnerships",
        "other": "",
    }


def _changes() -> dict[str, str]:
    return {
        "inserted": "Inserted",
        "deleted": "Deleted",
        "moved-here": "Moved here",
        "moved-away": "Moved away from here",
    }


def _attributes() -> dict[str, str]:
    return {
        "type": "Kind of block",
        "marks": "Formatting",
        "level": "Heading level",
        "start": "First number",
        "caption": "Caption",
        "colspan": "Columns spanned",
        "rowspan": "Rows spanned",
        "colwidth": "Column width",
        "scope": "Header of",
        "asset": "Image",
        "alt": "Text alternative",
        "decorative": "Decorative",
        "credit": "Credit",
        "licence": "Licence",
        "kind": "Kind",
        "title": "Title",
        "addressee": "Addressee",
    }


def _blocks() -> dict[str, str]:
    return {
        "paragraph": "paragraph",
        "heading": "heading",
        "bullet_list": "list with points",
        "ordered_list": "numbered list",
        "table_cell": "cell",
        "table_header": "header cell",
    }


def _looks() -> dict[str, str]:
    return {
        "strong": "bold",
        "em": "italic",
        "superscript": "superscript",
        "subscript": "subscript",
        "link": "link to",
        "language": "language",
        "claim": "claim",
        "insertion": "suggested insertion",
        "deletion": "suggested deletion",
        "modification": "suggested change",
    }


@dataclass(frozen=True)
class Labels:
    """Values may be lazy translations: they are turned into text only when rendered."""

    callouts: Mapping[str, str] = field(default_factory=_callouts)
    recommendation_kinds: Mapping[str, str] = field(default_factory=_kinds)
    table: str = "Table {number}"
    figure: str = "Figure {number}"
    box: str = "Box {number}"
    recommendation: str = "R{number}"
    paragraph: str = "paragraph {number}"
    section: str = "section “{title}”"
    heading: str = "“{title}”"
    missing: str = "[missing reference]"
    missing_source: str = "[missing source: {key}]"
    addressee: str = "For {name}"
    recommendation_name: str = "Recommendation {number}"
    paragraph_name: str = "Paragraph {number}"
    note: str = "Note {number}"
    notes: str = "Notes"
    back: str = "Back to the text"
    content_notice: str = "Content notice"
    skip_section: str = "Skip this section"
    sources: str = "Sources"
    acronyms: str = "Acronyms"
    glossary: str = "Glossary"
    contents: str = "Contents"
    credit: str = "Credit: {name}"
    figure_licence: str = "Licence: {name}"
    scroll: str = "Table, scrolls sideways"
    missing_figure: str = "Missing figure"
    thread: str = "Comment {number}"
    summary: str = "Summary"
    imprint: str = "Imprint"
    edition: str = "Edition {edition}"
    published_by: str = "Published by"
    isbn: str = "ISBN"
    licence: str = "Licence"
    disclaimer: str = "Disclaimer"
    contact: str = "Contact"
    acknowledgements: str = "Acknowledgements"
    content_hash: str = "Content hash (SHA-256)"
    content_words: str = "In words"
    page: str = "Page"
    no_date: str = "n.d."
    archived: str = "Archived copy"
    unpublished: str = "Unpublished, available on request."
    interest: str = "Declared interest: {interest}."
    #: What a redline says of its changes.
    change: str = "{name}: {old} → {new}"
    claimed: str = "Registered as a claim"
    unclaimed: str = "No longer a claim"
    changes: Mapping[str, str] = field(default_factory=_changes)
    attributes: Mapping[str, str] = field(default_factory=_attributes)
    blocks: Mapping[str, str] = field(default_factory=_blocks)
    looks: Mapping[str, str] = field(default_factory=_looks)
    yes: str = "yes"
    no: str = "no"
    no_value: str = "none"
    months: Sequence[str] = _MONTHS
    date: str = "{day} {month} {year}"

    def series(self, kind: str, number: int) -> str:
        """“Table 3”, “Figure 1”, “Box 2” or “R4” (“–” for what a redline strikes); ``kind`` as in Numbering.series."""
        template = {"table": self.table, "figure": self.figure, "callout": self.box}
        return str(template.get(kind, self.recommendation)).format(number=number or "–")

    def day(self, date: datetime.date) -> str:
        """A date in words: “12 March 2026”."""
        month = str(self.months[date.month - 1])
        return str(self.date).format(day=date.day, month=month, year=date.year)

    def callout(self, node: Node) -> str:
        return str(self.callouts.get(str(node.get("attrs", {}).get("kind", "note")), ""))
