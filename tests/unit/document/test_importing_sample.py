"""The sample report: always the same, with every difficulty, and imported whole."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from functools import cache
from uuid import UUID

import pytest

from document import images, importing, sandbox, tree, uploads
from document.engine import engine
from document.importing import Imported, Reading
from document.importing.inlines import LINK
from document.sample import sample


@cache
def words(count: int) -> bytes:
    return sample(count, seed=2)


@cache
def imported(count: int = 20_000) -> Imported:
    return importing.read(words(count), "sample.docx", "sample").assembled()


def kinds(made: Imported) -> dict[str, int]:
    found: dict[str, int] = {}
    for section in made.sections:
        for node in tree.walk(section["doc"]):
            found[node["type"]] = found.get(node["type"], 0) + 1
    return found


def test_the_same_seed_writes_the_same_bytes() -> None:
    assert sample(3000, seed=4) == sample(3000, seed=4)
    assert sample(3000, seed=4) != sample(3000, seed=5)


def test_everything_that_hangs_on_the_text_is_kept() -> None:
    report = imported().report
    for name in ("footnotes", "tables", "figures", "comments", "replies", "insertions", "deletions"):
        assert report.found[name] == report.kept[name] > 0, name
    assert report.kept["footnotes"] == 54
    assert report.kept["words"] > 0.96 * report.found["words"]


def test_its_outline_is_four_chapters_and_an_annex() -> None:
    assert [re.split(r"[. ]", section["title"])[0] for section in imported().sections] == [
        "I",
        "II",
        "III",
        "IV",
        "Annex",
    ]


def test_every_section_is_a_document_of_our_language() -> None:
    for section in imported().sections:
        checked = json.loads(engine().check(json.dumps(section["doc"])))
        assert tree.words(checked) == tree.words(section["doc"])


@pytest.mark.parametrize(
    "code",
    ["numbers", "styled-paragraph", "empty-heading", "glyph-list", "joined", "box", "plain-heading", "contents",
     "title-page", "token"],
)  # fmt: skip
def test_each_difficulty_is_reported_with_its_place(code: str) -> None:
    found = [finding for finding in imported().report.findings if finding.code == code]
    assert found
    assert all("%(" not in finding.sentence() for finding in found)


def test_spans_and_header_cells_survive() -> None:
    cells = [node for s in imported().sections for node in tree.walk(s["doc"]) if node["type"].startswith("table_")]
    assert any(cell["attrs"].get("colspan") == 2 for cell in cells)
    assert any(cell["attrs"].get("rowspan") == 2 for cell in cells)
    assert any(cell["type"] == "table_header" and cell["attrs"]["scope"] == "col" for cell in cells)


def test_boxes_are_callouts_of_their_kind() -> None:
    boxes = [n for s in imported().sections for n in tree.walk(s["doc"]) if n["type"] == "callout"]
    assert [box["attrs"]["kind"] for box in boxes] == ["definition", "case", "risk"]
    assert boxes[1]["attrs"]["title"] == "A case from a ferry port"


def test_pictures_have_their_words_and_lose_their_camera() -> None:
    made = imported()
    archive = uploads.check_archive(words(20_000))
    figures = [n for s in made.sections for n in tree.walk(s["doc"]) if n["type"] == "figure"]
    assert all("invented count" in figure["attrs"]["alt"] for figure in figures)
    assert {figure["attrs"]["asset"] for figure in figures} == set(made.figures)
    assert all(UUID(asset).version == 4 for asset in made.figures), "it is in an address, so nothing may lead to it"
    for path in made.figures.values():
        assert b"Camera" not in images.clean(archive.read(path) or b"").content


def test_comments_quote_the_words_they_stand_on() -> None:
    made = imported()
    for comment in made.comments:
        doc = made.sections[comment["section_index"]]["doc"]
        block = tree.find(doc, comment["block"])
        assert block is not None
        text = tree.block_text(block)
        assert comment["quotation"] and text.startswith(comment["quotation"])
        assert comment["suffix"] == text[comment["end"] : comment["end"] + 32]
    assert any(comment["replies"] for comment in made.comments)
    assert {comment["resolved"] for comment in made.comments} == {True, False}


def test_moves_are_an_insertion_and_a_deletion() -> None:
    with zipfile.ZipFile(io.BytesIO(words(20_000))) as packed:
        body = packed.read("word/document.xml").decode()
    assert "<w:moveFrom " in body
    changed = imported().suggestions.values()
    assert {change["kind"] for change in changed} == {"insertion", "deletion", "modification"}
    assert all(change["author"] and change["at"].startswith("2026-03-") for change in changed)


def test_a_reading_comes_back_from_its_text() -> None:
    reading = importing.read(words(3000), "sample.docx", "again")
    again = Reading.from_text(reading.to_text())
    assert again.assembled() == reading.assembled()
    assert again == reading


def test_assembling_leaves_the_reading_as_it_was() -> None:
    reading = importing.read(words(3000), "sample.docx", "again")
    before = reading.to_text()
    reading.assembled()
    assert reading.to_text() == before


def test_no_two_blocks_share_an_id() -> None:
    ids = [tree.block_id(block) for section in imported().sections for block in tree.blocks(section["doc"])]
    assert len(ids) == len(set(ids))


def test_the_whole_length_takes_seconds() -> None:
    """The bound is the issue's; the target is two seconds, measured by a program."""
    content = sample(35_000)
    start = time.monotonic()
    importing.read(content, "sample.docx").assembled()
    assert time.monotonic() - start < 8 * 4  # four times: the machine may be busy


@pytest.mark.parametrize(
    "href", ["https://a.example/x#:~:text=a%20b", "http://a.example", "mailto:a@b.example", "HTTPS://A.EXAMPLE"]
)
def test_links_that_the_schema_allows(href: str) -> None:
    doc = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": "abcdefghijkl"}, "content": [
        {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": href}}]}]}]}  # fmt: skip
    assert LINK.fullmatch(href)
    engine().check(json.dumps(doc))


def test_markdown_is_read_too() -> None:
    text = "# One\n\nWords with a note.[^1]\n\n- item\n- item\n\n[^1]: The note.\n\n# Two\n\n"
    text += "| a | b |\n|---|---|\n| 1 | 2 |\n"
    made = importing.read(text.encode(), "a.md", "x").assembled()
    assert [section["title"] for section in made.sections] == ["One", "Two"]
    found = kinds(made)
    assert found["footnote"] == found["table"] == found["bullet_list"] == 1


def test_odt_is_read_too() -> None:
    """Made by pandoc from Markdown: what LibreOffice writes has the same parts."""
    text = b"# One\n\nWords with a note.[^1]\n\n[^1]: The note.\n\n# Two\n\nMore words.\n"
    argv = [sandbox.pandoc_path(), "-f", "markdown", "-t", "odt", "-o", "a.odt"]
    content = sandbox.run(argv, stdin=text, outputs=["a.odt"]).files["a.odt"]
    made = importing.read(content, "a.odt", "x").assembled()
    assert [section["title"] for section in made.sections] == ["One", "Two"]
    assert kinds(made)["footnote"] == 1
