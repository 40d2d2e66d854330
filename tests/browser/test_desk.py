"""The desk, as each size and scheme shows it."""

from __future__ import annotations

from tests.browser.conftest import Looks, Visit
from tests.cast import Cast


def test_the_desk_is_accessible_at_each_size(visit: Visit, cast: Cast, looks: Looks) -> None:
    assert cast.sections
    looks(visit(cast.lead, "/desk/"), "desk")


def test_a_stranger_is_shown_the_way_in(visit: Visit) -> None:
    page = visit(None, "/desk/")
    assert page.url.endswith("/account/login/")
