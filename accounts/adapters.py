"""How allauth behaves here: by invitation only, mail through the outbox, secrets encrypted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import notices, sign_in
from accounts.seals import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; no mail leaves before the commit that causes it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_login_code(self) -> str:
        return sign_in.reserve()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth names a template; we name a mail of ours. One that we do not know is a mistake."""
        if template_prefix == "account/email/login_code":
            sign_in.send(context["code"], email)
            return
        if template_prefix == "account/email/unknown_account":
            sign_in.send_nothing(email)
            return
        notices.post(notices.NAMES[template_prefix], email)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        self.send_mail(template_prefix, user.email, context or {})


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An organisation's single sign-on opens existing accounts and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def send_notification_mail(self, template_prefix: str, user: Any, context: dict[str, Any] | None = None) -> None:
        AccountAdapter().send_notification_mail(template_prefix, user, context)


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of authenticator apps and recovery codes lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        # Never an empty seed: its codes could be computed by anybody.
        return unseal(encrypted_text) or totp.generate_totp_secret()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        known = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey {number}").format(number=known + 1) if known else _("Passkey")
