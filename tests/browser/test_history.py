"""History in the browser: the panel beside the text, the timeline, a comparison both ways, a paragraph brought back."""

from __future__ import annotations

from playwright.sync_api import expect

from brief import actions, steps, texts
from brief.states import OrderDraft
from tests.browser.conftest import Looks, Visit
from tests.cast import Cast


def changed(cast: Cast) -> None:
    """A version, and since: words, a heading's level, an alternative text, a list moved, a paragraph new."""
    assert cast.version
    first, second, third = cast.sections
    words = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents and brokers"}
    steps.edit(actor=cast.lead, section=first, edits=[words])
    new = {"type": "paragraph", "attrs": {"id": ""}, "content": [{"type": "text", "text": "Some never arrive at all."}]}
    added = [{"op": "insert_blocks", "after": "recruit00002", "blocks": [new]}]
    steps.edit(actor=cast.colleague, section=first, edits=added)
    doc = texts.document(second)
    doc["content"][0]["attrs"]["level"] = 2
    doc["content"].insert(0, doc["content"].pop())
    steps.edit(actor=cast.partner, section=second, edits=[{"op": "become", "doc": doc}])
    doc = texts.document(third)
    doc["content"][1]["attrs"]["alt"] = "Bars: fees in three countries, the highest in the third"
    steps.edit(actor=cast.lead, section=third, edits=[{"op": "become", "doc": doc}])
    actions.edit_section(actor=cast.lead, section=first, title="Recruitment abroad")
    actions.freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.SECOND, name="After the workshop")


def test_the_past_is_found_compared_and_brought_back(visit: Visit, cast: Cast, looks: Looks) -> None:
    changed(cast)
    section = cast.section
    page = visit(cast.lead, f"/write/{cast.brief.pk}/sections/{section.pk}/")
    page.get_by_role("tab", name="History").click()
    panel = page.get_by_role("tabpanel", name="History")
    expect(panel.get_by_text(str(cast.colleague)).first).to_be_visible()
    looks(page, "history-panel")
    page.set_viewport_size({"width": 1280, "height": 900})
    panel.get_by_role("link", name="On a page of its own").click()
    expect(page.get_by_text("After the workshop")).to_be_visible()
    looks(page, "history-section")
    page.goto(f"/write/{cast.brief.pk}/compare/?from=v1&to=v2")
    expect(page.get_by_text("Moved here").first).to_be_visible()
    expect(page.get_by_text("Heading level: 1 → 2")).to_be_visible()
    looks(page, "compare-inline")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Side by side").click()
    expect(page.get_by_role("link", name="As one text")).to_be_visible()
    looks(page, "compare-side")
    page.goto(f"/write/{cast.brief.pk}/history/{section.pk}/words/")
    looks(page, "history-words")
    page.goto(f"/write/{cast.brief.pk}/history/{section.pk}/0/")
    page.get_by_text("Changed since").click()
    looks(page, "history-moment")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Bring back in place of today's").click()
    expect(page.get_by_text("It is back.")).to_be_visible()
    page.get_by_role("button", name="Bring back the text of before").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("dialog").get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("It is back.")).to_be_visible()
    section.refresh_from_db()
    assert texts.document(section)["content"][0]["content"][0]["text"].startswith("Agents and brokers")
    page.goto(f"/write/{cast.brief.pk}/history/")
    looks(page, "history-brief")
