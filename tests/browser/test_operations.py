"""The page on which administrators see how the service is, as each size and scheme shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.cast import Cast


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_it_is_reached_from_the_menu_and_fits(
    visit: Visit,
    cast: Cast,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    shot: Callable[[Page, str], Path],
    width: int,
    dark: bool,
) -> None:
    page = visit(cast.admin, "/desk/", width=width, dark=dark)
    page.locator("details.menu > summary").first.click()
    page.get_by_role("link", name="How the service is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How the service is")
    expect(page.get_by_role("row", name="Queue mail")).to_contain_text("in order")
    # The server of these tests is asked at its own address, and answers.
    expect(page.get_by_role("row").filter(has_text="Every 404 is the same")).to_contain_text("in order")
    fits(page)
    axe(page)
    shot(page, "operations")
