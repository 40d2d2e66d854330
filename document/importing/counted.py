"""What a Word file holds, counted in its own XML, independently of the conversion; and what stands beside the text."""

from __future__ import annotations

from typing import Any

from document.importing import tracked
from document.importing.comments import W, read_comments
from document.importing.headings import word_count
from document.importing.report import Report
from document.uploads import Archive

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"


def count(archive: Archive, root: Any) -> dict[str, int]:
    """Counts from the file's own XML, independent of the conversion; ``root`` is its text."""
    text = [root, archive.xml("word/footnotes.xml"), archive.xml("word/endnotes.xml")]
    words = 0
    for part in text:
        for paragraph in part.iter(f"{W}p") if part is not None else ():
            words += word_count(tracked.words(paragraph))
    comments = read_comments(archive)
    return {
        "words": words,
        "headings": _headings(archive, root),
        "footnotes": sum(1 for _ in root.iter(f"{W}footnoteReference", f"{W}endnoteReference")),
        "tables": sum(1 for _ in root.iter(f"{W}tbl")),
        "figures": sum(1 for _ in root.iter(f"{_A}blip", f"{_V}imagedata")),
        "comments": len(comments),
        "replies": sum(len(comment.replies) for comment in comments),
        "resolved": sum(each.resolved for comment in comments for each in (comment, *comment.replies)),
        "insertions": _changes(root, "ins", "moveTo", "t"),
        "deletions": _changes(root, "del", "moveFrom", "delText"),
    }


def _headings(archive: Archive, root: Any) -> int:
    """Paragraphs whose style is a heading, by the style's name."""
    styles = archive.xml("word/styles.xml")
    named = set()
    for style in styles.iter(f"{W}style") if styles is not None else ():
        name = style.find(f"{W}name")
        if name is not None and (name.get(f"{W}val") or "").lower().startswith("heading"):
            named.add(style.get(f"{W}styleId"))
    return sum(1 for each in root.iter(f"{W}pStyle") if each.get(f"{W}val") in named)


def _changes(root: Any, kind: str, move: str, text: str) -> int:
    """Tracked runs with words (or a note), and tracked paragraph marks."""
    runs = 0
    for name in (kind, move):
        for each in root.iter(f"{W}{name}"):
            parent = each.getparent().tag
            if parent == f"{W}trPr":
                runs += 1
            elif parent == f"{W}rPr":
                runs += each.getparent().getparent().tag == f"{W}pPr"
            elif (
                any(part.text for part in each.iter(f"{W}t", f"{W}{text}"))
                or next(each.iter(f"{W}footnoteReference"), None) is not None
            ):
                runs += 1
    return runs


def say_beside(archive: Archive, root: Any, report: Report) -> None:
    """Page headers and footers, and changes without words: read by nobody, so that they are at least said."""
    shown = []
    for name in sorted(archive.names):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            head = archive.xml(name)
            words = " ".join(tracked.words(head).split()) if head is not None else ""
            shown += [words] if word_count(words) and not words.isdigit() else []
    if shown:
        report.say("headers", excerpt=" / ".join(dict.fromkeys(shown)))
    changes = sum(1 for _ in root.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"))
    told = _changes(root, "ins", "moveTo", "t") + _changes(root, "del", "moveFrom", "delText")
    if changes > told:
        report.say("empty-change", count=changes - told)
