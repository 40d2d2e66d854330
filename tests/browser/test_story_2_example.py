"""Step 2 of the story: the example, seen in every room by the person whose room it is."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from brief.models import Brief
from config.example.load import load
from config.example.people import PEOPLE, REVIEWERS
from release.models import Release
from review.models import ReviewThread, Round
from tests.browser.conftest import WIDTHS, Looks, Visit
from tests.browser.story import Jobs, picture

ADDRESSES = {person.key: person.email for person in PEOPLE} | {key: each[0] for key, each in REVIEWERS.items()}


@pytest.fixture
def brief(transactional_db: None, run_jobs: Jobs) -> Brief:
    found, _new = load()
    run_jobs()
    return found


def rooms(brief: Brief) -> dict[str, tuple[str, str]]:
    """Name → who looks, and where."""
    first, second = Round.objects.filter(brief=brief).order_by("number")
    release = Release.objects.get(brief=brief)
    section = brief.sections.get(title="Law and policy: what exists and what is missing")
    safe = brief.sections.get(title="Who is at risk, and what information can do")
    answered = ReviewThread.objects.get(round=first, disposition__response__startswith="Ninety days")
    return {
        "desk": ("lead", "/desk/"),
        "brief": ("lead", reverse("brief:home", args=[brief.pk])),
        "writing-room": ("lead", reverse("brief:section", args=[brief.pk, section.pk])),
        "versions": ("editor", reverse("brief:versions", args=[brief.pk])),
        "round": ("editor", reverse("review:manage", args=[second.pk])),
        "reading-room": ("survivor", reverse("review:section", args=[second.pk, safe.pk])),
        "answers": ("second", reverse("review:answers", args=[first.pk])),
        "answer": ("lead", reverse("review:answer", args=[first.pk, answered.pk])),
        "outcome": ("ngo", reverse("review:outcome", args=[first.pk])),
        "clearance": ("approver", reverse("release:clearance", args=[release.pk])),
        "launch": ("press", reverse("release:launch", args=[release.pk])),
        "library": ("", "/"),
        "public-brief": ("", f"/briefs/{brief.slug}/"),
        "event": ("", f"/events/{brief.slug}/"),
    }


def whole(page: Page) -> None:
    """The published edition has its tables and figures, and every file is there."""
    text = page.locator("main")
    expect(text).to_contain_text("Meridian Council")
    expect(text).to_contain_text("Estuary Process")
    for selector, count in (("table", 2), ("figure img", 2)):
        expect(page.locator(f".text {selector}, article {selector}")).to_have_count(count)
    for sort in ("PDF", "Word", "EPUB"):
        href = page.get_by_role("link", name=sort).first.get_attribute("href")
        assert href
        answer = page.request.get(href)
        assert answer.ok and len(answer.body()) > 20_000


def test_every_room_shows_the_example(visit: Visit, brief: Brief, looks: Looks) -> None:
    pages: dict[str, Page] = {}
    found: list[str] = []
    for name, (who, path) in rooms(brief).items():
        if who not in pages:
            pages[who] = visit(User.objects.get(email=ADDRESSES[who]) if who else None)
        page = pages[who]
        page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
        page.emulate_media(color_scheme="light")
        page.goto(path)
        expect(page.locator("h1, .ProseMirror").first).to_be_visible()
        if name == "writing-room":
            expect(page.locator(".save-state[data-state=saved]")).to_be_visible()
        picture(page, name)
        if name == "public-brief":
            whole(page)
        try:
            looks(page, f"example-{name}")
        except AssertionError as error:
            found.append(f"{name}: {error}")
    assert not found, "\n".join(found)
