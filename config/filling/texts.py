"""Texts of a wanted length, and threads on their words, written as rows: thousands in a moment."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from brief import texts
from brief.anchors import span_in
from brief.models import Anchor, Comment, Section, Thread, Version
from brief.threads import anchor_of
from document import tree
from document.sample.prose import Writer
from document.tree import Node

Place = tuple[str, int, int, str, int, int]


def document(words: int, seed: int) -> Node:
    """Headings and paragraphs of about so many words, with a list now and then."""
    writer, used = Writer(seed), 0
    blocks: list[Node] = []
    headings: set[str] = set()
    while used < words:
        if len(blocks) % 12 == 0 and words - used > 100:
            blocks.append(_block("heading", writer.heading(headings), level=1))
            headings = set() if len(headings) > 20 else headings
        elif len(blocks) % 12 == 7:
            items = [_list_item(writer.item()) for _ in range(3)]
            blocks.append({"type": "bullet_list", "attrs": {"id": _identifier()}, "content": items})
        else:
            blocks.append(_block("paragraph", _cut_words(writer.paragraph(), words - used)))
        used += tree.words(blocks[-1])
    return {"type": "doc", "content": blocks}


def paragraph(seed: int) -> Node:
    return _block("paragraph", Writer(seed).paragraph())


def _cut_words(text: str, most: int) -> str:
    parts = text.split()
    return text if len(parts) <= most else " ".join(parts[: max(1, most)])


def _block(kind: str, text: str, **attrs: Any) -> Node:
    return {"type": kind, "attrs": {"id": _identifier(), **attrs}, "content": [{"type": "text", "text": text}]}


def _list_item(text: str) -> Node:
    return {"type": "list_item", "attrs": {"id": _identifier()}, "content": [_block("paragraph", text)]}


def _identifier() -> str:
    return secrets.token_hex(6)


def places(doc: Node, count: int, seed: int) -> Iterator[Place]:
    """So many different places: block, start, end, the block's text, and the positions of both ends."""
    random = Random(seed)  # noqa: S311 - places, not secrets
    found = [node for node in tree.blocks(doc) if node["type"] == "paragraph" and len(tree.block_text(node)) > 20]
    plain = [(tree.block_id(node), tree.block_text(node)) for node in found]
    spans = {name: span_in(doc, name, 0, 1)[0] for name, _text in plain}
    for number in range(count):
        name, text = plain[number % len(plain)]
        start = random.randrange(0, len(text) - 12)
        end = start + random.randrange(4, 12)
        yield name, start, end, text, spans[name] + start, spans[name] + end


def add_threads(
    sections: list[Section], authors: list[User], count: int, *, resolved: bool = False, seed: int = 1
) -> list[Thread]:
    """Threads of the authors' circle spread over the sections, each with a comment and every third with a reply."""
    threads: list[Thread] = []
    anchors: list[Anchor] = []
    for part, section in enumerate(sections):
        own = count // len(sections) + (part < count % len(sections))
        for place in places(texts.document(section), own, seed + part):
            thread = Thread(brief_id=section.brief_id, section=section, created_by=authors[len(threads) % len(authors)])
            if resolved:
                thread.resolved_at, thread.resolved_by = timezone.now(), thread.created_by
            threads.append(thread)
            anchors.append(anchor(thread, section, None, section.version, place))
    Thread.every.bulk_create(threads, batch_size=2000)
    Anchor.objects.bulk_create(anchors, batch_size=2000)
    Comment.objects.bulk_create(_said(threads, authors, seed), batch_size=2000)
    return threads


def anchor(thread: Thread, section: Section, version: Version | None, step: int, place: Place) -> Anchor:
    block, start, end, text, first, last = place
    return anchor_of(thread, section, version, step, block=block, words=(start, end), text=text, span=(first, last))


def _said(threads: Iterable[Thread], authors: list[User], seed: int) -> Iterator[Comment]:
    writer = Writer(seed)
    for number, thread in enumerate(threads):
        yield Comment(thread=thread, author=thread.created_by, body=writer.sentence(), at=timezone.now())
        if number % 3 == 0:
            answering = authors[(number + 1) % len(authors)]
            yield Comment(thread=thread, author=answering, body=writer.sentence(), at=timezone.now())


def of_version(version: Version, section: Section) -> tuple[int, Node]:
    """(the section's step, its document) as frozen."""
    row = version.sections.select_related("text").get(section=section)
    return row.section_version, json.loads(row.text.body)
