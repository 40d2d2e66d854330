"""What is answered when something under us fails: 503 when it will be back, 507 when a disk is full, else 500;
400 when the client broke off, which nobody reads.

A database that is away or a full disk is no mistake of the page's. The answer says that nothing was kept
and when to try again; scripts get it as JSON (TRUST, figures). Nothing here asks the database for anything.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ledger.asked import asks_for_data

#: Seconds after which a client may ask again.
RETRY_AFTER = 2
AWAY, FULL = 503, 507
_ERRNO = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: AWAY, errno.EIO: AWAY}


def answer(request: HttpRequest) -> HttpResponse:
    """``handler500``: Django calls it while the exception is being handled."""
    status = status_of(sys.exc_info()[1])
    if asks_for_data(request) or request.headers.get("Content-Type", "").startswith("application/json"):
        response: HttpResponse = JsonResponse({"error": sentence(status)}, status=status)
    else:
        template = "503.html" if status in (AWAY, FULL) else "500.html"
        response = HttpResponse(render_to_string(template, {"sentence": sentence(status)}), status=status)
    if status in (AWAY, FULL):
        response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def status_of(error: BaseException | None) -> int:
    """400, 503, 507 or 500, from the exception and what caused it."""
    if isinstance(error, UnreadablePostError):
        return 400
    for each in _causes(error):
        if isinstance(each, psycopg.errors.DiskFull):
            return FULL
        if isinstance(each, OSError) and each.errno in _ERRNO:
            return _ERRNO[each.errno]
    away = (OperationalError, InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
    return AWAY if any(isinstance(each, away) for each in _causes(error)) else 500


def sentence(status: int) -> str:
    if status == FULL:
        return _("This was not saved: there is no room left to store it. The administrators have to make some.")
    if status == AWAY:
        return _("This was not saved: a part of the service is not answering. Please try again in a moment.")
    return _("This was not saved: something went wrong on our side. The administrators can see what happened.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
