"""What follows the text: the lists of acronyms and of definitions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from document.assembly import assemble
from document.checks.records import Acronym
from document.html import Context, render_lists
from document.labels import Labels
from document.pandoc.whole import whole
from document.publication import Entry, Publication, SectionText
from document.typst.emit import emit
from tests.factories.documents import doc, p


def plain_of(ast: Any) -> str:
    """The words of a pandoc document, by spaces."""
    return json.dumps(ast).replace('"}, {"t": "Space"}, {"t": "Str", "c": "', " ")


def test_acronyms_and_glossary_are_listed_wherever_the_brief_is_read() -> None:
    """In the page, in print and in Word: after the text, before the sources; nothing where there are none."""
    section = SectionText("1" * 8, "Risks", doc(p("Words.")))
    plain = Publication(title="A", subtitle="", language="en-GB", organisations=("N", "S"), sections=(section,))
    listed = replace(
        plain,
        acronyms=(Acronym("RSO", "Regional Support Office"),),
        glossary=(Entry("Fee", "Money <paid>.", "(ILO 2014, p. 3)"),),
    )
    words = ("Acronyms", "RSO", "Regional Support Office", "Glossary", "Fee", "ILO 2014, p. 3")
    shown = {
        "html": lambda each: str(render_lists(Context(assembly=assemble(each, Labels())))),
        "typst": lambda each: emit(assemble(each, Labels())).main,
        "pandoc": lambda each: plain_of(whole(assemble(each, Labels()), "docx")),
    }
    for name, render in shown.items():
        assert [word for word in words if word not in render(listed)] == [], name
        assert "Glossary" not in render(plain), name
    assert "<paid>" not in shown["html"](listed)
