"""The concept note: a brief's first document, written in the same room and published nowhere (S0-1)."""

from __future__ import annotations

import json
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from brief.models import Brief, Section
from brief.permissions import write
from brief.policies import check_open_to_edits
from brief.states import SectionKind, SectionState
from document import tree
from document.engine import engine
from ledger.actions import Done, action
from ledger.refusals import NotNow


def concept_note_of(brief: Brief) -> Section | None:
    """The brief's concept note, without its text."""
    note = Section.every.defer("snapshot").filter(brief=brief, kind=SectionKind.CONCEPT_NOTE).first()
    if note is not None:
        note.brief = brief
    return note


@action("concept_note.begun")
def begin_concept_note(*, actor: Any, brief: Brief) -> Done:
    """Begin the note with what the brief's page already says: objectives, audiences, window."""
    write(actor, brief)
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    check_open_to_edits(locked)
    if concept_note_of(locked) is not None:
        raise NotNow(_("This brief has a concept note already."), code="double")
    text = engine().check(json.dumps(_draft(locked)))
    note = Section.every.create(
        brief=brief,
        kind=SectionKind.CONCEPT_NOTE,
        title=_("Concept note"),
        snapshot=text,
        status=SectionState.DRAFT,
        words=tree.words(json.loads(text)),
    )
    return Done(subject=note, scope=brief.pk)


def _draft(brief: Brief) -> tree.Node:
    """The note's headings, each with what is known under it."""
    parts = [
        (_("Purpose"), [brief.summary]),
        (_("Scope"), [brief.scope]),
        (_("Objectives"), [objective.text for objective in brief.objectives.all()]),
        (_("Audiences"), brief.audiences.splitlines()),
        (_("Launch window"), [_window(brief)]),
        (_("Review plan"), []),
    ]
    blocks: list[tree.Node] = []
    for title, lines in parts:
        blocks.append(_block("heading", title, level=1))
        known = [line.strip() for line in lines if line.strip()]
        blocks += _list(known) if len(known) > 1 else [_block("paragraph", known[0] if known else "")]
    return {"type": "doc", "content": _identified(blocks)}


def _window(brief: Brief) -> str:
    if brief.launch_from is None or brief.launch_to is None:
        return ""
    first, last = (formats.date_format(day, "j F Y") for day in (brief.launch_from, brief.launch_to))
    return _("Between %(first)s and %(last)s.") % {"first": first, "last": last}


def _block(kind: str, words: str, **attrs: Any) -> tree.Node:
    block: tree.Node = {"type": kind, "attrs": attrs}
    if words:
        block["content"] = [{"type": "text", "text": words}]
    return block


def _list(lines: list[str]) -> list[tree.Node]:
    items = [{"type": "list_item", "attrs": {}, "content": [_block("paragraph", line)]} for line in lines]
    return [{"type": "bullet_list", "attrs": {}, "content": items}]


def _identified(blocks: list[tree.Node]) -> list[tree.Node]:
    """Every block with an id; they are a document's own."""
    for number, node in enumerate(each for block in blocks for each in tree.walk(block) if each["type"] != "text"):
        node["attrs"]["id"] = f"note{number:08d}"
    return blocks
