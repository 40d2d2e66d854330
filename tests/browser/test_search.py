"""Searching the library in a browser: with and without scripts, at both widths, in both schemes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from release.models import Passage
from release.search import index
from tests.browser.conftest import Looks, Visit
from tests.cast import Cast
from tests.factories.releases import listed

Check = Callable[[Page], None]
Shot = Callable[[Page, str], object]

TEXT = (
    "Recruiters who work for others charge fees before departure and again on arrival, and what they lend grows with "
    "every month. Where a register names every recruiter, fewer fees are charged, and those that are can be claimed "
    "back. Inspectors who speak the language of workers find more, and find it earlier. "
)


@pytest.fixture
def library(cast: Cast) -> None:
    """Two briefs with a dozen sections that speak of fees."""
    for title, minutes in (("Safe passage for seasonal workers", 5), ("Fees, debts and what they cost", 90)):
        release = listed(title, minutes_ago=minutes)
        rows = [index.passage(release=release, configuration="english", order=0, title=title, body=TEXT[:160])]
        for number, name in enumerate(("Recruitment", "Journeys", "Arrival", "Debts", "Registers", "Answers"), start=1):
            place = f"#section-{number}"
            rows.append(
                index.passage(
                    release=release, configuration="english", order=number, title=name, body=TEXT * number, place=place
                )
            )
        Passage.objects.bulk_create(rows)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_asks_and_pages_through(visit: Visit, library: None, javascript: bool) -> None:
    page = visit(None, "/search/", javascript=javascript)
    page.get_by_label("Search the briefs").fill("recruiter fees")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("14 passages found")
    expect(page.locator(".results > li")).to_have_count(10)
    expect(page.locator(".results mark").first).to_be_visible()
    expect(page.get_by_label("Search the briefs")).to_have_value("recruiter fees")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".results > li")).to_have_count(4)
    page.get_by_label("Search the briefs").fill("nothing-of-the-kind")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nothing is found for “nothing-of-the-kind”")


def test_it_looks_right(visit: Visit, library: None, looks: Looks) -> None:
    page = visit(None)
    for question, name in (("", "form"), ("?q=recruiter+fees", "hits"), ("?q=" + "x" * 150, "nothing")):
        page.goto(f"/search/{question}")
        looks(page, f"search-{name}")
