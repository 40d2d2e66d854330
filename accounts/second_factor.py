"""A fresh second factor for one act, checked inside the caller's transaction and used once.

``release`` signs with it: the page shows ``begin_assertion(...)`` for passkeys, the form posts a TOTP
code or the passkey's answer, and the action calls ``verify``. Recovery codes, trusted browsers and
how the person signed in do not count (DECISIONS, Second factor).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import unicodedata
from datetime import timedelta
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as passkeys
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_encode
from fido2.webauthn import UserVerificationRequirement

from accounts.models import SpentFactor, User
from accounts.seals import unseal
from ledger.refusals import NotAllowed

#: How long a page with a passkey's challenge may stay open, in seconds.
CHALLENGE_AGE = 600
KEPT = timedelta(days=1)
#: Failures that one person has in ``TRY_AGE`` seconds.
TRIES, TRY_AGE = 5, 600
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: Any) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def has_passkey(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists())


def begin_assertion(*, user: User, purpose: str) -> dict[str, Any]:
    """Options for ``navigator.credentials.get`` whose challenge is bound to person and ``purpose``.

    ``purpose`` is what is signed (a manifest's hash). Nothing is stored: the challenge carries its
    own proof, so that showing a page changes nothing.
    """
    options, _state = passkeys.get_server().authenticate_begin(
        credentials=passkeys.get_credentials(user),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=_challenge(user, purpose),
    )
    return dict(options)


def verify(*, user: User, purpose: str = "", code: str = "", assertion: str = "") -> str:
    """Check a TOTP ``code`` or a passkey's ``assertion`` (JSON) and use it up; ``totp`` or ``passkey``.

    Call it inside the transaction of the act. Raises NotAllowed with a sentence.
    """
    if not has_one(user):
        raise NotAllowed(_("Signing needs an authenticator app or a passkey. Set one up in your account first."))
    _count_try(user)
    method = _verify_passkey(user, purpose, assertion) if assertion else _verify_totp(user, code)
    cache.delete(_tries_key(user))
    return method


def spend_totp(user: User, code: str) -> bool:
    """Find the time step of ``code`` and use it up: False when it is wrong or was used before."""
    step = _matching_step(user, code)
    return step is not None and _spend(user, f"totp:{step}")


def plain_digits(typed: str) -> str:
    """The digits in what somebody typed, of whatever script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(character)) for character in typed if character.isdecimal())


def enrol_totp(user: User, secret: str) -> None:
    """Give a person an authenticator app with this seed (base 32): the demonstration and tests."""
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).delete()
    padded = secret + "=" * (-len(secret) % 8)
    totp.TOTP.activate(user, padded)


def current_code(user: User, *, ahead: int = 0) -> str:
    """What the person's app shows now, or ``ahead`` steps of 30 seconds later. Empty without an app."""
    secret = _secret(user)
    return totp.format_hotp_value(totp.hotp_value(secret, _step() + ahead)) if secret else ""


def remember_added(*, request: HttpRequest, authenticator: Authenticator, **signal: Any) -> None:
    """Who has just set a factor up has shown it: the same session need not be asked at once again.

    The code that was shown is used up: it signs nothing afterwards.
    """
    if authenticator.type == Authenticator.Type.TOTP:
        spend_totp(authenticator.user, request.POST.get("code", ""))
    post_authentication(request, authenticator, reauthenticated=True)


def _verify_totp(user: User, code: str) -> str:
    step = _matching_step(user, code)
    if step is None:
        raise NotAllowed(_("The code of your authenticator app is not right. Nothing was done; please try again."))
    if not _spend(user, f"totp:{step}"):
        raise NotAllowed(_("This code was used already. Wait for the next one, at most 30 seconds."))
    return "totp"


def _verify_passkey(user: User, purpose: str, assertion: str) -> str:
    refusal = NotAllowed(_("The passkey's answer is not valid for this page. Reload it and try again."))
    try:
        response = json.loads(assertion)
        parsed = passkeys.parse_authentication_response(response)
        challenge = parsed.response.client_data.challenge
    except (ValueError, TypeError, AttributeError, KeyError, ValidationError):
        raise refusal from None
    if not _is_ours(challenge, user, purpose):
        raise refusal
    state = {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.PREFERRED}
    try:
        passkeys.get_server().authenticate_complete(state, passkeys.get_credentials(user), response)
    except (ValueError, TypeError, AttributeError):
        raise refusal from None
    if not _spend(user, f"passkey:{hashlib.sha256(challenge).hexdigest()}"):
        raise refusal
    return "passkey"


def _challenge(user: User, purpose: str) -> bytes:
    start = secrets.token_bytes(16) + int(time.time()).to_bytes(8, "big")
    return start + _proof(start, user, purpose)


def _is_ours(challenge: bytes, user: User, purpose: str) -> bool:
    start, proof = challenge[:24], challenge[24:]
    age = time.time() - int.from_bytes(start[16:], "big")
    return hmac.compare_digest(proof, _proof(start, user, purpose)) and -1 <= age <= CHALLENGE_AGE


def _proof(start: bytes, user: User, purpose: str) -> bytes:
    value = f"{start.hex()}:{user.pk}:{purpose}"
    return salted_hmac("accounts.second_factor", value, algorithm="sha256").digest()


def _step() -> int:
    return int(time.time()) // 30


def _secret(user: User) -> str:
    app = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return unseal(app.data["secret"]) if app else ""


def _matching_step(user: User, code: str) -> int | None:
    digits = plain_digits(code)
    secret = _secret(user)
    if not secret or len(digits) != 6:
        return None
    # One step either way: telephones' clocks are a little wrong.
    for step in (_step(), _step() - 1, _step() + 1):
        if hmac.compare_digest(totp.format_hotp_value(totp.hotp_value(secret, step)), digits):
            return step
    return None


def _spend(user: User, key: str) -> bool:
    try:
        with transaction.atomic():
            SpentFactor.objects.create(user=user, key=key)
            # What is older than this could not be used again anyway.
            SpentFactor.objects.filter(user=user, at__lt=timezone.now() - KEPT).delete()
    except IntegrityError:
        return False
    return True


def _count_try(user: User) -> None:
    """Counted in the cache: it keeps what a refusal's rollback would take back, also while Valkey is away."""
    cache.add(_tries_key(user), 0, TRY_AGE)
    try:
        tries = cache.incr(_tries_key(user))
    except ValueError:  # it was forgotten in between
        tries = 1
    if tries > TRIES:
        raise NotAllowed(_("Too many wrong codes. Wait ten minutes, then try again."))


def _tries_key(user: User) -> str:
    return f"second-factor-tries:{user.pk}"


class _SpendsCode:
    """TOTP codes of allauth's forms are used up in the same ledger as those of signing."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # the form's, which this stands before
        if self.authenticator.type == Authenticator.Type.TOTP and not spend_totp(self.user, code):
            raise ValidationError(_("This code was used already. Wait for the next one, at most 30 seconds."))
        return code


class SignInForm(_SpendsCode, AuthenticateForm):
    """The second step of signing in."""


class AgainForm(_SpendsCode, ReauthenticateForm):
    """Showing the second factor again, before changing how one signs in."""
