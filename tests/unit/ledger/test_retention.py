"""Each class of records goes when its time has come, and not before; a hold keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import SignInCode, SpentFactor, User
from brief.models import Comment, ImportDraft, Section, Source, SourceBatch, Step, Version
from ledger import holds, jobs, retention, tasks
from ledger.events import record
from ledger.models import Event, Hold, Job, Mail, Period
from ledger.refusals import NotAllowed, NotNow, why_not
from review.models import Disposition, Invitation, ReadingMark, Receipt, ReviewThread, Round
from review.states import InvitationState, RoundState
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=4000)


def gone(key: str) -> int:
    """How many of one class the night takes, told beforehand by the dry run."""
    told = {each.key: number for each, _days, number in retention.due()}
    counts = retention.apply()
    assert counts.get(key, 0) == told[key]
    return told[key]


def published(cast: Cast, at: Any) -> None:
    event = record(actor=None, verb="brief.publish", subject=cast.brief, scope=cast.brief.pk)
    backdate([event], at)


def backdate(events: Iterable[Event], at: Any) -> None:
    """Only a superuser of the database can; the product's own user may not."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_event SET at = %s WHERE id = ANY(%s)", [at, [event.pk for event in events]])
        cursor.execute("SET LOCAL session_replication_role = origin")


def sent(cast: Cast, person: User, at: Any) -> Mail:
    """A mail about the cast's brief, of some time ago."""
    job = jobs.enqueue("mail", key=f"test:{person.pk}", payload={"name": "x"}, queue="mail", scope=cast.brief.pk)
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=at)
    made = Mail.objects.create(job=job, name="x", to=person.email, subject="S", message_id="<m>", state="sent")
    Mail.objects.filter(pk=made.pk).update(at=at)
    return made


def step(cast: Cast, at: Any) -> Step:
    made = Step.objects.create(
        section=cast.section, version=1, client="c", key="k", step="{}", maps="[]", schema_version=1, author=cast.lead
    )
    Step.objects.filter(pk=made.pk).update(at=at)
    return made


# --- every class ------------------------------------------------------------------------------------


def test_mails_and_then_their_jobs_go(cast: Cast) -> None:
    old = sent(cast, cast.lead, LONG_AGO)
    young = sent(cast, cast.partner, timezone.now())
    assert gone("mails") == 1
    assert list(Mail.objects.all()) == [young]
    retention.apply()
    assert not Job.objects.filter(pk=old.job_id).exists()
    assert Job.objects.filter(pk=young.job_id).exists()


def test_a_job_that_is_due_never_goes(cast: Cast) -> None:
    job = jobs.enqueue("nothing", key="waits", due_at=LONG_AGO)
    Job.objects.filter(pk=job.pk).update(created_at=LONG_AGO)
    retention.apply()
    assert Job.objects.filter(pk=job.pk).exists()


def test_the_audit_trail_stays_unless_somebody_says_otherwise(cast: Cast) -> None:
    assert cast.brief
    before = Event.objects.count()
    retention.apply()
    assert Event.objects.count() == before + 1


def test_the_audit_trail_goes_but_for_what_must_stay(cast: Cast) -> None:
    assert cast.proposal
    for verb in ("release.signed", "section.edited", "hold.placed", "person.erased"):
        record(actor=cast.lead, verb=verb, subject=cast.brief, scope=cast.brief.pk)
    backdate(Event.objects.all(), LONG_AGO)
    retention.change(actor=cast.admin, record_class="events", days=3650)
    assert gone("events") > 3
    left = set(Event.objects.filter(at=LONG_AGO).values_list("verb", flat=True))
    assert {verb.partition(".")[0] for verb in left} <= {"version", "disposition", "release", "brief", "hold", "person"}
    assert {"release.signed", "hold.placed", "person.erased", "version.frozen", "disposition.proposed"} <= left


def test_sessions_that_ended_go(cast: Cast) -> None:
    ended, lasting = cast.session(cast.lead), cast.session(cast.lead)
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(days=2))
    UserSession.objects.update(created_at=LONG_AGO, last_seen_at=LONG_AGO)
    assert gone("sessions") == 1
    assert gone("devices") <= 1
    assert list(Session.objects.values_list("pk", flat=True)) == [lasting]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [lasting]


def test_codes_and_used_factors_go(cast: Cast) -> None:
    SignInCode.objects.create(user=cast.lead, created_at=LONG_AGO)
    SpentFactor.objects.create(user=cast.lead, key="totp:1", at=LONG_AGO)
    young = SpentFactor.objects.create(user=cast.lead, key="totp:2")
    assert {each.key: number for each, _days, number in retention.due()}["codes"] == 1
    assert gone("factors") == 1
    assert list(SpentFactor.objects.all()) == [young]
    assert not SignInCode.objects.exists()


def test_changes_in_the_administration_go(cast: Cast) -> None:
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=cast.admin, content_type=kind, object_id="1", object_repr="x", action_flag=2)
    assert gone("administration") == 0
    LogEntry.objects.update(action_time=LONG_AGO)
    assert gone("administration") == 1


def test_accounts_without_a_part_become_former_members(cast: Cast) -> None:
    assert cast.invitation
    assert cast.second_invitation
    User.objects.update(date_joined=LONG_AGO)
    User.objects.filter(pk=cast.outsider.pk).update(last_login=timezone.now())
    assert gone("accounts") == 1
    cast.former.refresh_from_db()
    assert (cast.former.name, cast.former.email, cast.former.is_active) == (
        "Former member #1",
        "former-1@erased.invalid",
        False,
    )
    assert not User.objects.exclude(pk=cast.former.pk).exclude(former_number=None).exists()
    # Once is enough.
    assert gone("accounts") == 0


def test_drafts_go_with_their_file(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    draft = cast.draft
    assert gone("drafts") == 0
    ImportDraft.objects.update(at=LONG_AGO)
    name = str(draft.file.name)
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert gone("drafts") == 1
    assert not default_storage.exists(name)
    assert not ImportDraft.objects.exists()


def test_pastes_go_and_what_was_taken_of_them_stays(cast: Cast) -> None:
    assert cast.batch and cast.source
    assert gone("pastes") == 0
    SourceBatch.objects.update(at=LONG_AGO)
    assert gone("pastes") == 1
    assert not SourceBatch.objects.exists() and Source.objects.exists()


def test_who_wrote_which_letter_is_forgotten_once_it_is_long_published(cast: Cast) -> None:
    made = step(cast, LONG_AGO)
    assert gone("steps") == 0
    published(cast, timezone.now() - timedelta(days=10))
    assert gone("steps") == 0
    published(cast, LONG_AGO + timedelta(days=1))
    assert gone("steps") == 1
    made.refresh_from_db()
    assert (made.author, made.step) == (None, "{}")


@pytest.mark.parametrize("status", [InvitationState.EXPIRED, InvitationState.CANCELLED])
def test_invitations_that_nobody_took_up_go(cast: Cast, status: str) -> None:
    invitation, _secret = cast.open_invitation
    assert cast.second_invitation
    Invitation.objects.update(created_at=LONG_AGO, used_at=None)
    assert gone("invitations") == 0
    Invitation.objects.filter(pk=invitation.pk).update(status=status)
    assert gone("invitations") == 1
    assert list(Invitation.objects.all()) == [cast.second_invitation]


def test_invitations_declined_go(cast: Cast) -> None:
    invitation, _secret = cast.open_invitation
    Invitation.objects.filter(pk=invitation.pk).update(status="declined", email="", name="", used_at=LONG_AGO)
    assert gone("invitations") == 1


def reviewed_long_ago(cast: Cast) -> None:
    assert cast.proposal
    Round.objects.update(status=RoundState.CLOSED, closed_at=LONG_AGO)
    published(cast, LONG_AGO + timedelta(days=1))


def test_who_a_reviewer_was_is_forgotten_and_what_they_said_stays(cast: Cast) -> None:
    assert cast.comment
    before = list(Comment.objects.values_list("body", flat=True))
    reviewed_long_ago(cast)
    cast.invitation.declaration.risk_note = "My brother works there"
    cast.invitation.declaration.save()
    assert gone("reviewers") == 1
    invitation = Invitation.objects.get(pk=cast.invitation.pk)
    assert invitation.code == cast.invitation.code
    assert (invitation.name, invitation.email) == ("", f"{invitation.pk.hex}@erased.invalid")
    assert invitation.user is not None
    assert invitation.user.name.startswith("Former member #")
    assert invitation.declaration.risk_note == ""
    assert list(Comment.objects.values_list("body", flat=True)) == before
    assert Disposition.objects.exists()
    # The account itself goes on, and nothing leads from it to the review.
    cast.reviewer.refresh_from_db()
    assert cast.reviewer.is_active
    assert not Comment.objects.filter(author=cast.reviewer).exists()
    assert not Event.objects.filter(actor=cast.reviewer, verb__startswith="comment.").exists()
    assert ReviewThread.objects.get().label
    assert gone("reviewers") == 0


def test_who_a_reviewer_was_is_known_before_publication_and_for_a_while(cast: Cast) -> None:
    assert cast.proposal
    Round.objects.update(status=RoundState.CLOSED, closed_at=LONG_AGO)
    assert gone("reviewers") == 0
    published(cast, timezone.now() - timedelta(days=700))
    assert gone("reviewers") == 0
    published(cast, timezone.now() - timedelta(days=731))
    assert gone("reviewers") == 1


def test_reading_marks_go_after_the_round(cast: Cast) -> None:
    ReadingMark.objects.create(invitation=cast.invitation, section=cast.section)
    assert gone("marks") == 0
    Round.objects.update(status=RoundState.CLOSED, closed_at=timezone.now() - timedelta(days=31))
    assert gone("marks") == 1


# --- what never goes --------------------------------------------------------------------------------

STAYING: tuple[Any, ...] = (Version, Disposition, Comment, Section, Step, Receipt, Round)


def test_nothing_that_was_frozen_answered_or_said_ever_goes(cast: Cast) -> None:
    assert cast.receipt
    step(cast, LONG_AGO)
    assert cast.proposal
    before = {model: model._base_manager.count() for model in STAYING}
    for each, _days in retention.classes():
        retention.change(actor=cast.admin, record_class=each.key, days=max(each.least, 1))
    User.objects.update(date_joined=LONG_AGO)
    retention.apply()
    assert {model: model._base_manager.count() for model in STAYING} == before


@pytest.mark.parametrize("statement", ["DELETE FROM ledger_event", "UPDATE ledger_event SET verb = 'x'"])
@pytest.mark.parametrize("announced", ["", "identity", "age"])
def test_the_database_holds_the_trail_whatever_is_announced(cast: Cast, statement: str, announced: str) -> None:
    record(actor=cast.lead, verb="release.signed", subject=cast.lead)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("SELECT set_config('countersign.letting_go', %s, true)", [announced])
        cursor.execute(statement)


# --- holds ------------------------------------------------------------------------------------------


def fill(cast: Cast) -> None:
    """Something of every class that belongs to the brief or to the lead author, all of it old."""
    reviewed_long_ago(cast)
    sent(cast, cast.lead, LONG_AGO)
    step(cast, LONG_AGO)
    assert cast.draft
    ImportDraft.objects.update(at=LONG_AGO)
    assert cast.batch
    SourceBatch.objects.update(at=LONG_AGO)
    ReadingMark.objects.create(invitation=cast.invitation, section=cast.section)
    invitation, _secret = cast.open_invitation
    Invitation.objects.filter(pk=invitation.pk).update(status="expired", created_at=LONG_AGO)


OF_THE_BRIEF = {"mails", "drafts", "pastes", "steps", "invitations", "reviewers", "marks"}


def due() -> set[str]:
    return {each.key for each, _days, number in retention.due() if number}


def test_a_hold_on_a_brief_keeps_everything_of_it(cast: Cast) -> None:
    fill(cast)
    assert due() >= OF_THE_BRIEF
    hold = holds.place(actor=cast.admin, reason="A court asked.", brief=cast.brief.pk)
    assert not due() & OF_THE_BRIEF
    retention.apply()
    assert ImportDraft.objects.exists()
    holds.lift(actor=cast.admin, hold=hold, reason="The case is closed.")
    assert due() >= OF_THE_BRIEF


def test_a_hold_on_a_person_keeps_what_is_theirs(cast: Cast) -> None:
    fill(cast)
    User.objects.update(date_joined=LONG_AGO)
    for person in (cast.lead, cast.reviewer, cast.former):
        holds.place(actor=cast.admin, reason="A court asked.", person=person)
    counts = retention.apply()
    assert not {"mails", "drafts", "pastes", "steps", "reviewers", "marks"} & set(counts)
    cast.former.refresh_from_db()
    assert cast.former.former_number is None


def test_holds_are_placed_and_lifted_by_administrators_with_a_reason(cast: Cast) -> None:
    def why(actor: User, reason: str = "A court asked.", **subject: Any) -> str:
        return why_not(holds.place, actor=actor, reason=reason, **subject)

    brief = cast.brief.pk
    for person in (cast.lead, cast.editor, cast.reviewer):
        assert "Only administrators" in why(person, brief=brief)
    assert "Say why" in why(cast.admin, " ", brief=brief)
    assert "one brief or on one person" in why(cast.admin)
    assert "one brief or on one person" in why(cast.admin, brief=brief, person=cast.lead)
    hold = holds.place(actor=cast.admin, reason="A court asked.", brief=brief)
    assert "already" in why(cast.admin, brief=brief)
    assert "Only administrators" in why_not(holds.lift, actor=cast.lead, hold=hold, reason="x")
    assert "Say why" in why_not(holds.lift, actor=cast.admin, hold=hold, reason="")
    holds.lift(actor=cast.admin, hold=hold, reason="Over.")
    assert "lifted already" in why_not(holds.lift, actor=cast.admin, hold=hold, reason="Over.")
    told = Event.objects.filter(verb__startswith="hold.").values_list("verb", "actor", "reason")
    assert list(told) == [
        ("hold.lifted", cast.admin.pk, "Over."),
        ("hold.placed", cast.admin.pk, "A court asked."),
    ]
    # After lifting, a new one may be placed.
    assert holds.place(actor=cast.admin, reason="Again.", brief=brief)


def test_the_database_itself_wants_a_reason_and_one_subject(cast: Cast) -> None:
    for fields in ({"reason": ""}, {"reason": "x", "brief": cast.brief.pk}, {"reason": "x", "lifted_by": cast.admin}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(person=cast.lead, placed_by=cast.admin, **fields)


# --- periods ----------------------------------------------------------------------------------------


def test_periods_are_changed_by_administrators_within_bounds(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        retention.change(actor=cast.lead, record_class="mails", days=30)
    with pytest.raises(NotNow, match="at least 7 days"):
        retention.change(actor=cast.admin, record_class="mails", days=1)
    with pytest.raises(NotNow, match="no such class"):
        retention.change(actor=cast.admin, record_class="signatures", days=30)
    retention.change(actor=cast.admin, record_class="mails", days=30)
    retention.change(actor=cast.admin, record_class="mails", days=None)
    assert Period.objects.get().days is None
    told = list(Event.objects.filter(verb="retention.changed").order_by("pk").values_list("data", flat=True))
    assert told == [{"from": 90, "to": 30}, {"from": 30, "to": None}]
    sent(cast, cast.lead, LONG_AGO)
    assert gone("mails") == 0


def test_every_class_says_what_goes_and_when(db: None) -> None:
    known = retention.classes()
    assert {each.key for each, _days in known} == {
        *("mails", "jobs", "events", "sessions", "devices", "codes", "factors", "administration", "accounts"),
        *("drafts", "exports", "pastes", "steps", "invitations", "reviewers", "marks"),
    }
    for each, days in known:
        assert str(each.title)
        assert str(each.doc).endswith(".")
        assert days is None or days >= each.least


def test_the_night_is_told_in_the_audit_trail(cast: Cast) -> None:
    sent(cast, cast.lead, LONG_AGO)
    tasks.retention()
    tasks.retention()
    assert Job.objects.filter(kind="retention").count() == 1
    jobs.run_due()
    event = Event.objects.get(verb="retention.applied")
    assert (event.actor, event.data["mails"]) == (None, 1)


def test_a_dry_run_counts_and_removes_nothing(cast: Cast) -> None:
    sent(cast, cast.lead, LONG_AGO)
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert ["mails", "90", "days", "1"] in [line.split()[:4] for line in out.getvalue().splitlines()]
    assert Mail.objects.count() == 1
    out = StringIO()
    call_command("retention", stdout=out)
    assert "1 records removed." in out.getvalue()
    assert not Mail.objects.exists()


def test_a_great_many_go_in_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    SpentFactor.objects.bulk_create(SpentFactor(user=cast.lead, key=f"totp:{n}", at=LONG_AGO) for n in range(10))
    assert gone("factors") == 10
    monkeypatch.setattr(retention, "MOST", 6)
    SpentFactor.objects.bulk_create(SpentFactor(user=cast.lead, key=f"totp:{n}", at=LONG_AGO) for n in range(10))
    retention.apply()
    assert SpentFactor.objects.count() == 4
