"""A brief's text as authors take it away: today's or a version's, with suggestions and the authors' comments.

What is in here stays among the authors. Nothing of a round, of reviewers or of who reads is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from brief import anchors, publications
from brief.history import hands, standings
from brief.models import Anchor, Brief, Comment, Export, NamedPoint, Section, Suggestion, Thread, Version
from brief.models.exports import Suggestions
from document import anchors as places
from document import redlines
from document.anchors import Located, State
from document.diff.hands import parted
from document.engine import engine
from document.pandoc.context import Change
from document.places import Places
from document.publication import Publication
from document.redlines import SectionChange
from document.word import Remark, Talk

#: Threads in one file; a Word file with more is nothing that a word processor opens in good time.
MOST = 10_000


@dataclass(frozen=True)
class Draft:
    """What the writer of Word files is given."""

    publication: Publication
    talks: list[Talk]
    changes: dict[str, Change]


def of(export: Export) -> Draft:
    """The draft that was asked for; a dozen queries, however long it is. Raises document.engine.Refused."""
    brief = export.brief
    today = export.version is None and export.point is None
    text = _text(brief, export.version, export.point) or publications.of_today(brief)
    settled = export.suggestions != Suggestions.TRACKED
    if settled:
        text = _settled(text, "accept" if export.suggestions == Suggestions.ACCEPTED else "reject")
    talks = list(_talks(brief, None if today and not settled else text)) if export.comments else []
    changes = {} if settled else _suggested(brief)
    before = _text(brief, export.since, export.since_point)
    if before is None:
        return Draft(text, talks, changes)
    marked, who = _marked(export, before, text)
    talks = [_shifted(talk, marked) for talk in talks]
    return Draft(marked, talks, changes | who)


def _text(brief: Brief, version: Version | None, point: NamedPoint | None) -> Publication | None:
    """Of a version or a named moment; None for neither."""
    if version is not None:
        return publications.of_version(version)
    return standings.of_point(brief, point) if point is not None else None


def named(version: Version | None, point: NamedPoint | None) -> str:
    """“version 3” or a moment's name; empty for neither."""
    if version is not None:
        return _("version %(number)d") % {"number": version.number}
    return _("“%(name)s”") % {"name": point.name} if point is not None else ""


def _marked(export: Export, old: Publication, new: Publication) -> tuple[Publication, dict[str, Change]]:
    """The redline, and whose each of its changes is, by the steps between the two; else by what it is since."""
    whose: dict[str, int] = {}
    people: dict[int, tuple[str, datetime]] = {}

    def retold(sections: tuple[SectionChange, ...]) -> tuple[SectionChange, ...]:
        found, writers = hands.read(sections, _ranges(export))
        people.update(writers.people())
        told = []
        for section in sections:
            known = found.get(section.text.id)
            if known is not None:
                redline, own = parted(section.redline, known)
                section = replace(section, redline=redline)
                whose.update(own)
            told.append(section)
        return tuple(told)

    marked = redlines.compare(old, new, titled=str(_("{new} (was “{old}”)")), retold=retold).publication
    since = _("Since %(text)s") % {"text": named(export.since, export.since_point)}
    change = Change(since, zulu(new.built_at or datetime.now(UTC)))
    told = {key: Change(people[hand][0], zulu(people[hand][1])) for key, hand in whose.items() if hand in people}
    return marked, dict.fromkeys(marked.changes, change) | told


def _ranges(export: Export) -> dict[str, hands.Range]:
    """The steps of each section between the two texts."""
    before = _steps(export.since, export.since_point)
    today = Section.objects.filter(brief=export.brief).values_list("pk", "version")
    after = _steps(export.version, export.point) or {str(key): version for key, version in today}
    return {key: (before[key], after[key]) for key in before.keys() & after.keys()}


def _steps(version: Version | None, point: NamedPoint | None) -> dict[str, int]:
    """How many steps each section had."""
    if version is not None:
        return {str(key): steps for key, steps in version.sections.values_list("section_id", "section_version")}
    return {each["id"]: each["version"] for each in point.sections} if point is not None else {}


def zulu(at: datetime) -> str:
    """A moment as Word writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _settled(text: Publication, decision: str) -> Publication:
    """The text with every suggestion accepted, or rejected."""

    def settle(doc: dict[str, Any]) -> dict[str, Any]:
        settled: dict[str, Any] = json.loads(engine().resolve(json.dumps(doc), {"*": decision}))
        return settled

    return replace(text, sections=tuple(replace(section, doc=settle(section.doc)) for section in text.sections))


def _suggested(brief: Brief) -> dict[str, Change]:
    rows = Suggestion.objects.filter(section__brief=brief).select_related("author").order_by("at")
    return {
        row.identifier: Change(str(row.author) if row.author else row.author_name or Change().author, zulu(row.at))
        for row in rows
    }


# --- the authors' threads


def _talks(brief: Brief, text: Publication | None) -> Iterator[Talk]:
    """The authors' threads with their places: in the living text, or as they are found in ``text``."""
    said = Comment.objects.filter(withdrawn_at=None).select_related("author")
    rows = Thread.objects.filter(brief=brief).select_related("anchor")
    threads = [
        thread
        for thread in rows.prefetch_related(Prefetch("comments", said)).order_by("created_at", "id")[:MOST]
        if thread.comments.all()
    ]
    anchored = [thread.anchor for thread in threads if hasattr(thread, "anchor")]
    found = anchors.today(anchored) if text is None else _found(anchored, text)
    for thread in threads:
        place = found.get(thread.pk)
        remarks = [_remark(comment, thread, first=not at) for at, comment in enumerate(thread.comments.all())]
        if place is None:
            yield Talk(remarks, str(thread.section_id or ""))
        elif place.state == State.DELETED:
            yield Talk(remarks, place.section, block=GONE)
        else:
            yield Talk(remarks, place.section, place.block, place.start, place.end)


#: A block that no text has: the words of a comment are gone, and it stands on its section's title.
GONE = "gone"


def _remark(comment: Comment, thread: Thread, *, first: bool) -> Remark:
    author = str(comment.author) if comment.author else comment.author_name
    resolved = thread.resolved_at is not None if first else comment.resolved
    return Remark(author, zulu(comment.at), comment.body, resolved)


def _found(anchored: list[Anchor], text: Publication) -> dict[Any, Located]:
    """Where comments stand in a text that is not the living one: by their block, then by their words."""
    docs = {section.id: Places(section.doc) for section in text.sections}
    found: dict[Any, Located] = {}
    for anchor in anchored:
        own = str(anchor.section_id)
        others = {key: doc for key, doc in docs.items() if key != own}
        if not anchor.block:
            found[anchor.pk] = Located(State.EXACT, section=own)
            continue
        wanted = places.Anchor(anchor.block, anchor.start, anchor.end, anchor.quotation, anchor.prefix, anchor.suffix)
        place = places.locate(wanted, docs.get(own, EMPTY), others=others)
        found[anchor.pk] = replace(place, section=place.section or own)
    return found


EMPTY = Places({"type": "doc", "content": []})


def _shifted(talk: Talk, marked: Publication) -> Talk:
    """The same words in a redline, whose blocks hold what was struck too."""
    doc = next((section.doc for section in marked.sections if section.id == talk.section), None)
    shift = redlines.offsets(doc, talk.block, marked.changes) if doc and talk.start < talk.end else None
    return replace(talk, start=shift(talk.start), end=shift(talk.end)) if shift else talk
