"""The language of a brief, as an author meets it: found and replaced, pasted, laid out, in other tongues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from brief import steps
from brief.models import Section
from document import tree
from tests.browser.conftest import Visit
from tests.browser.test_writing import TEXT, kinds, new_paragraph, opened, saved, stored
from tests.cast import Cast


def write(cast: Cast, section: Section, *paragraphs: str) -> None:
    doc = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs],
    }
    steps.edit(actor=cast.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])


def words(section: Section) -> str:
    return tree.text(stored(section), footnotes=True)


def test_words_are_found_and_replaced_here_and_in_the_whole_brief_and_put_back(
    visit: Visit,
    cast: Cast,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    shot: Callable[[Page, str], Path],
) -> None:
    first, second, third = cast.sections[:3]
    write(cast, first, "A broker met a broker.", "No one else did.")
    write(cast, second, "Brokers are many; one broker is enough.")
    write(cast, third, "Nothing to see.")
    page = opened(visit, cast.lead, first)
    page.locator(TEXT).focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+f")
    card = page.get_by_role("dialog", name="Find and replace")
    card.get_by_label("Find", exact=True).fill("broker")
    expect(card.get_by_role("status")).to_have_text("1 of 2")
    card.get_by_label("Find", exact=True).press("Enter")
    expect(card.get_by_role("status")).to_have_text("2 of 2")
    expect(page.locator(".find-match-now")).to_have_count(1)
    card.get_by_label("Replace with").fill("agent")
    card.get_by_role("button", name="Replace", exact=True).click()
    expect(page.locator(TEXT)).to_contain_text("A broker met a agent.")
    axe(page)
    shot(page, "find-here")
    card.get_by_label("The whole brief").check()
    expect(card.get_by_role("status")).to_have_text("3 places in 2 sections")
    shot(page, "find-everywhere")
    card.get_by_role("button", name="Replace 3 places in the chosen sections").click()
    expect(card.get_by_role("status")).to_have_text("3 places replaced.")
    expect(page.locator(TEXT)).to_contain_text("A agent met a agent.")
    assert words(second) == "agents are many; one agent is enough."
    card.get_by_role("button", name="Undo replacing").click()
    expect(card.get_by_role("status")).to_have_text("3 places are as they were.")
    assert words(second) == "Brokers are many; one broker is enough."
    page.set_viewport_size({"width": 360, "height": 780})
    fits(page)
    shot(page, "find-everywhere")
    card.get_by_label("Find", exact=True).press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(page.locator(TEXT)).to_contain_text("A broker met a broker.")
    saved(page)


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=EN-GB><!--StartFragment-->
<h2><span lang=EN-GB>Fees<o:p></o:p></span></h2>
<p class=MsoNormal>Workers pay.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span>[1]</span></a>
 <span lang=FR>la traite</span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·  </span>twice</p>
<table><tr><td><b>State</b></td></tr><tr><td>A</td></tr></table><img src="file:///C:/a.png" width=90>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText>
<a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1">[1]</a> A source.</p></div></div>
<!--EndFragment--></body></html>"""
PASTE = """([html, text]) => { const data = new DataTransfer();
if (html) data.setData("text/html", html); data.setData("text/plain", text);
document.querySelector(".ProseMirror").dispatchEvent(
  new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""


def test_a_piece_of_word_keeps_its_structure_and_what_was_left_out_is_said(
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path]
) -> None:
    section = cast.sections[2]
    write(cast, section, "Here:")
    page = opened(visit, cast.lead, section)
    new_paragraph(page)
    page.evaluate(PASTE, [WORD, "Fees"])
    expect(page.locator(".room-said")).to_have_text("Pasted. Pictures left out: 1. Insert each as a figure.")
    shot(page, "pasted")
    saved(page)
    doc = stored(section)
    assert {"heading", "footnote", "bullet_list", "table", "table_header", "language"} <= kinds(doc)
    assert tree.text(doc, footnotes=True).startswith("Here:\nFees\nWorkers pay.A source. la traite\ntwice\nState\nA")
    page.keyboard.press("Control+z")
    expect(page.locator(f"{TEXT} table")).to_have_count(0)
    page.keyboard.type("see this")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.evaluate(PASTE, ["", "https://example.org/a#:~:text=fee"])
    expect(page.locator(f"{TEXT} a[href='https://example.org/a#:~:text=fee']")).to_have_text("this")
    saved(page)
