"""Forgetting a person: identity is replaced everywhere, what was done stays as a former member's.

One administrator asks and another confirms, because nobody can take it back; a job does it, because
it looks through every text of the house.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressChange, Erasure, User
from ledger import jobs, live
from ledger.actions import Done, action
from ledger.events import record
from ledger.holds import check_not_held
from ledger.people import Leaving, briefs_of_person, erasing, erasure_checks, standing
from ledger.refusals import NotAllowed, NotNow, Refusal

#: A request that nobody confirmed in this time has to be made again.
ASKED_AGE = timedelta(days=14)
#: Where each erasure leaves an empty file named by the account: a backup brought back is cleared by them.
MARKS = "erased"
#: No mail reaches it (RFC 2606).
NOWHERE = "erased.invalid"


def check_may_be_erased(user: User) -> None:
    """Raises NotNow with what stands in the way: a hold, a part that nobody else has."""
    if user.former_number:
        raise NotNow(_("This person has been erased already."), code="erased")
    if user.is_staff or user.is_superuser:
        raise NotNow(_("This person is an administrator. Take that away first."), code="staff")
    check_not_held(user.pk, briefs_of_person.collect(user))
    for sentence in erasure_checks.collect(user):
        raise NotNow(sentence, code="part")


@action("person.erasure_asked")
def ask(*, actor: User, user: User, typed: str) -> Done:
    """The first administrator's half. ``typed`` is the person's address, so that it is this person."""
    _check_administers(actor, user)
    if typed.strip().lower() != user.email:
        raise NotNow(_("That is not this person's address. Nothing was done."), code="typed")
    check_may_be_erased(user)
    Erasure.objects.filter(user=user, confirmed_at=None, asked_at__lt=timezone.now() - ASKED_AGE).delete()
    if Erasure.objects.filter(user=user, confirmed_at=None).exists():
        raise NotNow(_("This was asked for already; another administrator can confirm it."), code="asked")
    return Done(subject=user, value=Erasure.objects.create(user=user, asked_by=actor))


@action("person.erasure_cancelled")
def cancel(*, actor: User, user: User) -> Done:
    """Take the request back, by any administrator."""
    _check_administers(actor, user)
    if not Erasure.objects.filter(user=user, confirmed_at=None).delete()[0]:
        raise NotNow(_("Nobody has asked for it."), code="nobody")
    return Done(subject=user)


@action("person.erasure_confirmed")
def confirm(*, actor: User, user: User, typed: str) -> Done:
    """The second half, by somebody else: the account closes at once, and a job forgets the person."""
    _check_administers(actor, user)
    if typed.strip().lower() != user.email:
        raise NotNow(_("That is not this person's address. Nothing was done."), code="typed")
    asked = (
        Erasure.objects.select_for_update()
        .filter(user=user, confirmed_at=None, asked_at__gte=timezone.now() - ASKED_AGE)
        .first()
    )
    if asked is None:
        raise NotNow(_("Nobody has asked for it in the last two weeks."), code="nobody")
    if asked.asked_by_id == actor.pk:
        raise NotAllowed(_("You asked for this yourself: another administrator has to confirm it."))
    check_may_be_erased(user)
    asked.confirmed_by, asked.confirmed_at = actor, timezone.now()
    asked.save()
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    jobs.enqueue("person.erase", key=f"person.erase:{asked.pk}", payload={"erasure": asked.pk})
    return Done(subject=user)


def erase(running: jobs.Running) -> dict[str, Any]:
    """The handler of ``person.erase``: a hold placed meanwhile is heard."""
    asked = Erasure.objects.select_related("user", "confirmed_by").get(pk=running.payload["erasure"])
    if asked.confirmed_by is None or asked.user.former_number:
        return {"erased": False}
    try:
        check_may_be_erased(asked.user)
    except Refusal as refusal:
        raise jobs.GiveUp(str(refusal.sentence)) from refusal
    return {"erased": True, "stands": forget(asked.user, actor=asked.confirmed_by)}


def forget(user: User, *, actor: User | None, why: str = "") -> list[str]:
    """Replace who this was, in one transaction; sentences about texts in which the name stands on.

    What must stay (a signature, a disposition, an event) is from then on a former member's.
    """
    with transaction.atomic():
        leaving = _leaving(User.objects.select_for_update().get(pk=user.pk))
        counts: dict[str, int] = {}
        for what, number in erasing.collect(leaving):
            counts[what] = counts.get(what, 0) + number
        told = [str(sentence) for sentence in standing.collect(leaving)]
        _rename(leaving)
        data: dict[str, Any] = {"counts": counts, "why": why}
        record(actor=actor, verb="person.erased", subject=leaving.user, **data)
        live.notify("rights")
    _mark(user)
    return told


def stand_in() -> User:
    """A former member without a past: takes the place of somebody in one thing only."""
    number = _next_number()
    return User.objects.create_user(
        _address(number), _pseudonym(number), former_number=number, is_active=False, date_joined=timezone.now()
    )


def _leaving(user: User) -> Leaving:
    number = _next_number()
    others = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    earlier = AddressChange.objects.filter(user=user).values_list("was", "to")
    addresses = tuple(dict.fromkeys([user.email, *others, *chain.from_iterable(earlier)]))
    return Leaving(user, addresses, user.name, _pseudonym(number), _address(number))


def _rename(leaving: Leaving) -> None:
    user = leaving.user
    user.former_number = int(leaving.pseudonym.rpartition("#")[2])
    user.email, user.name, user.zone = leaving.stand_in, leaving.pseudonym, "UTC"
    user.organisation, user.last_login, user.is_active = None, None, False
    user.set_unusable_password()
    user.save()


def _next_number() -> int:
    # Two at once would take the same one: the second waits for the first.
    list(User.objects.select_for_update().exclude(former_number=None).order_by("-former_number")[:1])
    return (User.objects.aggregate(last=Max("former_number"))["last"] or 0) + 1


def _pseudonym(number: int) -> str:
    return f"Former member #{number}"


def _address(number: int) -> str:
    return f"former-{number}@{NOWHERE}"


def _mark(user: User) -> None:
    name = f"{MARKS}/{user.pk}"
    transaction.on_commit(lambda: default_storage.save(name, ContentFile(b"")), robust=True)


def erase_again() -> int:
    """After a backup was brought back: forget again whoever was forgotten since it was made; how many."""
    try:
        _folders, marks = default_storage.listdir(MARKS)
    except FileNotFoundError:
        return 0
    people = list(User.objects.filter(pk__in=marks, former_number=None))
    for person in people:
        forget(person, actor=None, why="restored")
    return len(people)


def _check_administers(actor: User, user: User) -> None:
    if not actor.is_staff or not actor.is_active:
        raise NotAllowed(_("Only administrators erase people."))
    if actor.pk == user.pk:
        raise NotAllowed(_("Two other administrators erase you."))
