"""A candidate from the real programs: every file, every gate, the same bytes twice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ledger import jobs
from ledger.models import Job
from release import actions
from release.models import Release
from release.states import ArtefactKind, ReleaseState
from tests.cast import Cast
from tests.factories.releases import again, building

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def built(cast: Cast) -> Release:
    release = building(cast)
    jobs.run_due()
    return again(release)


def test_the_real_files_pass_every_gate_and_are_the_same_twice(cast: Cast) -> None:
    first = built(cast)
    assert first.status == ReleaseState.CLEARANCE, first.sentence
    assert list(first.gates.filter(state="blocked").values_list("gate", "detail")) == []
    sums = dict(first.artefacts.values_list("name", "sha256"))
    actions.reopen(actor=cast.editor, release=first, reason="Build it again.")
    second = built(cast)
    assert dict(second.artefacts.values_list("name", "sha256")) == sums
    assert second.manifest_sha256 == first.manifest_sha256


def test_checksums_cover_what_readers_download(cast: Cast) -> None:
    release = built(cast)
    by_name = {each.name: each for each in release.artefacts.all()}
    lines = Path(by_name["SHA256SUMS"].file.path).read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {"brief.pdf", "brief.docx", "brief.epub"} <= listed.keys()
    assert all(by_name[name].sha256 == digest for name, digest in listed.items())
    with zipfile.ZipFile(by_name["brief.zip"].file.path) as archive:
        assert "brief.pdf" in archive.namelist()
        assert not [name for name in archive.namelist() if name.startswith(("/", ".."))]
    assert by_name["brief.pdf"].kind == ArtefactKind.PDF


def test_progress_is_told_while_it_is_built(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr("ledger.jobs.tell_progress", lambda job, percent, note="": told.append(percent))
    release = built(cast)
    assert told == sorted(told)
    assert len(set(told)) >= 5
    assert Job.objects.get(pk=release.job_id).result["manifest"] == release.manifest_sha256
