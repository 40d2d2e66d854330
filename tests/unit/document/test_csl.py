"""Names of people and bodies as lists show them."""

from __future__ import annotations

from typing import Any

import pytest

from brief import source_forms
from document import csl

CRUZ = {"family": "Cruz", "given": "José", "non-dropping-particle": "de la"}


@pytest.mark.parametrize(
    ("name", "family", "whole"),
    [
        (CRUZ, "de la Cruz", "de la Cruz, José"),
        ({"family": "Müller", "given": "Anna"}, "Müller", "Müller, Anna"),
        ({"literal": "World Labour Fund"}, "World Labour Fund", "World Labour Fund"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King", "King, Martin, Jr."),
        ({"family": "Gogh", "given": "Vincent", "dropping-particle": "van"}, "Gogh", "Gogh, Vincent van"),
        ({}, "", ""),
    ],
)
def test_a_name_loses_no_part(name: dict[str, Any], family: str, whole: str) -> None:
    assert (csl.family(name), csl.whole_name(name)) == (family, whole)


def test_a_form_sent_back_as_it_was_changes_no_name() -> None:
    assert source_forms.people(csl.whole_name(CRUZ), [CRUZ]) == [CRUZ]
