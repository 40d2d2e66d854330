"""Word → brief → Word: every comment, reply, resolved flag, tracked change, note and table comes out again.

Through the product itself: upload, outline, sections, and the file that an author fetches. Counted in the XML of both
files. The real files where ``../shared/data`` is present; a file of our own always.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from brief import actions
from brief.models import Export, ImportDraft
from brief.states import ImportState
from document.sample import sample
from tests.cast import Cast
from tests.factories.word import counted, everything

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "word"
REAL = sorted(DATA.glob("*.docx")) if DATA.is_dir() else []
Run = Callable[[], int]


def through(cast: Cast, run_jobs: Run, content: bytes) -> tuple[ImportDraft, bytes]:
    """What the report of the import says, and the Word file that comes out."""
    draft = actions.upload_draft(actor=cast.lead, brief=cast.brief, content=content, name="draft.docx")
    run_jobs()
    draft = ImportDraft.objects.get(pk=draft.pk)
    assert draft.status == ImportState.PROPOSED, draft.sentence
    actions.confirm_import(actor=cast.lead, draft=draft)
    asked = actions.ask_export(actor=cast.lead, brief=cast.brief)
    run_jobs()
    export = Export.objects.get(pk=asked.pk)
    with export.file.open("rb") as opened:
        return draft, opened.read()


def joined(draft: ImportDraft) -> int:
    """Tables that the import joined with the one before, and said so: a box that goes on in a second table."""
    return sum(1 for each in json.loads(draft.report)["findings"] if each["code"] == "box-joined")


def opened_by_libreoffice(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Names of the files of which LibreOffice made a text; one start of it for all."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "txt:Text"]
    paths = [str(folder / f"{name}.docx") for name in files]
    subprocess.run([*command, "--outdir", str(folder), *paths], check=True, capture_output=True, timeout=180)
    return [name for name in files if (folder / f"{name}.txt").exists() and (folder / f"{name}.txt").stat().st_size]


def test_a_file_with_everything_keeps_everything(cast: Cast, run_jobs: Run) -> None:
    content = everything()
    draft, out = through(cast, run_jobs, content)
    before = counted(content)
    assert all(before.values()), before
    assert counted(out) == before
    report = json.loads(draft.report)
    assert [each["code"] for each in report["findings"] if each["code"].endswith("-change")] == []
    for name in ("comments", "replies", "resolved", "insertions", "deletions", "modifications", "footnotes", "tables"):
        assert report["found"][name] == report["kept"][name], name


def test_the_sample_report_keeps_what_it_holds(cast: Cast, run_jobs: Run) -> None:
    content = sample(2_000)
    draft, out = through(cast, run_jobs, content)
    before, after = counted(content), counted(out)
    after["tables"] += joined(draft)
    assert after == before


@pytest.mark.skipif(not REAL, reason="../shared/data is not present")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_the_real_files_keep_what_they_hold(cast: Cast, run_jobs: Run, path: Path) -> None:
    content = path.read_bytes()
    draft, out = through(cast, run_jobs, content)
    before, after = counted(content), counted(out)
    after["tables"] += joined(draft)
    assert after == before


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
def test_libreoffice_opens_what_we_write(cast: Cast, run_jobs: Run, tmp_path: Path) -> None:
    _draft, out = through(cast, run_jobs, everything())
    version = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="first")
    actions.add_section(actor=cast.lead, brief=cast.brief, title="New since then")
    asked = actions.ask_export(actor=cast.lead, brief=cast.brief, since=version)
    run_jobs()
    with Export.objects.get(pk=asked.pk).file.open("rb") as redline:
        files = {"draft": out, "redline": redline.read()}
    assert opened_by_libreoffice(tmp_path, files) == ["draft", "redline"]
    shown = (tmp_path / "draft.txt").read_text()
    assert "Recruiters promise work abroad" in shown
