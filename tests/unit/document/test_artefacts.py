"""All files of a publication: which, the same twice, and what the pages' fragments link to."""

from __future__ import annotations

import copy
import hashlib
import json
import re

import pytest

from document import artefacts, pdfcheck, zips
from document.labels import Labels
from document.publication import SectionText
from document.typst import fonts
from tests.factories import publication as sample
from tests.factories.documents import cite, doc, figure, footnote, p, ref

pytestmark = pytest.mark.skipif(not any(fonts.FOLDER.glob("*.ttf")), reason="fonts are not built: make build")
#: One and the same: unnamed blocks of the sample have new ids each time.
PUBLICATION = sample.publication()
PEOPLE = ("Okafor", "Lindqvist", "Haddad")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    steps: list[tuple[int, str]] = []
    listed = artefacts.build(PUBLICATION, folder, progress=lambda percent, what: steps.append((percent, what)))
    return folder, listed, steps


def test_every_file_is_listed_as_it_is(built):
    folder, listed, _ = built
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert (
        [each.name for each in listed]
        == found
        == [
            "SHA256SUMS",
            "brief.docx",
            "brief.epub",
            "brief.pdf",
            "brief.zip",
            "figures/chart.png",
            "pages/meta.json",
            "pages/outline.html",
            "pages/sections/section-a.html",
            "pages/sections/section-b.html",
            "pages/sources.html",
        ]
    )
    for each in listed:
        data = (folder / each.name).read_bytes()
        assert (each.size, each.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_media_types_are_those_of_the_files(built):
    types = {each.name: each.media_type for each in built[1]}
    assert types["brief.pdf"] == "application/pdf" and types["figures/chart.png"] == "image/png"
    assert types["SHA256SUMS"].startswith("text/plain") and types["pages/meta.json"] == "application/json"


def test_a_second_build_gives_the_same_bytes(built, tmp_path):
    assert artefacts.build(copy.deepcopy(PUBLICATION), tmp_path) == built[1]


def test_progress_rises_to_a_hundred(built):
    percents = [percent for percent, _ in built[2]]
    assert percents == sorted(percents) and percents[0] == 0 and percents[-1] == 100


def test_checksums_agree_in_the_folder_and_in_the_archive(built):
    folder = built[0]
    inside = zips.read((folder / "brief.zip").read_bytes())
    for sums, read in (
        ((folder / "SHA256SUMS").read_bytes(), lambda name: (folder / name).read_bytes()),
        (inside["SHA256SUMS"], inside.__getitem__),
    ):
        lines = sums.decode().splitlines()
        assert len(lines) >= 4 and lines == sorted(lines, key=lambda line: line[66:])
        for line in lines:
            digest, name = line.split("  ")
            assert hashlib.sha256(read(name)).hexdigest() == digest


def test_the_archive_holds_what_readers_take_away(built):
    names = set(zips.read((built[0] / "brief.zip").read_bytes()))
    assert names == {"brief.pdf", "brief.docx", "brief.epub", "figures/chart.png", "SHA256SUMS"}


def test_the_pdf_passes(built):
    assert pdfcheck.check((built[0] / "brief.pdf").read_bytes(), names=PEOPLE) == []


def test_no_metadata_names_a_person(built):
    folder = built[0]
    for name in ("brief.docx", "brief.epub"):
        for part, data in zips.read((folder / name).read_bytes()).items():
            if part.startswith("docProps/") or part.endswith((".opf", ".ncx")):
                assert not any(person.encode() in data for person in PEOPLE), part


def test_every_file_prints_the_content_hash(built):
    folder = built[0]
    assert b"3f9a" * 16 in b"".join(zips.read((folder / "brief.epub").read_bytes()).values())
    assert b"3f9a" * 16 in zips.read((folder / "brief.docx").read_bytes())["word/document.xml"]


def test_links_between_fragments_lead_to_something(built):
    folder = built[0]
    whole = "".join(path.read_text() for path in sorted((folder / "pages").rglob("*.html")))
    ids = set(re.findall(r' id="([^"]+)"', whole))
    assert set(re.findall(r'href="#([^"]+)"', whole)) <= ids
    assert set(re.findall(r'src="([^"]+)"', whole)) == {"figures/chart.png"}


def test_meta_counts_words_and_minutes(built):
    meta = json.loads((built[0] / "pages/meta.json").read_text())
    assert [each["id"] for each in meta["sections"]] == ["section-a", "section-b"]
    assert meta["words"] == sum(each["words"] for each in meta["sections"]) and meta["minutes"] == 1


def test_a_long_brief_also_has_fragments_for_a_page_each(tmp_path):
    long = "word " * 10_500
    sections = (
        SectionText("one", "One", doc(p(long, cite("gamma"), ref("two"), footnote("n")), figure("chart", alt="x"))),
        SectionText("two", "Two", doc(p(long, id="b"), p(ref("one"))), depth=1),
    )
    artefacts.build(sample.publication(sections=sections), tmp_path)
    first = (tmp_path / "pages/split/one.html").read_text()
    assert 'href="../two/#section-two"' in first and 'src="../../figures/chart.png"' in first
    assert 'href="../../#source-gamma"' in first and 'href="#note-1"' in first
    assert (tmp_path / "pages/split/sources.html").exists()
    # A section within another: lower on the whole page, at the top of its own, and told to the contents.
    assert '<h3 id="title-two">' in (tmp_path / "pages/sections/two.html").read_text()
    assert '<h2 id="title-two">' in (tmp_path / "pages/split/two.html").read_text()
    meta = json.loads((tmp_path / "pages/meta.json").read_text())
    assert [each.get("depth", 0) for each in meta["sections"]] == [0, 1]


def test_labels_are_those_given(tmp_path):
    artefacts.build(sample.publication(), tmp_path, labels=Labels(table="Tableau {number}"))
    assert "Tableau 1" in (tmp_path / "pages/sections/section-a.html").read_text()


def test_a_brief_without_sources_has_an_empty_list(tmp_path):
    artefacts.build(sample.of(doc(p("Words."))), tmp_path)
    assert (tmp_path / "pages/sources.html").read_text() == ""
