"""Starting and continuing threads. Who may is asked by the callers: authors here, rounds in ``review``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import texts
from brief.anchors import span_in
from brief.models import Anchor, Brief, Comment, Section, Thread, Version, VersionSection
from brief.states import Circle
from document import tree
from document.anchors import cut
from ledger.refusals import NotNow

#: How much of the text around a quotation is kept to recognise its place again.
AROUND = 32


def start(
    *,
    brief: Brief,
    circle: Circle | str,
    author: Any,
    body: str,
    author_name: str = "",
    section: Section | None = None,
    version: Version | None = None,
    block: str = "",
    start: int = 0,
    end: int = 0,
    at: datetime | None = None,
) -> Comment:
    """Begin a thread on a place: a block and text offsets, of a frozen version or of today's text.

    Its first comment; the thread is ``.thread``. Without a section it is about the brief as a whole and has no anchor.
    Raises NotNow, before anything is stored, when there are no words or the block is not there.
    """
    _check_words(body)
    thread = Thread(brief=brief, section=section, circle=circle, created_by=author)
    anchor = None if section is None else _anchor(thread, section, version, block, start, end)
    thread.save(force_insert=True)
    if anchor is not None:
        anchor.save(force_insert=True)
    return reply(thread=thread, author=author, author_name=author_name, body=body, at=at)


def reply(*, thread: Thread, author: Any, body: str, author_name: str = "", at: datetime | None = None) -> Comment:
    """Add a comment to a thread."""
    _check_words(body)
    return Comment.objects.create(
        thread=thread, author=author, author_name=author_name, body=body.strip(), at=at or timezone.now()
    )


def _check_words(body: str) -> None:
    if not body.strip():
        raise NotNow(_("A comment needs words."), code="empty")


def _anchor(thread: Thread, section: Section, version: Version | None, block: str, start: int, end: int) -> Anchor:
    """The anchor, not stored yet."""
    step, doc = _text_of(section, version)
    node = tree.find(doc, block) if block else None
    if block and node is None:
        raise NotNow(_("That paragraph is not in this text."), code="place")
    text = tree.block_text(node) if node and node["type"] in tree.TEXTBLOCKS else ""
    length = tree.utf16(text)
    if not 0 <= start <= end <= length:
        raise NotNow(_("Those words are not in this paragraph."), code="place")
    span = span_in(doc, block, start, end)
    return anchor_of(thread, section, version, step, block=block, words=(start, end), text=text, span=span)


def anchor_of(
    thread: Thread,
    section: Section,
    version: Version | None,
    step: int,
    *,
    block: str,
    words: tuple[int, int],
    text: str,
    span: tuple[int, int],
) -> Anchor:
    """An anchor that is not stored yet, at ``words`` (UTF-16 offsets) of the block's ``text``.

    ``span`` holds their positions in the document at ``step``; nothing is checked.
    """
    start, end = words
    return Anchor(
        thread=thread,
        version=version,
        section=section,
        block=block,
        start=start,
        end=end,
        quotation=cut(text, start, end),
        prefix=cut(text, max(0, start - AROUND), start),
        suffix=cut(text, end, end + AROUND),
        step=step,
        mapped_section=section,
        mapped_block=block,
        mapped_start=span[0],
        mapped_end=span[1],
        mapped_step=step,
    )


def _text_of(section: Section, version: Version | None) -> tuple[int, tree.Node]:
    if version is None:
        return section.version, texts.document(section)
    frozen = VersionSection.objects.select_related("text").filter(version=version, section=section).first()
    if frozen is None:
        raise NotNow(_("That section is not in this version."), code="place")
    return frozen.section_version, json.loads(frozen.text.body)
