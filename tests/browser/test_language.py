"""The language of a brief, as an author meets it: found and replaced, pasted, laid out, in other tongues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from brief import actions, steps
from brief.models import Section
from document import tree
from tests.browser.conftest import Visit
from tests.browser.test_writing import TEXT, fill, kinds, new_paragraph, opened, press, saved, stored, submit
from tests.cast import Cast


def write(cast: Cast, section: Section, *paragraphs: str) -> None:
    doc = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs],
    }
    steps.edit(actor=cast.lead, section=section, edits=[{"op": "replace_document", "doc": doc}])


def words(section: Section) -> str:
    return tree.text(stored(section), footnotes=True)


def box(page: Page, what: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(what).evaluate("(element) => element.getBoundingClientRect().toJSON()")
    return found


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
    # The card stands beside the text, not on it.
    assert box(page, TEXT)["right"] <= box(page, ".find-card")["left"]
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
    # In one column it is above the text, and what was found is scrolled to below it.
    card.get_by_label("This section").check()
    card.get_by_label("Find", exact=True).press("Enter")
    assert box(page, ".find-card")["bottom"] <= box(page, ".find-match-now")["top"]
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
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path], axe: Callable[[Page], None]
) -> None:
    section = cast.sections[2]
    write(cast, section, "Here:")
    page = opened(visit, cast.lead, section)
    new_paragraph(page)
    page.evaluate(PASTE, [WORD, "Fees"])
    left = page.locator(".left-out")
    expect(left.get_by_role("paragraph")).to_have_text(
        "1 picture was left out. To bring it in, save it on your device and insert it as a figure."
    )
    axe(page)
    shot(page, "pasted")
    left.get_by_role("button", name="Insert a figure").click()
    expect(left).to_have_count(0)
    expect(page.get_by_role("dialog", name="Figure")).to_be_visible()
    page.keyboard.press("Escape")
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


def test_a_section_is_written_from_the_keyboard_in_its_own_language(
    visit: Visit,
    cast: Cast,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    shot: Callable[[Page, str], Path],
) -> None:
    first, section = cast.sections[0], cast.sections[2]
    actions.edit_section(actor=cast.lead, section=section, language="ar")
    write(cast, section, "مقدمة")
    page = opened(visit, cast.lead, section)
    text = page.locator(TEXT)
    expect(text).to_have_attribute("lang", "ar")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).to_have_attribute("spellcheck", "true")
    new_paragraph(page)
    page.keyboard.type("/table")
    expect(page.get_by_role("listbox", name="Insert").get_by_role("option").first).to_contain_text("Table")
    page.keyboard.press("Enter")
    fill(page, Caption="Fees", Rows="1", Columns="2")
    submit(page)
    for word in ("a", "b", "c"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("**strong** and[^a note")
    page.keyboard.press("Enter")
    page.keyboard.type(" [[fees")
    page.get_by_role("listbox", name="Cross-reference").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" /recommendation leg")
    page.get_by_role("listbox", name="Insert").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("Kind")).to_have_value("legislation")
    fill(page, Addressed_to="participating States")
    submit(page)
    page.keyboard.type("Pass a law.")
    saved(page)
    doc = stored(section)
    assert {"table", "strong", "footnote", "cross_reference", "recommendation"} <= kinds(doc)
    rows = next(node for node in tree.walk(doc) if node["type"] == "table")["content"]
    assert [tree.text(row).split() for row in rows] == [["a", "b"], ["c"]]
    # Somebody writes a table in an earlier section: this one is the second now.
    expect(page.locator("[data-target]")).to_have_attribute("data-label", "Table 1")
    table = next(node for node in tree.children(doc) if node["type"] == "table")
    edits = [{"op": "insert_blocks", "after": None, "blocks": [fresh(table)]}]
    steps.edit(actor=cast.lead, section=first, edits=edits)
    expect(page.locator("[data-target]")).to_have_attribute("data-label", "Table 2", timeout=30_000)
    page.keyboard.press("Control+/")
    expect(dialog).to_contain_text("Your browser checks the spelling, in the language of the section (Arabic)")
    axe(page)
    page.set_viewport_size({"width": 360, "height": 780})
    fits(page)
    shot(page, "keyboard")
    dialog.get_by_role("button", name="Close").click()
    shot(page, "arabic")
    # Before the first word of its line, Latin or not: to its right, that is.
    gap = """() => { const line = document.querySelector(".ProseMirror [data-paragraph] strong").closest("p");
        const words = document.createRange(); words.selectNodeContents(line);
        return line.getBoundingClientRect().right - words.getBoundingClientRect().right; }"""
    assert page.evaluate(gap) > 8


def fresh(node: tree.Node) -> tree.Node:
    """The same again, with ids yet to be given."""
    copy = dict(node)
    if "attrs" in copy:
        copy["attrs"] = {**copy["attrs"], **({"id": ""} if "id" in copy["attrs"] else {})}
    if "content" in copy:
        copy["content"] = [fresh(each) for each in copy["content"]]
    return copy


def test_keys_typed_right_behind_a_click_reach_the_dialog_not_the_text(visit: Visit, cast: Cast) -> None:
    page = opened(visit, cast.lead, cast.section)
    page.locator(TEXT).focus()
    press(page, "Cross-reference")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    button = page.locator(".toolbar").get_by_role("button", name="Cross-reference", exact=True)
    # A typed key is a task of its own; what is open once this one has ended receives it.
    stands = """(button) => new Promise((done) => {
        const next = new MessageChannel();
        next.port1.onmessage = () => done(document.querySelector("dialog[open]") !== null);
        button.click();
        next.port2.postMessage(0);
    })"""
    assert button.evaluate(stands)


def test_the_search_opens_before_anything_has_the_cursor(visit: Visit, cast: Cast) -> None:
    page = opened(visit, cast.lead, cast.section)
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Control+f")
    expect(page.get_by_role("dialog", name="Find and replace").get_by_label("Find", exact=True)).to_be_focused()
