"""Writing together on bad lines, in real browsers: each mishap has an outcome, and none of them loses a word."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from brief import actions
from brief.models import Section, Step
from document import tree
from tests.browser.conftest import Visit
from tests.browser.test_writing import TEXT, address, at_end, opened, saved, state, stored
from tests.cast import Cast

KEPT = """async () => await new Promise((done) => { const asked = indexedDB.open("countersign-writing");
  asked.onsuccess = () => { const names = [...asked.result.objectStoreNames];
    if (!names.includes("records")) { asked.result.close(); return done(0); }
    const count = asked.result.transaction("records").objectStore("records").count();
    count.onsuccess = () => { asked.result.close(); done(count.result); }; }; })"""


def words(section: Section) -> str:
    return tree.text(stored(section))


def cut(page: Page) -> None:
    """No step gets through; the page itself can still be loaded."""
    page.route("**/steps*", lambda route: route.abort())


def paragraph(page: Page, index: int) -> None:
    page.locator(f"{TEXT} p").nth(index).click()


def closed_offline(page: Page, typed: str, index: int = 0) -> None:
    """Types without a line at the end of a paragraph, waits until the device has it, and closes the page."""
    cut(page)
    paragraph(page, index)
    page.keyboard.press("End")
    page.keyboard.type(typed)
    state(page, "offline")
    expect(page.locator(".save-text")).to_have_text(f"Offline, {len(typed)} changes kept on this device")
    page.close()


def test_who_comes_back_to_a_text_that_moved_is_shown_both_and_loses_nothing(
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path], axe: Callable[[Page], None]
) -> None:
    section = cast.section
    page = opened(visit, cast.lead, section)
    context = page.context
    closed_offline(page, " Written in the tunnel.")
    other = opened(visit, cast.partner, section)
    paragraph(other, 0)
    other.keyboard.press("Home")
    other.keyboard.type("Meanwhile: ")
    saved(other)
    back = context.new_page()
    back.goto("/desk/")
    expect(back.locator("[data-kept]")).to_contain_text(section.title)
    shot(back, "kept-on-the-desk")
    back.locator("[data-kept]").get_by_role("link").click()
    panel = back.locator(".kept-words")
    expect(panel).to_contain_text("Changed by you and by others")
    saved(back)
    assert "Meanwhile: " in words(section)
    assert words(section).count("Written in the tunnel.") == 1
    mine, theirs = panel.locator("blockquote").all_inner_texts()
    assert "tunnel" in mine
    assert "Meanwhile" not in mine
    assert "Meanwhile" in theirs
    axe(back)
    shot(back, "both-versions")
    # Until the person has seen to it, it is on the device.
    back.reload()
    panel = back.locator(".kept-words")
    panel.get_by_role("button", name="Use my version").click()
    saved(back)
    expect(back.locator(f"{TEXT} p").first).not_to_contain_text("Meanwhile")
    panel.get_by_role("button", name="I have compared them").click()
    expect(panel).to_have_count(0)
    back.reload()
    saved(back)
    expect(back.locator(".kept-words")).to_have_count(0)


def test_words_in_a_paragraph_that_was_deleted_meanwhile_are_handed_back(visit: Visit, cast: Cast) -> None:
    section = cast.section
    lea, paz = opened(visit, cast.lead, section), opened(visit, cast.partner, section)
    lea.context.set_offline(True)
    paragraph(lea, 0)
    lea.keyboard.press("End")
    lea.keyboard.type(" Mine alone.")
    state(lea, "offline")
    paz.locator(TEXT).focus()
    paz.keyboard.press("Control+a")
    paz.keyboard.type("All anew.")
    saved(paz)
    lea.context.set_offline(False)
    panel = lea.locator(".kept-words")
    expect(panel).to_contain_text("Somebody deleted the place in which you were writing.", timeout=20_000)
    assert "Mine alone." in panel.locator("textarea").input_value()
    panel.get_by_role("button", name="Insert where the cursor is").click()
    saved(lea)
    assert "Mine alone." in words(section)
    assert "All anew." in words(section)


def test_two_tabs_closed_offline_both_give_their_words_back(visit: Visit, cast: Cast) -> None:
    section = cast.section
    first = opened(visit, cast.lead, section)
    context = first.context
    second = context.new_page()
    second.goto(address(section))
    saved(second)
    closed_offline(first, " From the first tab.")
    closed_offline(second, " From the second tab.", index=1)
    page = context.new_page()
    page.goto(address(section))
    expect(page.locator(TEXT)).to_contain_text("From the first tab.")
    expect(page.locator(TEXT)).to_contain_text("From the second tab.")
    saved(page)
    page.wait_for_function(f"({KEPT})().then((count) => count === 0)")
    text = words(section)
    assert text.count("From the first tab.") == text.count("From the second tab.") == 1


def slow(page: Page, luck: random.Random) -> list[str]:
    """200 ms each way, and one of five requests gets lost: before the server, or behind it."""
    lost: list[str] = []

    def pass_on(route: Route) -> None:
        page.wait_for_timeout(200)
        chance = luck.random()
        if chance < 0.1:
            lost.append("before")
            return route.abort()
        answer = route.fetch()
        if chance < 0.2:
            lost.append("behind")
            return route.abort()
        return route.fulfill(response=answer)

    page.route("**/steps*", pass_on)
    return lost


def test_two_write_at_once_on_a_slow_line_that_loses_a_fifth(visit: Visit, cast: Cast) -> None:
    section = cast.section
    lea, paz = opened(visit, cast.lead, section), opened(visit, cast.partner, section)
    lost = slow(lea, random.Random(4)), slow(paz, random.Random(5))
    for page, key in ((lea, "Control+Home"), (paz, "Control+End")):
        page.locator(TEXT).focus()
        page.keyboard.press(key)
    for index in range(12):
        lea.keyboard.type(f"n{index} ")
        paz.keyboard.type(f" s{index}")
    for page in (lea, paz):
        expect(page.locator(".save-state[data-state=saved]")).to_be_visible(timeout=30_000)
    expect(lea.locator(TEXT)).to_contain_text("s11", timeout=15_000)
    text = words(section)
    assert text.startswith("".join(f"n{index} " for index in range(12)))
    assert text.endswith("".join(f" s{index}" for index in range(12)))
    assert lost[0] + lost[1], "no request was lost: this proves nothing"


def test_a_laptop_that_slept_wakes_with_its_words_and_those_of_the_others(visit: Visit, cast: Cast) -> None:
    section = cast.section
    lea, paz = opened(visit, cast.lead, section), opened(visit, cast.partner, section)
    lea.context.set_offline(True)
    at_end(lea)
    lea.keyboard.type(" Before the lid closed.")
    state(lea, "offline")
    lid = lea.context.new_cdp_session(lea)
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    paz.locator(TEXT).focus()
    paz.keyboard.press("Control+Home")
    paz.keyboard.type("While it slept: ")
    saved(paz)
    lid.send("Page.setWebLifecycleState", {"state": "active"})
    lea.context.set_offline(False)
    saved(lea)
    expect(lea.locator(TEXT)).to_contain_text("While it slept: ")
    assert words(section).startswith("While it slept: ")
    assert words(section).endswith(" Before the lid closed.")


def test_what_one_person_typed_is_never_saved_as_anothers(visit: Visit, cast: Cast, live: str) -> None:
    section = cast.section
    page = opened(visit, cast.lead, section)
    cookie = next(each for each in page.context.cookies() if each["value"] and "csrf" not in each["name"].lower())

    def signed_in(person: User) -> None:
        page.context.add_cookies([{"name": cookie["name"], "value": cast.session(person), "url": live}])

    before = Step.objects.filter(section=section).count()
    signed_in(cast.partner)
    at_end(page)
    page.keyboard.type(" Of Lea's hand.")
    state(page, "signed-out")
    expect(page.locator(".save-text")).to_contain_text("Somebody else has signed in")
    assert Step.objects.filter(section=section).count() == before
    signed_in(cast.lead)
    expect(page.locator(".save-state[data-state=saved]")).to_be_visible(timeout=20_000)
    assert " Of Lea's hand." in words(section)
    assert set(Step.objects.filter(section=section).values_list("author", flat=True)) <= {cast.lead.pk, None}


def test_a_section_that_is_removed_under_ones_hands_gives_the_words_back(visit: Visit, cast: Cast) -> None:
    section = cast.sections[1]
    page = opened(visit, cast.lead, section)
    page.context.set_offline(True)
    at_end(page)
    page.keyboard.insert_text(" Too late?")
    state(page, "offline")
    actions.remove_section(actor=cast.partner, section=section)
    page.context.set_offline(False)
    state(page, "gone")
    expect(page.locator(".save-text")).to_have_text("This section has been removed.")
    expect(page.locator(".kept-words textarea")).to_have_value(re.compile(r"Too late\?"))
    expect(page.locator(TEXT)).to_have_attribute("contenteditable", "false")
    page.goto("/desk/")
    expect(page.locator("[data-kept]")).to_contain_text(section.title)


def test_signing_out_asks_before_it_deletes_words_and_a_shared_device_keeps_none(
    visit: Visit, cast: Cast, shot: Callable[[Page, str], Path]
) -> None:
    section = cast.section
    page = opened(visit, cast.lead, section)
    context = page.context
    closed_offline(page, " Only here.")
    page = context.new_page()
    page.goto("/desk/")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    dialog = page.locator("dialog#confirm")
    expect(dialog).to_contain_text("Signing out deletes them.")
    shot(page, "sign-out-asks")
    dialog.get_by_role("button", name="Cancel").click()
    assert page.evaluate(KEPT) == 1
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    assert page.evaluate(KEPT) == 0


def test_a_shared_device_keeps_nothing_and_says_so(visit: Visit, cast: Cast) -> None:
    page = visit(cast.lead)
    session = cast.client(cast.lead).session
    name = next(each["name"] for each in page.context.cookies() if "csrf" not in each["name"].lower())
    store: Any = type(session)(next(each["value"] for each in page.context.cookies() if each["name"] == name))
    store["shared_device"] = True
    store.save()
    page.goto(address(cast.section))
    saved(page)
    page.context.set_offline(True)
    at_end(page)
    page.keyboard.type(" Not on this device.")
    state(page, "offline")
    expect(page.locator(".save-text")).to_contain_text("keep this page open")
    page.wait_for_timeout(500)
    assert page.evaluate(KEPT) == 0


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_colleagues_name_hides_words_for_a_moment_only_and_never_the_line_one_writes(
    visit: Visit, cast: Cast
) -> None:
    lea, paz = opened(visit, cast.lead, cast.section), opened(visit, cast.partner, cast.section)
    at_end(lea)
    lea.keyboard.press("Enter")
    lea.keyboard.type("A line of her own.")
    saved(lea)
    expect(paz.locator(TEXT)).to_contain_text("A line of her own.")
    paz.locator(TEXT).focus()
    paz.keyboard.press("Control+End")
    paz.keyboard.press("ArrowUp")
    lea.keyboard.press("Home")
    caret, name = paz.locator(".their-caret"), paz.locator(".their-caret > span")
    expect(name).to_be_visible()
    expect(name).to_have_text(cast.lead.name)
    expect(name).to_be_hidden()
    # What is typed before it moves it along, and tells nothing new.
    paz.keyboard.type("x")
    expect(lea.locator(TEXT)).to_contain_text("x")
    expect(name).to_be_hidden()
    at = caret.bounding_box()
    assert at is not None
    paz.mouse.move(at["x"] + 4, at["y"] + at["height"] / 2)
    expect(name).to_be_visible()
    over = name.bounding_box()
    own = paz.evaluate("() => getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert over is not None
    assert over["y"] >= own["bottom"] or over["y"] + over["height"] <= own["top"]
    paz.mouse.move(2, 2)
    expect(name).to_be_hidden()
