"""The authors' threads as pages show them: of one section, or of the whole brief, all or some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, UUIDField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief import anchors
from brief.mentions import marked
from brief.models import Brief, Comment, Mention, Section, Thread
from brief.states import AnchorState
from brief.visibility import threads_for
from document.anchors import Located
from ledger.prepared import Among, Prepared

#: Threads that are shown at once, some three screens; the others are a link away.
SHOWN = 16
#: As the index of the threads has them: open ones first.
ORDER = (F("resolved_at").asc(nulls_first=True), "created_at", "id")
#: What one can ask to see, by the name in the address.
SHOWS: dict[str, str | Promise] = {
    "": gettext_lazy("All"),
    "open": gettext_lazy("Open"),
    "resolved": gettext_lazy("Settled"),
    "mine": gettext_lazy("I take part"),
    "mentions": gettext_lazy("Mention me"),
    "waiting": gettext_lazy("Wait for me"),
}


@dataclass(frozen=True)
class Conversation:
    """Threads as ``brief/_card.html`` shows them, where they stand for the editor, and which page it is.

    ``open`` counts what is not settled, whatever of it is shown.
    """

    threads: list[dict[str, Any]]
    anchors: list[dict[str, Any]]
    page: Page[Any]
    open: int
    show: str = ""


class Counted(Paginator):  # type: ignore[type-arg]
    """Counts what is open in the same query."""

    @cached_property
    def counted(self) -> dict[str, int]:
        rows: Any = self.object_list
        found: dict[str, int] = rows.order_by().aggregate(
            every=Count("pk"), open=Count("pk", filter=Q(resolved_at=None))
        )
        return found

    @cached_property
    def count(self) -> int:
        return self.counted["every"]


def filtered(rows: QuerySet[Thread], user: Any, show: str) -> QuerySet[Thread]:
    """Those of the threads that were asked for; all for a word that is not in ``SHOWS``."""
    if show in ("open", "resolved"):
        return rows.filter(resolved_at__isnull=show == "open")
    said = Comment.objects.filter(thread=OuterRef("pk"), withdrawn_at=None)
    if show == "mine":
        return rows.filter(Exists(said.filter(author=user)))
    if show in ("mentions", "waiting"):
        called = Mention.objects.filter(comment__thread=OuterRef("pk"), user=user, comment__withdrawn_at=None)
        return rows.filter(Exists(called.filter(seen_at=None) if show == "waiting" else called))
    return rows


def of_section(
    user: Any, brief: Brief, section: Section, *, page: str | None = None, chosen: UUID | None = None, show: str = ""
) -> Conversation:
    """One page of the authors' threads of a section, open ones first, and in any case the chosen one."""
    every = threads_for(user, brief).filter(section=section)
    found, opened, rows = _cut(every, user, page, chosen, show)
    places = anchors.in_section(section, [row.anchor for row in rows if hasattr(row, "anchor")])
    shown = _shown(user, rows, places)
    # What a settled thread was about is shown to who asks for it.
    marked = (row for row in rows if row.pk in places and (not row.resolved_at or row.pk == chosen))
    marks = [_mark(row, places[row.pk]) for row in marked]
    return Conversation(shown, [mark for mark in marks if mark["block"]], found, opened, show)


def of_brief(
    user: Any, brief: Brief, *, page: str | None = None, chosen: UUID | None = None, show: str = "open"
) -> Conversation:
    """One page of all the authors' threads of a brief, each with the section it is about."""
    every = threads_for(user, brief).exclude(section__deleted_at__isnull=False)
    found, opened, rows = _cut(every, user, page, chosen, show)
    titles = dict(Section.every.filter(pk__in={row.section_id for row in rows}).values_list("pk", "title"))
    places = anchors.today(row.anchor for row in rows if hasattr(row, "anchor"))
    shown = _shown(user, rows, places)
    for thread, row in zip(shown, (row for row in rows if row.pk in {each["pk"] for each in shown}), strict=True):
        thread |= {"section": row.section_id, "about": titles.get(row.section_id, "") if row.section_id else ""}
    return Conversation(shown, [], found, opened, show)


def _cut(
    every: QuerySet[Thread], user: Any, page: str | None, chosen: UUID | None, show: str
) -> tuple[Page[Any], int, list[Thread]]:
    """A page of threads, how many of all are open, whatever was asked for, and the page's rows."""
    asked = filtered(every, user, show)
    # The page is cut from the index of the threads; only what is on it is then joined with its anchor.
    counted = Counted(asked.select_related(None).order_by(*ORDER).values_list("pk"), SHOWN)
    found: Page[Any] = counted.get_page(page)
    of_page: Any = found.object_list
    rows = list(every.filter(pk__in=of_page).order_by(*ORDER))
    if chosen is not None and all(row.pk != chosen for row in rows):
        rows = [*every.filter(pk=chosen), *rows]
    every_open = counted.counted["open"] if not show else every.filter(resolved_at=None).count()
    return found, every_open, rows


class Said(NamedTuple):
    """One utterance. ``who`` is the person, or who the imported file says it was."""

    pk: UUID
    author: UUID | None
    who: str
    body: str
    when: datetime
    edited: bool


def _said(rows: list[Thread]) -> dict[UUID, list[Said]]:
    """What was said in each thread and not taken back, the first first: one query."""
    found: dict[UUID, list[Said]] = {}
    for thread, pk, author, name, address, imported, body, at, edited in (
        _comments(threads=[row.pk for row in rows]) if rows else ()
    ):
        who = name or address or imported or _("Somebody")
        found.setdefault(thread, []).append(Said(pk, author, who, body, at, edited is not None))
    return found


def _in_threads() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Comment.objects.filter(Among("thread_id", "threads", UUIDField()), withdrawn_at=None).order_by("at", "id")
    columns = ("thread_id", "pk", "author_id", "author__name", "author__email", "author_name", "body", "at")
    return rows.values_list(*columns, "edited_at")


_comments = Prepared(_in_threads)


def _called(said: dict[UUID, list[Said]]) -> dict[UUID, list[tuple[UUID, str, bool]]]:
    """Comment → who is mentioned in it: id, name, and whether it waits for them. One query, none without an ``@``."""
    wanted = [each.pk for several in said.values() for each in several if "@" in each.body]
    found: dict[UUID, list[tuple[UUID, str, bool]]] = {}
    rows = Mention.objects.filter(comment__in=wanted).select_related("user")
    for row in rows if wanted else ():
        found.setdefault(row.comment_id, []).append((row.user_id, str(row.user), row.seen_at is None))
    return found


def _shown(user: Any, rows: list[Thread], places: dict[UUID, Located]) -> list[dict[str, Any]]:
    said = _said(rows)
    called = _called(said)
    return [_thread(user, row, said[row.pk], called, places.get(row.pk)) for row in rows if row.pk in said]


def _thread(
    user: Any,
    thread: Thread,
    said: list[Said],
    called: dict[UUID, list[tuple[UUID, str, bool]]],
    place: Located | None,
) -> dict[str, Any]:
    state = place.state.value if place else ""
    tags = [(AnchorState(state).label, "hold" if state == AnchorState.DELETED else "plain")] if state else []
    settled = [(_("settled"), "good")] if thread.resolved_at else []
    first, *replies = [_utterance(user, each, called.get(each.pk, [])) for each in said]
    # What is its author's to change: the last word, while the thread is open.
    if said[-1].author == user.pk and not thread.resolved_at:
        (replies[-1] if replies else first)["own"] = True
    waits = any(who == user.pk and waiting for each in said for who, _name, waiting in called.get(each.pk, []))
    return {
        **first,
        "id": f"thread-{thread.pk}",
        "comment": first["pk"],
        "pk": thread.pk,
        "section": thread.section_id,
        "place": place.block if place else "",
        "quotation": thread.anchor.quotation if place else "",
        "tags": [*settled, *(tags if state != AnchorState.EXACT else []), *first["tags"]],
        "replies": replies,
        "state": "resolved" if thread.resolved_at else "",
        "resolved": thread.resolved_at is not None,
        "waits": waits,
    }


def _utterance(user: Any, said: Said, called: list[tuple[UUID, str, bool]]) -> dict[str, Any]:
    body: str | SafeString = marked(said.body, (name for _who, name, _waits in called)) if called else said.body
    tags = [(_("edited"), "plain")] if said.edited else []
    return {
        "pk": said.pk,
        "comment": said.pk,
        "who": said.who,
        "when": said.when,
        "body": body,
        "tags": tags,
        "edited": said.edited,
        "own": False,
    }


def _mark(thread: Thread, place: Located) -> dict[str, Any]:
    return {
        "thread": str(thread.pk),
        "block": place.block,
        "start": place.start,
        "end": place.end,
        "state": place.state.value,
    }
