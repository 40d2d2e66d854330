"""Who has to sign in with a second factor (TRUST 9).

Roles live on higher floors: each registers a provider that finds a person's roles that can approve or
see identities.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.db.models import Exists, Q
from django.http import HttpRequest

from accounts import second_factor
from accounts.models import User
from ledger.slots import Slot

#: (the person's id, or an expression for it) → whether they hold a role that needs a second factor.
guarded_by: Slot[Exists] = Slot("roles that need a second factor")


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether this person must set one up before going on.

    Who signed in with one is not asked again: their session says so, without a query.
    """
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return False
    return needs_one(request.user) and not second_factor.has_one(request.user)


def needs_one(user: Any) -> bool:
    """Who came by a session brings the answer along (``accounts.backends``); of others it is asked."""
    if user.is_staff:
        return True
    if user.guarded is None:
        return User.objects.filter(guarded(user.pk), pk=user.pk).exists()
    return bool(user.guarded)


def guarded(person: Any) -> Q:
    """A condition: this person (an id, or an expression for it) holds a role that needs a second factor."""
    return reduce(or_, guarded_by.collect(person), Q(pk__in=()))
