"""Comments in Word: the threads of the authors, with replies and what is resolved.

Replies are comments of their own, tied to their first one in ``commentsExtended.xml`` by the
identifiers of paragraphs; ``commentsIds.xml`` gives each a lasting number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from document.characters import clean
from document.word.names import part, quoted, text


@dataclass(frozen=True)
class Remark:
    """One utterance; ``at`` is ISO 8601 in UTC, ``resolved`` whether it is ticked off by itself."""

    author: str
    at: str
    body: str
    resolved: bool = False


@dataclass(frozen=True)
class Talk:
    """A thread and its place: UTF-16 offsets in a block's text; equal ones mean the whole block.

    Without a block it stands on the title of the section, without a section on the document's title.
    """

    remarks: Sequence[Remark]
    section: str = ""
    block: str = ""
    start: int = 0
    end: int = 0


@dataclass
class Comments:
    """The threads that are met while the text is written; ids run over all comments of the file."""

    talks: dict[str, Talk] = field(default_factory=dict)
    ids: dict[str, list[int]] = field(default_factory=dict)
    _count: int = 0

    def start(self, key: str) -> str:
        """Where a thread begins; empty when it began already."""
        if key in self.ids or key not in self.talks:
            return ""
        size = len(self.talks[key].remarks)
        self.ids[key] = list(range(self._count, self._count + size))
        self._count += size
        return "".join(f'<w:commentRangeStart w:id="{each}"/>' for each in self.ids[key])

    def end(self, key: str) -> tuple[str, str]:
        """Where a thread ends, and its signs."""
        ids = self.ids.get(key, [])
        ends = "".join(f'<w:commentRangeEnd w:id="{each}"/>' for each in ids)
        look = '<w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
        return ends, "".join(f'<w:r>{look}<w:commentReference w:id="{each}"/></w:r>' for each in ids)

    @property
    def written(self) -> bool:
        return bool(self.ids)

    def parts(self) -> dict[str, bytes]:
        """``comments.xml`` and its companions."""
        shown, states, lasting = [], [], []
        for key, ids in self.ids.items():
            for at, (number, remark) in enumerate(zip(ids, self.talks[key].remarks, strict=True)):
                parent = "" if not at else f' w15:paraIdParent="{_paragraph(ids[0])}"'
                shown.append(_comment(number, remark))
                done = int(remark.resolved)
                states.append(f'<w15:commentEx w15:paraId="{_paragraph(number)}"{parent} w15:done="{done}"/>')
                lasting.append(
                    f'<w16cid:commentId w16cid:paraId="{_paragraph(number)}" w16cid:durableId="{_paragraph(number)}"/>'
                )
        return {
            "word/comments.xml": part("w:comments", "".join(shown)),
            "word/commentsExtended.xml": part("w15:commentsEx", "".join(states)),
            "word/commentsIds.xml": part("w16cid:commentsIds", "".join(lasting)),
        }


def _paragraph(number: int) -> str:
    """The identifier of a comment's last paragraph: eight hexadecimal digits below 80000000."""
    return f"{0x10000000 + number:08X}"


def _comment(number: int, remark: Remark) -> str:
    lines = clean(remark.body).replace("\r", "").split("\n")
    paragraphs = []
    for at, line in enumerate(lines):
        identity = f' w14:paraId="{_paragraph(number)}"' if at == len(lines) - 1 else ""
        sign = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>' if not at else ""
        words = f'<w:r><w:t xml:space="preserve">{text(line)}</w:t></w:r>' if line else ""
        paragraphs.append(f'<w:p{identity}><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>{sign}{words}</w:p>')
    who = f"w:author={quoted(remark.author)} w:date={quoted(remark.at)} w:initials={quoted(_initials(remark.author))}"
    return f'<w:comment w:id="{number}" {who}>{"".join(paragraphs)}</w:comment>'


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:3]).upper()
