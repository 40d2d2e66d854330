"""Page headers and footers of an ODT file: no brief has them; words, comments, changes are at least told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from document.importing.headings import word_count
from document.importing.inlines import clean
from document.importing.report import Report
from document.importing.restored import DC, OFFICE, TEXT, TEXTS
from document.uploads import Archive

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_HEADS = tuple(f"{_STYLE}header{which}" for which in ("", "-left", "-first"))
_FEET = tuple(f"{_STYLE}footer{which}" for which in ("", "-left", "-first"))
_ANNOTATION, _CHANGES = f"{OFFICE}annotation", f"{TEXT}tracked-changes"
_BLANKS = (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break")
#: Comments and changes told one by one.
MOST = 100


def say(archive: Archive, report: Report) -> None:
    """Each comment and each change with the page style and whether it is at the head or the foot; the words once."""
    raw = archive.read("styles.xml") or b""
    root: Any = archive.xml("styles.xml") if b"header" in raw or b"footer" in raw else None
    if root is None:
        return
    words: list[str] = []
    told = 0
    for margin in root.iter(*_HEADS, *_FEET):
        shown = " ".join(_paragraphs(margin))
        words += [shown] if word_count(shown) and not shown.isdigit() else []
        edge = "head" if margin.tag in _HEADS else "foot"
        page = _page(margin)
        for what, who, excerpt in _beside(margin):
            told += 1
            if told <= MOST:
                report.say(f"{edge}-{what}", excerpt=excerpt, page=page, author=who or "?")
    if told > MOST:
        report.say("margins-more", count=told - MOST)
    if words:
        report.say("headers", excerpt=" / ".join(dict.fromkeys(words)))


def _page(margin: Any) -> str:
    """The name of the page style, as its author sees it."""
    master = margin.getparent()
    return clean(master.get(f"{_STYLE}display-name") or master.get(f"{_STYLE}name") or "")[:60]


def _beside(margin: Any) -> Iterator[tuple[str, str, str]]:
    """What is no text of it, in order: comment or change, who, and its words."""
    for comment in margin.iter(_ANNOTATION):
        yield "comment", _who(comment), " ".join(_paragraphs(comment))
    signs = _signs(margin)
    for region in margin.iter(f"{TEXT}changed-region"):
        for change in region:
            info = change.find(f"{OFFICE}change-info")
            gone = " ".join(_paragraphs(change)) if change.tag == f"{TEXT}deletion" else ""
            yield "change", _who(info), gone or _around(signs.get(region.get(f"{TEXT}id", "")))


def _who(element: Any) -> str:
    return clean(element.findtext(f"{DC}creator") or "")[:120] if element is not None else ""


def _signs(margin: Any) -> dict[str, Any]:
    """Where each change begins."""
    found: dict[str, Any] = {}
    for sign in margin.iter(f"{TEXT}change-start", f"{TEXT}change"):
        found.setdefault(sign.get(f"{TEXT}change-id", ""), sign)
    return found


def _around(sign: Any) -> str:
    """The words of the paragraph that a sign stands in."""
    above = sign.iterancestors() if sign is not None else ()
    paragraph = next((each for each in above if each.tag in TEXTS), None)
    return "" if paragraph is None else " ".join(clean(_words(paragraph)).split())


def _paragraphs(around: Any) -> list[str]:
    """The words of each paragraph within, without comments and without what was struck."""
    found = []
    for paragraph in around.iter(*TEXTS):
        above = []
        for each in paragraph.iterancestors():
            if each is around:
                break
            above.append(each.tag)
        if not {_ANNOTATION, _CHANGES}.intersection(above):
            found.append(" ".join(clean(_words(paragraph)).split()))
    return [each for each in found if each]


def _words(element: Any) -> str:
    """An element's words; spaces, tabs and line breaks are signs of their own in ODT."""
    if element.tag in _BLANKS:
        return " "
    if element.tag == _ANNOTATION:
        return ""
    return "".join([element.text or "", *(_words(child) + (child.tail or "") for child in element)])
