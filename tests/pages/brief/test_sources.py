"""The pages of the library: list, search, filters, paste with preview, fields, merge, style."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brief import actions
from brief.actions.sections import add_section
from brief.models import Brief, Source, SourceBatch
from tests.cast import Cast
from tests.factories.documents import cite, doc, p

JSON = {"HTTP_ACCEPT": "application/json"}


def at(cast: Cast, rest: str = "") -> str:
    return f"/write/{cast.brief.pk}/sources/{rest}"


def page(cast: Cast, rest: str = "", person: str = "lead") -> str:
    response = cast.client(cast[person]).get(at(cast, rest))
    assert response.status_code == 200
    return response.content.decode()


def add(cast: Cast, title: str, **fields: Any) -> Source:
    details = {name: fields.pop(name) for name in list(fields) if name in actions.sources.DETAILS}
    made: Source = actions.add_source(
        actor=cast.lead, brief=cast.brief, csl={"type": "report", "title": title, **fields}, **details
    )
    return made


def test_the_empty_library_says_how_to_begin(cast: Cast) -> None:
    assert "Paste the first" in page(cast)


def test_the_list_says_where_each_is_cited(cast: Cast) -> None:
    source = add(cast, "Fees <i>here</i>", URL="https://x.example/#:~:text=a,b")
    add(cast, "Roads", unpublished=True)
    add_section(actor=cast.lead, brief=cast.brief, title="Debts", doc=json.dumps(doc(p("A ", cite(source.key)))))
    shown = page(cast)
    assert "Fees here" in shown and "cited once: " in shown and "Debts" in shown
    assert 'href="https://x.example/#:~:text=a,b"' in shown
    assert "Roads" in shown and "not cited" in shown


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=fees", ["Fees"]),
        ("show=unpublished", ["Roads"]),
        ("show=undated", ["Roads"]),
        ("show=doubtful", ["Fees"]),
        ("show=nonsense", ["Fees", "Roads"]),
        ("q=nothing", []),
    ],
)
def test_search_and_filters(cast: Cast, query: str, titles: list[str]) -> None:
    add(cast, "Fees", issued={"date-parts": [[2024]]}, reliability="low")
    add(cast, "Roads", unpublished=True)
    shown = page(cast, f"?{query}")
    assert [title for title in ("Fees", "Roads") if f">{title}</a>" in shown] == titles


def test_the_list_costs_the_same_however_long_it_is(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client(cast.lead)
    for number in range(60):
        add(cast, f"Title {number}")
    with django_assert_max_num_queries(12):
        shown = client.get(at(cast)).content.decode()
    assert shown.count('class="source-line"') == 50 and "Page 1 of 2" in shown


# --- pasting ----------------------------------------------------------------------------------------


def test_a_paste_shows_what_was_understood_and_adds_what_is_chosen(cast: Cast) -> None:
    add(cast, "Known", URL="https://known.example/a")
    client = cast.client(cast.colleague)
    text = "https://known.example/a#:~:text=x\nFees at sea https://sea.example/f\nhttps://bare.example/report-7.pdf\nno"
    response = client.post(at(cast), {"text": text})
    assert response.status_code == 302 and Source.objects.count() == 1
    shown = client.get(response["Location"]).content.decode()
    assert "Already there, as" in shown and "Fees at sea" in shown and "give it its title" in shown
    assert "This entry cannot be read" in shown
    taken = client.post(response["Location"], {"entry": ["1", "2"], "title-2": "The seventh report"}, follow=True)
    assert "2 sources were added." in taken.content.decode()
    assert {row.csl["title"] for row in Source.objects.all()} == {"Known", "Fees at sea", "The seventh report"}


def test_a_file_is_taken_too(cast: Cast) -> None:
    content = "TY  - RPRT\nTI  - Größe\nPY  - 2020\nER  - \n".encode("cp1252")
    file = SimpleUploadedFile("export.ris", content)
    client = cast.client(cast.lead)
    response = client.post(at(cast), {"file": file})
    client.post(response["Location"], {"entry": "0"})
    assert Source.objects.get().csl["title"] == "Größe"
    assert SourceBatch.objects.get().name == "export.ris"


def test_a_paste_of_nothing_says_so_beside_the_field(cast: Cast) -> None:
    client = cast.client(cast.lead)
    assert "neither BibTeX" in client.post(at(cast), {"text": "some words"}).content.decode()
    assert "Paste something" in client.post(at(cast), {}).content.decode()


def test_the_room_pastes_and_takes_without_leaving(cast: Cast) -> None:
    client = cast.client(cast.lead)
    told = client.post(at(cast), {"text": "@book{ito, title = {Fees}, year = 2024}"}, **JSON).json()
    (entry,) = told["entries"]
    assert (entry["verdict"], entry["title"], entry["label"]) == ("new", "Fees", "Fees 2024")
    made = client.post(told["batch"], {"entry": "0"}, **JSON).json()["sources"]
    assert [source["key"] for source in made] == ["ito"]
    assert client.post(told["batch"], {"entry": "0"}, **JSON).status_code == 400
    assert "neither" in client.post(at(cast), {"text": "words"}, **JSON).json()["error"]


def test_a_paste_can_be_put_away(cast: Cast) -> None:
    client = cast.client(cast.lead)
    place = client.post(at(cast), {"text": "https://x.example/a"})["Location"]
    assert "Pasted" in client.get(at(cast)).content.decode()
    client.post(f"{place}discard/")
    batch = SourceBatch.objects.get()
    assert batch.status == "discarded" and not batch.text
    assert not Source.objects.exists()


def test_a_long_file_shows_its_progress(cast: Cast) -> None:
    text = "\n".join(f"https://x.example/{n}/{'y' * 60}" for n in range(800))
    client = cast.client(cast.lead)
    place = client.post(at(cast), {"text": text})["Location"]
    assert "Reading the sources" in client.get(place).content.decode()
    from ledger import jobs

    jobs.run_due()
    assert client.get(f"{place}progress/")["HX-Refresh"] == "true"
    assert "800 entries were found" in client.get(place).content.decode()


# --- one source -------------------------------------------------------------------------------------

FIELDS = {
    "type": "chapter",
    "title": "Fees",
    "authors": "van der Berg, Jan\nOffice of Fees",
    "editors": "Ito, Ken",
    "issued": "2024-05",
    "container": "A book",
    "publisher": "Press",
    "url": "https://x.example/a%20b#:~:text=in%20brief,now",
    "accessed": "2026-01-15",
    "archive_url": "https://archive.example/1",
    "doi": "https://doi.org/10.1000/ABC",
    "quoted_text": "Fees are paid.",
    "distance": "secondary",
    "reliability": "medium",
    "interest": "Sells the service",
    "unpublished": "on",
    "pages": "3-9",
    "note": "forthcoming",
}


def test_every_field_is_kept_and_shown_again(cast: Cast) -> None:
    client = cast.client(cast.lead)
    client.post(at(cast, "new/"), FIELDS)
    source = Source.objects.get()
    assert source.csl["author"] == [{"family": "van der Berg", "given": "Jan"}, {"literal": "Office of Fees"}]
    assert source.csl["issued"] == {"date-parts": [[2024, 5]]} and source.csl["DOI"] == "10.1000/abc"
    assert (source.url, source.text_directive) == ("https://x.example/a%20b", "text=in%20brief,now")
    assert source.unpublished and source.interest == "Sells the service"
    form = client.get(at(cast, f"{source.pk}/")).context["form"]
    again = {name: form[name].value() for name in FIELDS}
    assert again["url"] == FIELDS["url"] and again["issued"] == "2024-05" and again["authors"] == FIELDS["authors"]
    before = source.csl
    client.post(at(cast, f"{source.pk}/"), {name: value for name, value in again.items() if value})
    source.refresh_from_db()
    assert source.csl == before, "saving what is shown changes nothing"


def test_what_the_form_does_not_know_stays(cast: Cast) -> None:
    source = add(
        cast, "Fees", author=[{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}], scale="1:2"
    )
    data = {"type": "report", "title": "Fees again", "authors": "van den Berg, Jan", "issued": "forthcoming"}
    cast.client(cast.lead).post(at(cast, f"{source.pk}/"), data)
    source.refresh_from_db()
    assert source.csl["scale"] == "1:2" and source.csl["author"][0]["non-dropping-particle"] == "van den"
    assert source.csl["issued"] == {"literal": "forthcoming"} and source.csl["title"] == "Fees again"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("archive_url", "ftp://x.example"),
        ("doi", "abc"),
        ("title", ""),
        ("reliability", "splendid"),
        ("accessed", "soon"),
    ],
)
def test_a_field_that_will_not_do_is_refused_beside_it(cast: Cast, field: str, value: str) -> None:
    response = cast.client(cast.lead).post(at(cast, "new/"), {**FIELDS, field: value})
    assert response.status_code == 200 and field in response.context["form"].errors
    assert not Source.objects.exists()


def test_who_only_reads_sees_no_way_to_change(cast: Cast) -> None:
    source = add(cast, "Fees")
    shown = page(cast, f"{source.pk}/", person="observer")
    assert "Remove this source" not in shown and "Merge" not in shown
    assert cast.client(cast.observer).post(at(cast, f"{source.pk}/"), FIELDS).status_code == 403


def test_removing_says_why_not_while_it_is_cited(cast: Cast) -> None:
    source = add(cast, "Fees")
    add_section(actor=cast.lead, brief=cast.brief, title="Debts", doc=json.dumps(doc(p("A ", cite(source.key)))))
    assert "It is cited in “Debts”" in page(cast, f"{source.pk}/")
    client = cast.client(cast.lead)
    assert "It is cited in “Debts”" in client.post(at(cast, f"{source.pk}/remove/"), follow=True).content.decode()
    other = add(cast, "Fees!")
    client.post(at(cast, f"{source.pk}/merge/"), {"into": other.pk})
    assert list(Source.objects.all()) == [other]
    client.post(at(cast, f"{other.pk}/remove/"))
    assert Source.objects.exists()


def test_a_source_of_another_brief_is_not_found(cast: Cast) -> None:
    brief = Brief.objects.create(title="Other", slug="other")
    foreign = Source.objects.create(brief=brief, key="x", csl={"title": "X"})
    mine, client = add(cast, "Fees"), cast.client(cast.lead)
    assert client.get(at(cast, f"{foreign.pk}/")).status_code == 404
    assert client.post(at(cast, f"{foreign.pk}/remove/")).status_code == 404
    client.post(at(cast, f"{mine.pk}/merge/"), {"into": foreign.pk})
    assert Source.objects.filter(pk__in=[mine.pk, foreign.pk]).count() == 2


# --- style ------------------------------------------------------------------------------------------


def test_a_style_is_seen_with_the_briefs_own_sources_and_chosen(cast: Cast) -> None:
    add(cast, "Fees", author=[{"family": "Ito", "given": "Ken"}], issued={"date-parts": [[2024]]})
    add(cast, "Roads", author=[{"literal": "Office"}])
    shown = page(cast, "style/?style=ieee")
    assert "[1]" in shown and "K. Ito" in shown and "With sources of this brief" in shown
    client = cast.client(cast.editor)
    assert client.post(at(cast, "style/"), {"style": "ieee"}).status_code == 302
    cast.brief.refresh_from_db()
    assert cast.brief.citation_style == "ieee"
    assert cast.client(cast.colleague).post(at(cast, "style/"), {"style": "apa"}).status_code == 403


def test_every_style_of_the_package_can_be_found_dependent_ones_too(cast: Cast) -> None:
    shown = page(cast, "style/?q=nature+climate&style=nature-climate-change")
    assert "Nature Climate Change" in shown and "With examples" in shown
    cast.client(cast.editor).post(at(cast, "style/"), {"style": "nature-climate-change"})
    edit = cast.client(cast.editor).get(f"/write/{cast.brief.pk}/edit/").content.decode()
    assert 'value="nature-climate-change" selected' in edit


@pytest.mark.parametrize("name", ["nowhere", "../../etc/passwd", "a/b"])
def test_a_style_that_is_none_cannot_be_shown_nor_chosen(cast: Cast, name: str) -> None:
    assert "cannot be shown" in page(cast, f"style/?style={name}")
    cast.client(cast.editor).post(at(cast, "style/"), {"style": name})
    cast.brief.refresh_from_db()
    assert cast.brief.citation_style == "chicago-author-date"
