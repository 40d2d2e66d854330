"""Sources pasted or uploaded: read, looked at, taken into the library or put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import reversion
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import library
from brief.actions.sources import filled, key_for, locked_sources, sound
from brief.models import Brief, Source, SourceBatch
from brief.permissions import write
from brief.policies import check_open_to_edits
from brief.states import IMPORT, ImportState
from document import bibliography, uploads
from document.bibliography import Reading, Unreadable
from document.sandbox import SandboxError
from ledger import jobs
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move


def why_unreadable(code: str) -> str:
    """What a person is told of a paste in which nothing can be read."""
    return {
        "empty": _("Nothing was pasted."),
        "long": _("This is more than two million characters. Paste a part of it."),
        "many": _("These are more than %(most)d sources. Add them in parts.") % {"most": bibliography.MOST},
        "json": _("This begins like CSL-JSON and cannot be read as such: a bracket, comma or quotation mark is amiss."),
    }.get(code, _("This is neither BibTeX, RIS nor CSL-JSON, and holds no address that begins with https://."))


@action("sources.pasted")
def paste_sources(*, actor: Any, brief: Brief, text: str, name: str = "") -> Done:
    """Read what was pasted; a long text is left to a worker. ``name`` is that of an uploaded file."""
    write(actor, brief)
    check_open_to_edits(brief)
    if not text.strip():
        raise NotNow(why_unreadable("empty"), code="empty")
    if len(text) > bibliography.LONGEST:
        raise NotNow(why_unreadable("long"), code="long")
    by = actor if getattr(actor, "pk", None) else None
    # What no column takes is replaced before it is read: what is shown is what would be kept.
    batch = SourceBatch(brief=brief, name=uploads.clean_name(name) if name else "", by=by, text=text.replace("\0", ""))
    if len(text) > bibliography.SHORT:
        batch.save()
        key = f"sources.read:{batch.pk}"
        jobs.enqueue("sources.read", key=key, payload={"batch": str(batch.pk)}, queue="convert", scope=brief.pk)
        return Done(subject=batch, scope=brief.pk)
    try:
        reading = bibliography.read(batch.text, today=timezone.localdate())
    except Unreadable as unreadable:
        raise NotNow(why_unreadable(unreadable.code), code=unreadable.code) from unreadable
    except SandboxError as error:
        raise NotNow(_(error.sentence), code="sandbox") from error
    batch.save()
    batch = move(IMPORT, batch, "propose", actor=actor, scope=brief.pk, set_fields={"reading": reading.to_text()})
    return Done(subject=batch, scope=brief.pk, data={"entries": len(reading.entries)})


@action("sources.added")
def take_batch(*, actor: Any, batch: SourceBatch, chosen: Iterable[int], titles: Mapping[int, str]) -> Done:
    """Take the chosen entries of a batch into the library; ``titles`` for those that came without one.

    Entries that cannot be kept, or are there already, are left out whoever chose them.
    """
    write(actor, batch.brief)
    rows = locked_sources(batch.brief)
    locked = SourceBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.status != ImportState.PROPOSED:
        raise NotNow(_("These sources are no longer waiting for a decision."), code="state")
    entries, known, taken = Reading.from_text(locked.reading).entries, library.Known(rows), {row.key for row in rows}
    made: list[Source] = []
    for number in sorted({number for number in chosen if 0 <= number < len(entries)}):
        entry = entries[number]
        if library.verdict(entry, known)[0] in ("refused", "double"):
            continue
        item = {**entry.item, **({"title": titles[number].strip()} if titles.get(number, "").strip() else {})}
        source = Source(brief=batch.brief, key=key_for(item, entry.key, taken))
        made.append(filled(source, sound(item), {}))
        taken.add(source.key)
        known.add(source)
    if not made:
        raise NotNow(_("Choose at least one source that is not there yet."), code="none")
    Source.objects.bulk_create(made)
    for source in made:
        reversion.add_to_revision(source)
    _close(locked, "take", actor)
    return Done(subject=locked, value=made, scope=batch.brief_id, data={"keys": [source.key for source in made]})


@action("sources.put_away")
def discard_batch(*, actor: Any, batch: SourceBatch) -> Done:
    write(actor, batch.brief)
    locked = SourceBatch.objects.select_for_update().get(pk=batch.pk)
    _close(locked, "discard", actor)
    return Done(subject=locked, scope=batch.brief_id)


def _close(batch: SourceBatch, transition: str, actor: Any) -> None:
    """What came is not needed any more, and may be more than was taken."""
    move(IMPORT, batch, transition, actor=actor, scope=batch.brief_id, set_fields={"text": "", "reading": ""})
