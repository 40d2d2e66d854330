"""``manage.py import_brief`` and ``sample_report``."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brief.models import Brief, Section
from document.sample import sample
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def run(*args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "a-report.docx"
    path.write_bytes(sample(4000, seed=7))
    return path


def test_it_imports_by_the_proposal_and_prints_the_counts(cast: Cast, report: Path) -> None:
    out = run("import_brief", str(report), title="What the files say")
    brief = Brief.objects.get(title="What the files say")
    assert Section.objects.filter(brief=brief).count() == 5
    for words in ("found", "kept", "words", "footnotes", "comments", "replies", "insertions", "deletions", "Left out"):
        assert words in out


def test_it_prints_json(cast: Cast, report: Path) -> None:
    outcome = json.loads(run("import_brief", str(report), json=True))
    assert outcome["title"] == "Joint policy brief technology and trafficking in persons"
    assert [section["title"].split()[0] for section in outcome["sections"]] == ["I.", "II.", "III.", "IV.", "Annex"]
    names = ("words", "headings", "footnotes", "tables", "figures", "comments", "replies", "insertions", "deletions")
    assert set(names) <= set(outcome["counts"])
    assert all(set(count) == {"found", "kept"} for count in outcome["counts"].values())
    assert outcome["repaired"] and outcome["left_out"]


def test_it_imports_into_a_brief_that_is_there(cast: Cast, report: Path) -> None:
    run("import_brief", str(report), brief=cast.brief.slug)
    assert Section.objects.filter(brief=cast.brief).count() == 5
    cast.brief.refresh_from_db()
    assert cast.brief.title == "Safe passage for seasonal workers"


def test_it_says_what_is_wrong_and_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK nothing")
    for path, sentence in ((broken, "damaged"), (tmp_path / "none.docx", "no file"), (tmp_path, "no file")):
        with pytest.raises(CommandError, match=sentence):
            run("import_brief", str(path))
    odd = tmp_path / "a.pdf"
    odd.write_bytes(b"%PDF")
    with pytest.raises(CommandError, match="Only Word"):
        run("import_brief", str(odd))
    assert not Brief.objects.exists()


@pytest.mark.parametrize("options", [{"brief": "nowhere"}, {"by": "nobody@people.example"}])
def test_an_unknown_brief_or_author_is_said(cast: Cast, report: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        run("import_brief", str(report), **options)


def test_the_sample_is_written_where_one_says(tmp_path: Path) -> None:
    out = tmp_path / "sample.docx"
    said = run("sample_report", words=3000, out=out)
    assert out.read_bytes()[:2] == b"PK"
    assert "sample.docx" in said
