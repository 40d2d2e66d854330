"""Talk among authors."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from brief import threads
from brief.models import Section, Thread
from brief.permissions import talk
from brief.states import Circle
from ledger.actions import Done, action


@action("thread.started")
def start_thread(*, actor: Any, section: Section, body: str, block: str = "", start: int = 0, end: int = 0) -> Done:
    """Begin a thread in the authors' circle, on words of today's text."""
    talk(actor, section.brief)
    thread = threads.start(
        brief=section.brief,
        circle=Circle.AUTHORS,
        author=actor,
        body=body,
        section=section,
        block=block,
        start=start,
        end=end,
    )
    return Done(subject=thread, scope=section.brief_id)


@action("thread.replied")
def reply_to_thread(*, actor: Any, thread: Thread, body: str) -> Done:
    talk(actor, thread.brief)
    comment = threads.reply(thread=thread, author=actor, body=body)
    return Done(subject=thread, value=comment, scope=thread.brief_id)


@action("thread.resolved")
def resolve_thread(*, actor: Any, thread: Thread, resolved: bool = True) -> Done:
    """Settle an authors' thread, or take it up again."""
    talk(actor, thread.brief)
    thread.resolved_at = timezone.now() if resolved else None
    thread.resolved_by = actor if resolved else None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    return Done(subject=thread, scope=thread.brief_id, data={"resolved": resolved})
