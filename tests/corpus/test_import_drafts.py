"""The real files: everything that their own XML holds is kept. Skipped where they are absent."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from document import importing, tree
from document.engine import engine
from document.importing import Imported, outline

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
WORD, TEXTS = DATA / "word", DATA / "source-documents"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not present")


def imported(path: Path) -> Imported:
    return importing.read(path.read_bytes(), path.name, "corpus").assembled()


def xml(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as opened:
        return opened.read(part).decode() if part in opened.namelist() else ""


def count(imported_: Imported, kind: str) -> int:
    return sum(1 for section in imported_.sections for node in tree.walk(section["doc"]) if node["type"] == kind)


@pytest.fixture(scope="module")
def report() -> Imported:
    return imported(WORD / "intergovernmental-report-35k-words.docx")


@pytest.mark.parametrize(
    "path", [*sorted(WORD.glob("*.docx")), *sorted(TEXTS.glob("*.txt"))], ids=lambda path: path.stem
)
def test_every_section_is_a_document_of_our_language(path: Path) -> None:
    for section in imported(path).sections:
        engine().check(json.dumps(section["doc"]))


@pytest.mark.parametrize("path", sorted(WORD.glob("*.docx")), ids=lambda path: path.stem)
def test_all_that_the_file_holds_is_kept(path: Path) -> None:
    made = imported(path)
    body, comments = xml(path, "word/document.xml"), xml(path, "word/comments.xml")
    assert count(made, "footnote") == len(re.findall(r"<w:(?:foot|end)noteReference ", body))
    total = len(made.comments) + sum(len(comment["replies"]) for comment in made.comments)
    assert total == len(re.findall(r"<w:comment ", comments))
    replies = len(re.findall(r"paraIdParent=", xml(path, "word/commentsExtended.xml")))
    assert sum(len(comment["replies"]) for comment in made.comments) == replies
    assert made.report.kept["tables"] == len(re.findall(r"<w:tbl>", body))
    for kind in ("footnotes", "comments", "replies", "insertions", "deletions", "figures", "tables"):
        assert made.report.kept[kind] == made.report.found[kind], kind


def test_tracked_changes_carry_author_and_time() -> None:
    made = imported(WORD / "comments-with-tracked-changes.docx")
    assert made.report.kept["insertions"] == 9
    assert made.report.kept["deletions"] == 1
    assert {change["kind"] for change in made.suggestions.values()} == {"insertion", "deletion", "modification"}
    assert all(change["author"] and change["at"] for change in made.suggestions.values())


def test_comments_are_where_they_were() -> None:
    made = imported(WORD / "comments-136-with-54-replies.docx")
    texts = {tree.block_id(block): block for section in made.sections for block in tree.blocks(section["doc"])}
    quoted = [comment for comment in made.comments if comment["quotation"]]
    assert len(quoted) > 60
    for comment in quoted:
        text = tree.block_text(texts[comment["block"]])
        assert comment["quotation"] in text


def test_what_was_resolved_is_resolved() -> None:
    path = WORD / "comments-some-resolved.docx"
    done = len(re.findall(r'done="1"', xml(path, "word/commentsExtended.xml")))
    made = imported(path)
    assert done and sum(comment["resolved"] for comment in made.comments) <= done
    assert any(comment["resolved"] for comment in made.comments)


def test_the_report_has_its_five_sections(report: Imported) -> None:
    titles = [section["title"] for section in report.sections if not section["depth"]]
    assert [title.split()[0] for title in titles] == ["I.", "II.", "III.", "IV.", "Annex"]


def test_the_reports_long_section_is_proposed_in_its_parts(report: Imported) -> None:
    within = [(section["depth"], section["title"].split()[0]) for section in report.sections[3:7]]
    assert within == [(1, "A."), (1, "B."), (1, "C."), (1, "D.")] and len(report.sections) == 9
    assert max(tree.words(section["doc"]) for section in report.sections) < outline.LONG
    first = next(block for block in tree.blocks(report.sections[3]["doc"]) if block["type"] == "heading")
    assert tree.text(first).startswith("1. ") and first["attrs"]["level"] == 1


def test_the_report_keeps_its_words(report: Imported) -> None:
    assert report.report.kept["words"] > 0.98 * report.report.found["words"]
    assert report.report.kept["footnotes"] == 54
    assert count(report, "callout") == 3
    assert count(report, "table") == 1


def test_typed_numbers_are_gone(report: Imported) -> None:
    found = [finding for finding in report.report.findings if finding.code == "numbers"]
    assert found and found[0].values["count"] > 270
    for section in report.sections:
        for block in section["doc"]["content"]:
            if block["type"] == "paragraph":
                assert not re.match(r"\d{1,3}\.\s", tree.text(block))


def test_the_long_section_is_pointed_out(report: Imported) -> None:
    assert not [f for f in report.report.findings if f.code == "long-section"]
    reading = importing.read((WORD / "intergovernmental-report-35k-words.docx").read_bytes(), "report.docx", "corpus")
    whole = reading.entries
    while (at := next((at for at, each in enumerate(whole) if each.depth), None)) is not None:
        whole = outline.merge(whole, at)
    findings = reading.assembled(whole).report.findings
    assert [f.values["title"][:4] for f in findings if f.code == "long-section"] == ["III."]


def test_the_concept_note_is_repaired() -> None:
    made = imported(TEXTS / "concept-note.txt")
    (section,) = made.sections
    assert count(made, "footnote") == 2
    lists = [block for block in section["doc"]["content"] if block["type"] == "bullet_list"]
    assert [len(each["content"]) for each in lists] == [4]
    text = tree.text(section["doc"])
    assert "✓" not in text
    assert "conversation to hand off" in text
    assert "---" not in text
    links = [m["attrs"]["href"] for n in tree.walk(section["doc"]) for m in n.get("marks") or [] if m["type"] == "link"]
    assert any("#:~:text=" in href for href in links)


@pytest.mark.parametrize(
    ("name", "gone", "code"),
    [
        ("article-technology-good-and-evil", "breadcrumbs", "template"),
        ("article-technology-good-and-evil", "Cyber Edge", "tail"),
        ("article-global-scam-networks", "Leave a Reply", "tail"),
        ("article-ai-in-combatting-trafficking", "Contact Expert", "tail"),
    ],
)
def test_web_leavings_are_out_and_named(name: str, gone: str, code: str) -> None:
    made = imported(TEXTS / f"{name}.txt")
    assert all(gone not in tree.text(section["doc"]) for section in made.sections)
    assert any(f.code == code and gone in f.values["text"] for f in made.report.findings)


def test_runs_of_blank_lines_are_said() -> None:
    made = imported(TEXTS / "article-technology-good-and-evil.txt")
    assert any(f.code == "blank-lines" and f.values["count"] > 20 for f in made.report.findings)


def test_the_twice_written_title_stands_once() -> None:
    made = imported(TEXTS / "article-global-scam-networks.txt")
    assert made.title.startswith("AI and Human Trafficking")
    assert len(made.sections) == 8
