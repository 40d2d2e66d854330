"""What people do to accounts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FactorReset, User
from ledger import mail
from ledger.actions import Done, action
from ledger.refusals import NotAllowed, NotNow

#: A reset that nobody confirmed in this time has to be asked for again.
RESET_AGE = timedelta(days=2)


@action("profile.changed")
def change_profile(*, actor: User, name: str, zone: str) -> Done:
    """Name and time zone, by the person; the event names the fields, not their values."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    person.name, person.zone = name, zone
    person.save(update_fields=["name", "zone"])
    return Done(subject=person, data={"fields": ["name", "zone"]})


@action("factor.reset_asked")
def ask_factor_reset(*, actor: User, user: User) -> Done:
    """The first administrator's half, after having made sure who is asking (a call, a meeting)."""
    _check_administers(actor, user)
    FactorReset.objects.filter(user=user, confirmed_at=None, asked_at__lt=timezone.now() - RESET_AGE).delete()
    if FactorReset.objects.filter(user=user, confirmed_at=None).exists():
        raise NotNow(_("A reset for this person was asked for already; another administrator can confirm it."))
    return Done(subject=FactorReset.objects.create(user=user, asked_by=actor))


@action("factor.reset")
def confirm_factor_reset(*, actor: User, user: User) -> Done:
    """The second half, by somebody else: every factor goes, every session ends, the person is told."""
    _check_administers(actor, user)
    reset = (
        FactorReset.objects.select_for_update()
        .filter(user=user, confirmed_at=None, asked_at__gte=timezone.now() - RESET_AGE)
        .first()
    )
    if reset is None:
        raise NotNow(_("Nobody has asked for a reset for this person in the last two days."))
    if reset.asked_by_id == actor.pk:
        raise NotAllowed(_("You asked for this reset yourself: another administrator has to confirm it."))
    reset.confirmed_by, reset.confirmed_at = actor, timezone.now()
    reset.save()
    Authenticator.objects.filter(user_id=user.pk).delete()
    # Every session is tied to this value: a new one ends them all.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    mail.post("account_notice", key=str(uuid4()), payload={"user": str(user.pk), "notice": "factor_reset"})
    return Done(subject=reset)


def _check_administers(actor: User, user: User) -> None:
    if not actor.is_staff or not actor.is_active:
        raise NotAllowed(_("Only administrators reset a second factor."))
    if actor.pk == user.pk:
        raise NotAllowed(_("Two other administrators reset your own second factor."))
