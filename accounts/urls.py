"""The desk, and everything about one's own account.

allauth's views under our own addresses. What a stranger needs lies under ``login/``; what we do not
offer (sign-up, passwords, changing the address one was invited by) has a name, because allauth
reverses it, and no page.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as single_sign_on
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions import views as sessions
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts import demo, keeping, views
from accounts.devices import notes_device
from accounts.pace import even


def closed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Answers for what accounts by invitation do not have."""
    raise Http404


CLOSED = {
    "signup/": "account_signup",
    "email/": "account_email",
    "password/change/": "account_change_password",
    "password/set/": "account_set_password",
    "password/reset/": "account_reset_password",
    "email/sent/": "account_email_verification_sent",
    "login/sso/signup/": "socialaccount_signup",
}

entrance: list[URLPattern] = [
    path("account/login/", even(notes_device(account.request_login_code)), name="account_login"),
    path("account/login/", even(notes_device(account.request_login_code)), name="account_request_login_code"),
    path("account/login/code/", even(account.confirm_login_code), name="account_confirm_login_code"),
    path("account/login/factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("account/login/passkey/", notes_device(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("account/login/inactive/", account.account_inactive, name="account_inactive"),
    path("account/login/sso/error/", single_sign_on.login_error, name="socialaccount_login_error"),
    path("account/login/sso/cancelled/", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/login/sso/<slug:provider_id>/", notes_device(openid.login), name="openid_connect_login"),
    path("account/login/sso/<slug:provider_id>/back/", openid.callback, name="openid_connect_callback"),
]

own: list[URLPattern] = [
    path("account/", views.profile, name="account_profile"),
    path("account/data/", keeping.own_data, name="account_data"),
    path("account/logout/", views.sign_out, name="account_logout"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/factor/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/sso/", single_sign_on.connections, name="socialaccount_connections"),
    path("account/factor/", second_factor.index, name="mfa_index"),
    path("account/factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factor/codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factor/codes/file/", views.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("account/factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/factor/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/factor/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/factor/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]

#: In front of Django's own administration, and in the product's look.
administration: list[URLPattern] = [
    path("admin/keeping/", keeping.periods, name="keeping_periods"),
    path("admin/keeping/holds/", keeping.all_holds, name="keeping_holds"),
    path("admin/keeping/holds/<uuid:hold>/lift/", keeping.lift, name="keeping_lift"),
    path("admin/keeping/people/", keeping.people, name="keeping_people"),
    path("admin/keeping/people/<uuid:person>/", keeping.person, name="keeping_person"),
    path("admin/keeping/people/<uuid:person>/data/", keeping.data, name="keeping_data"),
    path("admin/keeping/people/<uuid:person>/erase/", keeping.erase, name="keeping_erase"),
]

urlpatterns: list[URLPattern] = [
    path("desk/", views.desk, name="desk"),
    path("demo/", demo.demo, name="demo"),
    *entrance,
    *own,
    *administration,
    *(path(f"account/{address}", closed, name=name) for address, name in CLOSED.items()),
]
