"""One authority per section, over plain HTTP (ARCHITECTURE, *Editing*).

A client sends steps made on a version; the section's row is locked, the steps are applied,
checked and stored as the engine wrote them, each with its position map. Who is behind gets what
it missed. A retried key answers as the first time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import IntegerField, Max, Min, OuterRef, QuerySet, Subquery, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from brief import suggestions, texts
from brief.history import letters
from brief.models import Brief, Section, SectionRight, Step, Suggestion
from brief.permissions import is_author, remember_right, remember_roles, right_on, suggest_in, write_section
from brief.policies import check_open_to_edits
from brief.states import BriefState, Decision, Right, SectionState
from brief.visibility import brief_for
from document import tree
from document.engine import Applied, NotLoaded, Refused, engine
from ledger import jobs, last, live, metrics
from ledger.prepared import Hole, Prepared
from ledger.refusals import NotNow

#: After so many steps the whole text is written again.
SNAPSHOT_EVERY = 200
#: A section is quiet when nothing came for so long; then its text is written too.
QUIET = timedelta(seconds=30)
#: More than this at once is not typing.
MOST_STEPS = 500
#: What the server calls itself in steps of its own, if nothing else.
SERVER = "server"
_OWN = re.compile(rf"{SERVER}\b|(?:{'|'.join(Decision)})-|{letters.PREFIX}")


def is_servers(client: str) -> bool:
    """Whether nobody else may write under this name: by it the history knows decisions, and whose words came back."""
    return bool(_OWN.match(client))


@dataclass(frozen=True)
class Answer:
    """An HTTP status and its JSON body."""

    status: int
    body: dict[str, Any]


def submit(
    *,
    actor: Any,
    brief_id: UUID,
    section_id: UUID,
    version: int,
    client: str,
    key: str,
    schema: int,
    steps: list[Any],
) -> Answer:
    """Store steps that a client made on ``version``. Not an action: a step is a row (DECISIONS, Steps).

    200 stored · 409 behind, with the missing steps · 410 reload · 422 refused, with a sentence.
    Raises Refusal when the person may not write or the brief is closed.
    """
    if len(steps) > MOST_STEPS:
        return Answer(422, {"error": _("These are too many changes at once.")})
    try:
        with transaction.atomic():
            section = _taken(actor, section_id, brief_id)
            if section is None:
                brief_for(actor, brief_id)
            if section is None or section.deleted_at:
                return Answer(410, {"error": _("This section has been removed."), "code": "removed", "reload": True})
            suggest_in(actor, section)
            check_open_to_edits(section.brief)
            # A key that was used on today's version is found when its steps are stored.
            if version != section.version and (again := _answered_before(section, client, key, version, len(steps))):
                return again
            if schema != engine().schema_version:
                return _outdated()
            if version != section.version:
                return _behind(section, version)
            written = json.dumps(steps)
            free = right_on(actor, section) == Right.EDIT
            return _store(section, actor=actor, client=client, key=key, steps=written, free=free, ends=True)
    except Refused as refused:
        return Answer(422, {"error": refused.sentence, "code": refused.code})
    except BaseException:
        # What the engine kept belongs to a transaction that did not happen.
        engine().forget(str(section_id), version)
        raise


def edit(
    *,
    actor: Any,
    section: Section,
    edits: list[dict[str, Any]],
    client: str = SERVER,
    may: Callable[[Any, Section], None] = write_section,
) -> int:
    """Make the server's own change to a section; the new version. Callers check who may do what they offer; an
    author who ``may`` not is refused here, by default one whose right on this section is less than to edit.

    ``edits`` are those of ``Engine.edit``. Raises NotNow when the engine refuses the result.
    """

    def made(text: str) -> list[str]:
        return [json.dumps(step) for step in json.loads(engine().edit(text, edits))]

    return change(actor=actor, section=section, make=made, client=client, may=may)


def change(
    *,
    actor: Any,
    section: Section,
    make: Callable[[str], list[str]],
    client: str = SERVER,
    may: Callable[[Any, Section], None] = write_section,
) -> int:
    """Store the steps that ``make`` gives for today's text (JSON texts); the new version. Callers check who may.

    Raises NotNow when the engine refuses the result.
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
            if actor is not None and is_author(actor, locked.brief):
                may(actor, locked)
            version = locked.version
            steps = make(texts.current(locked)[1])
            for first in range(0, len(steps), MOST_STEPS):
                batch = ",".join(steps[first : first + MOST_STEPS])
                _store(locked, actor=actor, client=client, key=uuid4().hex, steps=f"[{batch}]")
            if steps:
                # A machine's edit may be a whole text: its words are counted now, not when it is quiet.
                Section.every.filter(pk=locked.pk).update(words=tree.words(texts.document(locked)))
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
    missed = _missed(section=section.pk, after=version, last=section.version) if version < section.version else []
    return {
        "version": section.version,
        "hash": texts.head_hash(section),
        "steps": [json.loads(step) for step, _client in missed],
        "clients": [client for _step, client in missed],
    }


def _after() -> QuerySet[Any, tuple[Any, ...]]:
    rows = Step.objects.filter(section_id=Hole("section", UUIDField()), version__gt=Hole("after", IntegerField()))
    return rows.filter(version__lte=Hole("last", IntegerField())).order_by("version").values_list("step", "client")


_missed = Prepared(_after)


def _locked(section_id: UUID, brief_id: UUID) -> Section | None:
    # The brief is read after the section is locked: whoever closes the brief locks its sections too.
    # Without the text, which the engine holds: it is most of what the row weighs.
    rows = Section.every.select_for_update(of=("self",)).defer("snapshot").filter(pk=section_id, brief_id=brief_id)
    return next(iter(rows), None)


def _taken(actor: Any, section_id: UUID, brief_id: UUID) -> Section | None:
    """The section, its row locked, with its brief and the person's roles: one query at every few letters.

    None when the person has no role on the brief, or the brief no such section. Who waited for the row may hold
    yesterday's state of the brief: the statement that writes asks for it again.
    """
    return _with(actor, section_id, brief_id, _row(section=section_id, brief=brief_id, person=actor.pk))


def looked_at(actor: Any, section_id: UUID, brief_id: UUID) -> Section | None:
    """The same without the lock, for who asks what came: one query. None of a removed section, too."""
    section = _with(actor, section_id, brief_id, _seen(section=section_id, brief=brief_id, person=actor.pk))
    return None if section is None or section.deleted_at else section


def _with(actor: Any, section_id: UUID, brief_id: UUID, rows: list[tuple[Any, ...]]) -> Section | None:
    if not rows:
        return None
    authors_may, version, snapshot_version, deleted_at, status, _role, own = rows[0]
    section = Section.from_db(
        DEFAULT_DB_ALIAS,
        # In the order of the model's fields.
        ["id", "brief_id", "authors_may", "version", "snapshot_version", "deleted_at"],
        [section_id, brief_id, authors_may, version, snapshot_version, deleted_at],
    )
    section.brief = Brief.from_db(DEFAULT_DB_ALIAS, ["id", "status"], [brief_id, status])
    remember_roles(actor, section.brief, frozenset(row[-2] for row in rows))
    remember_right(actor, section, own)
    return section


def _with_roles() -> QuerySet[Any, tuple[Any, ...]]:
    mine = Section.every.filter(
        pk=Hole("section", UUIDField()),
        brief_id=Hole("brief", UUIDField()),
        brief__roles__user_id=Hole("person", UUIDField()),
    )
    rights = SectionRight.objects.filter(section=OuterRef("pk"), user_id=Hole("person", UUIDField()))
    fields = ("authors_may", "version", "snapshot_version", "deleted_at", "brief__status", "brief__roles__role")
    # What is not a field comes last, wherever it is named.
    asked = mine.order_by().annotate(own_right=Subquery(rights.values("right")[:1]))
    return asked.values_list(*fields, "own_right")


_seen, _row = Prepared(_with_roles), Prepared(lambda: _with_roles().select_for_update(of=("self",)))


def _answered_before(section: Section, client: str, key: str, version: int, count: int) -> Answer | None:
    # A key is a client's own: another's that happens to be alike must not pass for saved.
    asked = Step.objects.filter(section=section, key=key, client=client).aggregate(
        first=Min("version"), last=Max("version")
    )
    first, last = asked["first"], asked["last"]
    if last is None:
        return None
    if (first, last) != (version + 1, version + count):
        return _used_key()
    return Answer(200, {"version": last, "hash": texts.head_hash(section) if last == section.version else ""})


def _used_key() -> Answer:
    """Other words under a key that was used: to call them saved would lose them."""
    return Answer(422, {"error": _("This was sent under the mark of something else and is not saved.")})


def _outdated() -> Answer:
    return Answer(410, {"error": _("The editor has been updated. Reload the page."), "code": "schema", "reload": True})


def _behind(section: Section, version: int) -> Answer:
    if version > section.version:
        return Answer(410, {"error": _("This page is ahead of what is kept."), "code": "ahead", "reload": True})
    return Answer(409, since(section, version))


def _store(
    section: Section, *, actor: Any, client: str, key: str, steps: str, free: bool = True, ends: bool = False
) -> Answer:
    applied = _apply(section, steps)
    if not free:
        _check_suggests(section, actor, applied.version)
    # First: the statement that writes may end the transaction.
    _ask_for_snapshot(section, applied.version)
    if not _written(section, applied, author=getattr(actor, "pk", None), client=client, key=key, ends=ends):
        engine().forget(str(section.pk), section.version)
        section.brief.refresh_from_db(fields=["status"])
        check_open_to_edits(section.brief)
        return _used_key()
    texts.seen(section.pk, applied.version)
    section.version = applied.version
    metrics.STEPS.inc(len(applied.steps))
    return Answer(200, {"version": applied.version, "hash": applied.hash})


def _check_suggests(section: Section, actor: Any, version: int) -> None:
    """Who may only suggest leaves the text as it reads without suggestions, and those of others as they are."""
    own = list(Suggestion.objects.filter(section=section, author=actor).values_list("identifier", flat=True))
    if not engine().suggests_only(str(section.pk), section.version, version, own):
        engine().forget(str(section.pk), section.version)
        raise Refused("suggest", _("In this section you can suggest changes, not make them."))


#: Steps and section in one statement: this is what happens at every few letters of everybody.
_WRITE = """
    WITH used AS (
        SELECT 1 FROM brief_step WHERE section_id = %(section)s AND key = %(key)s AND client = %(client)s LIMIT 1
    ), stored AS (
        INSERT INTO brief_step (section_id, version, client, key, step, maps, schema_version, author_id, at)
        SELECT %(section)s, %(before)s + given.place, %(client)s, %(key)s, given.step, given.maps,
               %(schema)s, %(author)s, %(at)s
        FROM unnest(%(steps)s::text[], %(maps)s::text[]) WITH ORDINALITY AS given(step, maps, place)
        WHERE NOT EXISTS (SELECT FROM used)
          AND EXISTS (SELECT FROM brief_brief WHERE id = %(brief)s AND status = %(open)s)
        RETURNING 1
    ), moved AS (
        UPDATE brief_section SET version = %(after)s, status = CASE status WHEN %(empty)s THEN %(draft)s ELSE status END
        WHERE id = %(section)s AND EXISTS (SELECT FROM stored)
        RETURNING id
    ), suggested AS (
        INSERT INTO brief_suggestion (section_id, identifier, author_id, author_name, at, decision, before, after)
        SELECT %(section)s, identifier, %(author)s, '', %(at)s, '', '', ''
        FROM unnest(%(suggested)s::text[]) AS given(identifier)
        WHERE EXISTS (SELECT FROM stored)
        ON CONFLICT (section_id, identifier) DO NOTHING
    )
    SELECT id FROM moved
"""


def _written(section: Section, applied: Applied, *, author: UUID | None, client: str, key: str, ends: bool) -> bool:
    """False when the key was used before or the brief was closed meanwhile, and then nothing is written.

    ``ends``: nothing else belongs to the transaction.
    """
    told = {"section": str(section.pk), "version": applied.version}
    values: dict[str, Any] = {
        "section": section.pk,
        "brief": section.brief_id,
        "open": BriefState.DRAFTING.value,
        "before": section.version,
        "after": applied.version,
        "client": client,
        "key": key,
        "steps": applied.steps,
        "maps": applied.maps,
        "suggested": suggestions.added(applied.steps),
        "schema": engine().schema_version,
        "author": author,
        "at": timezone.now(),
        "empty": SectionState.EMPTY.value,
        "draft": SectionState.DRAFT.value,
    }
    hint = live.message("section", scope=section.brief_id, **told)
    return last.fetched(_WRITE, values, last=ends, hint=hint) is not None


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
