"""Word's comments, read from the file's own XML: pandoc loses replies and what is resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from document.importing.inlines import clean
from document.uploads import Archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
#: As word processors write it, and as the first preview of Word 2013 did.
W15 = (
    "{http://schemas.microsoft.com/office/word/2012/wordml}",
    "{http://schemas.microsoft.com/office/word/2010/11/wordml}",
)


@dataclass
class Comment:
    """One comment; ``at`` as the file says it (ISO 8601, often without a zone), or empty."""

    id: str
    author: str
    at: str
    body: str
    resolved: bool = False
    replies: list[Comment] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        replies = [reply.to_json() for reply in self.replies]
        return {**vars(self), "replies": replies}


def _body(element: etree._Element) -> str:
    lines = []
    for paragraph in element.iter(f"{W}p"):
        parts = []
        for piece in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}delText"):
            parts.append(clean(piece.text or "") if piece.tag in (f"{W}t", f"{W}delText") else " ")
        lines.append("".join(parts).strip())
    return "\n".join(lines).strip()


def _states(archive: Archive) -> dict[str, tuple[str, bool]]:
    """Paragraph id of a comment's last paragraph → (its parent's, whether it is resolved)."""
    root = archive.xml("word/commentsExtended.xml")
    if root is None:
        return {}
    return {
        element.get(f"{space}paraId", ""): (
            element.get(f"{space}paraIdParent", ""),
            element.get(f"{space}done") in ("1", "true"),
        )
        for space in W15
        for element in root.iter(f"{space}commentEx")
    }


def read_comments(archive: Archive) -> list[Comment]:
    """Top comments in the file's order, each with its replies in order; a chain of replies is one list."""
    root = archive.xml("word/comments.xml")
    if root is None:
        return []
    states = _states(archive)
    by_paragraph: dict[str, Comment] = {}
    parents: dict[str, str] = {}
    order: list[tuple[Comment, str]] = []
    for element in root.iter(f"{W}comment"):
        last = [each.get(f"{W14}paraId", "") for each in element.iter(f"{W}p")][-1:] or [""]
        parent, done = states.get(last[0], ("", False))
        author = clean(element.get(f"{W}author", ""))[:120]
        comment = Comment(element.get(f"{W}id", ""), author, element.get(f"{W}date", ""), _body(element), done)
        if last[0]:
            by_paragraph[last[0]] = comment
            parents[last[0]] = parent
        order.append((comment, last[0]))
    return _threaded(order, by_paragraph, parents)


def _threaded(
    order: list[tuple[Comment, str]], by_paragraph: dict[str, Comment], parents: dict[str, str]
) -> list[Comment]:
    tops = []
    for comment, paragraph in order:
        root, seen = paragraph, {paragraph}
        while (parent := parents.get(root, "")) in by_paragraph and parent not in seen:
            seen.add(parent)
            root = parent
        if root == paragraph or not paragraph:
            tops.append(comment)
        else:
            by_paragraph[root].replies.append(comment)
    return tops
