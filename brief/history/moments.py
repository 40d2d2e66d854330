"""The text of sections at any of their steps: the nearest text that was kept before, and the steps since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from brief import texts
from brief.models import Moment, Section, Step, Text, VersionSection
from document import canonical
from document.engine import engine
from ledger.refusals import NotNow

#: Steps between two texts that are kept. Replaying as many takes some 50 ms; keeping one costs about what a
#: version of the section costs.
KEEP_EVERY = 1_000


def text_at(section: Section, version: int) -> str:
    """The section's text after so many steps, as JSON. Raises NotNow when it was not kept."""
    return texts_at({section: version})[section.pk]


def texts_at(wanted: Mapping[Section, int]) -> dict[UUID, str]:
    """Section id → its text after so many steps, in a handful of queries. Raises NotNow when one was not kept."""
    for section, version in wanted.items():
        if not 0 <= version <= section.version:
            raise NotNow(_("This section has no such moment."), code="moment")
    now = [section for section, version in wanted.items() if version == section.version]
    then = {section: version for section, version in wanted.items() if version != section.version}
    return texts.many(now) | _replayed(then)


@dataclass(frozen=True)
class _Base:
    """The nearest text before a moment: after how many steps, and where it lies."""

    version: int
    #: The hash of a Text; empty for the section's own snapshot.
    text: str


def _replayed(wanted: Mapping[Section, int]) -> dict[UUID, str]:
    if not wanted:
        return {}
    bases = _bases(wanted)
    bodies = dict(Text.objects.filter(pk__in={base.text for base in bases.values()}).values_list("pk", "body"))
    own = [section.pk for section in wanted if not bases[section.pk].text]
    snapshots = dict(Section.every.filter(pk__in=own).values_list("pk", "snapshot")) if own else {}
    steps = _steps({section.pk: (bases[section.pk].version, version) for section, version in wanted.items()})
    found: dict[UUID, str] = {}
    for section, version in wanted.items():
        base = bases[section.pk]
        if len(steps[section.pk]) != version - base.version:
            raise _not_kept()
        text = bodies[base.text] if base.text else snapshots[section.pk]
        found[section.pk] = engine().replay(text, steps[section.pk]) if steps[section.pk] else text
    return found


def _not_kept() -> NotNow:
    return NotNow(_("The text of that moment was not kept: it is older than this history."), code="moment")


def _bases(wanted: Mapping[Section, int]) -> dict[UUID, _Base]:
    """What was kept for this, frozen in a version, or is the snapshot: whichever is nearest."""
    limits = {section.pk: version for section, version in wanted.items()}
    found = {
        section.pk: _Base(section.snapshot_version, "")
        for section, version in wanted.items()
        if section.snapshot_version <= version
    }
    kept = Moment.objects.filter(section__in=limits).values_list("section_id", "version", "text_id")
    frozen = VersionSection.objects.filter(section__in=limits).order_by()
    for rows in (kept, frozen.values_list("section_id", "section_version", "text_id")):
        for section, version, text in rows:
            if version <= limits[section] and (section not in found or found[section].version < version):
                found[section] = _Base(version, text)
    if len(found) < len(limits):
        raise _not_kept()
    return found


def _steps(ranges: Mapping[UUID, tuple[int, int]]) -> dict[UUID, list[str]]:
    """Section id → its steps after the first number up to the second: one query."""
    found: dict[UUID, list[str]] = defaultdict(list)
    asked = Q(pk=None)
    for section, (low, high) in ranges.items():
        if low < high:
            asked |= Q(section=section, version__gt=low, version__lte=high)
    rows = Step.objects.filter(asked).order_by("version").values_list("section_id", "step")
    for section, step in rows:
        found[section].append(step)
    return found


def keep(section: Section, version: int, text: str) -> None:
    """Called whenever the section's whole text is written: keep the one it began with, and one every so often.

    ``section`` still has the snapshot of before.
    """
    last = Moment.objects.filter(section=section).aggregate(last=Max("version"))["last"]
    if last is None:
        _put(section, section.snapshot_version, section.snapshot)
        last = section.snapshot_version
    if version - last >= KEEP_EVERY:
        _put(section, version, text)


def _put(section: Section, version: int, text: str) -> None:
    sha = canonical.sha256(text)
    Text.objects.bulk_create([Text(sha256=sha, body=text)], ignore_conflicts=True)
    Moment.objects.get_or_create(section=section, version=version, defaults={"text_id": sha})
