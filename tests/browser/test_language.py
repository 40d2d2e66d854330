"""The language of a brief, as an author meets it: found and replaced, pasted, laid out, in other tongues."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from brief import steps
from brief.models import Section
from document import tree
from tests.browser.conftest import Visit
from tests.browser.test_writing import TEXT, opened, saved, stored
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
