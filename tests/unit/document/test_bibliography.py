"""Sources as people paste them: every form, every fault told apart, nothing lost in silence."""

from __future__ import annotations

import json
from datetime import date

import pytest

from document import bibliography
from document.bibliography import Entry, Reading, Unreadable, decoded, kind_of, read

TODAY = date(2026, 11, 22)

BIBTEX = r"""
Some words a manager wrote before.
@string{un = {United Nations}}
@comment{not this}
@techreport{unodc2024,
  author = {{United Nations Office on Drugs and Crime} and Sm{\"i}th, Jane},
  title = {Casinos, {OSCE} and \& underground banking}, institution = un, year = 2024, month = jan,
  url = {https://www.unodc.example/x%20y/report_a.pdf#:~:text=the%20trade%2C%20is,grew}, urldate = {2025-02-03},
  annote = {for me alone}, file = {/media/stick/x.pdf}, abstract = {long}, keywords = {a, b}
}
@misc{nd, title = {Undated thing}, howpublished = {\url{https://example.org/a_b}}, note = {n.d.}}
"""
RIS = """TY  - JOUR
AU  - Müller, Hans
AU  - Doe, J.
TI  - On things
JO  - Journal of X
PY  - 2021/03/04
VL  - 3
SP  - 11
EP  - 20
DO  - 10.1000/XYZ123
UR  - https://example.org/p?q=%C3%A9#:~:text=foo-,bar
ER  -

TY  - RPRT
TI  - No author
"""


def entries(text: str) -> tuple[Entry, ...]:
    return read(text, today=TODAY).entries


def test_bibtex_becomes_sound_records() -> None:
    report, undated = entries(BIBTEX)
    assert report.key == "unodc2024" and report.item["type"] == "report"
    assert report.item["author"] == [
        {"literal": "United Nations Office on Drugs and Crime"},
        {"family": "Smïth", "given": "Jane"},
    ]
    assert report.item["publisher"] == "United Nations" and "OSCE" in report.item["title"]
    assert report.item["issued"] == {"date-parts": [[2024, 1]]}
    assert report.item["accessed"] == {"date-parts": [[2025, 2, 3]]}
    assert undated.item == {"title": "Undated thing", "type": "webpage", "URL": "https://example.org/a_b"}


def test_addresses_come_through_bibtex_and_ris_letter_by_letter() -> None:
    bib, ris = entries(BIBTEX)[0], entries(RIS)[0]
    assert bib.item["URL"] == "https://www.unodc.example/x%20y/report_a.pdf#:~:text=the%20trade%2C%20is,grew"
    assert ris.item["URL"] == "https://example.org/p?q=%C3%A9#:~:text=foo-,bar"


def test_notes_and_copies_of_the_texts_owner_stay_outside() -> None:
    assert not {"annote", "abstract", "keyword", "file"} & entries(BIBTEX)[0].item.keys()


def test_ris_becomes_sound_records_with_whole_dates() -> None:
    article, report = entries(RIS)
    assert article.item["author"] == [{"family": "Müller", "given": "Hans"}, {"family": "Doe", "given": "J."}]
    assert article.item["issued"] == {"date-parts": [[2021, 3, 4]]} and article.item["page"] == "11-20"
    assert article.item["DOI"] == "10.1000/xyz123"
    assert report.item == {"type": "report", "title": "No author"}


def test_csl_json_as_one_as_many_and_as_a_library() -> None:
    one = {"id": "a", "type": "book", "title": "A", "annote": "mine"}
    for told in (one, [one], {"items": [one]}):
        (entry,) = entries(json.dumps(told))
        assert entry.item == {"type": "book", "title": "A"} and entry.key == "a"


def test_addresses_one_on_each_line_with_todays_date() -> None:
    titled, bare, number, words = entries(
        "UNODC, Casinos report: https://www.unodc.example/a%2Fb_(x).pdf#:~:text=a%2C%20b,c-d).\n"
        "https://example.org/foo-bar.html\n10.1000/ABC.1\njust words\n"
    )
    assert titled.item["title"] == "UNODC, Casinos report" and not titled.bare
    assert titled.item["URL"] == "https://www.unodc.example/a%2Fb_(x).pdf#:~:text=a%2C%20b,c-d"
    assert titled.item["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert bare.item["title"] == "foo bar (example.org)" and bare.bare
    assert number.item["DOI"] == "10.1000/abc.1"
    assert words.fault == "syntax" and words.given == "just words"


def test_one_broken_entry_does_not_take_the_others_with_it() -> None:
    many = [f"@book{{k{n}, title = {{Title {n}}}, year = {2000 + n}}}" for n in range(9)]
    many[4] = "@book{k4, title = {Title 4}, year = }"
    found = entries("\n".join(many))
    assert [each.fault for each in found] == ["", "", "", "", "syntax", "", "", "", ""]
    assert found[4].given == many[4]
    assert [each.item.get("title", "") for each in found][8] == "Title 8"


def test_an_end_that_was_cut_off_is_told_alone() -> None:
    found = entries(BIBTEX + "@book{cut, title = {Cut o")
    assert [each.fault for each in found] == ["", "", "syntax"]


def test_forms_pasted_together_are_all_read() -> None:
    mixed = f"% made by a manager: https://manager.example/\n{BIBTEX}\nhttps://example.net/report\n\n{RIS}ER  -\n" + (
        '[{"type": "webpage", "id": "c1", "title": "A page"}]\nhttps://example.net/second'
    )
    titles = [entry.item["title"] for entry in read(mixed, today=TODAY).entries]
    alone = [entry.item["title"] for text in (BIBTEX, RIS) for entry in read(text, today=TODAY).entries]
    assert titles == [*alone, "A page", "report (example.net)", "second (example.net)"]
    broken = read(BIBTEX + '[{"title": "cut', today=TODAY).entries[-1]
    assert (broken.fault, broken.given) == ("syntax", '[{"title": "cut')


def test_a_thousand_records_beside_others_are_read_and_too_many_are_refused() -> None:
    lines = [f'{{"type": "book", "id": "n{n}", "title": "Line {n}"}}' for n in range(2100)]
    assert len(read("\n".join([BIBTEX, *lines[:1100]]), today=TODAY).entries) == 1102
    with pytest.raises(Unreadable, match="many"):
        read("\n".join([BIBTEX, *lines]), today=TODAY)


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"title": ""}, "title"),
        ({"title": "<i> </i>"}, "title"),
        ({"title": "A", "URL": "javascript:alert(1)"}, "field:URL"),
        ({"title": "A", "author": "Nobody"}, "field:author"),
        ({"title": "A", "issued": {"date-parts": [["soon"]]}}, "field:issued"),
    ],
)
def test_a_record_that_cannot_be_kept_says_why(item: dict[str, object], fault: str) -> None:
    (entry,) = entries(json.dumps(item))
    assert entry.fault == fault and entry.item == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("nothing of the kind", "kind"),
        ("{broken", "json"),
        ("[" * 100_000, "json"),
        ("[1, 2]", "json"),
        ("@string{a = {b}}", "kind"),
        ("x" * (bibliography.LONGEST + 1), "long"),
        (json.dumps([{"title": "x"}] * (bibliography.MOST + 1)), "many"),
    ],
)
def test_what_cannot_be_read_at_all(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text, today=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text", ["@a{" + "{" * 100_000, '@a{k, t="' + "{a}" * 30_000, "@a{k, " + "a={{{x}}}, " * 20_000]
)
def test_hostile_braces_end_soon(text: str) -> None:
    assert entries(text)[0].fault == "syntax"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\ufeff  [{}]", "csljson"),
        ("% a note\n@Article{a,", "bibtex"),
        ("Provider: X\n\nTY  - JOUR", "ris"),
        ("see https://example.org", "addresses"),
        ("mail me@example.org", ""),
    ],
)
def test_the_form_is_told_by_its_first_signs(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_files_of_older_programs_are_read() -> None:
    assert decoded("Müller".encode("cp1252")) == "Müller" == decoded(b"\xef\xbb\xbf" + "Müller".encode())


def test_a_reading_is_kept_as_text() -> None:
    reading = read(BIBTEX, today=TODAY)
    assert Reading.from_text(reading.to_text()) == reading


def test_what_nobody_sees_is_taken_out() -> None:
    """A direction override would turn a title around in everybody's list."""
    (entry,) = entries(json.dumps({"title": "Fees\u202e seef\u200b", "author": [{"literal": "A\u2066B\nC"}]}))
    assert entry.item["title"] == "Fees seef" and entry.item["author"] == [{"literal": "AB C"}]
    (entry,) = entries(json.dumps({"title": "Fees", "URL": "https://x.example/\u202ea"}))
    assert entry.fault == "" and entry.item["URL"] == "https://x.example/a"
