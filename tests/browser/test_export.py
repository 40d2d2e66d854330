"""An author takes the draft away as a Word file, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from document import zips
from tests.browser.conftest import Looks, Visit
from tests.cast import Cast


def test_an_author_fetches_the_draft(
    visit: Visit,
    cast: Cast,
    run_jobs: Callable[[], int],
    looks: Looks,
    axe: Callable[[Page], None],
) -> None:
    """From the brief's page to a file on disk, with the progress in between; the comment is in it."""
    assert cast.thread
    page = visit(cast.lead, f"/write/{cast.brief.pk}/")
    page.get_by_role("link", name="Take away as a file").click()
    expect(page.get_by_text("No file yet")).to_be_visible()
    looks(page, "export-ask")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    axe(page)
    run_jobs()
    link = page.get_by_role("link", name="Fetch the Word file")
    expect(link).to_be_visible()
    looks(page, "export-ready")
    with page.expect_download() as waiting:
        link.click()
    files = zips.read(Path(waiting.value.path()).read_bytes())
    assert b"Which promises?" in files["word/comments.xml"]
    assert waiting.value.suggested_filename.endswith(".docx")
