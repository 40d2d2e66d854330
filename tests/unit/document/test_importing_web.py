"""HTML drafts: the text of a page with its structure, without what stands around it."""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image

from document import importing, tree
from document.engine import engine
from document.importing import Imported
from tests.factories.publication import picture

PAGE = """<!doctype html><html lang="en"><head><title>Fees and debts</title><script>alert(1)</script></head><body>
<nav><a href="/">Home</a></nav><main><h1>Fees</h1>
<p>Recruiters <b>charge</b> <a href="https://example.org/a?b=1#:~:text=x">fees</a> and <span lang="fr">frais</span>.
<a href="javascript:alert(1)">bad</a></p>
<ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul>
<table><caption>Shares</caption><tr><th>A</th><th>B</th></tr><tr><td colspan="2">both</td></tr>
<tr><td rowspan="2">r</td><td>1</td></tr><tr><td>2</td></tr></table>
<img src="https://x.example/a.png" alt="A map"><h1>Debts</h1><p>Debts grow on arrival.</p>
<p>Subscribe to our newsletter</p></main><footer>Follow us</footer></body></html>"""


def imported(page: str | bytes = PAGE, name: str = "page.html") -> Imported:
    data = page.encode() if isinstance(page, str) else page
    made = importing.read(data, name, "web").assembled()
    for section in made.sections:
        engine().check(json.dumps(section["doc"]))
    return made


def codes(made: Imported) -> set[str]:
    return {finding.code for finding in made.report.findings}


def test_structure_is_kept() -> None:
    made = imported()
    assert [section["title"] for section in made.sections] == ["Fees", "Debts"]
    kinds = [node["type"] for node in tree.blocks(made.sections[0]["doc"])]
    assert {"bullet_list", "ordered_list", "table", "table_header"} <= set(kinds)
    spans = [node["attrs"] for node in tree.blocks(made.sections[0]["doc"]) if node["type"] == "table_cell"]
    assert [(each["colspan"], each["rowspan"]) for each in spans] == [(2, 1), (1, 2), (1, 1), (1, 1)]
    marks = {mark["type"] for node in tree.walk(made.sections[0]["doc"]) for mark in node.get("marks") or []}
    assert {"strong", "link", "language"} <= marks


def test_what_is_around_the_text_is_left_out_and_said() -> None:
    made = imported()
    shown = " ".join(tree.text(section["doc"]) for section in made.sections)
    assert "alert" not in shown and "Home" not in shown and "Follow us" not in shown
    assert {"page-parts", "link", "remote-picture", "tail-line"} <= codes(made)
    assert "Subscribe" in shown, "what reads like promotion is pointed out, not taken away"


def test_a_link_that_runs_code_is_only_its_words() -> None:
    made = imported()
    assert "javascript" not in json.dumps([section["doc"] for section in made.sections])
    assert "bad" in tree.text(made.sections[0]["doc"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_page_says_how_it_is_written(encoding: str) -> None:
    said = f'<meta charset="{encoding}">' if encoding == "windows-1252" else ""
    page = f"<html><head>{said}</head><body><h1>Café</h1><p>Déjà vu in Zürich.</p></body></html>"
    assert "Zürich" in tree.text(imported(page.encode(encoding), "a.htm").sections[0]["doc"])


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<div>" * 200 + "x", "depth"),
        ("<p>\xff\xfe</p>".encode("latin-1"), "encoding"),
        ("<" * 100_000, "signs"),
        ("", "empty"),
        ("<p></p>", "no-text"),
    ],
)
def test_what_cannot_be_read_is_refused(page: str | bytes, code: str) -> None:
    with pytest.raises(importing.Refused) as caught:
        imported(page)
    assert caught.value.code == code


def test_paragraphs_and_items_may_be_left_open() -> None:
    page = "<h1>Fees</h1>" + "<p>Recruiters charge fees. " * 300 + "<ul>" + "<li>one " * 200 + "</ul>"
    assert len(tree.children(imported(page).sections[0]["doc"])) == 301


def test_pictures_in_the_page_itself_are_taken() -> None:
    content = base64.b64encode(picture()).decode()
    page = (
        f'<h1>Maps</h1><figure><img alt="A field" src="data:image/png;base64,{content}"><figcaption>Red</figcaption>'
        '</figure><p>Broken <img src="data:image/png;base64,AAAA" alt="x"> here.</p>'
    )
    reading = importing.read(page.encode(), "maps.html", "web")
    made = reading.assembled()
    figure = next(node for node in tree.walk(made.sections[0]["doc"]) if node["type"] == "figure")
    assert figure["attrs"]["alt"] == "A field" and tree.text(figure) == "Red"
    path = made.figures[figure["attrs"]["asset"]]
    assert importing.pictures(page.encode(), "maps.html")(path) == picture()
    assert len(reading.to_text()) < 10_000
    assert [f.values["name"] for f in made.report.findings if f.code == "picture"] == ["picture-in-the-page-1"]
    assert made.report.kept["figures"] == 1 and made.report.found["figures"] == 2


def drawn(width: int, height: int) -> str:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


MARKDOWN = """# Maps

Words.

![A field]({field})

![]({pixel})

![broken][one]

[one]: data:image/png;base64,AAAA
"""


@pytest.mark.parametrize("name", ["maps.md", "maps.html"])
def test_a_pixel_is_told_as_one_and_what_is_broken_as_unreadable(name: str) -> None:
    text = MARKDOWN.format(field=drawn(4, 3), pixel=drawn(1, 1))
    if name.endswith("html"):
        images = "".join(f'<p><img src="{each}" alt=""></p>' for each in (drawn(4, 3), drawn(1, 1), drawn(1, 1)[:40]))
        text = f"<h1>Maps</h1><p>Words.</p>{images}"
    made = importing.read(text.encode(), name, "web").assembled()
    said = [each.sentence() for each in made.report.findings if each.heading == "left_out"]
    assert said == [
        "A picture of a single pixel, which shows nothing: web pages have them to count their readers "
        "(picture-in-the-page-1)",
        "A picture that could not be read: picture-in-the-page-2",
    ]
    (path,) = made.figures.values()
    assert importing.pictures(text.encode(), name)(path).startswith(b"\x89PNG")


def test_markdown_about_pictures_keeps_its_words() -> None:
    said = "An address begins with data:image/png;base64,AAAA there."
    assert said in tree.text(imported(f"# Maps\n\n{said}", "maps.md").sections[0]["doc"])


def test_what_a_title_cannot_hold_is_told() -> None:
    page = (
        '<html lang="en"><h1>The <span lang="fr">traite</span> of <a href="https://a.example/b">all</a></h1><p>Words.'
        "</p><h1><b>Loud</b></h1><p>Words.</p><h1><i>Persona</i> again</h1><p>Words.</p></html>"
    )
    made = imported(page)
    told = {each.code: (each.section, each.sentence()) for each in made.report.findings}
    assert told == {
        "title-language": (
            "The traite of all",
            "The mark of a language on words of a title, which is plain words (fr): “The traite of all”",
        ),
        "title-link": ("The traite of all", "A link in a title; its words are kept: https://a.example/b"),
        "title-form": ("Persona again", "Bold, italics or raised words inside a title: “Persona again”"),
    }


def test_a_quotation_stays_one() -> None:
    made = imported("<h1>Fees</h1><p>She said:</p><blockquote><p>They took all.</p><p>And more.</p></blockquote>")
    quotation = next(node for node in tree.walk(made.sections[0]["doc"]) if node["type"] == "block_quote")
    assert tree.text(quotation) == "They took all.\nAnd more."
    made = imported("# Fees\n\nShe said:\n\n> They took all.\n", "fees.md")
    assert any(node["type"] == "block_quote" for node in tree.walk(made.sections[0]["doc"]))


def test_what_is_struck_through_is_pointed_out() -> None:
    made = imported("<h1>Fees</h1><p>Fees are <del>sometimes</del> often high, <s> </s>people say.</p>")
    assert [(f.code, f.excerpt) for f in made.report.under("pointed_out")] == [("struck", "sometimes")]


def test_lines_about_a_markdown_file_are_no_text() -> None:
    text = '---\ntitle: "On fees"\ndate: 2026-01-02\n---\n\n# Fees\n\nThey are high.\n'
    made = imported(text, "fees.md")
    assert made.title == "On fees" and [section["title"] for section in made.sections] == ["Fees"]
    assert "front-matter" in codes(made) and tree.text(made.sections[0]["doc"]) == "They are high."
    ruled = imported("---\n\nOnly a line.\n\n---\n\n# Fees\n\nThey are high.\n", "fees.md")
    assert "Only a line." in " ".join(tree.text(section["doc"]) for section in ruled.sections)


def spoken(page: str) -> list[tuple[str, str, str]]:
    """(words, language, direction) of all that is marked."""
    return [
        (node["text"], mark["attrs"]["lang"], mark["attrs"]["dir"])
        for section in imported(page).sections
        for node in tree.walk(section["doc"])
        for mark in node.get("marks") or []
        if mark["type"] == "language"
    ]


def test_the_language_of_a_paragraph_is_on_its_words() -> None:
    page = """<html lang="en"><body><h1>Fees</h1><p lang="fr">Les <b>frais</b> sont <span lang="en">very</span>
    hauts.</p><p lang="en">English as the page.</p><div lang="ar"><p>رسوم</p><ul><li>دين</li></ul></div>
    <p>He said <em lang="de">gar nichts</em>, <span lang="he">כלום</span>.</p><p lang="not a tag">Plain.</p></body>"""
    assert spoken(page) == [
        *(("Les ", "fr", "ltr"), ("frais", "fr", "ltr"), (" sont ", "fr", "ltr"), ("very", "en", "ltr")),
        (" hauts.", "fr", "ltr"),
        *(("رسوم", "ar", "rtl"), ("دين", "ar", "rtl")),
        *(("gar nichts", "de", "ltr"), ("כלום", "he", "rtl")),
    ]


def test_words_and_blocks_beside_each_other_keep_their_order_and_language() -> None:
    page = """<html lang="en"><h1>Fees</h1><div lang="fr">Avant <i>tout</i><p>un</p>entre<p lang="es">dos</p> fin</div>
    <table><tr lang="pt"><td>a</td><td>b</td></tr></table>"""
    assert [(words.strip(), tag) for words, tag, _dir in spoken(page)] == [
        *(("Avant", "fr"), ("tout", "fr"), ("un", "fr"), ("entre", "fr"), ("dos", "es"), ("fin", "fr")),
        *(("a", "pt"), ("b", "pt")),
    ]


def test_a_section_in_one_language_says_so_itself() -> None:
    page = """<html lang="en"><h1>Fees</h1><p>They are high.</p>
    <section lang="ar"><h1>رسوم</h1><p>دين <b>ثقيل</b></p><ul><li>عمل</li></ul></section>
    <section lang="fr"><h1>Frais</h1><p>Tout est <span lang="en">said</span>.</p></section>
    <h1>Debts</h1><p lang="es">Deudas.</p></html>"""
    made = imported(page)
    assert [section["language"] for section in made.sections] == ["", "ar", "", ""]
    assert [(words, tag) for words, tag, _dir in spoken(page)] == [
        *(("Tout est ", "fr"), ("said", "en"), (".", "fr"), ("Deudas.", "es")),
    ]
    told = [(each.section, each.values["languages"]) for each in made.report.findings if each.code == "title-language"]
    assert told == [("Frais", "fr")]


def test_a_page_in_one_language_has_no_marks() -> None:
    assert spoken('<html lang="fr-CA"><body lang="fr-ca"><h1>Frais</h1><p lang="fr-CA">Tout est dit.</p></body>') == []
    unsaid = '<h1 lang="fr">Frais</h1><p lang="fr">Tout est dit depuis longtemps.</p><p lang="en">Is it?</p>'
    assert spoken(unsaid) == [("Is it?", "en", "ltr")]
