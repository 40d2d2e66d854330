"""Words that stand in two places are held in step."""

from __future__ import annotations

from brief.labels import labels
from document.labels import Labels


def test_the_labels_in_english_are_the_renderers_own() -> None:
    given, own = labels("en-GB"), Labels()
    assert {**vars(given), "months": tuple(given.months)} == {**vars(own), "months": tuple(own.months)}
