"""Private rooms answer strangers with one and the same redirect, before any look-up (DECISIONS)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

#: What the public may ask for. Everything else is a private room.
PUBLIC = (
    "/briefs/",
    "/events/",
    "/static/",
    "/health/",
    "/account/login/",
    "/invitations/",
    "/feed/",
    "/errata/",
)
PUBLIC_EXACT = frozenset({"/", "/robots.txt", "/sitemap.xml", "/favicon.ico"})
#: Exist only in the demonstration, where their own view refuses everyone else.
DEMO = ("/demo/", "/components/")


class PrivateRoomsMiddleware:
    """Signed-in people pass and get ``no-store``; strangers are sent to sign in, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        public = is_public(request.path_info)
        if not public and not request.user.is_authenticated:
            # No `next`: the answer must not differ by what was asked.
            response: HttpResponse = HttpResponseRedirect(reverse("account_login"))
        else:
            response = self.get_response(request)
        if not public and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


def is_public(path: str) -> bool:
    return path in PUBLIC_EXACT or path.startswith(PUBLIC) or path.startswith(DEMO)
