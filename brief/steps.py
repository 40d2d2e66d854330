"""One authority per section, over plain HTTP (ARCHITECTURE, *Editing*).

A client sends steps made on a version; the section's row is locked, the steps are applied,
checked and stored as the engine wrote them, each with its position map. Who is behind gets what
it missed. A retried key answers as the first time.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import texts
from brief.models import Section, Step
from brief.permissions import write
from brief.policies import check_open_to_edits
from brief.states import SectionState
from document import tree
from document.engine import Applied, NotLoaded, Refused, engine
from ledger import jobs, live, metrics
from ledger.refusals import NotNow

#: After so many steps the whole text is written again.
SNAPSHOT_EVERY = 200
#: A section is quiet when nothing came for so long; then its text is written too.
QUIET = timedelta(seconds=30)
#: More than this at once is not typing.
MOST_STEPS = 500


@dataclass(frozen=True)
class Answer:
    """An HTTP status and its JSON body."""

    status: int
    body: dict[str, Any]


def submit(
    *, actor: Any, brief_id: UUID, section_id: UUID, version: int, client: str, key: str, schema: int, steps: list[Any]
) -> Answer:
    """Store steps that a client made on ``version``. Not an action: a step is a row (DECISIONS, Steps).

    200 stored · 409 behind, with the missing steps · 410 reload · 422 refused, with a sentence.
    Raises Refusal when the person may not write or the brief is closed.
    """
    if len(steps) > MOST_STEPS:
        return Answer(422, {"error": _("These are too many changes at once.")})
    try:
        with transaction.atomic():
            section = _locked(section_id, brief_id)
            if section is None or section.deleted_at:
                return Answer(410, {"error": _("This section has been removed."), "reload": True})
            write(actor, section.brief)
            check_open_to_edits(section.brief)
            if again := _answered_before(section, client, key, version, len(steps)):
                return again
            if schema != engine().schema_version:
                return Answer(410, {"error": _("The editor has been updated. Reload the page."), "reload": True})
            if version != section.version:
                return _behind(section, version)
            return _store(section, actor=actor, client=client, key=key, steps=json.dumps(steps))
    except Refused as refused:
        return Answer(422, {"error": refused.sentence, "code": refused.code})
    except BaseException:
        # What the engine kept belongs to a transaction that did not happen.
        engine().forget(str(section_id), version)
        raise


def edit(*, actor: Any, section: Section, edits: list[dict[str, Any]], client: str = "server") -> int:
    """Make the server's own change to a section; the new version. Callers check who may.

    ``edits`` are those of ``Engine.edit``. Raises NotNow when the engine refuses the result.
    """
    version = section.version
    # A transaction around this one may still fail, and then nothing here hears of it.
    unsettled = connection.in_atomic_block
    try:
        with transaction.atomic():
            locked = _locked(section.pk, section.brief_id)
            if locked is None:
                raise NotNow(_("This section has been removed."))
            check_open_to_edits(locked.brief)
            version = locked.version
            steps = engine().edit(texts.current(locked)[1], edits)
            if steps != "[]":
                _store(locked, actor=actor, client=client, key=uuid4().hex, steps=steps)
                # A machine's edit may be a whole text: its words are counted now, not when it is quiet.
                Section.objects.filter(pk=locked.pk).update(words=tree.words(texts.document(locked)))
            section.version = locked.version
        if unsettled:
            engine().forget(str(section.pk), version)
        return section.version
    except Refused as refused:
        raise NotNow(refused.sentence, code=refused.code) from refused
    except BaseException:
        engine().forget(str(section.pk), version)
        raise


def since(section: Section, version: int) -> dict[str, Any]:
    """What a client at ``version`` has missed: ``{version, hash, steps, clients}``."""
    rows = Step.objects.filter(section=section, version__gt=version, version__lte=section.version)
    missed = list(rows.order_by("version").values_list("step", "client"))
    return {
        "version": section.version,
        "hash": texts.head_hash(section),
        "steps": [json.loads(step) for step, _client in missed],
        "clients": [client for _step, client in missed],
    }


def _locked(section_id: UUID, brief_id: UUID) -> Section | None:
    # The brief is read after the section is locked: whoever closes the brief locks its sections too.
    rows = Section.objects.select_for_update(of=("self",)).filter(pk=section_id, brief_id=brief_id)
    return rows.first()


def _answered_before(section: Section, client: str, key: str, version: int, count: int) -> Answer | None:
    # A key is a client's own: another's that happens to be alike must not pass for saved.
    asked = Step.objects.filter(section=section, key=key, client=client).aggregate(
        first=Min("version"), last=Max("version")
    )
    first, last = asked["first"], asked["last"]
    if last is None:
        return None
    if (first, last) != (version + 1, version + count):
        # Other words under a key that was used: to call them saved would lose them.
        return Answer(422, {"error": _("This was sent under the mark of something else and is not saved.")})
    return Answer(200, {"version": last, "hash": texts.head_hash(section) if last == section.version else ""})


def _behind(section: Section, version: int) -> Answer:
    if version > section.version:
        return Answer(410, {"error": _("This page is ahead of what is kept. Reload it."), "reload": True})
    return Answer(409, since(section, version))


def _store(section: Section, *, actor: Any, client: str, key: str, steps: str) -> Answer:
    applied = _apply(section, steps)
    first = section.version + 1
    schema = engine().schema_version
    Step.objects.bulk_create(
        Step(
            section=section,
            version=first + index,
            client=client,
            key=key,
            step=step,
            maps=maps,
            schema_version=schema,
            author=actor if getattr(actor, "pk", None) else None,
        )
        for index, (step, maps) in enumerate(zip(applied.steps, applied.maps, strict=True))
    )
    texts.seen(section.pk, applied.version)
    _ask_for_snapshot(section, applied.version)
    section.version = applied.version
    if section.status == SectionState.EMPTY:
        Section.objects.filter(pk=section.pk).update(version=section.version, status=SectionState.DRAFT)
    else:
        Section.objects.filter(pk=section.pk).update(version=section.version)
    live.notify("section", scope=section.brief_id, section=str(section.pk), version=section.version)
    metrics.STEPS.inc(len(applied.steps))
    return Answer(200, {"version": applied.version, "hash": applied.hash})


def _apply(section: Section, steps: str) -> Applied:
    for _try in range(2):
        with suppress(NotLoaded):
            return engine().apply(str(section.pk), section.version, steps)
        # Between this and the next try other threads may take the place in the engine, or replace it whole.
        texts.load(section)
    return engine().apply(str(section.pk), section.version, steps)


def _ask_for_snapshot(section: Section, version: int) -> None:
    """Once when writing begins (for when it falls quiet), and once every ``SNAPSHOT_EVERY`` steps."""
    began = section.version == section.snapshot_version
    crossed = version // SNAPSHOT_EVERY != section.version // SNAPSHOT_EVERY
    if began or crossed:
        jobs.enqueue(
            "section.snapshot",
            key=f"snapshot:{section.pk}:{section.snapshot_version}:{version if crossed else 'quiet'}",
            payload={"section": str(section.pk)},
            scope=section.brief_id,
            due_at=None if crossed else timezone.now() + QUIET,
        )
