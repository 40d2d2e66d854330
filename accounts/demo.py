"""`/demo/`: who can sign in, with the codes of their apps, and the mails sent.

It exists under ``DEMO=1`` only, needs no sign-in, and answers nobody but this machine (DECISIONS, Mail).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import second_factor
from accounts.models import User
from ledger.models import Mail
from ledger.slots import Slot

#: () → (person's id, what they are in which brief), for the table of people.
parts_played: Slot[tuple[UUID, str]] = Slot("parts played in the demonstration")
MAILS = 40


@dataclass(frozen=True)
class Person:
    """A row of the table: ``code`` is what the authenticator app shows now, empty without one."""

    user: User
    parts: list[str]
    code: str


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    refuse_others(request)
    mails = list(Mail.objects.exclude(demo_body="")[:MAILS])
    newest = str(mails[0].pk) if mails else "none"
    if request.GET.get("after") == newest:
        # Nothing new: the page that asks each few seconds leaves what it shows.
        return HttpResponse(status=204)
    seconds = 30 - int(time.time()) % 30
    context: dict[str, Any] = {"people": _people(), "mails": mails, "newest": newest, "seconds": seconds}
    return render(request, "accounts/demo.html", context)


def refuse_others(request: HttpRequest) -> None:
    """404 unless this is the demonstration and the client sits on this machine, without a proxy."""
    forwarded = any(request.META.get(name) for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"))
    if not settings.DEMO or forwarded or not _is_loopback(request.META.get("REMOTE_ADDR", "")):
        raise Http404


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _people() -> list[Person]:
    parts: dict[UUID, list[str]] = {}
    for person, part in parts_played.collect():
        parts.setdefault(person, []).append(part)
    users = User.objects.filter(is_active=True).select_related("organisation").order_by("organisation__name", "name")
    return [Person(user, parts.get(user.pk, []), second_factor.current_code(user)) for user in users]
