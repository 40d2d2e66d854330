"""The ledger's own records: how long they are kept, and what they say of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.holds import Held
from ledger.mail import PURPOSE
from ledger.models import Event, Hold, Job, Mail
from ledger.people import Leaving, Records, let_go, replace_words
from ledger.retention import RecordClass, delete
from ledger.seals import unseal
from ledger.states import JobState

#: First words of events that are never removed; the database's trigger has the same.
STAYING = ("version", "disposition", "release", "brief", "edition", "hold", "person", "retention")


def mails_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = Mail.objects.filter(at__lt=before).exclude(job__scope__in=held.briefs)
    return rows.exclude(to__in=_addresses(held)) if held.people else rows


def jobs_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = Job.objects.exclude(state=JobState.DUE).filter(finished_at__lt=before)
    # A mail's row goes by its own age, and is known by its job until then.
    return rows.exclude(scope__in=held.briefs).filter(mail=None)


def events_due(before: datetime, held: Held) -> QuerySet[Any]:
    rows = Event.objects.filter(at__lt=before).exclude(scope__in=held.briefs)
    rows = rows.exclude(actor__in=held.people) if held.people else rows
    staying = Q()
    for word in STAYING:
        staying |= Q(verb__startswith=f"{word}.")
    return rows.exclude(staying)


def remove_events(rows: QuerySet[Any]) -> int:
    let_go("age")
    number = delete(rows)
    let_go("")
    return number


def _addresses(held: Held) -> list[str]:
    people = Hold._meta.get_field("person").related_model
    return list(people._default_manager.filter(pk__in=held.people).values_list("email", flat=True))


CLASSES = (
    RecordClass(
        "mails",
        _("Mails sent"),
        _("That a mail left, to whom and with which subject; from the day it was sent. Texts are never kept."),
        90,
        mails_due,
        least=7,
    ),
    RecordClass(
        "jobs",
        _("Jobs done"),
        _("What the machine did, and what went wrong; from the day it ended."),
        90,
        jobs_due,
        least=30,
    ),
    RecordClass(
        "events",
        _("Audit trail"),
        _(
            "Who did what and when; from the day it happened. What tells of versions, dispositions, releases, "
            "holds and erasures stays for ever."
        ),
        None,
        events_due,
        remove_events,
        least=365,
    ),
)


def about(user: Any) -> list[Records]:
    """Events of the person's own acts, and mails to their address."""
    events = (
        Event.objects.filter(actor=user).order_by("pk").values("at", "verb", "subject_type", "subject_id", "reason")
    )
    mails = Mail.objects.filter(to=user.email).order_by("at").values("at", "name", "subject", "state")
    return [
        Records("audit", events.values("at", "verb", "subject_type", "subject_id", "reason").iterator()),
        Records("mails", mails.iterator()),
    ]


def _open_letters(leaving: Leaving) -> None:
    """Letters that were written and could not be sent yet lie sealed in their jobs, with the address."""
    for job in Job.objects.filter(kind="mail", result__has_key="letter"):
        words = unseal(job.result["letter"], purpose=PURPOSE)
        if any(address in words for address in leaving.addresses):
            Job.objects.filter(pk=job.pk).update(result={})


def erase(leaving: Leaving) -> list[tuple[str, int]]:
    """Mails to the person lose everything but that there was one; words elsewhere become the pseudonym."""
    own = Mail.objects.filter(to__in=[address.lower() for address in leaving.addresses])
    mails = own.update(to=leaving.stand_in, subject="", error="", demo_body="")
    _open_letters(leaving)
    mails += replace_words(Mail, ("to", "subject", "error", "demo_body"), leaving)
    jobs = replace_words(Job, ("payload", "error", "sentence", "result"), leaving)
    let_go("identity")
    events = replace_words(Event, ("reason", "data"), leaving)
    let_go("")
    holds = replace_words(Hold, ("reason", "lifted_because"), leaving)
    return [("mails", mails), ("jobs", jobs), ("events", events), ("holds", holds)]
