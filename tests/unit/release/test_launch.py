"""Embargo, hold, event, withdrawal, and the record that follows the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from brief.actions import begin_edition
from brief.models import Brief
from brief.states import BriefState
from ledger import clock, jobs
from ledger.models import Event, Job, Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from release import actions, visibility
from release.models import Embargo, LaunchEvent
from release.moments import wall
from release.states import ReleaseState
from tests.cast import Cast
from tests.factories.releases import again, cleared, end_embargo, in_clearance, published, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]


def in_days(days: int, zone: str = "Europe/Vienna") -> dict[str, str]:
    return {"wall_time": wall(clock.database_now() + timedelta(days=days), zone), "zone": zone}


# --- the embargo ----------------------------------------------------------------------------------


def test_the_press_officer_sets_the_embargo_and_the_approvers_are_told(cast: Cast) -> None:
    release = scheduled(cast)
    assert release.status == ReleaseState.SCHEDULED
    jobs.run_due()
    told = set(Mail.objects.filter(name="embargo_set").values_list("to", flat=True))
    assert told == {cast.approver.email, cast.partner_approver.email, cast.press.email}
    event = Event.objects.filter(verb="release.embargo_set").get()
    assert (event.actor, event.data["zone"], event.data["moved"]) == (cast.press, "Europe/Vienna", False)


def test_a_move_is_audited_and_mailed_again(cast: Cast) -> None:
    release = scheduled(cast)
    before = release.embargo.instant
    actions.set_embargo(actor=cast.press, release=release, **in_days(5, "Asia/Bangkok"))
    embargo = Embargo.objects.get(release=release)
    assert embargo.instant > before
    assert embargo.zone == "Asia/Bangkok"
    jobs.run_due()
    assert Mail.objects.filter(name="embargo_set").count() == 6


@pytest.mark.parametrize("who", ["lead", "editor", "approver", "partner_approver", "observer", "safeguarding"])
def test_only_the_press_officer_sets_moves_and_holds(cast: Cast, who: str) -> None:
    release = scheduled(cast)
    with pytest.raises(NotAllowed):
        actions.set_embargo(actor=cast[who], release=release, **in_days(3))
    with pytest.raises(NotAllowed):
        actions.hold(actor=cast[who], release=release, reason="No.")
    with pytest.raises(NotAllowed):
        actions.resume(actor=cast[who], release=release)
    with pytest.raises(NotAllowed):
        actions.save_event(actor=cast[who], brief=cast.brief, fields={"title": "x", "slug": "x", "zone": "UTC"})


def test_a_stranger_sets_nothing(cast: Cast) -> None:
    with pytest.raises(Hidden):
        actions.set_embargo(actor=cast.outsider, release=cleared(cast), **in_days(3))


def test_before_every_organisation_has_signed_nothing_is_set(cast: Cast) -> None:
    with pytest.raises(NotNow, match="has signed"):
        actions.set_embargo(actor=cast.press, release=in_clearance(cast), **in_days(3))


def test_a_past_moment_is_refused(cast: Cast) -> None:
    with pytest.raises(NotNow, match="past"):
        actions.set_embargo(actor=cast.press, release=cleared(cast), **in_days(-1))


def test_an_ambiguous_time_is_refused_and_a_choice_accepted(cast: Cast) -> None:
    release = cleared(cast)
    when = {"wall_time": "2035-10-28T02:30", "zone": "Europe/Vienna"}
    with pytest.raises(NotNow, match="twice"):
        actions.set_embargo(actor=cast.press, release=release, **when)
    assert not Embargo.objects.exists()
    actions.set_embargo(actor=cast.press, release=release, **when, fold=1)
    assert Embargo.objects.get().fold == 1


def test_what_is_public_is_not_moved_held_reopened_or_returned(cast: Cast) -> None:
    release = end_embargo(scheduled(cast))
    for attempt in (
        lambda: actions.set_embargo(actor=cast.press, release=release, **in_days(3)),
        lambda: actions.hold(actor=cast.press, release=release, reason="Stop."),
        lambda: actions.reopen(actor=cast.editor, release=release, reason="Stop."),
        lambda: actions.check_again(actor=cast.editor, release=release),
        lambda: actions.return_release(
            actor=cast.approver, release=release, manifest_sha256=release.manifest_sha256, reason="Stop."
        ),
    ):
        with pytest.raises(NotNow, match="public"):
            attempt()
    assert again(release).status == ReleaseState.SCHEDULED


# --- the hold -------------------------------------------------------------------------------------


def test_a_hold_keeps_the_release_hidden_past_its_time(cast: Cast) -> None:
    release = scheduled(cast)
    actions.hold(actor=cast.press, release=release, reason="The minister is ill.")
    end_embargo(release)
    jobs.run_due()
    assert not visibility.public().exists()
    assert again(release).status == ReleaseState.SCHEDULED
    told = set(Mail.objects.filter(name="release_news").values_list("to", flat=True))
    assert {cast.approver.email, cast.partner_approver.email, cast.lead.email} <= told


def test_a_hold_needs_a_reason_and_happens_once(cast: Cast) -> None:
    release = scheduled(cast)
    with pytest.raises(NotNow, match="Say why"):
        actions.hold(actor=cast.press, release=release, reason=" ")
    actions.hold(actor=cast.press, release=release, reason="Wait.")
    with pytest.raises(NotNow, match="held already"):
        actions.hold(actor=cast.press, release=release, reason="Wait.")


def test_only_a_scheduled_launch_is_held(cast: Cast) -> None:
    with pytest.raises(NotNow, match="scheduled"):
        actions.hold(actor=cast.press, release=cleared(cast), reason="Wait.")


def test_a_lifted_hold_leaves_the_time_as_it_was(cast: Cast) -> None:
    release = scheduled(cast)
    actions.hold(actor=cast.press, release=release, reason="Wait.")
    embargo = actions.resume(actor=cast.press, release=release)
    assert (embargo.held_at, embargo.hold_reason) == (None, "")
    with pytest.raises(NotNow, match="not held"):
        actions.resume(actor=cast.press, release=release)


def test_lifting_a_hold_never_publishes_by_surprise(cast: Cast) -> None:
    release = scheduled(cast)
    actions.hold(actor=cast.press, release=release, reason="Wait.")
    end_embargo(release)
    with pytest.raises(NotNow, match="past"):
        actions.resume(actor=cast.press, release=release)
    actions.set_embargo(actor=cast.press, release=release, **in_days(2))
    assert Embargo.objects.get().held_at
    actions.resume(actor=cast.press, release=release)


def test_a_hold_has_a_name_and_a_reason_in_the_database_too(cast: Cast) -> None:
    scheduled(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Embargo.objects.update(held_at=clock.database_now())


# --- the record -----------------------------------------------------------------------------------


def test_the_record_follows_the_clock(cast: Cast) -> None:
    release = published(cast)
    assert release.status == ReleaseState.PUBLISHED
    assert release.published_at
    assert Brief.objects.get(pk=cast.brief.pk).status == BriefState.PUBLISHED
    told = set(Mail.objects.filter(name="release_news").values_list("to", flat=True))
    assert {cast.press.email, cast.editor.email, cast.lead.email} <= told


def test_a_job_of_an_older_time_finds_nothing_to_do(cast: Cast) -> None:
    release = scheduled(cast)
    Job.objects.filter(kind="release.publish").update(due_at=clock.database_now())
    jobs.run_due()
    assert again(release).status == ReleaseState.SCHEDULED


def test_publishing_twice_tells_nobody_twice(cast: Cast) -> None:
    published(cast)
    before = Mail.objects.count()
    Job.objects.filter(kind="release.publish").update(state="due", finished_at=None, due_at=clock.database_now())
    jobs.run_due()
    assert Mail.objects.count() == before


# --- the event ------------------------------------------------------------------------------------


def event_fields(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Launch in Vienna",
        "slug": "launch-vienna",
        "zone": "Europe/Vienna",
        "starts_wall_time": "2035-03-12T10:00",
        "ends_wall_time": "2035-03-12T12:00",
        "agenda": "Welcome\nDiscussion",
        **fields,
    }


def test_an_event_is_kept_with_its_instants(cast: Cast) -> None:
    scheduled(cast)
    event = actions.save_event(actor=cast.press, brief=cast.brief, fields=event_fields(cast))
    assert event.starts_at.isoformat() == "2035-03-12T09:00:00+00:00"
    actions.save_event(actor=cast.press, brief=cast.brief, fields=event_fields(cast, title="Moved"))
    assert LaunchEvent.objects.get().title == "Moved"


@pytest.mark.parametrize("ends", ["2035-03-12T09:00", "2035-03-12T10:00"])
def test_an_event_ends_after_it_begins(cast: Cast, ends: str) -> None:
    """Said before the database refuses it: the press officer saw an error page."""
    with pytest.raises(NotNow, match="ends before it begins"):
        actions.save_event(actor=cast.press, brief=cast.brief, fields=event_fields(cast, ends_wall_time=ends))


# --- withdrawal and the next edition --------------------------------------------------------------


def test_a_withdrawal_needs_a_reason_and_leaves_a_notice(cast: Cast) -> None:
    release = published(cast)
    with pytest.raises(NotNow, match="Say why"):
        actions.withdraw(actor=cast.editor, release=release, reason="")
    actions.withdraw(actor=cast.editor, release=release, reason="A person could be recognised.")
    assert again(release).status == ReleaseState.WITHDRAWN
    assert not visibility.public().exists()


@pytest.mark.parametrize("who", ["lead", "approver", "observer"])
def test_only_editor_and_press_officer_withdraw(cast: Cast, who: str) -> None:
    release = published(cast)
    with pytest.raises(NotAllowed):
        actions.withdraw(actor=cast[who], release=release, reason="No.")


def test_what_the_clock_published_can_be_withdrawn_before_the_record_follows(cast: Cast) -> None:
    release = end_embargo(scheduled(cast))
    actions.withdraw(actor=cast.press, release=release, reason="At once.")
    assert again(release).status == ReleaseState.WITHDRAWN


def test_what_is_not_public_cannot_be_withdrawn(cast: Cast) -> None:
    with pytest.raises(NotNow):
        actions.withdraw(actor=cast.press, release=scheduled(cast), reason="No.")


def test_the_next_edition_has_the_next_number(cast: Cast) -> None:
    published(cast)
    begin_edition(actor=cast.lead, brief=cast.brief)
    assert Brief.objects.get(pk=cast.brief.pk).status == BriefState.DRAFTING
    assert in_clearance(cast).edition == "2.0"
