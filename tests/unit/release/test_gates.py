"""Each gate, green and blocked, with the way to the spot."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from brief import library
from brief.actions import add_source
from brief.actions.checks import set_aside, take_up
from brief.models import Brief, Role, Section
from brief.states import Circle, RoleName
from brief.threads import start
from document import csl, numbering
from document.checks import Finding
from document.checks.records import Acronym, Claim, Contradiction, Register, Whole
from document.publication import FigureFile, Imprint, Publication, SectionText
from release import gates
from release.gates import claims as of_claims
from release.gates import publication as of_publication
from release.gates import review as of_review
from release.gates import text as of_text
from release.gates.base import Checked
from release.models import GateResult, Release
from review.models import Disposition, ReviewThread
from review.states import DispositionState, Outcome, RoundState, Severity
from tests.cast import Cast
from tests.factories.documents import callout, cite, doc, figure, footnote, mark, p, ref, text
from tests.factories.releases import in_clearance, ready

FIGURE = FigureFile("asset-1", Path("none.png"), "image/png", 10, 10)
IMPRINT = Imprint("978-3-16-148410-0", "© 2026", "CC BY 4.0", "https://x.example", "Views.", "briefs@people.example")


def publication(*blocks: Any, **fields: Any) -> Publication:
    section = SectionText("11111111-1111-1111-1111-111111111111", "Risks", doc(*blocks))
    base = Publication(
        title="A brief",
        subtitle="",
        language="en-GB",
        organisations=("North", "South"),
        sections=(section,),
        sources={"alpha": {"id": "alpha", "type": "book"}},
        figures={"asset-1": FIGURE},
        imprint=IMPRINT,
    )
    return replace(base, **fields)


@dataclass
class Given(Checked):
    """A candidate of just these blocks, without a database."""

    given: Any = None

    @property
    def publication(self) -> Publication:  # type: ignore[override]
        found: Publication = self.given
        return found

    @property
    def numbering(self) -> numbering.Numbering:  # type: ignore[override]
        return numbering.number((each.id, each.title, each.doc) for each in self.given.sections)

    @property
    def brief(self) -> Brief:
        return Brief(pk="22222222-2222-2222-2222-222222222222")


def given(*blocks: Any, **fields: Any) -> Given:
    return Given(Release(), publication(*blocks, **fields))


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (figure("asset-1", "Caption", alt="Bars"), False),
        (figure("asset-1", "Caption", decorative=True), False),
        (figure("asset-1", "Caption", alt=""), True),
        (figure("asset-1", "Caption", alt="  "), True),
        (figure("gone", "Caption", alt="Bars"), True),
        (callout("case", "Box", p("Words")), False),
    ],
)
def test_figures_have_alternative_text_or_are_decorative(block: Any, problem: bool) -> None:
    found = of_text.figures_described(given(block))
    assert bool(found.problem) == problem
    assert bool(found.spots) == problem


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (p("Words ", cite("alpha")), False),
        (p("Words ", cite("alpha", "nobody")), True),
        (p("Words", footnote("See ", cite("nobody"))), True),
        (p("No citation"), False),
    ],
)
def test_citations_name_sources_that_are_there(block: Any, problem: bool) -> None:
    assert bool(of_text.citations_resolve(given(block)).problem) == problem


PAGE = {"id": "alpha", "type": "webpage", "title": "Fees <i>at</i> sea", "URL": "https://a.example/fees"}
READ = {"accessed": {"date-parts": [[2026, 1, 15]]}}
ARCHIVED = {csl.CUSTOM: {"archive": "https://archive.example/fees"}}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (PAGE, True),
        ({**PAGE, csl.CUSTOM: {"interest": "It sells the fees"}}, True),
        ({**PAGE, "accessed": {}}, True),
        ({**PAGE, **READ}, False),
        ({**PAGE, **ARCHIVED}, False),
        ({**PAGE, "DOI": "10.1234/example"}, False),
        ({**PAGE, csl.CUSTOM: {"unpublished": True}}, False),
        ({"id": "alpha", "type": "book", "title": "Fees"}, False),
    ],
)
def test_cited_pages_of_the_web_are_archived_or_have_the_day_they_were_read(
    source: dict[str, Any], problem: bool
) -> None:
    noted = p("Words", footnote("See ", cite("alpha")), id="spot00000001")
    found = of_text.links_dated(given(noted, p(cite("alpha", "nobody")), sources={"alpha": source}))
    assert bool(found.problem) == problem
    if problem:
        assert found.problem == "1 source on the web has neither an archive link nor the day it was read."
        assert [spot.label for spot in found.spots] == ["Risks: Fees at sea"]
        assert found.spots[0].url.endswith("#b-spot00000001")
    assert not of_text.links_dated(given(p("Cited nowhere"), sources={"alpha": source})).problem


@pytest.mark.django_db
def test_the_frozen_record_of_a_source_tells_the_gate_what_it_needs(cast: Cast) -> None:
    bare = add_source(actor=cast.lead, brief=cast.brief, csl=dict(PAGE))
    other = {**PAGE, "title": "Debts", "URL": "https://a.example/debts"}
    kept = add_source(actor=cast.lead, brief=cast.brief, csl=other, archive_url="https://archive.example/debts")
    frozen = {row.key: csl.outward(library.frozen(row)) for row in (bare, kept)}
    found = of_text.links_dated(given(p(cite(bare.key, kept.key)), sources=frozen))
    assert (found.problem[:2], len(found.spots)) == ("1 ", 1)


def test_references_lead_somewhere() -> None:
    target = p("Here", id="target000001")
    assert not of_text.references_resolve(given(target, p(ref("target000001")))).problem
    section = "11111111-1111-1111-1111-111111111111"
    assert not of_text.references_resolve(given(p(ref(section)))).problem
    found = of_text.references_resolve(given(p(ref("nowhere00001"), id="spot00000001")))
    assert found.problem == "1 cross-reference leads nowhere."
    assert found.spots[0].url.endswith("#b-spot00000001")


@pytest.mark.parametrize("kind", ["insertion", "deletion", "modification"])
def test_no_suggestion_is_pending(kind: str) -> None:
    inline = of_text.nothing_suggested(given(p(text("words", mark(kind, id="s1")))))
    block = of_text.nothing_suggested(given(p("words", marks=[mark(kind, id="s1")])))
    in_note = of_text.nothing_suggested(given(p("x", footnote(text("words", mark(kind, id="s1"))))))
    assert all(found.problem for found in (inline, block, in_note))
    assert not of_text.nothing_suggested(given(p("words"))).problem


def test_spots_lead_into_the_writing_room() -> None:
    found = of_text.figures_described(given(figure("asset-1", "Bars", id="spot00000001")))
    expected = reverse(
        "brief:section", args=["22222222-2222-2222-2222-222222222222", "11111111-1111-1111-1111-111111111111"]
    )
    assert found.spots[0].url == f"{expected}#b-spot00000001"


# --- claims and words -----------------------------------------------------------------------------


def registered(**fields: Any) -> Register:
    given = {"id": "c1", "statement": "40 % pay", "source": "alpha", "year": 2023, "grade": "strong"}
    return Register(claims=(Claim(**{**given, **fields}),))


CLAIMED = p(text("40 % pay", mark("claim", id="c1")), id="claimed00001")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, ""),
        ({"year": None, "grade": ""}, ""),
        ({"source": ""}, "has no source"),
        ({"stale_after": date(2020, 1, 1)}, "was good until"),
        ({"superseded_by": "c2"}, "is superseded"),
        ({"id": "other"}, "not in the register"),
    ],
)
def test_every_marked_claim_is_borne(fields: dict[str, Any], problem: str) -> None:
    found = of_claims.claims_borne(given(CLAIMED, register=registered(**fields)))
    assert problem in found.problem
    assert bool(found.problem) == bool(problem)
    if problem:
        assert found.spots[0].url.endswith("#b-claimed00001")
    else:
        assert found.looked_at == "1 claim"


@pytest.mark.django_db
def test_contradictions_and_sums_are_held_to_what_is_frozen() -> None:
    two = (Claim("c1", "90 %", Decimal(90), source="alpha", part_of="w"),)
    two += (Claim("c2", "11 %", Decimal(11), source="alpha", part_of="w"),)
    blocks = [p(text(each.statement, mark("claim", id=each.id))) for each in two]
    pair = Contradiction("c1", "c2")
    found = of_claims.claims_borne(given(*blocks, register=Register(two, contradictions=(pair,))))
    assert "contradicts" in found.problem
    settled = Register(two, contradictions=(replace(pair, resolved=True),))
    assert not of_claims.claims_borne(given(*blocks, register=settled)).problem
    whole = Register(two, wholes=(Whole("w", "Recruits", Decimal(100), "%"),))
    found = of_claims.claims_borne(given(*blocks, register=whole))
    assert "add up to 101\u202f%, not to 100\u202f%" in found.problem
    assert found.spots[0].url.endswith("/claims/")


@pytest.mark.django_db
def test_acronyms_are_written_out_where_the_brief_uses_them_first() -> None:
    first = p("The RSO met.", id="short0000001")
    written = p("The Regional Support Office (RSO) met.")
    found = of_claims.acronyms_written_out(given(first, written))
    assert found.problem == "Not written out where first used: RSO."
    assert found.spots[0].url.endswith("#b-short0000001:4-7")
    assert not of_claims.acronyms_written_out(given(written, first)).problem
    common = (Acronym("RSO", "Regional Support Office", True),)
    assert not of_claims.acronyms_written_out(given(first, acronyms=common)).problem


@pytest.mark.django_db
def test_distressing_detail_is_announced() -> None:
    block = p("She was tortured.", id="notice000001")
    found = of_claims.notices_present(given(block))
    assert found.problem == "1 section has distressing detail and no content notice."
    section = SectionText("1" * 8, "Risks", doc(block), content_notice="Violence")
    assert not of_claims.notices_present(given(sections=(section,))).problem
    french = p("Elle a été torturée.", id="notice000002")
    assert of_claims.notices_present(given(french, language="fr")).problem == found.problem
    assert not of_claims.notices_present(given(block, language="de")).problem, "of which we know no words"


@pytest.mark.django_db
def test_what_authors_set_aside_no_longer_holds_a_release_up(cast: Cast) -> None:
    block = p("The RSO met.", id="short0000001")

    class Own(Given):
        @property
        def brief(self) -> Brief:
            return cast.brief

    release = Own(Release(), publication(block))
    assert of_claims.acronyms_written_out(release).problem
    finding = Finding("acronym", words="RSO", subject="RSO", values={"short": "RSO"})
    row = set_aside(actor=cast.lead, brief=cast.brief, finding=finding, reason="A name, not an acronym.")
    assert not of_claims.acronyms_written_out(release).problem
    take_up(actor=cast.lead, brief=cast.brief, row=row)
    assert of_claims.acronyms_written_out(release).problem


# --- the imprint ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"isbn": ""}, "ISBN"),
        ({"isbn": "978-3-16-148410-1"}, "ISBN"),
        ({"copyright": ""}, "copyright"),
        ({"licence": ""}, "licence"),
        ({"disclaimer": ""}, "disclaimer"),
        ({"contact": ""}, "mailbox"),
    ],
)
def test_the_imprint_is_complete(missing: dict[str, str], named: str) -> None:
    assert not of_publication.imprint_complete(given()).problem
    found = of_publication.imprint_complete(given(imprint=replace(IMPRINT, **missing)))
    assert named in found.problem


def test_one_organisation_alone_does_not_publish() -> None:
    assert "second organisation" in of_publication.imprint_complete(given(organisations=("North",))).problem


@pytest.mark.parametrize(
    ("isbn", "valid"),
    [
        ("978-3-16-148410-0", True),
        ("9783161484100", True),
        ("9783161484101", False),
        ("", False),
        ("3161484100", False),
    ],
)
def test_isbns_have_a_check_digit(isbn: str, valid: bool) -> None:
    assert of_publication.valid_isbn(isbn) is valid


# --- metadata of files ----------------------------------------------------------------------------


def office(creator: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        core = f'<cp:coreProperties xmlns:dc="x"><dc:creator>{creator}</dc:creator></cp:coreProperties>'
        archive.writestr("docProps/core.xml", core)
    return out.getvalue()


@pytest.mark.parametrize(
    ("creator", "leaks"), [("", False), ("North", False), ("North, South", False), ("Lea Lindqvist", True)]
)
def test_a_file_that_names_a_person_leaks(creator: str, leaks: bool) -> None:
    assert of_publication.leaks("docx", office(creator), [], ("North", "South")) is leaks


# --- what lives on --------------------------------------------------------------------------------

pytest_db = pytest.mark.django_db


def checked(cast: Cast) -> Checked:
    brief = ready(cast)
    return Checked(Release(brief=brief, version=cast.version))


def comment(cast: Cast, **fields: Any) -> ReviewThread:
    assert cast.invitation
    thread = start(
        brief=cast.brief,
        circle=Circle.ROUND,
        author=cast.reviewer,
        body="Please qualify.",
        section=cast.section,
        version=cast.version,
        block="recruit00001",
    ).thread
    values = {"draft": False, "number": 1, **fields}
    return ReviewThread.objects.create(thread=thread, round=cast.round, invitation=cast.invitation, **values)


def answer(thread: ReviewThread, status: str) -> Disposition:
    moment = timezone.now() if status == DispositionState.CONFIRMED else None
    return Disposition.objects.create(
        thread=thread, outcome=Outcome.ACCEPTED, status=status, proposed_at=timezone.now(), confirmed_at=moment
    )


@pytest_db
def test_an_open_round_blocks(cast: Cast) -> None:
    assert not of_review.rounds_closed(checked(cast)).problem
    assert cast.round
    found = of_review.rounds_closed(checked(cast))
    assert "still open" in found.problem
    assert found.spots[0].url == reverse("review:manage", args=[cast.round.pk])
    type(cast.round).objects.update(status=RoundState.CLOSED, closed_at=timezone.now())
    assert not of_review.rounds_closed(checked(cast)).problem


@pytest_db
def test_an_open_thread_of_authors_blocks(cast: Cast) -> None:
    start(brief=cast.brief, circle=Circle.AUTHORS, author=cast.lead, body="Sure?", section=cast.section)
    found = of_review.threads_closed(checked(cast))
    assert "1 thread among the authors is open." in found.problem
    assert str(cast.section.pk) in found.spots[0].url


@pytest_db
def test_a_comment_without_an_answer_blocks_until_it_is_confirmed(cast: Cast) -> None:
    thread = comment(cast)
    assert of_review.threads_closed(checked(cast)).problem
    disposition = answer(thread, DispositionState.PROPOSED)
    assert not of_review.threads_closed(checked(cast)).problem
    assert of_review.dispositions_confirmed(checked(cast)).problem
    disposition.delete()
    answer(thread, DispositionState.CONFIRMED)
    assert not of_review.dispositions_confirmed(checked(cast)).problem


@pytest_db
def test_drafts_and_withdrawn_comments_do_not_count(cast: Cast) -> None:
    comment(cast, draft=True, number=None)
    assert not of_review.threads_closed(checked(cast)).problem
    comment(cast, withdrawn_at=timezone.now())
    assert not of_review.threads_closed(checked(cast)).problem


@pytest_db
@pytest.mark.parametrize("fields", [{"severity": Severity.CRITICAL}, {"safeguarding": True}])
def test_critical_and_safeguarding_matters_block(cast: Cast, fields: dict[str, Any]) -> None:
    thread = comment(cast, **fields)
    assert of_review.matters_closed(checked(cast)).problem
    answer(thread, DispositionState.CONFIRMED)
    ReviewThread.objects.filter(safeguarding=True).update(cleared_at=timezone.now())
    assert not of_review.matters_closed(checked(cast)).problem


@pytest_db
def test_every_objective_needs_a_section_with_words(cast: Cast) -> None:
    assert not of_text.objectives_covered(checked(cast)).problem
    objective = cast.brief.objectives.first()
    assert objective
    objective.sections.clear()
    found = of_text.objectives_covered(checked(cast))
    assert found.problem == "1 objective is covered by no section."
    assert found.spots[0].url.endswith("#objectives")
    objective.sections.add(Section.objects.create(brief=cast.brief, title="Later"))  # not in the frozen version
    assert of_text.objectives_covered(checked(cast)).problem
    cast.brief.objectives.all().delete()
    assert of_text.objectives_covered(checked(cast)).problem == "The brief has no objectives."


@pytest_db
def test_each_organisation_needs_an_approver_who_is_no_author(cast: Cast) -> None:
    assert not of_publication.approvers_named(checked(cast)).problem
    Role.objects.create(brief=cast.brief, user=cast.approver, organisation=cast.north, role=RoleName.AUTHOR)
    assert "Organisation North" in of_publication.approvers_named(checked(cast)).problem
    Role.objects.filter(user=cast.partner_approver).delete()
    assert "Organisation South" in of_publication.approvers_named(checked(cast)).problem


@pytest_db
def test_a_missing_file_blocks(cast: Cast, small_files: None) -> None:
    release = in_clearance(cast)
    assert not of_publication.artefacts_whole(Checked(release)).problem
    some = [each for each in release.artefacts.all() if each.kind != "epub"]
    bare: Any = SimpleNamespace(artefacts=SimpleNamespace(all=lambda: some))
    assert of_publication.artefacts_whole(Checked(bare)).problem == "Not built: EPUB."


@pytest_db
def test_a_file_that_is_not_what_was_built_blocks(cast: Cast, small_files: None) -> None:
    release = in_clearance(cast)
    Path(release.artefacts.get(kind="epub").file.path).write_bytes(b"something else")
    assert of_publication.artefacts_whole(Checked(release)).problem == "Not what was built: brief.epub."


@pytest_db
def test_a_pdf_that_does_not_conform_blocks(cast: Cast, small_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from document.pdfcheck import Finding

    release = in_clearance(cast)
    monkeypatch.setattr(
        "document.pdfcheck.check", lambda data, names=(): [Finding("PDF/UA-1", "7.1", "no title is shown")]
    )
    found = of_publication.pdf_accessible(Checked(release))
    assert "no title is shown" in found.problem
    assert found.spots[0].url == reverse("release:artefact", args=[release.pk, "brief.pdf"])


# --- the list -------------------------------------------------------------------------------------


def test_every_gate_can_be_waived_or_says_why_not() -> None:
    assert all(gate.waivable != bool(gate.firm) for gate in gates.GATES)
    names = [gate.name for gate in gates.GATES]
    assert len(set(names)) == len(names)


@pytest_db
def test_results_are_stored_in_order_with_their_spots(cast: Cast, small_files: None) -> None:
    release = in_clearance(cast)
    rows = list(GateResult.objects.filter(release=release))
    assert [row.gate for row in rows] == [gate.name for gate in gates.GATES]
    assert json.dumps(rows[0].spots) == "[]"
    assert gates.store(release) is False
    GateResult.objects.filter(release=release, gate="figures").update(state="blocked")
    assert gates.store(release) is True
