"""Mails that tell a person what happened to their account."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressChange, User, normalise_email
from ledger import mail

#: What allauth calls a mail → what we call it.
NAMES = {
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
    "socialaccount/email/account_connected": "sso_added",
    "socialaccount/email/account_disconnected": "sso_removed",
}
SENTENCES: dict[str, str | Promise] = {
    "app_added": _("An authenticator app was added to your account."),
    "app_removed": _("The authenticator app was removed from your account."),
    "passkey_added": _("A passkey was added to your account."),
    "passkey_removed": _("A passkey was removed from your account."),
    "codes_made": _("New recovery codes were made for your account; older ones no longer work."),
    "factor_reset": _("Two administrators removed the second factor from your account; you are signed out everywhere."),
    "address_changed": _(
        "Two administrators changed the e-mail address of your account; you are signed out everywhere. If you did not "
        "ask for it, tell them at once."
    ),
    "sso_added": _("A single sign-on was connected to your account."),
    "sso_removed": _("A single sign-on was disconnected from your account."),
}


def post(notice: str, email: str) -> None:
    """Tell the person with this address; the job holds their id alone."""
    user = User.objects.filter(email=normalise_email(email)).first()
    if user is not None:
        mail.post("account_notice", key=str(uuid4()), payload={"user": str(user.pk), "notice": notice})


def letter(payload: dict[str, Any]) -> mail.Letter | None:
    if "change" in payload:
        return _of_change(payload)
    # Jobs of before 0.1 name the address.
    known = {"pk": payload["user"]} if "user" in payload else {"email": payload["to"]}
    user = User.objects.filter(**known, is_active=True).first()
    return mail.Letter(to=user.email, context={"sentence": SENTENCES[payload["notice"]]}) if user else None


def _of_change(payload: dict[str, Any]) -> mail.Letter | None:
    """To the address that was, or to the new one."""
    change = AddressChange.objects.filter(pk=payload["change"], user__is_active=True).first()
    if change is None:
        return None
    return mail.Letter(to=getattr(change, payload["told"]), context={"sentence": SENTENCES["address_changed"]})
