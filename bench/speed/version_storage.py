"""What is kept costs what changed: a step some hundred bytes, a version its changed sections, comments nothing.

Guards the rows of the database (bytes as PostgreSQL stores their columns, compressed; a row's own 24 bytes counted):
one paragraph edited in a section of 36 kB, and a version after one section of eight has changed. Bytes, and times the
changed section. SPEED: "Storage".

Broken on purpose: with each section's text salted before ``Text`` is looked up in ``brief.actions.versions._write``
(so that nothing is shared), it printed version_storage.version near 8 times the changed section.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from bench.figures import Figure, at_most, median
from bench.filling import fill
from bench.stack import Stack

if TYPE_CHECKING:
    from brief.models import Brief, Section
    from config.filling import Filled

#: Words of a section whose text takes about 36 kB.
WORDS = 5000
SECTIONS = 8
#: Whatever the deed writes: rows, audit, history, outbox. Sessions and logs of the machine are not the deed's.
TABLES = ("brief_%", "ledger_event", "ledger_job", "reversion_%")


def run(stack: Stack) -> Iterable[Figure]:
    for threads in (0, 1000):
        made = fill(words=WORDS, threads=threads, versions=1, reviewers=0)
        edits = [_added(partial(_edit, made, made.section)) for _ in range(stack.times(40))]
        yield at_most(
            f"version_storage.edit.{threads}",
            median(edits),
            "bytes",
            gate=1500,
            target=1500,
            note=f"of {len(edits)}, one paragraph edited, {threads:,} threads",
        )
    made = fill(words=WORDS * SECTIONS, sections=SECTIONS, versions=1, reviewers=0)
    _edit(made, made.sections[3])
    added = _added(partial(_freeze, made))
    changed = _text_bytes(made.brief, made.sections[3])
    note = f"{added:,} bytes for a version in which {changed:,} changed"
    yield at_most("version_storage.version", added / changed, "times", gate=1.2, target=1.1, note=note)
    yield at_most("version_storage.unchanged", _added(partial(_freeze, made)), "bytes", note="a version of the same")


def _edit(made: Filled, section: Section) -> None:
    """Ten words typed at the start of one paragraph, in one step."""
    from brief import steps
    from document.engine import engine

    words = "ten words that an author types into a paragraph today "
    step = {"stepType": "replace", "from": 2, "to": 2, "slice": {"content": [{"type": "text", "text": words}]}}
    section.refresh_from_db()
    answer = steps.submit(
        actor=made.lead,
        brief_id=made.brief.pk,
        section_id=section.pk,
        version=section.version,
        client=uuid.uuid4().hex[:12],
        key=uuid.uuid4().hex,
        schema=engine().schema_version,
        steps=[step],
    )
    if answer.status != 200:
        raise RuntimeError(f"the step was refused: {answer.body}")


def _freeze(made: Filled) -> None:
    from brief.actions import freeze
    from brief.states import OrderDraft

    freeze(actor=made.editor, brief=made.brief, order_draft=OrderDraft.FINAL)


def _added(deed: Callable[[], None]) -> int:
    """Bytes of all rows after the deed, less those before."""
    before = _bytes()
    deed()
    return _bytes() - before


def _bytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0"
            " AND NOT a.attisdropped AND c.relname LIKE ANY(%s) GROUP BY 1",
            [list(TABLES)],
        )
        total = 0
        for table, columns in cursor.fetchall():
            sizes = " + ".join(f'coalesce(pg_column_size("{column}"), 0)' for column in columns)
            cursor.execute(f'SELECT coalesce(sum(24 + {sizes}), 0) FROM "{table}"')  # noqa: S608
            total += int(cursor.fetchone()[0])
    return total


def _text_bytes(brief: Brief, section: Section) -> int:
    """Of the section's text as the newest version keeps it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_column_size(t.body) + 24 FROM brief_versionsection vs"
            " JOIN brief_version v ON v.id = vs.version_id"
            " JOIN brief_text t ON t.sha256 = vs.text_id WHERE v.brief_id = %s AND vs.section_id = %s"
            " ORDER BY v.number DESC LIMIT 1",
            [brief.pk, section.pk],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
