"""Naming a moment of the draft, and bringing its words back."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import steps, suggestions, texts
from brief.actions.exports import forget
from brief.history import letters, moments
from brief.models import Brief, Export, NamedPoint, Section
from brief.permissions import write, write_section
from brief.policies import check_open_to_edits
from document import characters, tree
from document.tree import Node
from ledger import hours
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: Named points of one brief; a list that nobody reads is no help.
MOST_POINTS = 500


@action("point.named")
def name_point(*, actor: Any, brief: Brief, name: str) -> Done:
    """Give this moment of the draft a name. Nothing is frozen; any author may."""
    write(actor, brief)
    wanted = " ".join(characters.seen(name).split()) or hours.told(timezone.now(), actor.zone)
    if NamedPoint.objects.filter(brief=brief).count() >= MOST_POINTS:
        raise NotNow(_("This brief has %(most)d named points. Remove one first.") % {"most": MOST_POINTS}, code="many")
    rows = brief.sections.filter(deleted_at=None).defer("snapshot").order_by("order", "id")
    outline = [
        {
            "id": str(row.pk),
            "version": row.version,
            "title": row.title,
            "depth": row.depth,
            "notice": row.content_notice,
            "language": row.language,
        }
        for row in rows
    ]
    try:
        with transaction.atomic():
            point = NamedPoint.objects.create(
                brief=brief, name=wanted[:80], title=brief.title, sections=outline, by=actor
            )
    except IntegrityError as error:
        raise NotNow(_("Another moment of this brief has this name already."), code="name") from error
    return Done(subject=point, scope=brief.pk)


@action("point.removed")
def remove_point(*, actor: Any, point: NamedPoint) -> Done:
    """Take the name away again, with the files that bear it; the moment stays in the timeline."""
    write(actor, point.brief)
    pk = point.pk
    for export in Export.objects.filter(Q(point=point) | Q(since_point=point)):
        forget(export)
    point.delete()
    point.pk = pk
    return Done(subject=point, scope=point.brief_id)


@action("section.brought_back")
def bring_back_section(*, actor: Any, section: Section, version: int, seen: int) -> Done:
    """Make the section what it was after ``version`` steps, by steps like everyone's.

    ``seen`` is today's step as the person saw it: what was written since is not undone unseen.
    """
    _check(actor, section, seen)
    doc = json.loads(moments.text_at(section, version))
    before = section.version
    steps.edit(actor=actor, section=section, edits=[{"op": "become", "doc": doc}], client=letters.client(version))
    suggestions.wait_again(section)
    data = {"moment": version, "before": before, "after": section.version}
    return Done(subject=section, scope=section.brief_id, value=section, data=data)


@action("section.paragraph_brought_back")
def bring_back_block(
    *, actor: Any, section: Section, version: int, block: str, seen: int, beside: bool = False
) -> Done:
    """Bring one block of a past moment back: in place of what it became, or beside it; where it stood if it is gone.

    ``seen`` as for a section: a paragraph that was changed since the person looked is left alone.
    """
    _check(actor, section, seen, block=block)
    then = json.loads(moments.text_at(section, version))
    node = _top(then, block)
    if node is None:
        raise NotNow(_("That moment has no such paragraph."), code="block")
    today = texts.document(section)
    before = section.version
    edits = [_edit(today, then, node, beside)]
    steps.edit(actor=actor, section=section, edits=edits, client=letters.client(version))
    suggestions.wait_again(section)
    data = {"moment": version, "before": before, "after": section.version, "block": block}
    return Done(subject=section, scope=section.brief_id, value=section, data=data)


def _check(actor: Any, section: Section, seen: int, *, block: str = "") -> None:
    write_section(actor, section)
    check_open_to_edits(section.brief)
    if section.version == seen:
        return
    if block and 0 <= seen < section.version:
        old = json.loads(moments.text_at(section, seen))
        if _top(old, block) == _top(texts.document(section), block):
            return
    raise NotNow(_("Somebody has written here since you opened this page. Look at it again, then decide."), code="seen")


def _top(doc: Node, block: str) -> Node | None:
    return next((node for node in tree.children(doc) if tree.block_id(node) == block), None)


def _edit(today: Node, then: Node, node: Node, beside: bool) -> dict[str, Any]:
    block = tree.block_id(node)
    standing = {tree.block_id(each) for each in tree.children(today)}
    if block in standing and not beside:
        return {"op": "replace_block", "block": block, "node": node}
    if block in standing:
        return {"op": "insert_blocks", "after": block, "blocks": [node]}
    # After the nearest block before it that is still there.
    after = None
    for each in tree.children(then):
        if tree.block_id(each) == block:
            break
        if tree.block_id(each) in standing:
            after = tree.block_id(each)
    return {"op": "insert_blocks", "after": after, "blocks": [node]}
