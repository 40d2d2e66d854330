"""Measures each request; answers `/metrics/` to who holds the token, and to nobody else.

Without the token there is no such address: the request goes on, and ends as any other that is none
(strangers are sent to sign in, people get the one 404).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.metrics import exposition
from ledger.metrics import REQUESTS

PATH = "/metrics/"


class MetricsMiddleware:
    """Stands before everything: also what others answer is measured, and a scrape needs no host name or TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH and holds_token(request):
            return HttpResponse(
                exposition.text(), content_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"}
            )
        began = time.perf_counter()
        response = self.get_response(request)
        REQUESTS.labels(_view(request), f"{response.status_code // 100}xx").observe(time.perf_counter() - began)
        return response


def holds_token(request: HttpRequest) -> bool:
    """A GET with `Authorization: Bearer <METRICS_TOKEN>`; with no token set, nobody holds it."""
    if not settings.METRICS_TOKEN or request.method != "GET":
        return False
    return hmac.compare_digest(
        request.META.get("HTTP_AUTHORIZATION", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
    )


def _view(request: HttpRequest) -> str:
    """The view's name; `none` for static files, and for what was answered before an address was looked up."""
    match = request.resolver_match
    return match.view_name if match is not None and match.view_name else "none"
