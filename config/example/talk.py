"""What the authors say among themselves, and a suggestion that nobody has decided yet."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from brief import steps, texts
from brief.actions import reply_to_thread, resolve_thread, start_thread
from brief.models import Brief, Section, Suggestion
from config.example.drafts import find_words
from config.example.notation import identifier
from document import tree
from document.engine import engine


def threads(cast: dict[str, User], sections: dict[str, Section], told: list[dict[str, Any]]) -> None:
    for each in told:
        section = sections[each["section"]]
        section.refresh_from_db()
        block, start, end = find_words(texts.document(section), each["quote"])
        author = cast[each["by"]]
        thread = start_thread(actor=author, section=section, body=each["body"], block=block, start=start, end=end)
        for reply in each["replies"]:
            reply_to_thread(actor=cast[reply["by"]], thread=thread, body=reply["body"])
        if each.get("resolved"):
            resolve_thread(actor=author, thread=thread)


def suggestion(brief: Brief, author: User, section: Section, told: dict[str, Any]) -> None:
    """Suggest other words, as the editor does: the old ones marked, the new ones beside them."""
    section.refresh_from_db()
    doc = texts.document(section)
    block, start, end = find_words(doc, told["old"])
    before = next(position for position, node in tree.positions(doc) if tree.block_id(node) == block)
    first, last = before + 1 + start, before + 1 + end
    name = identifier(told["new"])
    new = {"type": "text", "text": told["new"], "marks": [{"type": "insertion", "attrs": {"id": name}}]}
    changes = [
        {"stepType": "addMark", "mark": {"type": "deletion", "attrs": {"id": name}}, "from": first, "to": last},
        {"stepType": "replace", "from": last, "to": last, "slice": {"content": [new]}},
    ]
    answer = steps.submit(
        actor=author,
        brief_id=brief.pk,
        section_id=section.pk,
        version=section.version,
        client="example",
        key=name,
        schema=engine().schema_version,
        steps=changes,
    )
    if answer.status != 200:
        raise RuntimeError(f"the example's suggestion was refused: {answer.body}")
    Suggestion.objects.get_or_create(
        section=section, identifier=name, defaults={"author": author, "at": timezone.now()}
    )
