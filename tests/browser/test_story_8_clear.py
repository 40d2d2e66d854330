"""Step 8 of the story: a candidate is built and its gates listed; one approver of each organisation signs."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from brief.actions import edit_brief
from ledger.models import Job
from release.models import Release
from tests.browser.conftest import Visit
from tests.browser.story import Jobs, Look, agree, app_code, newest_mail
from tests.cast import Cast
from tests.factories.releases import IMPRINT


@pytest.fixture
def ready(cast: Cast) -> Cast:
    """A brief that can be cleared: frozen, its imprint complete."""
    edit_brief(actor=cast.lead, brief=cast.brief, **IMPRINT)
    assert cast.version
    return cast


def build(page: Page, cast: Cast, run_jobs: Jobs) -> Release:
    page.goto(reverse("release:brief", args=[cast.brief.pk]))
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator("progress, [role=progressbar]").first).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="Gates")).to_be_visible(timeout=20_000)
    release = Release.objects.get(brief=cast.brief)
    assert release.status == "clearance", release.sentence or Job.objects.get(pk=release.job_id).error
    return release


def sign(page: Page, person: User, release: Release, code: str = "") -> None:
    page.goto(reverse("release:clearance", args=[release.pk]))
    page.get_by_label("Code of your authenticator app").fill(code or app_code(person))
    page.get_by_role("button", name="Sign", exact=True).click()


def test_both_organisations_sign_one_hash(visit: Visit, ready: Cast, run_jobs: Jobs, axe: Look) -> None:
    cast = ready
    editor = visit(cast.editor)
    release = build(editor, cast, run_jobs)
    expect(editor.locator(".gate")).to_have_count(release.gates.count())
    assert not release.gates.exclude(state="green").exists()
    axe(editor)
    north, south = visit(cast.approver), visit(cast.partner_approver)
    sign(north, cast.approver, release, code="000000")
    expect(north.locator("[role=alert]").first).to_contain_text("not right")
    for name in ("brief.pdf", "brief.docx", "brief.epub", "brief.zip"):
        assert north.request.get(reverse("release:artefact", args=[release.pk, name])).ok
    sign(north, cast.approver, release)
    expect(north.locator(".signature.signed")).to_have_count(1)
    south.goto(reverse("release:clearance", args=[release.pk]))
    south.get_by_text("Return instead").click()
    south.get_by_label("What has to change, and why").fill("Our logo comes second.")
    south.get_by_role("button", name="Return", exact=True).click()
    expect(south.locator(".signature.returned")).to_contain_text("Our logo comes second.")
    sign(south, cast.partner_approver, release)
    release.refresh_from_db()
    assert release.status == "cleared"
    run_jobs()
    assert release.manifest_sha256[:4] in newest_mail(cast.approver.email)
    lead = visit(cast.lead, f"/write/{cast.brief.pk}/")
    expect(lead.locator("main")).to_contain_text("in clearance")


def test_what_is_open_is_listed_with_the_way_there(visit: Visit, cast: Cast, run_jobs: Jobs) -> None:
    assert cast.version
    editor = visit(cast.editor)
    release = build(editor, cast, run_jobs)
    gate = editor.locator("#gate-imprint")
    expect(gate).to_contain_text("Missing or not valid")
    expect(gate.get_by_role("link", name="Imprint")).to_have_attribute("href", f"/write/{cast.brief.pk}/#imprint")
    north = visit(cast.approver, reverse("release:clearance", args=[release.pk]))
    expect(north.get_by_role("button", name="Sign", exact=True)).to_be_disabled()
    gate.get_by_text("Waive", exact=False).first.click()
    gate.get_by_label("Reason, kept with your name in the manifest").fill("The ISBN comes on Friday.")
    gate.get_by_role("button", name="Waive this gate").click()
    expect(editor.locator("#gate-imprint")).to_contain_text("The ISBN comes on Friday.")
    sign(north, cast.approver, release)
    expect(north.locator(".signature.signed")).to_have_count(1)
    editor.reload()
    editor.get_by_text("Reopen the brief").first.click()
    editor.get_by_label("Why").last.fill("The title changes.")
    editor.get_by_role("button", name="Reopen").last.click()
    agree(editor)
    expect(editor.locator(".signature.signed")).to_have_count(0)
    release.refresh_from_db()
    assert release.status == "void"
    assert not release.sign_offs.filter(voided_at=None).exists()
