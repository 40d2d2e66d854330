"""The rows that an imported draft becomes beside its sections: figures, suggestions, threads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from brief.anchors import span_in
from brief.models import Anchor, Brief, Comment, Figure, ImportDraft, Section, Suggestion, Thread
from brief.states import Circle
from document import characters, images, tree
from document.importing import Imported, pictures


def moment(text: str) -> datetime:
    """A time as Word writes it, often without a zone (then it is taken as UTC); now when it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        return timezone.now()
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)


def add_figures(draft: ImportDraft, imported: Imported) -> None:
    """Write the pictures that the text uses, encoded anew."""
    if not imported.figures:
        return
    with draft.file.open("rb") as opened:
        held = pictures(opened.read(), draft.name)
    for asset, path in imported.figures.items():
        image = images.clean(held(path))
        figure = Figure(
            id=UUID(asset),
            brief=draft.brief,
            media_type=image.media_type,
            sha256=image.sha256,
            width=image.width,
            height=image.height,
        )
        figure.file.save("figure", ContentFile(image.content), save=False)
        figure.save(force_insert=True)


def add_suggestions(imported: Imported, sections: list[Section]) -> None:
    """Who suggested which change, for the marks in each section."""
    rows = []
    for section, made in zip(sections, imported.sections, strict=True):
        for identifier in sorted(_suggested(made["doc"]) & imported.suggestions.keys()):
            about = imported.suggestions[identifier]
            rows.append(
                Suggestion(
                    section=section,
                    identifier=identifier,
                    author_name=characters.seen(about["author"])[:120],
                    at=moment(about["at"]),
                )
            )
    Suggestion.objects.bulk_create(rows)


def _suggested(doc: tree.Node) -> set[str]:
    marks = [mark for value in tree.walk(doc) for mark in value.get("marks") or []]
    return {str(mark["attrs"]["id"]) for mark in marks if mark["type"] in ("insertion", "deletion", "modification")}


def add_threads(brief: Brief, imported: Imported, sections: list[Section]) -> None:
    """The file's comments as threads of the authors' circle; three statements, however many there are."""
    threads, anchors, comments = [], [], []
    for about in imported.comments:
        section = sections[about["section_index"]]
        settled = moment(about["at"]) if about["resolved"] else None
        thread = Thread(brief=brief, section=section, circle=Circle.AUTHORS, resolved_at=settled)
        threads.append(thread)
        anchors.append(_anchor(thread, section, about, imported.sections[about["section_index"]]["doc"]))
        comments += [_comment(thread, each, place) for place, each in enumerate((about, *about["replies"]))]
    Thread.every.bulk_create(threads)
    Anchor.objects.bulk_create(anchors)
    Comment.objects.bulk_create(comments)


def _anchor(thread: Thread, section: Section, about: dict[str, Any], doc: tree.Node) -> Anchor:
    first, last = span_in(doc, about["block"], about["start"], about["end"])
    return Anchor(
        thread=thread,
        section=section,
        block=about["block"],
        start=about["start"],
        end=about["end"],
        quotation=about["quotation"],
        prefix=about["prefix"],
        suffix=about["suffix"],
        step=section.version,
        mapped_section=section,
        mapped_block=about["block"],
        mapped_start=first,
        mapped_end=last,
        mapped_step=section.version,
    )


def _comment(thread: Thread, about: dict[str, Any], place: int) -> Comment:
    """Word tells minutes: what was said in the same one stays in its order by microseconds."""
    body = about["body"].strip() or "–"
    author = characters.seen(about["author"])[:120]
    ticked = place > 0 and bool(about.get("resolved"))
    return Comment(
        thread=thread,
        author_name=author,
        body=body,
        at=moment(about["at"]) + timedelta(microseconds=place),
        resolved=ticked,
    )
