"""Importing in the browser: the sample report always, the real one where it is present."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from brief.models import Section, Thread
from document.sample import sample
from tests.browser.conftest import ROOT, SHOTS, WIDTHS, Looks, Visit
from tests.cast import Cast

REAL = ROOT.parent / "shared" / "data" / "word" / "intergovernmental-report-35k-words.docx"


def upload(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("The brief as a Word, ODT, HTML, Markdown or text file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Upload").click()


def test_an_author_imports_a_report(
    visit: Visit,
    cast: Cast,
    run_jobs: Callable[[], int],
    shot: Callable[[Page, str], Path],
    axe: Callable[[Page], None],
) -> None:
    """With scripts: progress by itself, then the outline; a section is merged and another split."""
    page = visit(cast.lead, f"/write/{cast.brief.pk}/")
    page.get_by_role("link", name="Import a text").click()
    axe(page)
    shot(page, "import-upload")
    upload(page, "report.docx", sample(12_000, seed=3))
    expect(page.get_by_role("progressbar")).to_be_visible()
    axe(page)
    shot(page, "import-progress")
    run_jobs()
    expect(page.get_by_role("heading", name="Proposed outline")).to_be_visible()
    axe(page)
    shot(page, "import-outline")
    expect(page.get_by_text("would become 5 sections")).to_be_visible()
    entry = page.locator("li.is-section").nth(1)
    entry.get_by_text("Change").click()
    entry.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("would become 4 sections")).to_be_visible()
    page.locator("li.is-section").nth(1).get_by_text("Change").click()
    page.locator("li.is-section").nth(1).get_by_role("link", name="Split").click()
    axe(page)
    shot(page, "import-split")
    page.get_by_role("link", name="Back to the outline").click()
    page.get_by_role("button", name="Import these sections").click()
    expect(page.get_by_text("4 sections were written")).to_be_visible()
    axe(page)
    shot(page, "import-report")
    assert Section.objects.filter(brief=cast.brief).count() == 4
    thread = Thread.objects.filter(brief=cast.brief).select_related("section").first()
    assert thread is not None
    page.goto(f"/write/{cast.brief.pk}/sections/{thread.section_id}/")
    expect(page.locator(".ProseMirror").first).to_be_visible()
    page.wait_for_timeout(1000)
    shot(page, "import-room")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_outline_without_javascript(visit: Visit, cast: Cast, looks: Looks, width: int) -> None:
    """Buttons are forms, so scripts are not needed."""
    draft = cast.draft
    looks(visit(cast.lead, f"/write/{cast.brief.pk}/import/{draft.pk}/"), "import-outline-short")
    plain = visit(cast.lead, f"/write/{cast.brief.pk}/import/{draft.pk}/", width=width, javascript=False)
    entry = plain.locator("li.is-section").nth(1)
    entry.get_by_text("Change").click()
    entry.get_by_role("button", name="Demote").click()
    expect(plain.get_by_text("would become 1 section")).to_be_visible()
    plain.get_by_role("button", name="Import these sections").click()
    expect(plain.get_by_text("1 section was written")).to_be_visible()


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data is not present")
def test_the_real_report_has_its_five_sections(
    visit: Visit, cast: Cast, run_jobs: Callable[[], int], shot: Callable[[Page, str], Path]
) -> None:
    page = visit(cast.lead, f"/write/{cast.brief.pk}/import/")
    upload(page, REAL.name, REAL.read_bytes())
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("would become 9 sections")).to_be_visible()
    expect(page.locator("li.is-section.level-1")).to_have_count(4)
    shot(page, "import-real-outline")
    page.get_by_role("button", name="Import these sections").click()
    expect(page.get_by_text("Writing the sections")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("link", name="To the brief")).to_be_visible()
    shot(page, "import-real-report")
    sections = Section.objects.filter(brief=cast.brief).order_by("order").values_list("title", "depth")
    begins = [(re.split(r"[. ]", title)[0], depth) for title, depth in sections]
    assert [begin for begin, depth in begins if not depth] == ["I", "II", "III", "IV", "Annex"]
    assert begins[3:7] == [("A", 1), ("B", 1), ("C", 1), ("D", 1)] and len(begins) == 9
    # The third part's own text stands in the sections within it.
    for section in Section.objects.filter(brief=cast.brief, words__gt=0).order_by("order")[:3]:
        page.goto(f"/write/{cast.brief.pk}/sections/{section.pk}/")
        expect(page.locator(".ProseMirror").first).to_contain_text("Internet")
        # The window only: the longest section is a hundred screens high.
        page.screenshot(path=SHOTS / f"import-real-section-{section.order}.png")
