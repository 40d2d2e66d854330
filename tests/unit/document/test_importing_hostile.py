"""Drafts that mean harm: refused or made harmless, without a connection to anywhere."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from document import importing
from document.engine import engine
from document.importing import Imported, Refused
from document.sample import parts
from document.sample.parts import para, run


def docx(body: str, **more: str) -> bytes:
    """A Word file with this body; ``more`` are further parts, ``rels`` the relationships' rows."""
    main = f'<Relationship Id="rId1" Type="{parts.OFFICE}/officeDocument" Target="word/document.xml"/>'
    about = f'{parts.HEAD}<Relationships xmlns="{parts.PACKAGE}">'
    files = {
        "[Content_Types].xml": parts.content_types(),
        "_rels/.rels": f"{about}{main}</Relationships>",
        "word/_rels/document.xml.rels": f"{about}{more.pop('rels', '')}</Relationships>",
        "word/document.xml": f"{parts.HEAD}<w:document {parts.NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": parts.styles(),
        **more,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def imported(data: bytes, name: str = "a.docx") -> Imported:
    made = importing.read(data, name, "hostile").assembled()
    for section in made.sections:
        engine().check(json.dumps(section["doc"]))
    return made


@contextmanager
def canary() -> Iterator[tuple[int, list[object]]]:
    """A server on loopback that must not be visited: its port and its visitors."""
    hits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    hits.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], hits
            time.sleep(0.3)
        finally:
            over.set()
            thread.join()


def test_a_linked_picture_is_not_fetched() -> None:
    with canary() as (port, hits):
        address = f"http://127.0.0.1:{port}/x.png"
        row = f'<Relationship Id="rIdP1" Type="{parts.OFFICE}/image" Target="{address}" TargetMode="External"/>'
        picture = parts.picture("rIdP1", 1, "canary", 1000, 1000).replace("r:embed", "r:link")
        made = imported(docx(para(run("Words.")) + para(picture), rels=row))
    assert not hits
    assert not made.figures


@pytest.mark.parametrize("text", ["![x](http://127.0.0.1:%d/a.png)", '<img src="http://127.0.0.1:%d/a.png">'])
def test_markdown_fetches_nothing(text: str) -> None:
    with canary() as (port, hits):
        made = imported(f"# Title\n\nWords before.\n\n{text % port}\n".encode(), "a.md")
    assert not hits
    assert not made.figures


def test_raw_blocks_do_not_pass() -> None:
    text = "Words.\n\n```{=html}\n<script>alert(1)</script>\n```\n\n`<b>x</b>`{=html} more\n\n\\begin{x}y\\end{x}\n"
    made = imported(text.encode(), "a.md")
    whole = json.dumps([section["doc"] for section in made.sections])
    assert '"raw' not in whole
    assert all(node_type not in whole for node_type in ("RawBlock", "RawInline"))


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", "//evil.example", "vbscript:x"],
)
def test_links_to_elsewhere_lose_their_address_and_keep_their_words(href: str) -> None:
    row = f'<Relationship Id="rIdL" Type="{parts.OFFICE}/hyperlink" Target="{href}" TargetMode="External"/>'
    made = imported(
        docx(para(f'<w:hyperlink r:id="rIdL">{run("click")}</w:hyperlink>', run(" and read on.")), rels=row)
    )
    text = json.dumps(made.sections)
    assert "click" in text
    assert '"href"' not in text


def test_a_document_type_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'
    with pytest.raises(Refused) as refused:
        imported(docx(para(run("x")), **{"word/comments.xml": bomb}))
    assert refused.value.code == "dtd"


def test_a_zip_bomb_is_refused_quickly() -> None:
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        imported(docx(para(run("a" * 60_000_000))))
    assert refused.value.code == "ratio"
    assert time.monotonic() - start < 2


def test_deep_tables_are_refused_or_flattened() -> None:
    body = para(run("deep"))
    for _ in range(400):
        body = parts.table(2, parts.row(parts.cell(body + para()), parts.cell(para())))
    try:
        made = imported(docx(body))
    except Refused as refused:
        assert refused.sentence
    else:
        assert made.sections


def test_deep_quotes_in_markdown_are_refused_or_flattened() -> None:
    try:
        made = imported((">" * 3000 + " deep\n").encode(), "a.md")
    except Refused as refused:
        assert refused.sentence
    else:
        assert made.sections


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.md", "a.txt"])
@pytest.mark.parametrize("data", [b"\0" * 400, b"PK\x03\x04" + b"\xff" * 200, b"\xff\xfe\x00", b"   \n"])
def test_rubbish_is_refused_with_a_sentence_or_read(name: str, data: bytes) -> None:
    try:
        imported(data, name)
    except Refused as refused:
        assert refused.sentence.endswith(".")


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "x")
    with pytest.raises(Refused) as refused:
        imported(out.getvalue())
    assert refused.value.code == "kind"


def test_controls_and_half_characters_do_not_reach_the_text() -> None:
    made = imported("Words \x07with\x1b controls and \ufffe things.\n".encode(), "a.txt")
    text = json.dumps(made.sections, ensure_ascii=False)
    assert "\\u0007" not in text and "\\u001b" not in text and "\ufffe" not in text


def test_a_picture_that_is_none_is_left_out_and_said() -> None:
    row = f'<Relationship Id="rIdP1" Type="{parts.OFFICE}/image" Target="media/image1.png"/>'
    picture = parts.picture("rIdP1", 1, "x", 1000, 1000)
    made = imported(docx(para(run("Words.")) + para(picture), rels=row, **{"word/media/image1.png": "no picture"}))
    assert not made.figures
    assert any(finding.code == "picture" for finding in made.report.findings)
