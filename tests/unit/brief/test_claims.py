"""The claims register: what it takes, what it refuses, what it finds wrong."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brief import actions, checking, claims_table
from brief.actions.sections import add_section
from brief.models import Claim, Contradiction, Section, SectionCheck, Sensitivity, SetAside
from brief.states import Attribution, BriefState
from ledger import jobs
from ledger.models import Event
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast
from tests.factories.documents import doc, mark, p, text

pytestmark = pytest.mark.django_db


def claim(cast: Cast, statement: str = "40 % pay a fee", **fields: Any) -> Claim:
    made: Claim = actions.add_claim(actor=cast.lead, brief=cast.brief, statement=statement, **fields)
    return made


def marked(cast: Cast, *claims: Claim, title: str = "Fees") -> Section:
    """A section in which each claim's statement is marked."""
    blocks = [p(text(each.statement, mark("claim", id=str(each.pk)))) for each in claims]
    section: Section = add_section(actor=cast.lead, brief=cast.brief, title=title, doc=json.dumps(doc(*blocks)))
    checking.run(cast.brief)
    return section


def codes(cast: Cast, kind: str = "claims") -> list[str]:
    return [each.code for each in checking.look(cast.brief).open if each.kind == kind]


def in_table(cast: Cast, state: str) -> dict[Claim, list[str]]:
    rows, _looked = claims_table.rows(cast.brief, {"state": state})
    return {row.claim: [each.code for each in row.faults] for row in rows}


def source(cast: Cast) -> Any:
    csl = {"type": "report", "title": "Fees", "issued": {"date-parts": [[2024]]}}
    return actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl)


def whole_record(cast: Cast, **fields: Any) -> Claim:
    given = {"year": 2023, "grade": "strong", "source": source(cast), "value": Decimal(40)}
    return claim(cast, **(given | fields))


def test_a_claim_that_says_everything_is_quiet(cast: Cast) -> None:
    marked(cast, whole_record(cast))
    assert codes(cast) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"source": None}, "claim-unsourced"),
        ({"year": None}, "claim-undated"),
        ({"grade": ""}, "claim-ungraded"),
        ({"stale_after": date(2020, 1, 1)}, "claim-stale"),
        ({"causal": True, "grade": "weak"}, "claim-causal"),
        ({"value": Decimal(41)}, "claim-changed"),
    ],
)
def test_what_a_claim_lacks_is_found_where_it_stands(cast: Cast, fields: dict[str, Any], code: str) -> None:
    section = marked(cast, whole_record(cast, **fields))
    found = [each for each in checking.look(cast.brief).open if each.kind == "claims"]
    assert [each.code for each in found] == [code]
    assert found[0].section == str(section.pk)
    assert (found[0].start, found[0].end) == (0, 14)


def test_a_claim_is_stale_the_day_after(cast: Cast) -> None:
    today = timezone.localdate()
    marked(cast, whole_record(cast, stale_after=today))
    assert codes(cast) == []
    tomorrow = checking.look(cast.brief, today=today + timedelta(days=1))
    assert [each.code for each in tomorrow.open] == ["claim-stale"]


def test_a_superseded_claim_may_not_stand_in_the_text(cast: Cast) -> None:
    newer = whole_record(cast, statement="44 % pay", value=Decimal(44))
    old = whole_record(cast, superseded_by=newer)
    marked(cast, old, newer)
    assert codes(cast) == ["claim-superseded"]


def test_a_contradiction_with_what_left_the_text_is_told_and_stands_in_both_rows(cast: Cast) -> None:
    first, second = whole_record(cast), whole_record(cast, statement="30 % pay", value=Decimal(30))
    marked(cast, first)
    actions.set_contradiction(actor=cast.lead, claim=second, other=first)
    assert sorted(codes(cast)) == ["claim-contradicts-outside", "claim-unmarked"]
    told = in_table(cast, "contradicting")
    assert told == {first: ["claim-contradicts-outside"], second: ["claim-unmarked", "claim-contradicts"]}
    actions.set_contradiction(actor=cast.lead, claim=first, other=second, resolution="Other years.")
    assert in_table(cast, "contradicting") == {}


def test_claims_do_not_supersede_one_another_in_a_circle(cast: Cast) -> None:
    first = claim(cast)
    second = claim(cast, superseded_by=first)
    with pytest.raises(NotNow, match="circle"):
        actions.edit_claim(actor=cast.lead, claim=first, superseded_by=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=first.pk).update(superseded_by=first)


def test_a_contradiction_is_open_until_it_has_a_note(cast: Cast) -> None:
    first, second = whole_record(cast), whole_record(cast, statement="30 % pay", value=Decimal(30))
    marked(cast, first, second)
    actions.set_contradiction(actor=cast.lead, claim=second, other=first)
    assert codes(cast) == ["claim-contradicts"]
    assert in_table(cast, "contradicting") == {first: ["claim-contradicts"], second: ["claim-contradicts"]}
    actions.set_contradiction(actor=cast.lead, claim=first, other=second, resolution="Other years.")
    assert codes(cast) == []
    assert Contradiction.objects.count() == 1
    with pytest.raises(NotNow, match="itself"):
        actions.set_contradiction(actor=cast.lead, claim=first, other=first)


@pytest.mark.parametrize(
    ("values", "tolerance", "wrong"),
    [
        ([(90, None), (11, None)], 0, True),
        ([(90, None), (10, None)], 0, False),
        ([(90, None), (11, None)], 1, False),
        ([(80, 90), (15, None)], 0, False),
        ([(80, 84), (15, None)], 0, True),
        ([(90, None)], 0, False),
    ],
)
def test_parts_add_up_to_their_whole(cast: Cast, values: Any, tolerance: int, wrong: bool) -> None:
    whole = actions.save_whole(
        actor=cast.lead, brief=cast.brief, name="Recruits", whole=Decimal(100), tolerance=Decimal(tolerance)
    )
    for least, most in values:
        claim(cast, value=Decimal(least), value_to=most and Decimal(most), part_of=whole)
    assert ("claim-sum" in codes(cast)) == wrong
    shown = claims_table.wholes(checking.look(cast.brief))[0]
    assert bool(shown["fault"]) == wrong


def test_a_removed_claim_leaves_its_mark_to_be_found(cast: Cast) -> None:
    row = whole_record(cast)
    marked(cast, row)
    actions.remove_claim(actor=cast.lead, claim=row)
    assert codes(cast) == ["claim-unknown"]


def test_the_database_refuses_ranges_turned_round(cast: Cast) -> None:
    row = claim(cast, value=Decimal(3), value_to=Decimal(5))
    for fields in ({"value_to": Decimal(2)}, {"value": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=row.pk).update(**fields)


def test_only_authors_register_and_only_while_the_brief_is_open(cast: Cast) -> None:
    for person in (cast.editor, cast.observer):
        with pytest.raises(NotAllowed):
            actions.add_claim(actor=person, brief=cast.brief, statement="x")
    row = claim(cast)
    type(cast.brief).objects.filter(pk=cast.brief.pk).update(status=BriefState.CLEARANCE)
    with pytest.raises(NotNow, match="clearance"):
        actions.edit_claim(actor=cast.lead, claim=row, year=2020)


def test_a_claim_takes_nothing_of_another_brief(cast: Cast) -> None:
    from brief.actions.briefs import create_brief

    other = create_brief(actor=cast.lead, title="Another", organisations=[cast.north, cast.south])
    foreign = actions.add_source(actor=cast.lead, brief=other, csl={"type": "book", "title": "x"})
    with pytest.raises(ValueError, match="another brief"):
        claim(cast, source=foreign)


# --- the checks as they are kept --------------------------------------------------------------------


def test_a_quiet_section_is_looked_at_by_a_job_and_only_when_it_changed(cast: Cast) -> None:
    assert cast.sections
    jobs.run_due()
    assert SectionCheck.objects.count() == 3
    assert checking.run(cast.brief) == 0
    Section.objects.filter(pk=cast.section.pk).update(content_notice="Distressing")
    assert checking.run(cast.brief) == 1


def test_a_new_term_has_every_section_read_again(cast: Cast) -> None:
    assert cast.sections
    checking.run(cast.brief)
    assert cast.preferred_term
    assert checking.run(cast.brief) == 3


def test_looking_asks_the_same_few_questions_however_much_there_is(cast: Cast) -> None:
    marked(cast, claim(cast))
    checking.look(cast.brief)
    with CaptureQueriesContext(connection) as few:
        claims_table.rows(cast.brief)
    marked(cast, *(claim(cast, statement=f"{number} % pay") for number in range(12)), title="More")
    with CaptureQueriesContext(connection) as many:
        claims_table.rows(cast.brief)
    assert len(many) == len(few) <= 11


def test_a_finding_is_set_aside_with_a_reason_and_taken_up_again(cast: Cast) -> None:
    marked(cast, whole_record(cast, year=None))
    finding = checking.look(cast.brief).open[0]
    with pytest.raises(NotNow, match="why"):
        actions.set_aside(actor=cast.lead, brief=cast.brief, finding=finding, reason="  ")
    row = actions.set_aside(actor=cast.partner, brief=cast.brief, finding=finding, reason="A definition, not a figure")
    assert checking.look(cast.brief).open == []
    with pytest.raises(NotNow, match="already"):
        actions.set_aside(actor=cast.lead, brief=cast.brief, finding=finding, reason="Again")
    event = Event.objects.get(verb="finding.set_aside")
    assert (event.actor, event.reason) == (cast.partner, "A definition, not a figure")
    actions.take_up(actor=cast.lead, brief=cast.brief, row=row)
    assert [each.code for each in checking.look(cast.brief).open] == ["claim-undated"]
    assert SetAside.objects.get().ended_at


def test_a_finding_set_aside_stays_so_when_words_before_it_change(cast: Cast) -> None:
    def section(lead: str, title: str) -> None:
        Section.objects.filter(brief=cast.brief).delete()
        body = doc(p(lead, id="before000001"), p("Some 40,000 people came.", id="number000001"))
        add_section(actor=cast.lead, brief=cast.brief, title=title, doc=json.dumps(body))
        checking.run(cast.brief)

    section("One.", "A")
    finding = checking.look(cast.brief).open[0]
    actions.set_aside(actor=cast.lead, brief=cast.brief, finding=finding, reason="Ours")
    section("Quite another beginning.", "B")
    assert checking.look(cast.brief).open == []


def test_the_checklist_is_kept_for_the_text_it_was_answered_for(cast: Cast) -> None:
    answers = {"jigsaw": ("dealt", "Names changed."), "manual": ("no", "")}
    actions.answer_sensitivity(actor=cast.safeguarding, section=cast.section, answers=answers)
    rows = {row.question: row for row in Sensitivity.objects.filter(section=cast.section)}
    assert (rows["jigsaw"].answer, rows["jigsaw"].by, rows["manual"].note) == ("dealt", cast.safeguarding, "")
    with pytest.raises(NotNow, match="dealt with"):
        actions.answer_sensitivity(actor=cast.lead, section=cast.section, answers={"jigsaw": ("dealt", "")})
    with pytest.raises(NotAllowed):
        actions.answer_sensitivity(actor=cast.observer, section=cast.section, answers={"jigsaw": ("no", "")})


def test_a_quotation_is_held_against_consent_and_attribution(cast: Cast) -> None:
    from brief.models import Quotation

    words = "We were never told where we would be going"
    actions.save_word(
        actor=cast.lead,
        brief=cast.brief,
        word=Quotation(),
        words=words,
        speaker="Amina Abara",
        attribution=Attribution.CAPACITY,
    )
    body = doc(p(f"“{words},” said Ms Abara, a survivor."))
    add_section(actor=cast.lead, brief=cast.brief, title="Voices", doc=json.dumps(body))
    checking.run(cast.brief)
    assert codes(cast, "quotations") == ["quote-consent", "quote-unverified", "quote-named"]


def test_the_list_of_acronyms_is_made_from_the_text(cast: Cast) -> None:
    from brief.models import Acronym

    actions.save_word(actor=cast.lead, brief=cast.brief, word=Acronym(), short="RSO", long="Regional Support Office")
    bodies = ["The RSO met the European Labour Authority (ELA).", "The Regional Support Office (RSO) met the ELA."]
    for number, body in enumerate(bodies):
        add_section(actor=cast.lead, brief=cast.brief, title=f"S{number}", doc=json.dumps(doc(p(body))))
    checking.run(cast.brief)
    looked = checking.look(cast.brief)
    assert looked.acronyms == {"ELA": "European Labour Authority", "RSO": "Regional Support Office"}
    assert [(each.code, each.words) for each in looked.open] == [("acronym", "RSO")]
    with pytest.raises(NotNow, match="already"):
        actions.save_word(actor=cast.lead, brief=cast.brief, word=Acronym(), short="RSO", long="x")
