"""Forgetting a person: two administrators ask for it, and afterwards nothing says who it was."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import erasure
from accounts.export import export
from accounts.models import Erasure, SignInCode, User
from brief import presence
from brief.actions.briefs import give_role
from brief.actions.threads import reply_to_thread
from brief.models import Comment, Role, Suggestion
from brief.states import RoleName
from ledger import holds, jobs, mail
from ledger.events import record
from ledger.models import Event, Job, Mail
from ledger.refusals import NotAllowed, why_not
from ledger.seals import seal
from release.models import SignOff
from review.actions.comments import add_comment
from review.models import Disposition, Invitation, ReviewThread
from review.states import CommentType, InvitationState, Severity
from tests.cast import Cast
from tests.factories.releases import published, small_files

__all__ = ["small_files"]

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Rita O'Reads-Łąka", "rita.canary@people.example"
BROWSER, PLACE = "Canary Browser 77.1", "198.51.100.77"
TOLD = ("canary-org-91", "canary-region-92", "canary-risk-93")
CANARIES = (NAME, "Reads-Łąka", "O'Reads", ADDRESS, BROWSER, PLACE, *TOLD)


@pytest.fixture
def second_admin(cast: Cast) -> User:
    return User.objects.create_user("second.admin@people.example", "Sec Admin", is_staff=True)


@pytest.fixture
def lives(cast: Cast) -> Cast:
    """The reviewer has left traces wherever a person can."""
    person = cast.reviewer
    person.name, person.email = NAME, ADDRESS
    person.save()
    assert cast.proposal
    assert cast.receipt
    told = {"name": NAME, "email": ADDRESS, "organisation": TOLD[0], "region": TOLD[1]}
    Invitation.objects.filter(pk=cast.invitation.pk).update(**told)
    declared = cast.invitation.declaration
    declared.has_interests, declared.interests, declared.risk_note = True, f"{NAME} owns shares", TOLD[2]
    declared.save()
    UserSession.objects.filter(session_key=cast.session(person)).update(ip=PLACE, user_agent=BROWSER)
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    SocialAccount.objects.create(user=person, provider="x", uid=ADDRESS, extra_data={"name": NAME, "email": ADDRESS})
    SignInCode.objects.create(user=person)
    kind = ContentType.objects.get_for_model(User)
    entry = {"content_type": kind, "object_id": str(person.pk), "object_repr": NAME, "change_message": ADDRESS}
    LogEntry.objects.create(user=cast.admin, action_flag=2, **entry)
    said_elsewhere(cast, person)
    return cast


def said_elsewhere(cast: Cast, person: User) -> None:
    """The name and the address in what others wrote, in jobs, mails and the audit trail."""
    reply_to_thread(actor=cast.lead, thread=cast.thread, body=f"Ask {NAME.upper()} <{ADDRESS}>, please.")
    Comment.objects.filter(thread=cast.thread).update(author_name=NAME)
    Suggestion.objects.create(section=cast.section, identifier="s1", author=person, author_name=NAME, at=timezone.now())
    Disposition.objects.update(response=f"As {NAME} says.")
    why = f"{NAME} has an interest"
    record(actor=person, verb="invitation.excluded", subject=cast.invitation, reason=why, to=ADDRESS)
    mail.post("account_notice", key="one", payload={"to": ADDRESS, "notice": "app_added"})
    jobs.run_due()
    job = Job.objects.filter(kind="mail").latest("created_at")
    payload = {"name": "x", "to": ADDRESS, "who": NAME}
    Job.objects.filter(pk=job.pk).update(error=f"refused: <{ADDRESS}>", payload=payload)
    for to in (ADDRESS, "o@p.example"):
        Mail.objects.create(name="x", to=to, subject=f"For {NAME}", message_id="<x>", state="sent", demo_body=ADDRESS)


def everything() -> Iterator[tuple[str, str]]:
    """(table, row as text) of the whole database, whatever the models say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            yield from ((table, json.dumps(json.loads(row), ensure_ascii=False)) for (row,) in cursor.fetchall())


def found(words: tuple[str, ...]) -> set[tuple[str, str]]:
    return {
        (table, word)
        for table, row in everything()
        for word in words
        if word.lower() in row.lower() or json.dumps(word)[1:-1].lower() in row.lower()
    }


def erase(cast: Cast, person: User, second_admin: User) -> None:
    erasure.ask(actor=cast.admin, user=person, typed=person.email)
    erasure.confirm(actor=second_admin, user=person, typed=person.email.upper())
    jobs.run_due()


def test_nothing_in_the_database_says_who_it_was(
    lives: Cast, second_admin: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    tables = {table for table, _word in found(CANARIES)}
    assert tables >= {
        *("accounts_user", "review_invitation", "review_declaration", "ledger_event", "ledger_job", "ledger_mail"),
        *("brief_comment", "brief_suggestion", "review_disposition", "usersessions_usersession", "django_admin_log"),
        *("account_emailaddress", "socialaccount_socialaccount"),
    }
    with django_capture_on_commit_callbacks(execute=True):
        erase(lives, lives.reviewer, second_admin)
    assert found(CANARIES) == set()
    for path in Path(settings.DATA_DIR).rglob("*"):
        assert not any(word in path.name for word in CANARIES)
        if path.is_file():
            content = path.read_bytes()
            assert not any(word.encode() in content for word in CANARIES), path


def test_what_was_done_stays_a_former_members(lives: Cast, second_admin: User) -> None:
    acts = Event.objects.filter(actor=lives.reviewer).count()
    words = Comment.objects.filter(author=lives.reviewer).count()
    erase(lives, lives.reviewer, second_admin)
    person = User.objects.get(pk=lives.reviewer.pk)
    assert (person.name, person.email, person.is_active) == ("Former member #1", "former-1@erased.invalid", False)
    assert Event.objects.filter(actor=person).count() == acts
    assert Comment.objects.filter(author=person).count() == words > 0
    assert Disposition.objects.get().response == "As Former member #1 says."
    invitation = Invitation.objects.get(pk=lives.invitation.pk)
    assert (invitation.status, invitation.code) == (InvitationState.WITHDRAWN, lives.invitation.code)
    said = Comment.objects.get(body__startswith="Ask")
    assert said.body == "Ask Former member #1 <former-1@erased.invalid>, please."
    told = Event.objects.get(verb="person.erased")
    assert (told.actor, told.subject_id) == (second_admin, str(person.pk))
    assert told.data["counts"]["invitations"] == 1


def test_a_signature_stays_and_its_manifest_too(cast: Cast, second_admin: User, small_files: None) -> None:
    release = published(cast)
    manifest = release.manifest
    signed = SignOff.objects.get(release=release, approver=cast.approver)
    erase(cast, cast.approver, second_admin)
    signed.refresh_from_db()
    release.refresh_from_db()
    assert release.manifest == manifest
    assert signed.approver_id == cast.approver.pk
    assert str(signed.approver) == "Former member #1"
    assert found((cast.approver.name, f'"{cast.approver.email}"')) == set()


def test_a_letter_that_could_not_be_sent_is_gone_too(cast: Cast, second_admin: User) -> None:
    words = json.dumps({"name": "x", "to": cast.former.email, "subject": "", "text": "", "html": "", "date": ""})
    job = jobs.enqueue("mail", key="stuck", payload={"name": "x"}, due_at=timezone.now() + timedelta(days=1))
    Job.objects.filter(pk=job.pk).update(result={"letter": seal(words, purpose=mail.PURPOSE), "written": 1})
    erase(cast, cast.former, second_admin)
    job.refresh_from_db()
    assert job.result == {}


def test_somebody_who_was_only_invited_is_forgotten_by_an_account_made_for_it(cast: Cast, second_admin: User) -> None:
    invitation, _secret = cast.open_invitation
    invited = User.objects.create_user(invitation.email)
    erase(cast, invited, second_admin)
    assert found((invitation.email, "Nia New")) == set()


def test_a_former_member_is_not_made_somebody_again(cast: Cast, second_admin: User) -> None:
    erase(cast, cast.former, second_admin)
    fields = {"email": "again@people.example", "name": "Again", "zone": "UTC", "is_active": "on"}
    page = f"/admin/accounts/user/{cast.former.pk}/change/"
    assert cast.client(cast.admin).post(page, fields).status_code == 403
    assert not User.objects.filter(email="again@people.example").exists()


def test_drafts_and_notes_that_others_never_saw_go(cast: Cast, second_admin: User) -> None:
    details = {"type": CommentType.TECHNICAL, "severity": Severity.MAJOR}
    assert cast.comment
    sent = add_comment(actor=cast.reviewer, round=cast.round, body="Sent.", note_to_editor="I was there.", **details)
    draft = add_comment(actor=cast.reviewer, round=cast.round, body="Never sent.", draft=True, **details)
    erase(cast, cast.reviewer, second_admin)
    sent.refresh_from_db()
    assert sent.note_to_editor == ""
    assert not ReviewThread.objects.filter(pk=draft.pk).exists()
    assert set(Comment.objects.filter(thread__review__isnull=False).values_list("body", flat=True)) == {
        "Sent.",
        "Which promises are kept?",
    }


def test_members_are_numbered_one_after_the_other(cast: Cast, second_admin: User) -> None:
    for person in (cast.former, cast.outsider):
        erase(cast, person, second_admin)
    assert set(User.objects.exclude(former_number=None).values_list("name", flat=True)) == {
        "Former member #1",
        "Former member #2",
    }


def test_the_person_is_signed_out_and_cannot_come_back(cast: Cast, second_admin: User) -> None:
    client = cast.client(cast.former)
    assert client.get("/desk/").status_code == 200
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    erasure.confirm(actor=second_admin, user=cast.former, typed=cast.former.email)
    assert client.get("/desk/").status_code == 302
    jobs.run_due()
    assert not User.objects.filter(email=cast.former.email).exists()


def test_the_presence_of_a_person_is_not_told_any_more(
    cast: Cast, second_admin: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    presence.arrive(cast.colleague, cast.section, start=0, end=0)
    assert cast.colleague.name in str(cache.get(f"presence:{cast.section.pk}"))
    with django_capture_on_commit_callbacks(execute=True):
        erase(cast, cast.colleague, second_admin)
    assert cache.get(f"presence:{cast.section.pk}") is None
    assert not Role.objects.filter(user=cast.colleague).exists()


def test_an_upload_goes_with_its_file(
    cast: Cast, second_admin: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    draft = cast.draft
    give_role(actor=cast.lead, brief=cast.brief, user=cast.partner, organisation=cast.south, role=RoleName.LEAD_AUTHOR)
    path = Path(draft.file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase(cast, cast.lead, second_admin)
    draft.refresh_from_db()
    assert (draft.status, draft.name, draft.reading) == ("discarded", "draft.txt", "")
    assert not path.exists()


def test_an_open_invitation_is_taken_back(cast: Cast, second_admin: User) -> None:
    invitation, secret = cast.open_invitation
    Invitation.objects.filter(pk=invitation.pk).update(email=cast.former.email)
    erase(cast, cast.former, second_admin)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.name) == (InvitationState.CANCELLED, "")
    assert cast.client().get(f"/invitations/{secret}/").status_code in (404, 409, 410)


def test_where_the_name_stands_in_a_text_is_told(cast: Cast, second_admin: User) -> None:
    cast.brief.acknowledgements = f"With thanks to {cast.former.name}."
    cast.brief.save()
    erase(cast, cast.former, second_admin)
    job = Job.objects.get(kind="person.erase")
    assert job.result["stands"] == [f"The name stands in the text of {cast.brief.title}."]


def test_a_name_of_one_word_is_not_looked_for_in_texts(cast: Cast, second_admin: User) -> None:
    User.objects.filter(pk=cast.former.pk).update(name="May")
    cast.former.refresh_from_db()
    reply_to_thread(actor=cast.lead, thread=cast.thread, body="It may rain in May.")
    erase(cast, cast.former, second_admin)
    assert Comment.objects.filter(body="It may rain in May.").exists()
    assert User.objects.get(pk=cast.former.pk).name == "Former member #1"


# --- refusals ---------------------------------------------------------------------------------------


def why(cast: Cast, person: User, actor: User | None = None, typed: str | None = None) -> str:
    typed = person.email if typed is None else typed
    return why_not(erasure.ask, actor=actor or cast.admin, user=person, typed=typed)


@pytest.mark.parametrize("name", ["lead", "editor", "approver", "reviewer"])
def test_it_refuses_who_is_no_administrator(cast: Cast, name: str) -> None:
    assert "Only administrators" in why(cast, cast.former, actor=cast[name])
    assert "Only administrators" in why_not(erasure.confirm, actor=cast[name], user=cast.former, typed="x")
    assert "Only administrators" in why_not(erasure.cancel, actor=cast[name], user=cast.former)


def test_it_takes_two_and_neither_is_the_person(cast: Cast, second_admin: User) -> None:
    assert "Two other administrators" in why(cast, cast.admin)
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    assert "already" in why(cast, cast.former, actor=second_admin)
    assert "another administrator" in why_not(
        erasure.confirm, actor=cast.admin, user=cast.former, typed=cast.former.email
    )
    cast.former.refresh_from_db()
    assert cast.former.is_active


def test_the_database_itself_wants_two(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.create(
            user=cast.former, asked_by=cast.admin, confirmed_by=cast.admin, confirmed_at=timezone.now()
        )


def test_it_asks_for_the_address_each_time(cast: Cast, second_admin: User) -> None:
    assert "not this person's address" in why(cast, cast.former, typed=cast.former.name)
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    assert "not this person's address" in why_not(erasure.confirm, actor=second_admin, user=cast.former, typed="")


def test_nothing_is_confirmed_that_nobody_asked_for_lately(cast: Cast, second_admin: User) -> None:
    def confirm() -> str:
        return why_not(erasure.confirm, actor=second_admin, user=cast.former, typed=cast.former.email)

    assert "Nobody has asked" in confirm()
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    Erasure.objects.update(asked_at=timezone.now() - timedelta(days=15))
    assert "Nobody has asked" in confirm()
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    erasure.cancel(actor=second_admin, user=cast.former)
    assert "Nobody has asked" in confirm()
    assert "Nobody has asked" in why_not(erasure.cancel, actor=second_admin, user=cast.former)


def test_a_hold_on_the_person_or_on_a_brief_of_theirs_refuses(cast: Cast) -> None:
    hold = holds.place(actor=cast.admin, reason="A court asked.", person=cast.former)
    assert "under a legal hold" in why(cast, cast.former)
    holds.lift(actor=cast.admin, hold=hold, reason="Over.")
    assert cast.invitation
    assert cast.comment
    holds.place(actor=cast.admin, reason="A court asked.", brief=cast.brief.pk)
    for person in (cast.reviewer, cast.colleague):
        assert "brief in which this person has a part is under a legal hold" in why(cast, person)
    assert why(cast, cast.former) == ""


def test_a_hold_placed_after_the_confirmation_is_heard(cast: Cast, second_admin: User) -> None:
    erasure.ask(actor=cast.admin, user=cast.former, typed=cast.former.email)
    erasure.confirm(actor=second_admin, user=cast.former, typed=cast.former.email)
    holds.place(actor=cast.admin, reason="A court asked.", person=cast.former)
    jobs.run_due()
    job = Job.objects.get(kind="person.erase")
    assert (job.state, job.sentence) == ("failed", "This person is under a legal hold. It has to be lifted first.")
    assert User.objects.get(pk=cast.former.pk).email == "former@people.example"


def test_an_administrator_and_an_only_lead_author_stay(cast: Cast, second_admin: User) -> None:
    assert cast.brief
    assert "is an administrator" in why(cast, second_admin)
    assert "has no other lead author" in why(cast, cast.lead)


def test_once_is_enough(cast: Cast, second_admin: User) -> None:
    erase(cast, cast.former, second_admin)
    cast.former.refresh_from_db()
    assert "erased already" in why(cast, cast.former)


def test_events_lose_people_only_where_it_is_announced(cast: Cast) -> None:
    record(actor=cast.former, verb="x.y", subject=cast.former, reason="Why")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(reason="Another")


# --- after a backup was brought back ------------------------------------------------------------------


def test_who_was_forgotten_is_forgotten_again_after_restoring(
    cast: Cast, second_admin: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        erase(cast, cast.former, second_admin)
    # As an older backup has them.
    User.objects.filter(pk=cast.former.pk).update(former_number=None, name="Fay Former", email="fay@people.example")
    assert erasure.erase_again() == 1
    assert User.objects.get(pk=cast.former.pk).name.startswith("Former member #")
    assert erasure.erase_again() == 0


# --- what a person is given -------------------------------------------------------------------------


def contents(actor: User, person: User) -> dict[str, Any]:
    out = io.BytesIO()
    export(actor=actor, user=person, out=out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_person_gets_everything_that_is_theirs(lives: Cast) -> None:
    given = contents(lives.reviewer, lives.reviewer)
    account = json.loads(given["account.json"])[0]
    assert (account["name"], account["email"]) == (NAME, ADDRESS)
    assert json.loads(given["sessions.json"])[0]["ip"] == PLACE
    assert json.loads(given["reviews/declarations.json"])[0]["risk_note"] == "canary-risk-93"
    assert json.loads(given["reviews/comments.json"])[0]["body"] == "Which promises are kept?"
    assert json.loads(given["reviews/receipts.json"])
    assert {"invitation.excluded", "comment.added"} <= {row["verb"] for row in json.loads(given["audit.json"])}
    assert json.loads(given["mails.json"])


def test_a_person_gets_nothing_of_anybody_else(lives: Cast) -> None:
    """An author's file does not say who a reviewer is, nor what others wrote."""
    assert lives.draft
    reply_to_thread(actor=lives.colleague, thread=lives.thread, body="The first two.")
    text = b"".join(contents(lives.colleague, lives.colleague).values()).decode()
    assert "The first two." in text
    others = (NAME, ADDRESS, PLACE, lives.lead.name, "Which promises?", "Which promises are kept?")
    assert not [word for word in others if word in text]


def test_an_upload_is_in_it_as_it_was(cast: Cast) -> None:
    given = contents(cast.lead, cast.lead) if cast.draft else {}
    assert given[f"imports/{cast.draft.pk}"].startswith(b"# Fees")


def test_others_do_not_get_it(cast: Cast) -> None:
    for person in (cast.editor, cast.lead):
        with pytest.raises(NotAllowed):
            contents(person, cast.reviewer)


def test_an_administrator_does_not_learn_what_a_reviewer_wrote_and_from_where(lives: Cast) -> None:
    given = contents(lives.admin, lives.reviewer)
    assert json.loads(given["account.json"])[0]["email"] == ADDRESS
    assert set(given) == {
        *("account.json", "second-factors.json", "single-sign-on.json", "administration.json", "briefs/parts.json"),
        *("releases/sign-offs.json", "releases/waivers.json", "releases/embargoes.json"),
    }
    text = b"".join(given.values()).decode()
    assert not [word for word in (PLACE, BROWSER, *TOLD, "Which promises are kept?") if word in text]
    told = Event.objects.get(verb="person.exported")
    assert (told.actor, told.subject_id) == (lives.admin, str(lives.reviewer.pk))
