"""Contradictions of the register that nobody has resolved: told wherever one of the two claims stands in the text."""

from __future__ import annotations

from datetime import date

import pytest

from document.checks import Finding, Located, Records, judge, read
from document.checks.claims import GRAVE
from document.checks.records import Claim, Contradiction, Register
from tests.factories.documents import doc, mark, p, text


def register(*, resolved: bool = False, superseded_by: str = "") -> Register:
    given = {"source": "s", "year": 2024, "grade": "strong"}
    one = Claim("a", "Forty pay", **given)
    other = Claim("b", "Thirty pay", superseded_by=superseded_by, **given)
    return Register((one, other, Claim("c", "Ten pay", **given)), contradictions=(Contradiction("a", "b", resolved),))


def told(kept: Register, *sections: str) -> list[Finding]:
    """Of a brief whose sections mark these claims, a letter each."""
    located = [
        Located(str(index), read(doc(*(p(text("Words", mark("claim", id=each))) for each in marked)), Records()))
        for index, marked in enumerate(sections)
    ]
    found = judge(located, Records(), kept, date(2026, 1, 1))
    return [each for each in found if each.code.startswith("claim-contradicts")]


def test_of_two_in_one_section_it_is_told_once() -> None:
    (found,) = told(register(), "ab")
    assert found.sentence() == "“Forty pay” contradicts “Thirty pay”, and nobody has said how it is resolved."
    assert found.block and found.code in GRAVE


def test_each_of_two_sections_hears_of_the_other() -> None:
    assert [(each.section, each.subject) for each in told(register(), "a", "cb")] == [("0", "a"), ("1", "b")]
    assert told(register(), "a", "b")[1].sentence().startswith("“Thirty pay” contradicts “Forty pay”")


@pytest.mark.parametrize(("marked", "begins"), [("a", "“Forty pay” contradicts “Thirty"), ("b", "“Thirty pay” contr")])
def test_one_that_stands_alone_is_told_where_it_stands(marked: str, begins: str) -> None:
    (found,) = told(register(), "c", marked)
    assert found.sentence().startswith(begins) and "in the register and not in the text" in found.sentence()
    assert (found.section, found.subject) == ("1", marked)
    assert found.block, "the way to its words"
    assert found.code not in GRAVE, "a release is held to what it says"


def test_what_misleads_nobody_is_not_told() -> None:
    assert told(register(), "c") == [], "neither stands in the text"
    assert told(register(resolved=True), "a") == []
    assert told(register(superseded_by="c"), "a") == [], "the other gave way and has left the text"
    assert len(told(register(superseded_by="c"), "ab")) == 1, "it gave way and is still there"
