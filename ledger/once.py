"""A form that is sent again is done once: the answer to the first may never have arrived.

The key of a request is made of who sends it, where to, and every byte of the form with its token, which is
another on each page. Scripts may send ``Idempotency-Key`` instead. The first action of the request keeps
the key in its event, in the same transaction; an action that meets its own key again does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import CharField, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ledger.asked import asks_for_data
from ledger.models import Event
from ledger.prepared import Hole, Prepared

#: Seconds for which it is known where the first answer led.
KEPT = 3600
_key: ContextVar[str] = ContextVar("request_key", default="")


class DoneBefore(Exception):
    """This very request has been done; nothing was done now."""


def take() -> str:
    """The request's key, for the first action that asks; an empty string afterwards."""
    key = _key.get()
    if key:
        _key.set("")
    return key


def _carrying() -> QuerySet[Any, tuple[Any, ...]]:
    return Event.objects.filter(key=Hole("key", CharField())).order_by().values_list("pk")


# Asked by everything that is done.
_events = Prepared(_carrying)


def check_first(key: str) -> None:
    """Raises DoneBefore when an event carries the key."""
    if key and _events(key=key):
        raise DoneBefore


class OnceMiddleware:
    """Gives each form its key, and answers a repetition as the first time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _key.set("")
        try:
            response = self.get_response(request)
        finally:
            _key.reset(before)
        key: str = getattr(request, "request_key", "")
        if key and 300 <= response.status_code < 400:
            cache.set(_place(request), response["Location"], KEPT)
        return response

    def process_view(self, request: Any, view: Any, arguments: Any, named: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        key = key_of(request)
        # Django goes on with an empty form when half of it came (``config.whole``): that is none.
        if getattr(request.META.get("wsgi.input"), "broken", False):
            return HttpResponse(status=400)
        request.request_key = key
        _key.set(key)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DoneBefore):
            return None
        if asks_for_data(request):
            return JsonResponse({"done": "before"})
        messages.info(request, _("This had arrived already; it was done once."))
        target = cache.get(_place(request)) or _page_before(request)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponse(status=303, headers={"Location": target})


def key_of(request: HttpRequest) -> str:
    """64 hexadecimal digits, or an empty string for what is no form of ours."""
    given = request.headers.get("Idempotency-Key", "")
    token = given or request.POST.get("csrfmiddlewaretoken", "")
    if not token:
        return ""
    digest = hashlib.sha256()
    for part in (str(request.user.pk), request.path, token):
        _add(digest, part.encode())
    if given:
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        for value in (name, *values):
            _add(digest, value.encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            _add(digest, name.encode() + str(file.name).encode())
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return digest.hexdigest()


def _add(digest: Any, part: bytes) -> None:
    # With its length: two fields must not read like one.
    digest.update(len(part).to_bytes(8, "big") + part)


def _place(request: HttpRequest) -> str:
    return f"once:{getattr(request, 'request_key', '')}"


def _page_before(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if page and allowed else "/desk/"
