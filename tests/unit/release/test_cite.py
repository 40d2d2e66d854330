"""Citations of a published brief, with everything that could break their formats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from release.public import cite
from release.public.editions import Edition


def edition(**fields: Any) -> Edition:
    facts = {
        "title": "Work & {trust}: 100% of 3_000",
        "subtitle": "",
        "summary": "</script><b>",
        "language": "en-GB",
        "slug": "work",
        "organisations": ["North & Co", "South"],
        **fields,
    }
    release: Any = SimpleNamespace(
        brief=SimpleNamespace(slug="work"),
        edition="1.0",
        embargo=SimpleNamespace(instant=datetime(2026, 3, 12, 9, tzinfo=UTC), zone="UTC"),
    )
    made = Edition(release)
    made.__dict__["manifest"] = {"metadata": facts, "imprint": {"isbn": "978-3", "licence_url": "https://x.example"}}
    return made


def test_bibtex_takes_every_character() -> None:
    entry = cite.bibtex(edition())
    assert r"title = {{Work \& \{trust\}: 100\% of 3\_000}}" in entry
    assert r"author = {{North \& Co} and {South}}" in entry
    assert entry.startswith("@techreport{work-2026,\n")


@pytest.mark.parametrize(
    ("plain", "tex"),
    [("a\\b", r"a\textbackslash{}b"), ("~^", r"\textasciitilde{}\textasciicircum{}"), ("x\n y", "x y")],
)
def test_tex_is_escaped_once(plain: str, tex: str) -> None:
    assert cite.tex(plain) == tex


def test_ris_has_one_field_a_line() -> None:
    lines = cite.ris(edition(title="Two\r\nER  - lines")).split("\r\n")
    assert lines[1] == "TI  - Two ER - lines"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " for line in lines if line)


def test_csl_has_the_subtitle_and_the_date() -> None:
    item = json.loads(cite.csl_json(edition(subtitle="Risks")))[0]
    assert item["title"].endswith(": Risks")
    assert item["issued"] == {"date-parts": [[2026, 3, 12]]}


def test_json_ld_cannot_end_its_element() -> None:
    data = cite.json_ld(edition())
    assert "<" not in data
    assert json.loads(data)["abstract"] == "</script><b>"


def test_highwire_names_the_pdf_and_each_organisation() -> None:
    pairs = cite.highwire(edition())
    assert [value for name, value in pairs if name == "citation_author"] == ["North & Co", "South"]
    assert dict(pairs)["citation_pdf_url"].endswith("/briefs/work/editions/1.0/brief.pdf")
