"""What people do to accounts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressChange, FactorReset, User, normalise_email
from ledger import mail
from ledger.actions import Done, action
from ledger.refusals import NotAllowed, NotNow

#: What nobody confirmed in this time has to be asked for again.
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


@action("address.asked")
def ask_address_change(*, actor: User, user: User, to: str) -> Done:
    """The first administrator's half, after having made sure who is asking (a call, a meeting)."""
    _check_administers(actor, user)
    address = normalise_email(to)
    if address == user.email:
        raise NotNow(_("This is the address that the person has."))
    _check_free(address)
    AddressChange.objects.filter(user=user, confirmed_at=None, asked_at__lt=timezone.now() - RESET_AGE).delete()
    if AddressChange.objects.filter(user=user, confirmed_at=None).exists():
        raise NotNow(_("Another address for this person was asked for already; another administrator can confirm it."))
    return Done(subject=AddressChange.objects.create(user=user, asked_by=actor, was=user.email, to=address))


@action("address.changed")
def confirm_address_change(*, actor: User, user: User) -> Done:
    """The second half, by somebody else: every session ends, and both addresses are told."""
    _check_administers(actor, user)
    change = (
        AddressChange.objects.select_for_update()
        .filter(user=user, was=F("user__email"), confirmed_at=None, asked_at__gte=timezone.now() - RESET_AGE)
        .first()
    )
    if change is None:
        raise NotNow(_("Nobody has asked for another address for this person in the last two days."))
    if change.asked_by_id == actor.pk:
        raise NotAllowed(_("You asked for this address yourself: another administrator has to confirm it."))
    _check_free(change.to)
    change.confirmed_by, change.confirmed_at = actor, timezone.now()
    change.save()
    EmailAddress.objects.filter(user=user).delete()
    user.email = change.to
    # Every session is tied to this value: a new one ends them all.
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    for told in ("was", "to"):
        mail.post("account_notice", key=str(uuid4()), payload={"change": change.pk, "told": told})
    return Done(subject=change)


def _check_free(address: str) -> None:
    if User.objects.filter(email__iexact=address).exists():
        raise NotNow(_("Somebody else has this address."))


def _check_administers(actor: User, user: User) -> None:
    if not actor.is_staff or not actor.is_active:
        raise NotAllowed(_("Only administrators reset a second factor or change an address."))
    if actor.pk == user.pk:
        raise NotAllowed(_("Two other administrators do this for your own account."))
