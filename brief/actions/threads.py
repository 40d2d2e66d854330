"""Talk among authors."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import mentions, threads
from brief.models import Brief, Comment, Mention, Section, Thread
from brief.permissions import talk
from brief.policies import check_still_ones_own
from brief.states import Circle
from ledger import live
from ledger.actions import Done, action
from ledger.refusals import NotNow


def _told(thread: Thread) -> None:
    """Whoever of the authors has the section open looks at its comments anew."""
    live.notify("talk", scope=thread.brief_id, section=str(thread.section_id or ""))


@action("thread.started")
def start_thread(
    *,
    actor: Any,
    section: Section | None = None,
    brief: Brief | None = None,
    body: str,
    block: str = "",
    start: int = 0,
    end: int = 0,
) -> Done:
    """Begin a thread in the authors' circle, on words of today's text; with ``brief`` alone, on the whole."""
    about = section.brief if section is not None else brief
    if about is None:
        raise ValueError("a thread is about a section or a brief")
    talk(actor, about)
    comment = threads.start(
        brief=about,
        circle=Circle.AUTHORS,
        author=actor,
        body=body,
        section=section,
        block=block,
        start=start,
        end=end,
    )
    mentions.note(comment, actor=actor)
    _told(comment.thread)
    return Done(subject=comment.thread, scope=about.pk)


@action("thread.replied")
def reply_to_thread(*, actor: Any, thread: Thread, body: str) -> Done:
    """Answer in a thread; who was mentioned in it has answered with this."""
    talk(actor, thread.brief)
    comment = threads.reply(thread=thread, author=actor, body=body)
    mentions.note(comment, actor=actor)
    _seen(actor, thread)
    _told(thread)
    return Done(subject=thread, value=comment, scope=thread.brief_id)


@action("thread.resolved")
def resolve_thread(*, actor: Any, thread: Thread, resolved: bool = True) -> Done:
    """Settle an authors' thread, or take it up again."""
    talk(actor, thread.brief)
    thread.resolved_at = timezone.now() if resolved else None
    thread.resolved_by = actor if resolved else None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    if resolved:
        Mention.objects.filter(comment__thread=thread, seen_at=None).update(seen_at=timezone.now())
    _told(thread)
    return Done(subject=thread, scope=thread.brief_id, data={"resolved": resolved})


@action("comment.edited")
def edit_comment(*, actor: Any, comment: Comment, body: str) -> Done:
    """Change the words of one's own comment, until somebody answers it."""
    thread = comment.thread
    talk(actor, thread.brief)
    check_still_ones_own(actor, comment)
    if not body.strip():
        raise NotNow(_("A comment needs words."), code="empty")
    comment.body, comment.edited_at = body.strip(), timezone.now()
    comment.save(update_fields=["body", "edited_at"])
    kept = mentions.named(comment.body, mentions.people_of(thread.brief))
    Mention.objects.filter(comment=comment).exclude(user__in=kept).delete()
    mentions.note(comment, actor=actor)
    _told(thread)
    return Done(subject=thread, value=comment, scope=thread.brief_id)


@action("comment.withdrawn")
def withdraw_comment(*, actor: Any, comment: Comment) -> Done:
    """Take back one's own comment, until somebody answers it; a thread of nothing else goes with it."""
    thread = comment.thread
    talk(actor, thread.brief)
    check_still_ones_own(actor, comment)
    Mention.objects.filter(comment=comment).delete()
    if thread.comments.filter(withdrawn_at=None).exclude(pk=comment.pk).exists():
        comment.withdrawn_at = timezone.now()
        comment.save(update_fields=["withdrawn_at"])
    else:
        identifier = thread.pk
        thread.delete()
        # The event still names what there was.
        thread.pk = identifier
    _told(thread)
    return Done(subject=thread, scope=thread.brief_id)


@action("thread.seen")
def see_thread(*, actor: Any, thread: Thread) -> Done:
    """Take the mentions of this person in a thread off their desk."""
    talk(actor, thread.brief)
    _seen(actor, thread)
    return Done(subject=thread, scope=thread.brief_id)


def _seen(actor: Any, thread: Thread) -> None:
    Mention.objects.filter(comment__thread=thread, user=actor, seen_at=None).update(seen_at=timezone.now())
