"""Signing in by a six-digit code that only the mail ever holds in clear.

allauth carries an opaque id where it would carry the code; the mail job mints the code, stores a
keyed hash and sends it; the form compares. A retry of the mail mints anew.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.forms import ConfirmLoginCodeForm
from django import forms
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import SignInCode, User
from accounts.second_factor import plain_digits
from ledger import mail

#: How long a code's row stays, to be looked up in case of questions.
KEPT = timedelta(days=1)
#: Typed digits that are compared with one code; the person is asked for the address again by allauth.
MOST_TRIES = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS
LIFETIME = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def reserve() -> str:
    """An id for a code that does not exist yet."""
    return str(uuid4())


def send(identifier: str, email: str) -> None:
    """Ask for the mail with the code of ``identifier`` to the person with this address."""
    _ask(identifier, User.objects.get(email=email))


def send_nothing(email: str) -> None:
    """The same work for an address that nobody signs in by; its job finds that there is nobody to write to."""
    User.objects.filter(email=email).first()
    _ask(reserve(), None)


def _ask(identifier: str, user: User | None) -> None:
    SignInCode.objects.filter(user=user, created_at__lt=timezone.now() - KEPT).delete()
    SignInCode.objects.create(pk=UUID(identifier), user=user)
    mail.post("sign_in_code", key=identifier, payload={"code": identifier})


def letter(payload: dict[str, Any]) -> mail.Letter | None:
    """Mints the code. Nothing is sent for one that is over or used."""
    rows = SignInCode.objects.select_for_update(of=("self",)).filter(pk=payload["code"], used_at=None)
    row = rows.select_related("user").first()
    if row is None or row.user is None or row.created_at < timezone.now() - LIFETIME:
        return None
    digits = f"{secrets.randbelow(10**6):06d}"
    row.keyed_hash = _keyed_hash(str(row.pk), digits)
    row.save(update_fields=["keyed_hash"])
    minutes = int(LIFETIME.total_seconds() // 60)
    return mail.Letter(to=row.user.email, context={"code": f"{digits[:3]} {digits[3:]}", "minutes": minutes})


def matches(identifier: str, typed: str) -> bool:
    """Whether ``typed`` is the code; a code that matched is used up, and so is one that was tried too often."""
    digits = plain_digits(typed)
    rows = SignInCode.objects.filter(pk=identifier, used_at=None, created_at__gt=timezone.now() - LIFETIME)
    # Counted here, in one statement: tries in a session are forgotten by those that come at the same moment.
    if not rows.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return False
    row = rows.first()
    if row is None or not row.keyed_hash:
        return False
    if not constant_time_compare(row.keyed_hash, _keyed_hash(identifier, digits)):
        return False
    return bool(SignInCode.objects.filter(pk=identifier, used_at=None).update(used_at=timezone.now()))


def _keyed_hash(identifier: str, digits: str) -> str:
    return salted_hmac("accounts.sign_in", f"{identifier}:{digits}", algorithm="sha256").hexdigest()


class CodeForm(ConfirmLoginCodeForm):
    """The field for the code; unknown addresses get the same form and the same answer."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not self.expected_code or not matches(self.expected_code, typed):
            raise forms.ValidationError(
                _("This is not the code of the newest mail. After five tries you are asked for your address again.")
            )
        return typed
