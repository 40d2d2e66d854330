"""Starting and continuing threads. Who may is asked by the callers: authors here, rounds in ``review``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
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
) -> Thread:
    """Begin a thread on a place: a block and text offsets, of a frozen version or of today's text.

    Without a section the thread is about the brief as a whole and has no anchor. Raises NotNow
    when the block is not there.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        thread = Thread.every.create(brief=brief, section=section, circle=circle, created_by=author)
        if section is not None:
            _anchor(thread, section, version, block, start, end)
        reply(thread=thread, author=author, author_name=author_name, body=body, at=moment)
    return thread


def reply(*, thread: Thread, author: Any, body: str, author_name: str = "", at: datetime | None = None) -> Comment:
    """Add a comment to a thread."""
    if not body.strip():
        raise NotNow(_("A comment needs words."), code="empty")
    return Comment.objects.create(
        thread=thread, author=author, author_name=author_name, body=body.strip(), at=at or timezone.now()
    )


def _anchor(thread: Thread, section: Section, version: Version | None, block: str, start: int, end: int) -> Anchor:
    step, doc = _text_of(section, version)
    node = tree.find(doc, block) if block else None
    if block and node is None:
        raise NotNow(_("That paragraph is not in this text."), code="place")
    text = tree.block_text(node) if node and node["type"] in tree.TEXTBLOCKS else ""
    length = tree.utf16(text)
    if not 0 <= start <= end <= length:
        raise NotNow(_("Those words are not in this paragraph."), code="place")
    span = span_in(doc, block, start, end)
    made = anchor_of(thread, section, version, step, block=block, words=(start, end), text=text, span=span)
    made.save(force_insert=True)
    return made


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
