"""Writing the passages: the current public edition of each brief, as its readers see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from release.actions.locks import lock_brief
from release.models import Passage
from release.public import site
from release.public.editions import Edition
from release.search import text
from release.search.languages import configuration


def catch_up() -> int:
    """Write what is public and not yet found, remove what is no longer; how many briefs that were.

    Asked at each publication and withdrawal; whatever was missed before is made up for.
    """
    current = {edition.release.brief_id: edition.release.pk for edition in site.library_editions()}
    written = dict(Passage.objects.order_by("release").values_list("release__brief", "release").distinct())
    changed = [brief for brief in current.keys() | written.keys() if current.get(brief) != written.get(brief)]
    for brief in changed:
        write(brief)
    return len(changed)


def write_all() -> int:
    """Everything anew, one brief at a time, so that none is missed for long; how many there are."""
    catch_up()
    briefs = set(Passage.objects.values_list("release__brief", flat=True))
    for brief in briefs:
        write(brief)
    return len(briefs)


@transaction.atomic
def write(brief: UUID) -> None:
    """A brief's passages in place of those it had; none when nothing of it is public (any more).

    The brief's row is held, as by whoever publishes and withdraws: none overtakes another.
    """
    locked = lock_brief(brief)
    Passage.objects.filter(release__brief=locked).delete()
    editions = site.editions_of(locked.slug)
    if editions and not editions[0].withdrawn:
        Passage.objects.bulk_create(_passages(editions[0]))


def _passages(edition: Edition) -> Iterator[Passage]:
    facts = edition.facts
    known: dict[str, Any] = {"release": edition.release, "configuration": configuration(str(facts["language"]))}
    about = " ".join([facts["subtitle"], facts["summary"]])
    yield passage(**known, order=0, title=str(facts["title"]), body=about)
    for order, part in enumerate(edition.parts, start=1):
        place = f"sections/{part.id}/" if edition.split else f"#section-{part.id}"
        body = text.words(edition.text(part.whole))
        yield passage(**known, order=order, title=part.title, body=body, place=place)


def passage(*, configuration: str, title: str, body: str, **fields: Any) -> Passage:
    """A passage whose words PostgreSQL works out as it is stored."""
    title, body = text.clean(title), text.clean(body)
    heading = SearchVector(Value(title), weight="A", config=configuration)
    return Passage(
        configuration=configuration,
        title=title,
        body=body,
        heading=heading,
        words=heading + SearchVector(Value(body), weight="D", config=configuration),
        **fields,
    )
