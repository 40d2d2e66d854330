"""What stands in capitals and is no short form: nobody is asked to write it out. What is one is asked for still."""

from __future__ import annotations

import pytest

from document.checks import Records
from document.checks.reading import short_forms_in
from document.checks.records import Acronym
from tests.factories.documents import doc, mark, p, text


def shorts(words: str, records: Records | None = None) -> list[str]:
    return [each.short for each in short_forms_in(doc(p(words)), records or Records()).shorts]


@pytest.mark.parametrize(
    "words",
    [
        "H2O, CO2, CH4, N2O, SO2, C6H12O6 and NaOH",
        "the viruses H1N1 and H5N1, and COVID-19",
        "chapters II, XIV and XLIX of MCMXCIX and MMXXVI",
        "Annex IIA, part VIA, Form DS-160, grade GS-13",
        "PLN 500, 20 million MDL, UAH 5 and 300 BAM",
        "plants of 40 MW, 3 GB of data and 10\u202fTB",
        "rated AAA, BBB- and BB+",
        "paper in A4, level B2, the G20, step P4",
        "CEDAW/C/GC/38 and A/RES/55/25",
        "COM(2021) 171, Regulation (EU) 2016/679 and Directive 2011/36/EU",
        "CETS No. 197 and ECLI:EU:C:2019:5",
        "ICC-01/04-01/06",
        "ISO 3166, ISBN 978 and a PDF of FY2024",
        "a PhD of the UK who must NOT pay",
    ],
)
def test_formulas_numerals_units_money_grades_and_references_are_no_short_forms(words: str) -> None:
    assert shorts(words) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the OSCE and the WHO", ["OSCE", "WHO"]),
        ("SDG 5 and MAD men", ["SDG", "MAD"]),
        ("COP3, COP26 and R2P", ["COP3", "COP26", "R2P"]),
        ("SIS2 and UN2", ["SIS2", "UN2"]),
        ("an NGO/CSO", ["NGO"]),
        ("ICCPR: an article", ["ICCPR"]),
        ("a DC city of the MW", ["DC", "MW"]),
        ("the ILO (No. 29 of them)", ["ILO"]),
        ("PM10 in the EU", ["PM10", "EU"]),
    ],
)
def test_what_resembles_one_of_these_is_still_asked_for(words: str, expected: list[str]) -> None:
    assert shorts(words) == expected


def test_a_formula_may_have_its_number_lowered() -> None:
    block = p("Much CO", text("2", mark("subscript")), " is let out.")
    assert short_forms_in(doc(block), Records()).shorts == ()


def test_the_list_of_the_brief_has_the_last_word() -> None:
    listed = Records(acronyms=(Acronym("CO2", "carbon dioxide"),))
    assert shorts("CO2", listed) == ["CO2"]
