"""Who has to sign in with a second factor (TRUST 9).

Roles live on higher floors: each registers a provider that names, for a person, the roles that can
approve or see identities.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from accounts import second_factor
from ledger.slots import Slot

#: (user) → names of this person's roles that need a second factor, in the person's language.
guarded_roles: Slot[str] = Slot("roles that need a second factor")


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether this person must set one up before going on.

    Who signed in with one is not asked again: their session says so, without a query.
    """
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return False
    return needs_one(request.user) and not second_factor.has_one(request.user)


def needs_one(user: Any) -> bool:
    return bool(user.is_staff or guarded_roles.collect(user))
