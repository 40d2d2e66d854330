"""Citations through citeproc: styles, positions, missing sources, addresses kept."""

from __future__ import annotations

import json

import pytest

from document import citations, sandbox, styles
from document.assembly import assemble
from document.citations import author, format_publication, plain, provisional, year
from tests.factories import publication as sample
from tests.factories.documents import cite, doc, footnote, p


def shown(*nodes, **changes) -> list[str]:
    """The citations of a document as plain words."""
    found = format_publication(sample.of(doc(*nodes), **changes))
    return [plain(each) for each in found.clusters]


def test_author_and_date_with_page_prefix_and_suffix():
    node = cite("alpha2024", locator="p. 12", prefix="see", suffix="and elsewhere")
    assert shown(p(node)) == ["(see Okafor and Lindqvist 2024, 12 and elsewhere)"]


def test_several_sources_stand_in_one_pair_of_brackets():
    assert shown(p(cite("beta2019", "gamma"))) == ["(Haddad 2019; Gamma Network, n.d.)"]


def test_a_source_without_date_is_undated():
    assert "n.d." in shown(p(cite("gamma")))[0]


def test_addresses_keep_their_text_directive():
    (entry,) = format_publication(sample.of(doc(p(cite("alpha2024"))))).entries
    assert "https://example.org/reports/recruitment?lang=en#:~:text=in%20three%20years" in json.dumps(entry.inlines)


def test_two_sources_of_one_author_and_year_are_told_apart():
    twin = {**sample.SOURCES["beta2019"], "id": "twin", "title": "Another title"}
    found = shown(p(cite("beta2019"), cite("twin")), sources={**sample.SOURCES, "twin": twin})
    assert sorted(found) == ["(Haddad 2019a)", "(Haddad 2019b)"]


def test_numeric_styles_count():
    assert shown(p(cite("gamma"), cite("alpha2024"), cite("gamma")), style="ieee") == ["[1]", "[2]", "[1]"]


def test_note_styles_shorten_the_second_mention():
    found = format_publication(
        sample.of(doc(p(cite("beta2019"), cite("beta2019"))), style="chicago-notes-bibliography")
    )
    first, second = (plain(each) for each in found.clusters)
    assert found.notes and "Journal of Plain Examples" in first and len(second) < len(first)


def test_a_citation_inside_a_note_is_formatted_too():
    assert shown(p(footnote(cite("beta2019")))) == ["(Haddad 2019)"]


def test_only_cited_sources_are_listed_in_the_order_of_the_style():
    found = format_publication(sample.of(doc(p(cite("alpha2024"), cite("gamma")))))
    assert [entry.key for entry in found.entries] == ["gamma", "alpha2024"]


def test_the_language_of_the_brief_is_that_of_its_citations():
    assert "et" in shown(p(cite("alpha2024")), language="fr")[0]


def test_a_missing_source_is_named_and_the_rest_formatted():
    publication = sample.of(doc(p(cite("gamma", "nobody"))))
    assembly = assemble(publication)
    node = citations.cited(section.doc for section in publication.sections)[0]
    assert plain(assembly.cited(node)) == "(Gamma Network, n.d.) [missing source: nobody]"


def test_words_that_look_like_markup_stay_words():
    hostile = {"id": "x", "type": "book", "title": "<script>alert(1)</script>", "author": [{"literal": "A & B"}]}
    (entry,) = format_publication(sample.of(doc(p(cite("x"))), sources={"x": hostile})).entries
    assert not [each for each in json.dumps(entry.inlines).split('"') if each.startswith("Raw")]
    assert plain(entry.inlines).startswith("A & B")


def test_a_brief_without_citations_calls_no_program(monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *args, **named: pytest.fail("called"))
    assert format_publication(sample.of(doc(p("Nothing cited."))))


def test_the_same_request_is_answered_from_memory(monkeypatch):
    publication = sample.of(doc(p(cite("gamma", locator="p. 3141"))))
    first = format_publication(publication)
    monkeypatch.setattr(sandbox, "run", lambda *args, **named: pytest.fail("called again"))
    assert format_publication(publication) is first


def test_empty_fields_of_a_source_do_no_harm():
    source = {"id": "x", "type": "book", "title": "T", "issued": {}, "author": [], "URL": "", "publisher": None}
    assert shown(p(cite("x")), sources={"x": source})


# --- without a program


def test_provisional_citations_read_like_author_and_date():
    items = [{"source": "alpha2024", "locator": "p. 3", "prefix": "see", "suffix": ""}]
    assert provisional(items, sample.SOURCES) == "(see Okafor and Lindqvist 2024, p. 3)"
    assert provisional([{**items[0], "source": "gone", "prefix": ""}], {}) == "(gone, p. 3)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"author": [{"family": "A"}, {"family": "B"}, {"family": "C"}]}, "A et al."),
        ({"author": [{"literal": "An Office"}]}, "An Office"),
        ({"editor": [{"family": "E"}]}, "E"),
        ({"publisher": "P", "title": "T"}, "P"),
        ({"title": "T"}, "T"),
        ({}, ""),
    ],
)
def test_short_names_of_authors(source, expected):
    assert author(source) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"date-parts": [[2020, 1]]}, "2020"),
        ({"literal": "c. 1900"}, "c. 1900"),
        ({}, "n.d."),
        ({"date-parts": [[]]}, "n.d."),
    ],
)
def test_years(issued, expected):
    assert year({"issued": issued}) == expected


# --- styles


@pytest.mark.parametrize("name", list(styles.STYLES))
def test_every_style_offered_is_there_and_independent(name):
    sheet = styles.sheet(name)
    assert "independent-parent" not in sheet and "<citation" in sheet


def test_a_dependent_style_is_followed_to_its_parent():
    assert "<citation" in styles.sheet("journal-of-biogeography")


@pytest.mark.parametrize("name", ["no-such-style", "../../etc/passwd", "", "a/b"])
def test_other_names_are_refused(name):
    with pytest.raises(styles.UnknownStyle):
        styles.sheet(name)
