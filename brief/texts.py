"""The living text of sections: the last snapshot and the steps since, kept parsed in the engine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import F

from brief.models import Section, Step
from document.engine import NotLoaded, Refused, engine
from document.places import Places


def current(section: Section) -> tuple[int, str]:
    """``(version, canonical JSON text)`` of the section as this row says it stands."""
    return section.version, many([section])[section.pk]


def document(section: Section) -> dict[str, Any]:
    """Today's document, as dictionaries."""
    doc: dict[str, Any] = json.loads(current(section)[1])
    return doc


def places(section: Section) -> Places:
    """Today's document to look things up in, never to be changed: the last few are kept.

    By their hash: a version whose transaction is taken back may come again with other words.
    """
    key = head_hash(section)
    with _reading:
        found = _read.get(key)
    if found is None:
        found = Places(document(section))
        with _reading:
            _read[key] = found
            while len(_read) > MOST_READ:
                del _read[next(iter(_read))]
    return found


def head_hash(section: Section) -> str:
    """The Merkle hash of today's document."""
    try:
        return engine().hash_at(str(section.pk), section.version)
    except NotLoaded:
        return load(section)


#: A text of 5,000 words takes about a megabyte when read.
MOST_READ = 12
_read: dict[str, Places] = {}
_reading = Lock()


def many(sections: Iterable[Section]) -> dict[UUID, str]:
    """Section id → canonical JSON text. One query for all that the engine does not hold."""
    texts: dict[UUID, str] = {}
    missing: list[Section] = []
    for section in sections:
        try:
            texts[section.pk] = engine().text(str(section.pk), section.version)
        except NotLoaded:
            missing.append(section)
    if len(missing) == 1 and _caught_up(missing[0]):
        with suppress(NotLoaded):
            texts[missing[0].pk] = engine().text(str(missing[0].pk), missing[0].version)
            missing = []
    if missing:
        steps = _steps_since_snapshot(missing)
        for section in missing:
            texts[section.pk] = _load(section, steps[section.pk])
    return texts


def load(section: Section) -> str:
    """Give the engine this section at its version; the Merkle hash."""
    return _caught_up(section) or _put(section, _replayed(section, _steps_since_snapshot([section])[section.pk]))


def _caught_up(section: Section) -> str:
    """The hash, when the engine holds a text from a few steps ago: another process took the steps since.

    Reading a snapshot and the steps since it costs milliseconds, and two processes take turns at every step.
    """
    held = _seen.get(section.pk)
    if held is None or not 0 < section.version - held <= MOST_BEHIND:
        return ""
    rows = Step.objects.filter(section=section, version__gt=held, version__lte=section.version)
    missed = list(rows.order_by("version").values_list("step", flat=True))
    if len(missed) != section.version - held:
        return ""
    try:
        return engine().apply(str(section.pk), held, f"[{','.join(missed)}]").hash
    except (NotLoaded, Refused):
        return ""
    finally:
        seen(section.pk, section.version)


def seen(section: UUID, version: int) -> None:
    """Remember which text of a section this process's engine was given last; only a hint."""
    _seen[section] = version
    while len(_seen) > MOST_SEEN:
        with suppress(KeyError, RuntimeError):
            del _seen[next(iter(_seen))]


#: Sections remembered, and how many steps are taken one by one before the whole is read again.
MOST_SEEN, MOST_BEHIND = 256, 400
_seen: dict[UUID, int] = {}


def _steps_since_snapshot(sections: list[Section]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    behind = {section.pk: section for section in sections if section.snapshot_version < section.version}
    if behind:
        rows = Step.objects.filter(section__in=behind, version__gt=F("section__snapshot_version"))
        for section_id, version, step in rows.order_by("version").values_list("section_id", "version", "step"):
            # A step that was committed since this row was read belongs to a later version.
            if behind[section_id].snapshot_version < version <= behind[section_id].version:
                found[section_id].append(step)
    return found


def _replayed(section: Section, steps: list[str]) -> str:
    return engine().replay(section.snapshot, steps) if steps else section.snapshot


def _put(section: Section, text: str) -> str:
    seen(section.pk, section.version)
    return engine().load(str(section.pk), section.version, text)


def _load(section: Section, steps: list[str]) -> str:
    text = _replayed(section, steps)
    _put(section, text)
    try:
        return engine().text(str(section.pk), section.version)
    except NotLoaded:
        # Another thread has taken its place meanwhile; what was replayed says the same.
        return text
