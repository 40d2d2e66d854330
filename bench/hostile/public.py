"""A brief whose every word is hostile, built, signed and published by the stack's own workers."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import dataclass
from datetime import timedelta

from bench.hostile import files, payloads
from bench.hostile.everywhere import Attack
from brief.actions.sections import add_section
from brief.actions.sources import add_source
from brief.models import Brief, Section
from ledger import clock
from ledger.refusals import NotNow
from release import actions
from release.models import Release
from release.moments import wall
from release.states import GateState, ReleaseState
from tests.cast import Cast
from tests.factories.documents import (
    callout,
    cell,
    cite,
    doc,
    figure,
    footnote,
    heading,
    link,
    p,
    recommendation,
    row,
    table,
    th,
)
from tests.factories.releases import IMPRINT, again, give_signature

#: Seconds for building, and for becoming public.
PATIENCE = 150


@dataclass
class Published:
    """Where it stands, as (session, path) for strangers; what would run in its files."""

    paths: list[tuple[str, str]]
    hits: list[str]


def published_brief(attack: Attack) -> Published:
    """Raises TimeoutError when the workers do not build or publish it in time."""
    cast = Cast(f"xp{time.time_ns():x}")
    number = attack.numbers.setdefault(("public", "everything"), len(attack.numbers) + 1)
    _write(cast, number)
    release = actions.build_candidate(
        actor=cast.editor, brief=Brief.objects.get(pk=cast.brief.pk), version=cast.version
    )
    release = _until(release, ReleaseState.CLEARANCE)
    for blocked in release.gates.filter(state=GateState.BLOCKED):
        try:
            actions.waive(actor=cast.editor, release=release, gate=blocked.gate, reason=payloads.value(number, 2, 900))
        except NotNow as refused:
            raise RuntimeError(f"the gate {blocked.gate} is firm: {blocked.detail}") from refused
    # A waiver stands in the manifest that is signed.
    release = again(release)
    for person in (cast.approver, cast.partner_approver):
        give_signature(person, release)
    _launch(cast, release, number)
    release = _until(release, ReleaseState.PUBLISHED)
    return Published(_paths(attack, release), _in_files(attack, release))


def _write(cast: Cast, number: int) -> None:
    """Words of the brief, its sections, figures, sources, imprint."""

    def text(start: int, most: int = 300) -> str:
        return payloads.value(number, start, most)

    fields = {"title": text(0), "subtitle": text(5, 400), "summary": text(9, 900), "acknowledgements": text(12, 900)}
    imprint = {**IMPRINT, "disclaimer": text(20, 900), "copyright": text(3), "licence": text(6, 200)}
    imprint["licence_url"] = payloads.link(number, 1)[:200]
    Brief.objects.filter(pk=cast.brief.pk).update(**fields, **imprint)
    cast.brief.refresh_from_db()
    assert cast.sections
    Section.objects.filter(pk=cast.sections[0].pk).update(title=text(1), content_notice=text(14))
    try:
        source = add_source(actor=cast.lead, brief=cast.brief, csl={**payloads.csl(number, 2), "type": "report"})
    except NotNow:
        source = add_source(actor=cast.lead, brief=cast.brief, csl={"type": "report", "title": text(4)})
    link_ = link(text(30, 80), "https://a.example/?q=%3Csvg/onload=zz(1)%3E")
    made = doc(
        heading(1, text(2, 200)),
        p(text(8), link_, cite(source.key), footnote(text(11, 200))),
        callout("key", text(16, 200), p(text(18))),
        recommendation("other", text(22, 200), p(text(24))),
        table(text(28, 300), row(th(text(25))), row(cell(text(26)))),
        figure(str(cast.figure.pk), text(32, 200), alt=text(34), credit=text(36)),
    )
    add_section(actor=cast.lead, brief=cast.brief, title=text(7), doc=json.dumps(made))


def _launch(cast: Cast, release: Release, number: int) -> None:
    """Set the event and a moment shortly ahead: the embargo has whole minutes, so the row is moved."""
    fields = {
        "title": payloads.value(number, 0, 200),
        "slug": f"event-{time.time_ns():x}",
        "zone": "UTC",
        "announced": True,
    }
    fields |= dict.fromkeys(("place", "description", "agenda", "speakers"), payloads.value(number, 10, 280))
    fields |= {"link": payloads.link(number, 0)[:200], "contact": payloads.address(number)}
    actions.save_event(actor=cast.press, brief=cast.brief, fields=fields)
    soon = clock.database_now() + timedelta(minutes=2)
    embargo = actions.set_embargo(actor=cast.press, release=release, wall_time=wall(soon, "UTC"), zone="UTC")
    embargo.instant = clock.database_now()
    embargo.save(update_fields=["instant"])
    from release.actions.launch import publish_when_due

    publish_when_due(embargo)


def _until(release: Release, state: str) -> Release:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = Release.objects.select_related("brief", "version").get(pk=release.pk)
        if found.status == state:
            return found
        if found.status == ReleaseState.FAILED:
            raise TimeoutError(f"the candidate was not built: {found.sentence}")
        time.sleep(0.3)
    raise TimeoutError(f"not {state} after {PATIENCE} s but {found.status}")


def _paths(attack: Attack, release: Release) -> list[tuple[str, str]]:
    """The library, the brief with its sections, the event; what they link to on this site."""
    brief = Brief.objects.get(pk=release.brief_id)
    starts = ["/", f"/briefs/{brief.slug}/", f"/events/{brief.launch_event.slug}/", "/feed/", "/sitemap.xml"]
    client, found = attack.stack.client(None), dict.fromkeys(starts)
    for path in starts[:3]:
        answer = client.get(path)
        if answer.status >= 400:
            attack.broken.append(f"{path} {answer.status}")
        for part in answer.text.split('href="')[1:]:
            target = part.split('"')[0].split("#")[0]
            if target.startswith("/briefs/") and not target.rpartition("/")[2].count("."):
                found[target] = None
    return [("", path) for path in list(found)[:30]]


def _in_files(attack: Attack, release: Release) -> list[str]:
    """Elements that would run in the EPUB's pages and the ZIP's."""
    hits = []
    for artefact in release.artefacts.filter(name__endswith=".epub") | release.artefacts.filter(name__endswith=".zip"):
        with artefact.file.open("rb") as opened, zipfile.ZipFile(io.BytesIO(opened.read())) as archive:
            for name in archive.namelist():
                if name.endswith((".xhtml", ".html", ".htm")):
                    attack.looked_at += 1
                    hits += [f"{artefact.name} {name}: {each}" for each in files.runs(_text(archive.read(name)))]
    return hits


def _text(content: bytes) -> str:
    """Without the XML declaration, which a reader of HTML refuses in text."""
    return content.decode("utf-8", "replace").partition("?>")[2] or content.decode("utf-8", "replace")
