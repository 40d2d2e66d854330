"""A random id for each request's log lines, and pages for refusals."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ledger import logs
from ledger.asked import asks_for_data
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
    """Turns a Refusal into its page (or JSON, for scripts): the sentence, and a way on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if exception.status == 404:
            raise Http404
        if asks_for_data(request):
            return JsonResponse({"error": str(exception.sentence)}, status=exception.status)
        context = {"sentence": exception.sentence, "status": exception.status}
        return render(request, "refused.html", context, status=exception.status)
