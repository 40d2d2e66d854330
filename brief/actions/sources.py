"""Sources of a brief, one at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brief import library, steps
from brief.models import Brief, Source
from brief.permissions import write
from brief.policies import check_open_to_edits
from document import addresses
from document.addresses import split_directive
from document.csl import Unsound, checked, plain
from ledger.actions import Done, action
from ledger.refusals import NotNow

#: What is kept of a source beside its CSL-JSON and address.
DETAILS = frozenset({"archive_url", "reliability", "distance", "interest", "quoted_text", "unpublished"})


def make_key(csl: dict[str, Any], taken: set[str]) -> str:
    """A short key from author and year that no other source of the brief has: ``unodc2024b``."""
    author = (csl.get("author") or csl.get("editor") or [{}])[0]
    name = author.get("family") or author.get("literal") or plain(csl.get("title")) or "source"
    year = library.year_of(csl) or "nd"
    base = f"{slugify(name).replace('-', '')[:20] or 'source'}{year}"
    key, letters = base, iter("bcdefghijklmnopqrstuvwxyz")
    number = 2
    while key in taken:
        letter = next(letters, "")
        key = f"{base}{letter}" if letter else f"{base}-{number}"
        number += 0 if letter else 1
    return key


def sound(csl: dict[str, Any]) -> dict[str, Any]:
    try:
        item = checked(csl)
    except Unsound as unsound:
        said = _("The source's field %(field)s is not what CSL-JSON allows; an address begins with https://.")
        raise NotNow(said % {"field": unsound.field}, code="csl") from unsound
    if not plain(item.get("title")).strip():
        raise NotNow(_("A source needs a title."), code="title")
    return item


def filled(source: Source, item: dict[str, Any], details: Mapping[str, Any]) -> Source:
    """The source with a record, its address in two parts, and what is kept beside it."""
    unknown = set(details) - DETAILS
    if unknown:
        raise ValueError(f"not of a source: {sorted(unknown)}")
    url, directive = split_directive(str(item.get("URL") or ""))
    source.csl = {**{name: value for name, value in item.items() if name != "URL"}, "id": source.key}
    if url:
        source.csl["URL"] = url
    source.url, source.text_directive = url, directive
    archive = str(details.get("archive_url") or "")
    if archive and not addresses.is_web(archive):
        raise NotNow(_("The archive link is no address of the web; it begins with https://."), code="archive")
    for name, value in details.items():
        setattr(source, name, value)
    return source


def _double(row: Source) -> NotNow:
    return NotNow(_("This address is already among the sources, as %(key)s.") % {"key": row.key}, code="double")


def locked_sources(brief: Brief) -> list[Source]:
    """All sources, while nobody else adds one: two who paste the same page must see each other."""
    check_open_to_edits(Brief.objects.select_for_update().get(pk=brief.pk))
    return list(Source.objects.filter(brief=brief))


def key_for(csl: dict[str, Any], wanted: str, taken: set[str]) -> str:
    usable = re.fullmatch(r"[A-Za-z][\w-]{2,39}", wanted, re.ASCII) and wanted not in taken
    return wanted if usable else make_key(csl, taken)


@action("source.added")
def add_source(*, actor: Any, brief: Brief, csl: dict[str, Any], key: str = "", **details: Any) -> Done:
    """Add a CSL-JSON item. The same address, without its text directive, is not added twice."""
    write(actor, brief)
    rows = locked_sources(brief)
    item = sound(csl)
    if same := library.Known(rows).same(item):
        raise _double(same)
    chosen = key_for(item, key, {row.key for row in rows})
    source = filled(Source(brief=brief, key=chosen), item, details)
    source.save()
    return Done(subject=source, scope=brief.pk)


@action("source.edited")
def edit_source(*, actor: Any, source: Source, csl: dict[str, Any], **details: Any) -> Done:
    """Put another record in the place of this one; its key stays, since citations carry it."""
    write(actor, source.brief)
    rows = locked_sources(source.brief)
    item = sound(csl)
    if same := library.Known(row for row in rows if row.pk != source.pk).same(item):
        raise _double(same)
    filled(source, item, details).save()
    return Done(subject=source, scope=source.brief_id)


def check_uncited(source: Source) -> None:
    """A source that a text rests on stays; the sentence names where."""
    used = library.uses(source.brief).get(source.key)
    if used:
        places = ", ".join(_("“%(title)s”") % {"title": section.title} for section in used)
        raise NotNow(
            ngettext(
                "It is cited in %(places)s. Take the citation away first, or merge this source into another.",
                "It is cited %(number)d times, in %(places)s. Take the citations away first, or merge this source"
                " into another.",
                used.total(),
            )
            % {"places": places, "number": used.total()},
            code="cited",
        )
    for model, field in _resting():
        if model._base_manager.filter(**{field: source}).exists():
            said = _("A claim, a definition or a quotation rests on it. Give that another source first, or merge this.")
            raise NotNow(said, code="used")


def _resting() -> list[tuple[type[Model], str]]:
    """What else may point at a source: models, and their field for it."""
    found = [(relation.related_model, relation.field) for relation in Source._meta.related_objects]
    return [
        (model, field.name) for model, field in found if isinstance(field, ForeignKey) and not isinstance(model, str)
    ]


@action("source.removed")
def remove_source(*, actor: Any, source: Source) -> Done:
    """Take a source away that nothing cites. Versions that cite it keep it."""
    write(actor, source.brief)
    locked_sources(source.brief)
    check_uncited(source)
    brief, key = source.brief, source.key
    source.delete()
    return Done(subject=brief, scope=brief.pk, data={"source": key})


@action("source.merged")
def merge_sources(*, actor: Any, source: Source, into: Source) -> Done:
    """Let every citation of ``source`` cite ``into``, by steps like everybody's, and take ``source`` away.

    What ``into`` lacks it gets from the other. What rests on the source elsewhere follows it.
    """
    write(actor, source.brief)
    if source.pk == into.pk or source.brief_id != into.brief_id:
        raise NotNow(_("Choose another source of this brief."), code="same")
    locked_sources(source.brief)
    used = library.uses(source.brief).get(source.key) or Counter()
    removed = [section.title for section in used if section.deleted_at]
    if removed:
        said = _("It is cited in the removed section “%(title)s”, which cannot be changed. Bring that back first.")
        raise NotNow(said % {"title": removed[0]}, code="removed")
    for section in used:
        section.brief = source.brief
        steps.edit(actor=actor, section=section, edits=[{"op": "cite_instead", "from": source.key, "to": into.key}])
    _follow(source, into)
    _complete(into, source)
    key = source.key
    source.delete()
    return Done(subject=into, scope=into.brief_id, data={"source": key, "into": into.key, "texts": len(used)})


def _follow(source: Source, into: Source) -> None:
    """Whatever points at the one points at the other."""
    for model, field in _resting():
        model._base_manager.filter(**{field: source}).update(**{field: into})


def _complete(into: Source, source: Source) -> None:
    into.csl = {**source.csl, **into.csl}
    if not into.url:
        into.url, into.text_directive = source.url, source.text_directive
    elif not into.text_directive and addresses.sameness(into.url) == addresses.sameness(source.url):
        into.text_directive = source.text_directive
    for name in DETAILS - {"unpublished"}:
        if not getattr(into, name):
            setattr(into, name, getattr(source, name))
    # Whoever promised one of them not to show it is kept to it.
    into.unpublished = into.unpublished or source.unpublished
    into.save()
