"""The desk, as each size and scheme shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WIDTHS, Visit
from tests.cast import Cast


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_desk_is_accessible_at_each_size(
    visit: Visit,
    cast: Cast,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    shot: Callable[[Page, str], Path],
    width: int,
    dark: bool,
) -> None:
    assert cast.sections
    page = visit(cast.lead, "/desk/", width=width, dark=dark)
    fits(page)
    axe(page)
    shot(page, "desk")


def test_a_stranger_is_shown_the_way_in(visit: Visit) -> None:
    page = visit(None, "/desk/")
    assert page.url.endswith("/account/login/")
