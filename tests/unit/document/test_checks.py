"""The checks: what each finds and leaves alone, and that places are the editor's."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document import tree
from document.checks import KINDS, SENTENCES, Finding, Located, Reading, Records, acronyms_of, judge, read
from document.checks.acronyms import long_form
from document.checks.claims import says, values_in
from document.checks.numbers import bare
from document.checks.passages import passages
from document.checks.records import Acronym, Claim, Contradiction, Quote, Register, Term, Whole, amount
from document.checks.wordings import WORDINGS
from tests.factories.documents import (
    br,
    callout,
    cell,
    cite,
    doc,
    documents,
    footnote,
    heading,
    item,
    language,
    mark,
    numbers,
    p,
    quote,
    recommendation,
    row,
    table,
    text,
    th,
)

CORPUS = json.loads((Path(__file__).parents[2] / "corpus" / "numbers.json").read_text(encoding="utf-8"))


def found(*blocks: Any, records: Records | None = None, register: Register | None = None, **how: Any) -> list[Finding]:
    records = records or Records()
    reading = read(doc(*blocks), records, **how)
    return judge([Located("s", reading)], records, register or Register(), date(2026, 1, 1))


def codes(*blocks: Any, kind: str = "", **how: Any) -> list[str]:
    return [each.code for each in found(*blocks, **how) if kind in ("", each.kind)]


def spans(*blocks: Any, code: str, **how: Any) -> list[str]:
    document = doc(*blocks)
    result = []
    for each in found(*blocks, **how):
        block = tree.find(document, each.block)
        if each.code == code and block:
            raw = tree.block_text(block).encode("utf-16-le", "surrogatepass")
            result.append(raw[2 * each.start : 2 * each.end].decode("utf-16-le", "surrogatepass"))
    return result


# --- numbers ----------------------------------------------------------------------------------------


def piece(given: Any) -> Any:
    if isinstance(given, str):
        return given
    if "cite" in given:
        return cite(given["cite"])
    if "note" in given:
        return footnote(given["note"]) if given["note"] else footnote()
    kind = "claim" if "claim" in given else "deletion"
    return text(given["words"], mark(kind, id=given[kind]))


@pytest.mark.parametrize("case", CORPUS, ids=[each["say"] for each in CORPUS])
def test_numbers_by_the_rule_that_the_editor_has_too(case: dict[str, Any]) -> None:
    block = p(*(piece(each) for each in case["pieces"]))
    passage = next(iter(passages(doc(block))))
    assert [passage.text[start:end] for start, end in bare(passage)] == case["bare"]
    assert spans(block, code="number") == case["bare"]


def test_headings_and_tables_are_not_underlined_but_a_table_needs_a_source() -> None:
    grid = table("Cases", row(th("Year"), th("Cases")), row(cell("2020"), cell("45")))
    assert codes(heading(1, "40 cases"), kind="numbers") == []
    assert codes(grid, kind="numbers") == ["table"]
    assert codes(p("As counted ", cite("a"), "."), grid, kind="numbers") == []
    assert codes(grid, p("Source: ", cite("a")), kind="numbers") == []
    inside = table("Cases", row(th("Cases"), th("Of")), row(cell("45", cite("a")), cell("50")))
    assert codes(inside, kind="numbers") == []
    assert codes(table("Words", row(th("A"), th("B")), row(cell("x"), cell("2020"))), kind="numbers") == []


def test_a_number_is_told_with_its_neighbours() -> None:
    sentence = found(p("Of these, some 40 % of recruits pay."))[0].sentence()
    assert sentence == "“some 40 % of recruits” has neither a claim nor a source."


# --- acronyms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "long"),
    [
        ("the Regional Support Office (RSO) met", "Regional Support Office"),
        ("its Office for Institutions and Human Rights (OIHR)", "Office for Institutions and Human Rights"),
        ("RSO (Regional Support Office)", "Regional Support Office"),
        ("non-governmental organisations (NGOs)", "non-governmental organisations"),
        ("an online age check (OAC)", "online age check"),
        ("see below (RSO)", ""),
        ("RSO (see below)", ""),
        ("the RSO", ""),
        ("(RSO)", ""),
    ],
)  # fmt: skip
def test_long_forms_are_read_before_or_in_brackets(words: str, long: str) -> None:
    short = next(each for each in ("OIHR", "NGO", "OAC", "RSO") if each in words)
    start = words.index(short)
    assert long_form(words, start, start + len(short)) == long


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([p("The RSO met.")], ["acronym"]),
        ([p("The Regional Support Office (RSO) met. The RSO left.")], []),
        ([p("The RSO met."), p("The Regional Support Office (RSO) left.")], ["acronym"]),
        ([heading(1, "The RSO"), p("The Regional Support Office (RSO).")], []),
        ([p("CHAPTER FOUR: THE RSO AND OTHERS")], []),
        ([p("See part IV, ISBN 978 and COVID-19 in the PDF.")], []),
        ([p("As ", language("OMS", "fr"), " says")], []),
        ([p("The ", text("RSO", mark("deletion", id="x")), " met.")], []),
        ([p("See", footnote("The RSO said so."))], ["acronym"]),
    ],
)
def test_short_forms_are_written_out_where_they_first_stand(blocks: list[Any], expected: list[str]) -> None:
    assert codes(*blocks, kind="acronyms") == expected


def test_the_list_has_the_last_word() -> None:
    records = Records(acronyms=(Acronym("RSO", "Regional Support Office"), Acronym("UN", "United Nations", True)))
    assert codes(p("The UN."), records=records) == []
    assert codes(p("The Rather Small Office (RSO)."), records=records) == ["acronym-other"]
    assert codes(p("The regional support office (RSO)."), records=records) == []
    readings = [Located("a", read(doc(p("The RSO and the European Labour Authority (ELA)")), records))]
    assert acronyms_of(readings, records) == {
        "ELA": "European Labour Authority",
        "RSO": "Regional Support Office",
    }


def test_first_use_is_first_in_the_brief() -> None:
    records = Records()
    written, used = (
        Located(name, read(doc(p(words)), records))
        for name, words in (("a", "The Regional Support Office (RSO)."), ("b", "The RSO."))
    )
    assert judge([written, used], records, Register(), date.today()) == []
    assert [each.section for each in judge([used, written], records, Register(), date.today())] == ["b"]


# --- terms, glossary, quotations --------------------------------------------------------------------

TERMS = Records(terms=(Term(("illegal migrant", "illegals"), "irregular migrant", "No person is illegal."),))


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (p("An Illegal  migrant came."), ["Illegal  migrant"]),
        (p("Illegals, and illegal migrants"), ["Illegals"]),
        (p("The law says “illegal migrant”."), []),
        (quote(p("An illegal migrant")), []),
        (p(language("illegal migrant", "fr")), []),
        (p("il", text("legal", "em"), "s"), ["illegals"]),
    ],
)
def test_avoided_words_are_found_whole_and_never_in_what_is_quoted(block: Any, expected: list[str]) -> None:
    assert spans(block, code="term", records=TERMS) == expected
    if expected:
        assert found(block, records=TERMS)[0].sentence().endswith("No person is illegal.")


def test_a_definition_cites_a_source() -> None:
    assert codes(callout("definition", "Fee", p("Money paid."))) == ["definition-box"]
    assert codes(callout("definition", "Fee", p("Money paid ", cite("a")))) == []
    assert codes(callout("note", "Fee", p("Money paid."))) == []


WORDS = "We were never told where we would be going"


@pytest.mark.parametrize(
    ("quoted", "fields", "expected"),
    [
        (WORDS, {"consent": "given", "verified": True}, []),
        (WORDS, {"consent": "public", "verified": True}, []),
        (WORDS, {"consent": "asked", "verified": True}, ["quote-consent"]),
        (WORDS, {"consent": "refused", "verified": True}, ["quote-refused"]),
        (WORDS, {"consent": "given", "attribution": "none", "verified": True}, ["quote-refused", "quote-named"]),
        (WORDS, {"consent": "given", "attribution": "capacity", "verified": True}, ["quote-named"]),
        (WORDS, {"consent": "given"}, ["quote-unverified"]),
        ("We were never told where we would go to", {"consent": "given", "verified": True}, ["quote-altered"]),
        ("We were never told […] where we would be going", {"consent": "given", "verified": True}, []),
        ("Something else that somebody has said", {"consent": "given", "verified": True}, ["quote"]),
    ],
)
def test_quotations_are_held_to_what_is_kept(quoted: str, fields: dict[str, Any], expected: list[str]) -> None:
    records = Records(quotes=(Quote("1", WORDS, "Amina Abara", **fields),))
    assert codes(p(f"“{quoted},” said Ms Abara."), records=records) == expected


def test_quotations_without_a_speaker_need_a_source() -> None:
    assert codes(p(f"“{WORDS}”, he said.")) == ["quote"]
    assert codes(p(f"“{WORDS}” ", cite("a"), ".")) == []
    assert codes(quote(p(WORDS))) == ["quote"]
    assert codes(quote(p(WORDS), p("Abara ", cite("a")))) == []
    assert codes(p("The “so-called travel agent” paid.")) == []


# --- sensitivity ------------------------------------------------------------------------------------

PARTS = (p("A 22-year-old woman left."), p("She came from Chisinau."), p("Her brother knew."))
STORY = "A 22-year-old woman from Chisinau worked as a nurse. Her two children stayed behind."


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (p("She was raped on the way."), ["notice"]),
        (p("Write to ann@people.example."), ["personal"]),
        (p("Call +43 1 514 36 0 for help."), ["personal"]),
        (p(STORY), ["jigsaw"]),
        (p("A woman from Chisinau left."), []),
        (p("The policy was made in the city of Vienna in May 2024."), []),
        (callout("case", "A case", *PARTS), ["jigsaw"]),
        (callout("note", "A note", *PARTS), []),
        (p("They learn how to evade moderation."), ["manual"]),
        (numbers(item("Create an account."), item("Buy a number."), item("Send the offer.")), ["manual"]),
        (recommendation("other", "States", p("Do:"), numbers(item("Create a body."), item("Ask."), item("Send."))), []),
    ],
)  # fmt: skip
def test_what_could_do_harm_is_pointed_out(block: Any, expected: list[str]) -> None:
    assert codes(block, kind="sensitivity") == expected


def test_a_notice_announces_and_unknown_languages_are_asked_by_the_checklist() -> None:
    block = p("She was raped. ", STORY)
    assert codes(block, content_notice="Violence", kind="sensitivity") == ["jigsaw"]
    assert codes(block, records=Records(language="tr"), kind="sensitivity") == []


FRENCH = [
    (p("Elle a été violée en chemin."), ["notice"]),
    (p("Les gardiens les ont battus."), ["notice"]),
    (p("Une violation du contrat ; l’employeur viole la loi."), []),
    (p("Une femme de 22 ans, venue de Chisinau, travaillait comme infirmière. Ses enfants sont restés."), ["jigsaw"]),
    (p("Une femme venue de Chisinau est partie."), []),
    (p("La politique a été adoptée dans la ville de Vienne en mai 2024."), []),
    (p("Ils apprennent comment contourner la modération."), ["manual"]),
    (numbers(item("Créez un compte."), item("Achetez un numéro."), item("Envoyez l’offre.")), ["manual"]),
    (p("Les États devraient former les juges et publier des chiffres."), []),
]  # fmt: skip
SPANISH = [
    (p("Fue violada en el camino."), ["notice"]),
    (p("Los guardias las golpearon; hubo palizas."), ["notice"]),
    (p("Es una violación de los derechos humanos y del contrato."), []),
    (p("Una mujer de 22 años, procedente de Chisinau, trabajaba como enfermera. Sus hijos se quedaron."), ["jigsaw"]),
    (p("Una mujer procedente de Chisinau se fue."), []),
    (p("La política se adoptó en la ciudad de Viena en mayo de 2024."), []),
    (p("Aprenden cómo eludir la moderación."), ["manual"]),
    (numbers(item("Cree una cuenta."), item("Compre un número."), item("Envíe la oferta.")), ["manual"]),
    (p("Los Estados deberían formar a los jueces y publicar cifras."), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "block", "expected"),
    [*(("fr", *case) for case in FRENCH), *(("es-MX", *case) for case in SPANISH)],
)
def test_french_and_spanish_are_read_as_english_is(language: str, block: Any, expected: list[str]) -> None:
    assert codes(block, records=Records(language=language), kind="sensitivity") == expected


def test_every_language_tells_of_the_same_kinds_of_detail() -> None:
    english, *others = (set(wording.details) for wording in WORDINGS.values())
    assert others == [english, english]


# --- claims -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value", "to", "holds"),
    [
        ("some 120,000 people", 120000, None, True),
        ("some 120 000 people", 120000, None, True),
        ("1.2 million", 1200000, None, True),
        ("10–20 million euros", 10000000, 20000000, True),
        ("between 10 and 20 million", 10000000, 20000000, True),
        ("12,5 %", Decimal("12.5"), None, True),
        ("40 %", 41, None, False),
        ("a third of them", 33, None, True),
        ("40 %", None, None, True),
        ("10 to 20", 10, 25, False),
        ("fell from 71 to 58 per cent", 13, None, True),
    ],
)
def test_the_words_still_say_what_the_register_says(words: str, value: Any, to: Any, holds: bool) -> None:
    claim = Claim("c", words, None if value is None else Decimal(value), None if to is None else Decimal(to))
    assert says(words, claim) == holds


@given(st.integers(0, 10**9), st.sampled_from(["{:,}", "{}", "about {:,} people", "({:,})"]))
def test_a_whole_number_is_read_back_however_it_is_written(number: int, form: str) -> None:
    assert Decimal(number) in values_in(form.format(number))


def test_the_register_survives_being_frozen() -> None:
    register = Register(
        claims=(
            Claim("a", "x", Decimal("1.50"), Decimal(2), stale_after=date(2027, 1, 2), causal=True, part_of="w"),
            Claim("b", "y", superseded_by="a"),
        ),
        wholes=(Whole("w", "All", Decimal(100), "%", Decimal("0.5")),),
        contradictions=(Contradiction("a", "b", True),),
    )
    assert Register.from_json(json.loads(json.dumps(register.to_json()))) == register
    assert Register.from_json({}) == Register()


# --- of any document --------------------------------------------------------------------------------

EVERYTHING = Records(
    terms=(Term(("a", "the"), "b", "c"),),
    acronyms=(Acronym("AB", "A Big"),),
    quotes=(Quote("q", "some words that were said", "A. Person"),),
)


@settings(max_examples=12, deadline=None)
@given(documents())
def test_places_lie_inside_their_blocks_and_readings_can_be_kept(document: Any) -> None:
    reading = read(document, EVERYTHING)
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    assert read(document, EVERYTHING) == reading
    findings = judge([Located("s", reading)], EVERYTHING, Register(), date(2026, 1, 1))
    for each in findings:
        block = tree.find(document, each.block)
        assert block is not None
        assert 0 <= each.start <= each.end <= tree.utf16(tree.block_text(block))
        assert each.sentence()
        assert each.kind in KINDS
    assert len({each.mark for each in findings}) == len(findings)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from(["40", "in 2020", "€3 m", "RSO", ". So", "“", "”", "😀", "١٢", "a@b.c", "\u00a0"]), max_size=12
    )
)
def test_any_words_are_read_without_trouble(words: list[str]) -> None:
    read(doc(p(*" ".join(words).split("\n")), p("x", br(), " ".join(words))), EVERYTHING)


def test_a_mark_stays_when_its_surroundings_change() -> None:
    before = found(p("Some 40 people.", id="block0000001"))[0]
    after = found(p("New."), p("Well, some 40 people came.", id="block0000001"))[0]
    assert before.mark == after.mark
    twice = found(p("Of 40 and 40.", id="block0000001"))
    assert len({each.mark for each in twice}) == 2


def test_every_sentence_can_be_filled_in() -> None:
    values = dict.fromkeys(("short", "long", "listed", "prefer", "reason", "speaker", "details"), "x")
    values |= dict.fromkeys(("value", "day", "other", "grade", "sum", "whole"), "x")
    for code in SENTENCES:
        assert "%(" not in Finding(code, words="w", values=values).sentence()


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    from time import perf_counter

    block = "The Regional Support Office (RSO) said “we were never told where to go” in 2020; 40 % of 300 came. "
    short, long = (doc(*(p(block * 5) for _ in range(count))) for count in (4, 40))

    def seconds(document: Any) -> float:
        began = perf_counter()
        read(document, EVERYTHING)
        return perf_counter() - began

    read(short, EVERYTHING)
    assert min(seconds(long) for _ in range(2)) < 40 * max(1e-3, min(seconds(short) for _ in range(3)))


@pytest.mark.parametrize(
    ("least", "most", "unit", "told"),
    [
        ("1200", None, "people", "1,200 people"),
        ("1200.50", "1200.5", "", "1,200.5"),
        ("-1500", "2000000", "", "−1,500–2,000,000"),
        ("-0.5", None, "%", "−0.5\u202f%"),
        ("0", None, "", "0"),
    ],
)
def test_amounts_are_written_as_people_read_them(least: str, most: str | None, unit: str, told: str) -> None:
    assert amount(Decimal(least), None if most is None else Decimal(most), unit) == told
