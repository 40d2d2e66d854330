"""Sources in the writing room: pasted, cited, given a page, all by keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from brief import actions, texts
from brief.models import Source
from document import tree
from tests.browser.conftest import Looks, Visit
from tests.browser.test_writing import stored
from tests.cast import Cast

TEXT = ".ProseMirror"
PASTED = """@report{ito2024, title = {Fees and corridors}, author = {Ito, Ken}, year = 2024,
  url = {https://fees.example/a%20b#:~:text=paid%20twice}}
@book{broken, title = {Debts}, year = }"""


def saved(page: Page) -> None:
    expect(page.locator(".save-state[data-state=saved]")).to_be_visible()


def test_a_source_is_pasted_cited_and_given_its_page_without_leaving_the_text(
    visit: Visit, cast: Cast, looks: Looks
) -> None:
    actions.add_source(actor=cast.lead, brief=cast.brief, csl={"type": "report", "title": "Roads", "id": "x"})
    section = cast.section
    page = visit(cast.lead, f"/write/{section.brief_id}/sections/{section.pk}/")
    saved(page)

    # Nothing by that name: the list offers to add one, and the panel opens at the field.
    page.locator(TEXT).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" See @ito")
    option = page.get_by_role("option", name="Add a source…")
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    field = page.get_by_label("Paste BibTeX, RIS, CSL-JSON or an address")
    expect(field).to_be_focused()
    field.fill(PASTED)
    page.get_by_role("button", name="See what was understood").press("Enter")
    expect(page.get_by_text("This entry cannot be read")).to_be_visible()
    looks(page, "the panel of sources with a paste")
    page.get_by_role("button", name="Add and cite here").press("Enter")
    expect(page.locator(f"{TEXT} [data-citation]").last).to_have_attribute("data-label", "(Ito 2024)")
    made = Source.objects.get(key="ito2024")
    assert (made.url, made.text_directive) == ("https://fees.example/a%20b", "text=paid%20twice")

    # Back onto the citation, Enter, and the page is asked for; Enter again is done.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Page or part")).to_be_focused()
    page.keyboard.type("p. 12")
    page.keyboard.press("Enter")
    expect(page.locator(f"{TEXT} [data-citation]").last).to_have_attribute("data-label", "(Ito 2024, p. 12)")

    # Once more with its page at once.
    page.keyboard.press("Control+End")
    page.keyboard.type(" and @corridors, pp. 3-4")
    expect(page.get_by_role("option", name="Ito 2024, pp. 3-4")).to_be_visible()
    page.keyboard.press("Enter")
    saved(page)
    section.refresh_from_db()
    nodes = [node for node in tree.walk(texts.document(section)) if node["type"] == "citation"]
    places = [(item["source"], item["locator"]) for node in nodes for item in tree.attr(node, "items")]
    assert places[-2:] == [("ito2024", "p. 12"), ("ito2024", "pp. 3-4")]


def test_the_pages_of_sources_and_purpose_can_be_read_by_all(
    visit: Visit, cast: Cast, axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    beside = {"interest": "Sells it", "unpublished": True, "reliability": "low", "distance": "secondary"}
    csl = {"type": "report", "title": "Roads", "URL": "https://roads.example/a/very/long/" + "address" * 20}
    source = actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl, **beside)
    batch = actions.paste_sources(actor=cast.lead, brief=cast.brief, text=f"{PASTED}\n@misc{{a, title = {{Roads}}}}")
    root = f"/write/{cast.brief.pk}/"
    page = visit(cast.lead, f"{root}sources/", width=320)
    pasted, own = f"sources/pasted/{batch.pk}/", f"sources/{source.pk}/"
    assert cast.stakeholder
    for rest in ("sources/", own, pasted, "sources/style/?style=ieee&q=nature", "", "scope/", "stakeholders/", "edit/"):
        page.goto(root + rest)
        fits(page)
        axe(page)


def test_enter_on_a_slow_line_cites_what_was_typed_not_what_was_found_before(visit: Visit, cast: Cast) -> None:
    for title, who in (("Aardvarks", "Abbot"), ("Roads", "Ito")):
        csl = {"type": "report", "title": title, "author": [{"literal": who}], "issued": {"date-parts": [[2024]]}}
        actions.add_source(actor=cast.lead, brief=cast.brief, csl=csl)
    section = cast.section
    page = visit(cast.lead, f"/write/{section.brief_id}/sections/{section.pk}/")
    saved(page)
    page.locator(TEXT).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" See @")
    expect(page.locator(".suggest-list [role=option]").first).to_contain_text("Abbot")

    def late(route: Route) -> None:
        time.sleep(0.4)
        route.continue_()

    page.route("**/sources*q=ito*", late)
    page.keyboard.type("ito")
    page.keyboard.press("Enter")
    page.keyboard.type(" and more.")
    expect(page.locator(f"{TEXT} [data-citation]").last).to_have_attribute("data-label", "(Ito 2024)")
    saved(page)
    assert tree.text(stored(section)).endswith("See  and more.")
    page.keyboard.type(" And so on.")
    saved(page)
    page.keyboard.press("Control+Alt+c")
    expect(page.locator("dialog[open] [role=option]").first).to_contain_text("Abbot")
    page.keyboard.type("ito")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] legend")).to_have_text("Ito 2024")
    assert "and more. And so on." in tree.text(stored(section))
