"""The claims table, its filters and its files; agreed words; the checks and the checklist, as pages."""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brief import actions, checking
from brief.actions.sections import add_section
from brief.models import Claim, Definition, PreferredTerm, Quotation, Section, Sensitivity, SetAside
from ledger import jobs
from tests.cast import Cast
from tests.factories.documents import doc, mark, p, text

pytestmark = pytest.mark.django_db


def at(name: str, cast: Cast, *args: Any) -> str:
    return reverse(f"brief:{name}", args=[cast.brief.pk, *args])


def adding(kind: str, cast: Cast) -> str:
    return at(f"add_{kind}", cast)


def section(cast: Cast, *blocks: Any, title: str = "Fees") -> Section:
    made: Section = add_section(actor=cast.lead, brief=cast.brief, title=title, doc=json.dumps(doc(*blocks)))
    checking.run(cast.brief)
    return made


def marked(claim: Claim, words: str, **attrs: Any) -> Any:
    return p(text(words, mark("claim", id=str(claim.pk))), **attrs)


def test_a_claim_is_registered_from_a_selection_and_comes_back_for_the_dialog(cast: Cast) -> None:
    client = cast.client(cast.lead)
    sent = {
        "statement": "10–20 million euros were lost",
        "value": "10,000,000",
        "value_to": "20 000 000",
        "currency": "eur",
        "unit": "",
        "year": "2023",
    }
    answer = client.post(at("claims", cast), sent, headers={"Accept": "application/json"}).json()["claim"]
    row = Claim.objects.get()
    assert (answer["id"], answer["shown"], answer["value_to"]) == (str(row.pk), "EUR 10,000,000–20,000,000", "20000000")
    listed = client.get(at("claims", cast), headers={"Accept": "application/json"}).json()
    assert listed["claims"] == [answer]
    fields = {each["name"]: each for each in listed["fields"]}
    kinds = ("textarea", "text", "select", "checkbox", "date")
    named = ("statement", "value", "grade", "causal", "stale_after")
    assert tuple(fields[name]["kind"] for name in named) == kinds
    assert [each["value"] for each in fields["grade"]["options"]][:2] == ["", "strong"]
    assert fields["superseded_by"]["options"][1]["value"] == str(row.pk)


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"statement": ""}, "statement", "This field is required."),
        ({"value": "much"}, "value", "Enter a number"),
        ({"value": "9" * 30}, "value", "too large"),
        ({"value_to": "5"}, "value", "lower end"),
        ({"value": "5", "value_to": "3"}, "value_to", "below the lower"),
        ({"currency": "€€€"}, "currency", "three letters"),
        ({"year": "12"}, "year", "four digits"),
        ({"source": "nobody"}, "source", "valid choice"),
        ({"superseded_by": str(uuid.uuid4())}, "superseded_by", "valid choice"),
    ],
)
def test_a_wrong_claim_says_what_is_wrong(cast: Cast, sent: dict[str, str], field: str, sentence: str) -> None:
    sent = {"statement": "Half of them pay", **sent}
    answer = cast.client(cast.lead).post(at("claims", cast), sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert sentence in answer.json()["errors"][field][0]
    page = cast.client(cast.lead).post(at("claims", cast), sent)
    assert sentence in page.content.decode()
    assert not Claim.objects.exists()


def test_a_reader_of_the_draft_sees_the_register_and_changes_nothing(cast: Cast) -> None:
    client = cast.client(cast.observer)
    page = client.get(at("claim", cast, cast.claim.pk)).content.decode()
    assert "40 % of recruits pay a fee" in page
    assert "<textarea" not in page
    refused = client.post(at("claims", cast), {"statement": "x"}, headers={"Accept": "application/json"})
    assert refused.status_code == 403
    assert "Only authors" in refused.json()["error"]


def test_the_table_filters_by_words_section_grade_and_state(cast: Cast) -> None:
    paid = actions.add_claim(actor=cast.lead, brief=cast.brief, statement="40 % pay a fee", grade="weak", causal=True)
    owed = actions.add_claim(actor=cast.lead, brief=cast.brief, statement="Debts last two years", year=2022)
    fees = section(cast, marked(paid, "40 % pay a fee"))
    client = cast.client(cast.lead)

    def statements(**asked: str) -> set[str]:
        page = client.get(at("claims", cast), asked).content.decode()
        return {each.statement for each in (paid, owed) if each.statement in page}

    assert statements() == {paid.statement, owed.statement}
    assert statements(q="debts") == {owed.statement}
    assert statements(section=str(fees.pk)) == {paid.statement}
    assert statements(grade="weak") == {paid.statement}
    assert statements(grade="none") == {owed.statement}
    assert statements(state="causal") == {paid.statement}
    assert statements(state="unmarked") == {owed.statement}
    assert statements(state="unsourced") == {paid.statement}
    assert statements(state="stale") == set()
    assert "No claim answers to this" in client.get(at("claims", cast), {"state": "stale"}).content.decode()


def test_the_table_leaves_as_files_in_which_nothing_is_a_formula(cast: Cast) -> None:
    bad = actions.add_claim(actor=cast.lead, brief=cast.brief, statement="=1+1 is two", note="@cmd", value=12)
    section(cast, marked(bad, "12 is two"))
    actions.add_claim(actor=cast.lead, brief=cast.brief, statement="Other", grade="strong")
    client = cast.client(cast.lead)
    answer = client.get(at("claims_csv", cast), {"q": "two"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == "'=1+1 is two"
    assert rows[1][17] == "'@cmd"
    assert rows[1][15] == "Fees"
    assert "attachment" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("claims_xlsx", cast)).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[0] for row in cells[1:]] == ["'=1+1 is two", "Other"]
    assert cells[1][1] == 12


def test_notes_stay_among_the_authors(cast: Cast) -> None:
    claim = actions.add_claim(actor=cast.lead, brief=cast.brief, statement="Half of them pay", note="Ask the ministry")
    pages = [(at(name, cast), {}) for name in ("claims", "claims_csv", "claims_xlsx", "checks")]
    pages += [(at("claim", cast, claim.pk), {}), (at("claims", cast), {"Accept": "application/json"})]
    for person, told in ((cast.partner, True), (cast.observer, False), (cast.editor, False)):
        client = cast.client(person)
        shown = [client.get(path, headers=headers).content for path, headers in pages]
        assert any(b"Ask the ministry" in each for each in shown) == told
        found = client.get(at("claims", cast), {"q": "ministry"}).content
        assert (b"Half of them pay" in found) == told


def test_the_page_of_a_claim_changes_it_and_records_contradictions(cast: Cast) -> None:
    client, pair = cast.client(cast.partner), cast.contradiction
    url = at("claim", cast, cast.claim.pk)
    client.post(url, {"statement": "45 % pay", "value": "45", "grade": "moderate"})
    cast.claim.refresh_from_db()
    assert (cast.claim.value, cast.claim.grade) == (45, "moderate")
    other = pair.other if pair.claim_id == cast.claim.pk else pair.claim
    assert "nobody has said how" in client.get(url).content.decode()
    client.post(at("contradict", cast, cast.claim.pk), {"other": str(other.pk), "resolution": "Another year."})
    assert "Another year." in client.get(url).content.decode()
    client.post(at("remove_contradiction", cast, pair.pk))
    assert "None recorded." in client.get(url).content.decode()
    client.post(at("remove_claim", cast, cast.claim.pk))
    assert client.get(url).status_code == 404


def test_a_claim_of_another_brief_is_not_there(cast: Cast) -> None:
    from brief.actions.briefs import create_brief

    other = create_brief(actor=cast.lead, title="Another", organisations=[cast.north, cast.south])
    client = cast.client(cast.lead)
    wrong = reverse("brief:claim", args=[other.pk, cast.claim.pk])
    assert client.get(wrong).status_code == client.post(wrong, {"statement": "x"}).status_code == 404
    word = reverse("brief:word", args=[other.pk, "term", cast.preferred_term.pk])
    assert client.get(word).status_code == 404
    assert client.get(reverse("brief:word", args=[cast.brief.pk, "acronym", cast.preferred_term.pk])).status_code == 404


def test_wholes_show_what_their_parts_add_up_to(cast: Cast) -> None:
    client = cast.client(cast.lead)
    client.post(at("add_whole", cast), {"name": "Recruits by country", "whole": "100", "unit": "%", "tolerance": ""})
    whole = cast.brief.wholes.get()
    for value in (90, 11):
        actions.add_claim(actor=cast.lead, brief=cast.brief, statement=f"{value} %", value=value, part_of=whole)
    page = client.get(at("claims", cast)).content.decode()
    assert "add up to 101\u202f%, not to 100\u202f%" in page
    client.post(at("whole", cast, whole.pk), {"name": "Recruits", "whole": "101", "unit": "%", "tolerance": "0"})
    assert "add up to" not in client.get(at("claims", cast)).content.decode()


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("acronym", {"short": "RSO", "long": "Regional Support Office"}, "Regional Support Office"),
        (
            "term",
            {"avoid": "illegal migrant", "prefer": "irregular migrant", "reason": "Nobody is illegal"},
            "Nobody is",
        ),
        ("definition", {"term": "Smuggling", "text": "Moving people for money"}, "Moving people for money"),
        (
            "quotation",
            {"words": "We were cold", "speaker": "A. B.", "attribution": "none", "consent": "asked"},
            "A. B.",
        ),
    ],
)
def test_words_are_agreed_changed_and_removed(cast: Cast, kind: str, sent: dict[str, str], shown: str) -> None:
    client = cast.client(cast.lead)
    assert client.post(adding(kind, cast), sent).status_code == 302
    assert shown in client.get(at("words", cast)).content.decode()
    models: dict[str, Any] = {"term": PreferredTerm, "definition": Definition, "quotation": Quotation}
    row = models.get(kind, type(None)) and models.get(kind)
    word = row.objects.get() if row else cast.brief.acronyms.get()
    first = next(iter(sent))
    client.post(at("word", cast, kind, word.pk), {**sent, first: "Changed words"})
    assert "Changed words" in client.get(at("words", cast)).content.decode()
    client.post(at("remove_word", cast, kind, word.pk))
    assert "Changed words" not in client.get(at("words", cast)).content.decode()


def test_a_preferred_term_needs_its_reason_and_consent_its_day(cast: Cast) -> None:
    client = cast.client(cast.lead)
    page = client.post(adding("term", cast), {"avoid": "a", "prefer": "b"}).content.decode()
    assert "This field is required." in page
    sent = {"words": "x", "speaker": "y", "attribution": "named", "consent": "given"}
    assert "when consent was given" in client.post(adding("quotation", cast), sent).content.decode()


def test_the_checks_page_leads_to_each_spot(cast: Cast) -> None:
    made = section(cast, p("The OSCE counted 40,000 people.", id="spot00000001"))
    page = cast.client(cast.observer).get(at("checks", cast)).content.decode()
    assert f"{at('section', cast, made.pk)}#b-spot00000001:17-23" in page
    assert "“OSCE” is not written out where it is first used." in page
    assert "Why this may stand" not in page
    only = cast.client(cast.lead).get(at("checks", cast), {"kind": "acronyms"}).content.decode()
    assert "40,000" not in only
    assert "Why this may stand" in only


def test_the_room_hears_of_its_own_section(cast: Cast) -> None:
    made = section(cast, p("Some 40,000 people.", id="spot00000001"))
    section(cast, p("Some 50,000 people.", id="spot00000002"), title="Elsewhere")
    answer = cast.client(cast.lead).get(at("section_checks", cast, made.pk)).json()
    assert [(each["block"], each["start"], each["end"]) for each in answer["findings"]] == [("spot00000001", 5, 11)]
    assert (answer["here"], answer["total"], answer["waiting"]) == (1, 2, False)
    Section.objects.filter(pk=made.pk).update(version=3)
    assert cast.client(cast.lead).get(at("section_checks", cast, made.pk)).json()["waiting"]


def test_setting_aside_asks_for_a_reason_and_for_a_finding_of_today(cast: Cast) -> None:
    section(cast, p("Some 40,000 people."))
    client = cast.client(cast.lead)
    mark = checking.look(cast.brief).open[0].mark
    assert client.post(at("set_aside", cast), {"mark": "0" * 64, "reason": "x"}).status_code == 404
    json_ = {"Accept": "application/json"}
    assert client.post(at("set_aside", cast), {"mark": mark, "reason": ""}, headers=json_).status_code == 422
    client.post(at("set_aside", cast), {"mark": mark, "reason": "A rough figure, said so."})
    page = client.get(at("checks", cast)).content.decode()
    assert "A rough figure, said so." in page
    assert "Nothing found" in page
    client.post(at("take_up", cast, SetAside.objects.get().pk))
    assert "Nothing found" not in client.get(at("checks", cast)).content.decode()


def test_asking_to_look_again_makes_a_job(cast: Cast) -> None:
    assert cast.sections
    jobs.run_due()
    Section.objects.filter(pk=cast.section.pk).update(snapshot=json.dumps(doc(p("Some 40,000 people."))))
    Section.objects.filter(pk=cast.section.pk).update(version=1, snapshot_version=1)
    client = cast.client(cast.lead)
    assert "1 section has changed" in client.get(at("checks", cast)).content.decode()
    client.post(at("run_checks", cast))
    jobs.run_due()
    page = client.get(at("checks", cast)).content.decode()
    assert "has changed since" not in page
    assert "40,000" in page


def test_the_checklist_is_answered_by_the_focal_point_and_grows_old(cast: Cast) -> None:
    client = cast.client(cast.safeguarding)
    url = at("checklist", cast, cast.section.pk)
    assert "Say how it was dealt with" in client.post(url, {"jigsaw": "dealt"}).content.decode()
    client.post(url, {"jigsaw": "dealt", "jigsaw_note": "Names were changed.", "manual": "open"})
    assert Sensitivity.objects.count() == 2
    page = client.get(at("checks", cast)).content.decode()
    assert "2 of 8 answered" in page
    assert "1 still open" in page
    Section.objects.filter(pk=cast.section.pk).update(version=9)
    assert "the text has changed since" in client.get(at("checks", cast)).content.decode()


def test_pages_ask_no_more_when_there_is_more(cast: Cast) -> None:
    section(cast, marked(cast.claim, "40 % of recruits"))
    client = cast.client(cast.lead)
    pages = [at(name, cast) for name in ("claims", "checks", "words")]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    for number in range(6):
        more = actions.add_claim(actor=cast.lead, brief=cast.brief, statement=f"{number} more", value=number)
        section(cast, marked(more, f"{number} more"), p(f"{number}0,000 people, ABC{number}"), title=f"S{number}")
        term = {"avoid": f"a{number}", "prefer": f"b{number}", "reason": "c"}
        actions.save_word(actor=cast.lead, brief=cast.brief, word=PreferredTerm(), **term)
    checking.run(cast.brief)
    assert asked() == before
