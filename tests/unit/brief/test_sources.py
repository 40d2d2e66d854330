"""The library of sources: doubles, where they are cited, merging, what a version holds of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from brief import actions, library, publications, texts
from brief.actions.sections import add_section, remove_section
from brief.models import Section, Source, SourceBatch, Step
from brief.states import ImportState
from document import tree
from ledger import jobs
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast
from tests.factories.documents import cite, doc, footnote, p

PAGE = "https://www.fees.example/a%2Fb?x=1#:~:text=one%20two"


def added(cast: Cast, title: str, **fields: Any) -> Source:
    details = {name: fields.pop(name) for name in list(fields) if name in actions.sources.DETAILS}
    csl = {"type": "report", "title": title, **fields}
    made: Source = actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl, **details)
    return made


def written(cast: Cast, *nodes: Any, title: str = "One") -> Section:
    made: Section = add_section(actor=cast.lead, brief=cast.brief, title=title, doc=json.dumps(doc(*nodes)))
    return made


def cited_in(section: Section) -> list[list[dict[str, str]]]:
    nodes = tree.walk(texts.document(Section.every.get(pk=section.pk)))
    return [tree.attr(node, "items") for node in nodes if node["type"] == "citation"]


# --- the same again ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        {"URL": "http://fees.example/a%2fb?x=1"},
        {"URL": "https://www.fees.example/a%2Fb?x=1#:~:text=other"},
    ],
)
def test_a_page_is_known_again_without_its_directive(cast: Cast, again: dict[str, str]) -> None:
    first = added(cast, "Fees", URL=PAGE)
    assert (first.url, first.text_directive) == ("https://www.fees.example/a%2Fb?x=1", "text=one%20two")
    with pytest.raises(NotNow, match=first.key):
        added(cast, "Other words", **again)


def test_a_doi_is_known_again_with_or_without_its_resolver(cast: Cast) -> None:
    added(cast, "Fees", DOI="10.1000/ABC")
    with pytest.raises(NotNow):
        added(cast, "Fees again", DOI="https://doi.org/10.1000/abc")


def test_a_source_may_be_saved_again_as_it_is(cast: Cast) -> None:
    source = added(cast, "Fees", URL=PAGE)
    csl = {**source.csl, "URL": PAGE.replace("one", "three"), "volume": "2"}
    actions.edit_source(actor=cast.partner, source=source, csl=csl, reliability="high")
    source.refresh_from_db()
    assert source.text_directive == "text=three%20two" and source.reliability == "high"
    assert source.csl["volume"] == "2" and source.csl["id"] == source.key


def test_an_archive_link_is_of_the_web(cast: Cast) -> None:
    with pytest.raises(NotNow, match="archive"):
        added(cast, "Fees", archive_url="javascript:alert(1)")


def test_only_authors_change_the_library(cast: Cast) -> None:
    source = added(cast, "Fees")
    for act in (
        lambda: actions.edit_source(actor=cast.observer, source=source, csl=source.csl),
        lambda: actions.remove_source(actor=cast.observer, source=source),
        lambda: actions.merge_sources(actor=cast.observer, source=source, into=source),
        lambda: actions.paste_sources(actor=cast.observer, brief=cast.brief, text="https://x.example"),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- where it is cited ------------------------------------------------------------------------------


def test_uses_are_counted_in_texts_notes_and_the_concept_note(cast: Cast) -> None:
    source, other = added(cast, "Fees"), added(cast, "Roads")
    section = written(cast, p("A ", cite(source.key), " b ", footnote("see ", cite(source.key, other.key))))
    note = actions.begin_concept_note(actor=cast.lead, brief=cast.brief)
    uses = library.uses(cast.brief)
    assert dict(uses[source.key]) == {section: 2} and dict(uses[other.key]) == {section: 1}
    assert note not in uses[source.key]


def test_words_that_look_like_a_citation_are_none(cast: Cast) -> None:
    source = added(cast, "Fees")
    written(cast, p(f'He typed {{"source":"{source.key}"}} and \\"source":"{source.key}" by hand'))
    assert source.key not in library.uses(cast.brief)


def test_a_cited_source_stays_and_the_sentence_says_where(cast: Cast) -> None:
    source = added(cast, "Fees")
    section = written(cast, p("A ", cite(source.key)), title="Debts")
    with pytest.raises(NotNow, match="It is cited in “Debts”"):
        actions.remove_source(actor=cast.lead, source=source)
    remove_section(actor=cast.lead, section=section)
    with pytest.raises(NotNow, match="Debts"):
        actions.remove_source(actor=cast.lead, source=source)
    assert Source.objects.filter(pk=source.pk).exists()


def test_an_uncited_source_goes(cast: Cast) -> None:
    source = added(cast, "Fees")
    actions.remove_source(actor=cast.lead, source=source)
    assert not Source.objects.exists()


# --- merging ----------------------------------------------------------------------------------------


def test_merging_rewrites_citations_by_steps(cast: Cast) -> None:
    stays, goes, third = added(cast, "Fees"), added(cast, "Fees!", URL=PAGE), added(cast, "Roads")
    section = written(
        cast,
        p("A ", cite(goes.key, locator="p. 3"), " b ", cite(stays.key, goes.key), " c ", cite(third.key)),
        p("D ", footnote("see ", cite(third.key, goes.key))),
    )
    actions.merge_sources(actor=cast.lead, source=goes, into=stays)
    keys = [[item["source"] for item in items] for items in cited_in(section)]
    assert keys == [[stays.key], [stays.key], [third.key], [third.key, stays.key]]
    assert cited_in(section)[0][0]["locator"] == "p. 3"
    assert Step.objects.filter(section=section, author=cast.lead).exists()
    stays.refresh_from_db()
    assert stays.url == "https://www.fees.example/a%2Fb?x=1", "what the other lacked it got"
    assert not Source.objects.filter(pk=goes.pk).exists()


def test_merging_keeps_the_promise_of_either(cast: Cast) -> None:
    stays, goes = added(cast, "Fees"), added(cast, "Fees!", unpublished=True)
    actions.merge_sources(actor=cast.lead, source=goes, into=stays)
    stays.refresh_from_db()
    assert stays.unpublished


def test_a_source_is_not_merged_into_itself_nor_into_anothers(cast: Cast) -> None:
    source = added(cast, "Fees")
    with pytest.raises(NotNow):
        actions.merge_sources(actor=cast.lead, source=source, into=source)


def test_a_removed_section_must_come_back_before_a_merge(cast: Cast) -> None:
    stays, goes = added(cast, "Fees"), added(cast, "Fees!")
    section = written(cast, p("A ", cite(goes.key)), title="Debts")
    remove_section(actor=cast.lead, section=section)
    with pytest.raises(NotNow, match="Debts"):
        actions.merge_sources(actor=cast.lead, source=goes, into=stays)
    assert Source.objects.count() == 2


# --- what a version holds ---------------------------------------------------------------------------


def test_a_version_holds_what_is_known_of_a_source(cast: Cast) -> None:
    source = added(
        cast, "Fees", URL=PAGE, archive_url="https://archive.example/1", interest="sells it", reliability="low"
    )
    written(cast, p("A ", cite(source.key)))
    first = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="zero")
    held = json.loads(first.apparatus.body)["sources"][source.key]
    assert held["URL"] == "https://www.fees.example/a%2Fb?x=1"
    assert held["custom"] == {
        "text-directive": "text=one%20two",
        "archive": "https://archive.example/1",
        "interest": "sells it",
        "reliability": "low",
    }
    actions.edit_source(actor=cast.lead, source=source, csl={**source.csl, "URL": PAGE}, unpublished=True)
    second = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="zero")
    assert second.content_hash != first.content_hash


# --- a paste ----------------------------------------------------------------------------------------

PASTED = """@book{ito2024, title = {Fees}, author = {Ito, Ken}, year = 2024}
@book{ito2024b, title = {Debts}, year = }
@misc{known, title = {Known}, url = {https://www.fees.example/a%2Fb?x=1}}
@misc{twice, title = {Once more}, url = {https://new.example/1}}
@misc{again, title = {Once more}, url = {http://new.example/1/}}
"""


def test_a_paste_is_understood_before_it_is_taken(cast: Cast) -> None:
    known = added(cast, "Fees", URL=PAGE)
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text=PASTED)
    assert batch.status == ImportState.PROPOSED and Source.objects.count() == 1
    made = actions.take_batch(actor=cast.lead, batch=batch, chosen=range(99), titles={3: "The page"})
    assert [source.key for source in made] == ["ito2024", "twice"]
    assert made[1].csl["title"] == "The page" and made[1].url == "https://new.example/1"
    batch.refresh_from_db()
    assert batch.status == ImportState.TAKEN and not batch.text and not batch.reading
    assert Source.objects.get(pk=known.pk).csl["title"] == "Fees"


def test_a_paste_is_taken_once(cast: Cast) -> None:
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text="https://x.example/a\nhttps://x.example/b")
    actions.take_batch(actor=cast.lead, batch=batch, chosen=[0], titles={})
    with pytest.raises(NotNow, match="no longer waiting"):
        actions.take_batch(actor=cast.lead, batch=batch, chosen=[1], titles={})


def test_nothing_chosen_leaves_the_paste_waiting(cast: Cast) -> None:
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text="https://x.example/a")
    with pytest.raises(NotNow, match="Choose"):
        actions.take_batch(actor=cast.lead, batch=batch, chosen=[], titles={})
    batch.refresh_from_db()
    assert batch.status == ImportState.PROPOSED


@pytest.mark.parametrize("text", ["", "nothing", "{broken", "@string{a = {b}}"])
def test_what_cannot_be_read_is_refused_in_words_and_not_kept(cast: Cast, text: str) -> None:
    with pytest.raises(NotNow):
        actions.paste_sources(actor=cast.lead, brief=cast.brief, text=text)
    assert not SourceBatch.objects.exists()


def test_a_long_file_is_read_by_a_worker(cast: Cast) -> None:
    text = "\n".join(f"@book{{k{n}, title = {{Title {n} {'x' * 600}}}, year = {1900 + n}}}" for n in range(90))
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text=text, name="library.bib")
    assert batch.status == ImportState.READING
    jobs.run_due()
    batch.refresh_from_db()
    assert batch.status == ImportState.PROPOSED
    made = actions.take_batch(actor=cast.lead, batch=batch, chosen=range(90), titles={})
    assert len(made) == Source.objects.count() == 90


def test_a_long_file_of_nothing_is_refused_with_its_sentence(cast: Cast) -> None:
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text="words " * 10_000, name="notes.txt")
    jobs.run_due()
    batch.refresh_from_db()
    assert batch.status == ImportState.REFUSED and "neither BibTeX" in batch.sentence and not batch.text


def test_no_publication_leads_to_an_unpublished_source(cast: Cast) -> None:
    """Neither of a version, which reviewers and the public read, nor of a draft that leaves as a file."""
    source = added(
        cast, "Interviews", URL="https://intranet.example/secret", unpublished=True, quoted_text="secret words"
    )
    judged = added(cast, "Fees", reliability="low", interest="sells it")
    written(cast, p("A ", cite(source.key), " and ", cite(judged.key)))
    version = actions.freeze(actor=cast.editor, brief=cast.brief, order_draft="zero")
    assert "intranet" in version.apparatus.body, "what is signed holds it"
    for publication in (publications.of_version(version), publications.of_today(cast.brief)):
        told = json.dumps(publication.sources)
        assert "intranet" not in told and "secret" not in told and "low" not in told
        assert publication.sources[source.key]["custom"] == {"unpublished": True}
        assert publication.sources[judged.key]["custom"] == {"interest": "sells it"}
