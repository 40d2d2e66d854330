"""The accounts' own records: how long they are kept, and what they say of a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision, Version

from accounts.erasure import check_may_be_erased, forget
from accounts.models import AddressChange, SignInCode, SpentFactor, User
from ledger.holds import Held
from ledger.people import Leaving, Records, replace_words, with_a_part
from ledger.refusals import allowed
from ledger.retention import RecordClass

LASTS = timedelta(seconds=settings.SESSION_COOKIE_AGE)


def sessions_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows: QuerySet[Any] = Session.objects.filter(expire_date__lt=before)
    return rows


def devices_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows: QuerySet[Any] = UserSession.objects.filter(created_at__lt=before - LASTS, last_seen_at__lt=before)
    lasting = Session.objects.values("session_key")
    return rows.exclude(user__in=held.people).exclude(session_key__in=lasting)


def codes_due(before: datetime, held: Held) -> QuerySet[Any]:
    return SignInCode.objects.filter(created_at__lt=before)


def factors_due(before: datetime, held: Held) -> QuerySet[Any]:
    return SpentFactor.objects.filter(at__lt=before)


def administration_due(before: datetime, held: Held) -> QuerySet[Any]:
    return LogEntry.objects.filter(action_time__lt=before).exclude(user__in=held.people)


def accounts_due(before: datetime, held: Held) -> QuerySet[Any]:
    """Nobody's administrator, without a part in any brief, and not seen for so long."""
    rows = User.objects.filter(former_number=None, is_staff=False, is_superuser=False).exclude(pk__in=held.people)
    for people in with_a_part.collect():
        rows = rows.exclude(pk__in=people)
    return rows.annotate(seen=Coalesce("last_login", "date_joined")).filter(seen__lt=before)


def forget_all(rows: QuerySet[Any]) -> int:
    people = [person for person in rows if allowed(check_may_be_erased, person)]
    for person in people:
        forget(person, actor=None, why="age")
    return len(people)


CLASSES = (
    RecordClass("sessions", _("Sessions"), _("Being signed in; from the hour it ended."), 1, sessions_due),
    RecordClass(
        "devices",
        _("Addresses and browsers"),
        _("From which address and with which browser somebody was signed in; from the end of the session."),
        1,
        devices_due,
    ),
    RecordClass("codes", _("Sign-in codes"), _("That a code was asked for; from that moment."), 7, codes_due),
    RecordClass(
        "factors", _("Used second factors"), _("That a code was used, so that it is not again."), 7, factors_due
    ),
    RecordClass(
        "administration",
        _("Changes in the administration"),
        _("Who changed which record in these pages; from that day."),
        730,
        administration_due,
        least=90,
    ),
    RecordClass(
        "accounts",
        _("Accounts without a part"),
        _(
            "People who have no part in any brief and have not signed in; from their last sign-in. They become former "
            "members."
        ),
        730,
        accounts_due,
        forget_all,
        least=90,
    ),
)


def about(user: User) -> list[Records]:
    """The account, and how it is signed in to. Seeds and keys are not told to anybody."""
    profile = {
        **{name: getattr(user, name) for name in ("id", "email", "name", "zone", "date_joined", "last_login")},
        "organisation": str(user.organisation or ""),
        "administrator": user.is_staff,
        "active": user.is_active,
    }
    mine = {"user": user}
    sessions, changes = UserSession.objects.filter(**mine), LogEntry.objects.filter(**mine)
    return [
        Records("account", [profile], open=True),
        Records("sessions", sessions.values("created_at", "last_seen_at", "ip", "user_agent")),
        Records(
            "second-factors",
            Authenticator.objects.filter(**mine).values("type", "created_at", "last_used_at"),
            open=True,
        ),
        Records(
            "single-sign-on", SocialAccount.objects.filter(**mine).values("provider", "uid", "extra_data"), open=True
        ),
        Records("addresses", AddressChange.objects.filter(**mine).values("was", "to", "asked_at", "confirmed_at")),
        Records("administration", changes.values("action_time", "object_repr", "change_message"), open=True),
    ]


#: What only serves to sign in.
OF_THE_ACCOUNT = (UserSession, Authenticator, SocialAccount, EmailAddress, AddressChange, SignInCode, SpentFactor)


def erase(leaving: Leaving) -> list[tuple[str, int]]:
    """Everything that only serves to sign in goes; the row stays, as somebody whom nobody can be told from."""
    user = leaving.user
    mine = {"user": user}
    sessions = _end_sessions(leaving)
    account = sum(model._default_manager.filter(**mine).delete()[0] for model in OF_THE_ACCOUNT)
    of_the_account = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    changes = of_the_account.update(object_repr=leaving.pseudonym, change_message="")
    changes += replace_words(LogEntry, ("object_repr", "change_message"), leaving)
    revisions = replace_words(Version, ("serialized_data", "object_repr"), leaving)
    revisions += replace_words(Revision, ("comment",), leaving)
    user.groups.clear()
    user.user_permissions.clear()
    return [("sessions", sessions), ("account", account), ("administration", changes), ("revisions", revisions)]


def _end_sessions(leaving: Leaving) -> int:
    """The person's, and those of somebody about to sign in with one of the addresses."""
    ended = []
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if data.get("_auth_user_id") == str(leaving.user.pk) or any(each in str(data) for each in leaving.addresses):
            ended.append(session.pk)
    number: int = Session.objects.filter(pk__in=ended).delete()[0]
    return number
