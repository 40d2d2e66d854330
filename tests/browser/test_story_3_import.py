"""Step 3 of the story: an author begins a brief and imports a report of many pages, deciding its outline."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from brief.models import Brief, Section
from tests.browser.conftest import Visit
from tests.browser.story import Jobs, Look, picture, sign_in
from tests.cast import Cast


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A Word file in our own words with a real report's difficulties."""
    path = tmp_path / "report.docx"
    call_command("sample_report", words=6000, out=path, verbosity=0)
    return path


def begin(page: Page) -> Brief:
    page.goto("/write/new/")
    page.get_by_label("Title", exact=False).first.fill("Ports and papers")
    for name in ("Organisation North", "Organisation South"):
        page.get_by_label(name).check()
    page.get_by_label("Objectives").fill("Raise awareness\nShow the risks")
    page.get_by_label("Audiences").fill("Port authorities")
    page.get_by_label("Launch window opens").fill("2027-03-01")
    page.get_by_label("Launch window closes").fill("2027-03-31")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ports and papers")
    return Brief.objects.get(title="Ports and papers")


def line(page: Page, title: str) -> None:
    """Open the tools of one line of the outline."""
    page.locator(".import-entry", has_text=title).first.get_by_text("Change").click()


def test_a_report_becomes_sections_as_its_author_decides(
    visit: Visit, cast: Cast, run_jobs: Jobs, report: Path, axe: Look
) -> None:
    page = visit(None)
    sign_in(page, cast.lead, run_jobs)
    brief = begin(page)
    assert brief.objectives.count() == 2
    page.get_by_role("link", name="Import a text").click()
    page.get_by_label("The brief as a Word, ODT, HTML, Markdown or text file").set_input_files(report)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("progress, [role=progressbar]").first).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="Proposed outline")).to_be_visible(timeout=20_000)
    axe(page)
    picture(page, "import")
    proposed = page.locator(".import-entry.is-section")
    titles = proposed.locator(".import-title").all_inner_texts()
    assert len(titles) >= 4
    page.locator(f"#{proposed.nth(1).get_attribute('id')}").get_by_text("Change").click()
    proposed.nth(1).get_by_role("button", name="Merge with the section before").click()
    expect(proposed).to_have_count(len(titles) - 1)
    proposed.nth(1).get_by_text("Change").click()
    proposed.nth(1).get_by_role("button", name="Demote").click()
    expect(proposed).to_have_count(len(titles) - 2)
    page.get_by_role("button", name="Import these sections").click()
    expect(page.locator("body")).to_contain_text("What was understood")
    run_jobs()
    axe(page)
    page.goto(f"/write/{brief.pk}/")
    sections = Section.objects.filter(brief=brief, deleted_at=None)
    assert sections.count() == len(titles) - 2
    assert sum(sections.values_list("words", flat=True)) > 5000
    page.get_by_role("heading", level=3).get_by_role("link").first.click()
    expect(page.locator(".ProseMirror")).to_contain_text(" ")
