"""A random id for each request's log lines, and pages for refusals."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ledger import logs
from ledger.asked import asks_for_data, can_be_read
from ledger.refusals import Refusal

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Logs carry this id and no personal data (TRUST 10); responses do not carry it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = logs.request_id.set(secrets.token_hex(8))
        try:
            return self.get_response(request)
        finally:
            logs.request_id.reset(token)


def policy() -> str:
    """The one content policy, as its header says it."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


class PolicyMiddleware:
    """The content policy, the same letters in every process: two 404s of two processes may not differ.

    (django-csp writes its directives in the order of a set, which each process draws anew.)
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class RefusalMiddleware:
    """Turns a Refusal into its page (or JSON, for scripts): the sentence, and a way on.

    A body that the view would not read is refused too: it must not pass for an empty form that was agreed to.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, named: Any
    ) -> HttpResponse | None:
        if can_be_read(request, view):
            return None
        return _refused(request, _("This request cannot be read."), 415)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if exception.status == 404:
            raise Http404
        return _refused(request, exception.sentence, exception.status)


def _refused(request: HttpRequest, sentence: str | Promise, status: int) -> HttpResponse:
    if asks_for_data(request):
        return JsonResponse({"error": str(sentence)}, status=status)
    return render(request, "refused.html", {"sentence": sentence, "status": status}, status=status)
