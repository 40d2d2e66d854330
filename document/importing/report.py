"""The report of an import: what was found and kept, repaired, left out, and pointed out.

Findings carry a code and values, not sentences, so that pages can say them in any language;
``SENTENCES`` holds the English ones, marked for translation.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from document.characters import shorten


def gettext_noop(text: str) -> str:
    """Mark for translation without translating: this folder knows no Django."""
    return text


#: What is counted, in the order in which it is shown.
COUNTED = (
    "words", "headings", "footnotes", "tables", "boxes", "figures",
    "comments", "replies", "resolved", "insertions", "deletions", "modifications",
)  # fmt: skip

REPAIRED = {
    "numbers": gettext_noop("Typed paragraph numbers were removed; the brief counts them itself: %(count)s"),
    "styled-paragraph": gettext_noop("A whole paragraph was styled as a heading and became a paragraph again"),
    "empty-heading": gettext_noop("Empty headings were removed: %(count)s"),
    "blank-lines": gettext_noop("Runs of blank lines were closed; lines taken out: %(count)s"),
    "glyph-list": gettext_noop("Lines that began with a typed sign became a list: “%(sign)s”, %(count)s items"),
    "joined": gettext_noop("A sentence that a page or line break had split was joined"),
    "hyphen-joined": gettext_noop("A word that the end of a line had parted was put together"),
    "styled-box": gettext_noop("Paragraphs in the style “%(style)s” became a callout"),
    "box": gettext_noop("A table of one cell became a callout; boxes are counted by the brief: “%(title)s”"),
    "box-joined": gettext_noop("A box that continued in a second table was joined"),
    "page-notes": gettext_noop("Notes at the foot of a page became footnotes: %(count)s"),
    "detail-change": gettext_noop(
        "Tracked changes of a caption, a credit, a box's name or an addressee became one suggested change of that "
        "detail"
    ),
    "header-row": gettext_noop("A first row in bold became the table's header"),
    "plain-heading": gettext_noop("A plain line was recognised as a heading: “%(title)s”"),
    "title-note": gettext_noop("A footnote on a section title was moved to the section's first paragraph"),
    "figure-moved": gettext_noop("A picture inside a line or a table cell was moved below it"),
    "nested-table": gettext_noop("A table inside a table or box became paragraphs"),
    "list-nested": gettext_noop("A list that followed an item ending in a colon was put under it"),
}
LEFT_OUT = {
    "contents": gettext_noop("The typed list of contents: %(count)s lines; the brief makes its own"),
    "title-page": gettext_noop("The title page: “%(text)s”"),
    "template": gettext_noop("A line left by a web template: “%(text)s”"),
    "tail": gettext_noop("A promotional line at the end: “%(text)s”"),
    "double-title": gettext_noop("The title, which stood twice: “%(text)s”"),
    "raw": gettext_noop("Raw code that would pass unread to a web page or a printer"),
    "link": gettext_noop("A link to an address that is not http, https or mailto; its words are kept"),
    "bookmark": gettext_noop("Links inside the document; their words are kept: %(count)s"),
    "picture": gettext_noop("A picture that could not be read: %(name)s"),
    "pixel": gettext_noop(
        "A picture of a single pixel, which shows nothing: web pages have them to count their readers (%(name)s)"
    ),
    "remote-picture": gettext_noop("A picture on the network, which was not fetched: %(name)s"),
    "language": gettext_noop(
        "Marks of a language (%(language)s, words: %(count)s). Word processors set them by themselves and often "
        "wrongly; what is in another language is marked in the writing room"
    ),
    "title-language": gettext_noop(
        "The mark of a language on words of a title, which is plain words (%(languages)s): “%(title)s”"
    ),
    "title-link": gettext_noop("A link in a title; its words are kept: %(href)s"),
    "title-form": gettext_noop("Bold, italics or raised words inside a title: “%(title)s”"),
    "page-link": gettext_noop("A link on the title page: %(href)s"),
    "title-change": gettext_noop("Tracked changes inside a title were taken as accepted"),
    "break-change": gettext_noop("A tracked paragraph mark between kept words was taken as accepted"),
    "format-change": gettext_noop("A tracked change of form that a brief does not know (size, colour, indentation)"),
    "format-changes": gettext_noop("Further tracked changes of form that a brief does not know: %(count)s"),
    "empty-change": gettext_noop(
        "Tracked changes without words, around a comment's sign or of a list's number: %(count)s"
    ),
    "odt-form": gettext_noop("A tracked change of form; an ODT file does not say what it was before"),
    "deleted-table": gettext_noop("The cells of a deleted table are kept as deleted paragraphs"),
    "page-parts": gettext_noop("Parts of the web page around the text (menus, forms, scripts): %(count)s"),
    "front-matter": gettext_noop("The lines about the file at its beginning: “%(text)s”"),
    "formula": gettext_noop("A formula was kept as plain text"),
    "rule": gettext_noop("Horizontal lines: %(count)s"),
    "headers": gettext_noop("Page headers and footers"),
    "head-comment": gettext_noop("A comment of %(author)s in the page header (page style “%(page)s”)"),
    "foot-comment": gettext_noop("A comment of %(author)s in the page footer (page style “%(page)s”)"),
    "head-change": gettext_noop("A tracked change of %(author)s in the page header (page style “%(page)s”)"),
    "foot-change": gettext_noop("A tracked change of %(author)s in the page footer (page style “%(page)s”)"),
    "margins-more": gettext_noop("Further comments and tracked changes in page headers and footers: %(count)s"),
}
POINTED_OUT = {
    "number-twice": gettext_noop("The paragraph number %(number)s stood twice"),
    "number-missing": gettext_noop("The paragraph number %(number)s was missing"),
    "template-line": gettext_noop("A line that a web template seems to have left: “%(text)s”"),
    "tail-line": gettext_noop("A line at the end that reads like promotion: “%(text)s”"),
    "comment-cut": gettext_noop("A comment over several paragraphs now stands on the first of them"),
    "comment-lost": gettext_noop("A comment without a place in the text now stands on its first paragraph"),
    "hyphen-kept": gettext_noop("A hyphen at the end of a line was kept: look whether the word has one"),
    "token": gettext_noop("A place-holder is still in the text: “%(text)s”"),
    "long-section": gettext_noop("The section “%(title)s” has %(words)s words; more than 10,000 are slow to edit"),
    "no-alt": gettext_noop("A picture has no text that says what it shows"),
    "struck": gettext_noop("Words that the file strikes through stand in the text: look whether they should go"),
    "author-note": gettext_noop("A note about the author stands in the text"),
    "link-only": gettext_noop("The words “%(text)s” seem to have been a link whose address is missing"),
}
SENTENCES = {**REPAIRED, **LEFT_OUT, **POINTED_OUT}


@dataclass
class Finding:
    """One thing said: ``code`` of SENTENCES, its values, where (``key`` of a piece, and its words)."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    key: int = 0
    excerpt: str = ""
    section: str = ""

    def sentence(self) -> str:
        """In English."""
        return SENTENCES[self.code] % self.values

    @property
    def heading(self) -> str:
        return "repaired" if self.code in REPAIRED else "left_out" if self.code in LEFT_OUT else "pointed_out"


@dataclass
class Report:
    """Counts found in the file and kept in the sections, and the findings in order of place."""

    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    kept: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, key: int = 0, excerpt: str = "", **values: Any) -> None:
        """Add a finding; an unknown code is a programming error and raises KeyError."""
        SENTENCES[code]
        self.findings.append(Finding(code, values, key, shorten(excerpt)))

    def under(self, heading: str) -> list[Finding]:
        """The findings ``repaired``, ``left_out`` or ``pointed_out``."""
        return [each for each in self.findings if each.heading == heading]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Report:
        return Report(data["found"], data["kept"], [Finding(**each) for each in data["findings"]])
