"""Step 4 of the story: authors of two organisations write one section at once, and cite while they write."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from brief import actions, texts
from document import tree
from tests.browser.conftest import Visit
from tests.browser.story import Look
from tests.cast import Cast

TEXT = ".ProseMirror"


def saved(page: Page) -> None:
    expect(page.locator(".save-state[data-state=saved]")).to_be_visible()


def at_end(page: Page) -> None:
    page.locator(TEXT).focus()
    page.keyboard.press("Control+End")


def test_two_organisations_write_one_section(visit: Visit, cast: Cast, axe: Look) -> None:
    section = cast.section
    csl = {"type": "report", "title": "Fees at Sea", "author": [{"literal": "Harbour Watch"}]}
    actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl, key="harbour")
    north = visit(cast.lead, f"/write/{cast.brief.pk}/sections/{section.pk}/")
    south = visit(cast.partner, f"/write/{cast.brief.pk}/sections/{section.pk}/")
    for page in (north, south):
        saved(page)
        at_end(page)
    north.keyboard.type(" Written in the north")
    expect(south.locator(TEXT)).to_contain_text("Written in the north")
    south.keyboard.press("Control+End")
    south.keyboard.press("Enter")
    south.keyboard.type("A new paragraph from the south.")
    expect(north.locator(TEXT)).to_contain_text("A new paragraph from the south.")
    for page in (north, south):
        saved(page)
        expect(page.locator(".person")).to_have_count(1)
    section.refresh_from_db()
    assert "A new paragraph from the south." in tree.text(texts.document(section))
    authors = set(section.steps.values_list("author__email", flat=True))
    assert authors == {cast.lead.email, cast.partner.email}
    axe(north)


def test_a_source_is_cited_by_typing_its_name(visit: Visit, cast: Cast) -> None:
    csl = {"type": "report", "title": "Fees at Sea", "author": [{"literal": "Harbour Watch"}]}
    actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl, key="harbour")
    page = visit(cast.lead, f"/write/{cast.brief.pk}/sections/{cast.section.pk}/")
    saved(page)
    at_end(page)
    page.keyboard.type(" @fees")
    expect(page.locator(".suggest-list [role=option]").first).to_contain_text("Fees at Sea")
    page.keyboard.press("Enter")
    expect(page.locator(f"{TEXT} [data-citation], {TEXT} .citation").first).to_be_visible()
    saved(page)
    cast.section.refresh_from_db()
    cited = [node for node in tree.walk(texts.document(cast.section)) if node["type"] == "citation"]
    assert cited[0]["attrs"]["items"][0]["source"] == "harbour"
