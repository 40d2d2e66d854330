"""Sections within sections: lower headings everywhere, nested contents, no level left out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from document.assembly import assemble
from document.html import Context, render_outline, render_section
from document.pandoc.whole import whole
from document.publication import Publication, SectionText
from document.tree import Node
from document.typst.emit import emit
from tests.factories.documents import doc, heading, p


def publication() -> Publication:
    def text(name: str) -> Node:
        return doc(heading(1, f"About {name}", id=f"head{name}"), p(f"Words of {name}."))

    sections = tuple(
        SectionText(name, f"Section {name}", text(name), depth=depth)
        for name, depth in (("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0))
    )
    return Publication("Brief", "", "en", ("North", "South"), sections)


ASSEMBLY = assemble(publication(), cite=False)


def test_headings_on_one_page_go_down_with_the_sections() -> None:
    page = "".join(render_section(each, Context(ASSEMBLY)) for each in ASSEMBLY.publication.sections)
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels == [2, 3, 3, 4, 4, 5, 3, 4, 2, 3]
    assert all(later <= before + 1 for before, later in pairwise([1, *levels]))


def test_a_section_with_a_page_of_its_own_begins_at_the_top() -> None:
    alone = render_section(ASSEMBLY.publication.sections[2], Context(ASSEMBLY, nested=False))
    assert re.findall(r"<h(\d)", alone) == ["2", "3"]


def test_the_contents_nest() -> None:
    contents = re.sub(r"<(/?)(ol|li)[^>]*>|<[^>]*>", r"\1\2 ", render_outline(Context(ASSEMBLY)))
    words = contents.replace("Section ", "").replace("About ", "*").split()
    deep, shown = 0, []
    for word in words:
        deep += {"ol": 1, "/ol": -1}.get(word, 0)
        if word not in ("ol", "/ol", "li", "/li"):
            shown.append(f"{deep}{word}")
    assert shown == ["1a", "2*a", "2b", "3*b", "3c", "4*c", "2d", "3*d", "1e", "2*e"]


def test_word_epub_and_pdf_have_the_same_levels() -> None:
    blocks = whole(ASSEMBLY, "docx")["blocks"]
    assert [block["c"][0] for block in blocks if block["t"] == "Header"][:10] == [1, 2, 2, 3, 3, 4, 2, 3, 1, 2]
    main = emit(ASSEMBLY).main
    assert re.findall(r"#section\(.*, (\d)\)", main) == ["1", "2", "3", "2", "1"]
    assert re.findall(r"#heading\(.*level: (\d)", main)[:5] == ["2", "3", "4", "3", "2"]


def test_a_flat_brief_is_as_it_was() -> None:
    flat = replace(publication(), sections=tuple(replace(each, depth=0) for each in publication().sections))
    page = render_outline(Context(assemble(flat, cite=False)))
    assert page.count("<ol") == 6
