"""The pages about records, as they look: wide and narrow, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts import erasure
from accounts.models import User
from ledger import holds, retention
from tests.browser.conftest import Visit
from tests.cast import Cast


@pytest.fixture
def kept(cast: Cast) -> Cast:
    second = User.objects.create_user("second.admin@people.example", "Sec Admin", is_staff=True)
    lifted = holds.place(actor=second, reason="The ombudsperson asked for it.", person=cast.partner)
    holds.lift(actor=cast.admin, hold=lifted, reason="The matter is closed.")
    holds.place(actor=cast.admin, reason="A court asked for everything about fees.", brief=cast.brief.pk)
    erasure.ask(actor=second, user=cast.former, typed=cast.former.email)
    retention.apply()
    return cast


def pages(cast: Cast) -> dict[str, str]:
    return {
        "periods": "/admin/keeping/",
        "holds": "/admin/keeping/holds/",
        "people": "/admin/keeping/people/",
        "person": f"/admin/keeping/people/{cast.former.pk}/",
        "data": "/account/data/",
    }


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_fit_and_can_be_used_by_everybody(
    kept: Cast,
    visit: Visit,
    width: int,
    fits: Callable[[Page], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], Path],
) -> None:
    page = visit(kept.admin, width=width)
    for name, path in pages(kept).items():
        page.goto(path)
        fits(page)
        axe(page)
        shot(page, f"keeping-{name}")


def test_a_period_is_changed_without_javascript(kept: Cast, visit: Visit) -> None:
    page = visit(kept.admin, "/admin/keeping/", javascript=False)
    row = page.locator("tr", has_text="Mails sent")
    row.locator("input[type=number]").fill("45")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        row.get_by_role("button").click()
    page.goto("/admin/keeping/")
    assert page.locator("tr", has_text="Mails sent").locator("input[type=number]").input_value() == "45"


def test_my_data_comes_as_a_file(kept: Cast, visit: Visit) -> None:
    page = visit(kept.colleague, "/account/data/", javascript=False)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    assert coming.value.suggested_filename == "personal-data.zip"
