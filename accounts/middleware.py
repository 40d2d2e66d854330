"""Private rooms answer strangers with one and the same redirect, before any look-up (DECISIONS)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.policies import owes_second_factor

#: What the public may ask for. Everything else is a private room.
PUBLIC = (
    "/briefs/",
    "/events/",
    "/static/",
    "/health/",
    "/account/login/",
    "/account/logout/",
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
        if is_public(request.path_info):
            return self.get_response(request)
        if not request.user.is_authenticated:
            # No `next`: the answer must not differ by what was asked.
            response: HttpResponse = HttpResponseRedirect(reverse("account_login"))
        elif not request.path_info.startswith("/account/") and owes_second_factor(request):
            response = HttpResponseRedirect(reverse("mfa_index"))
        else:
            response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """The administration does not exist for others: no second sign-in page, no hint."""
        if request.path_info.startswith("/admin/") and not getattr(request.user, "is_staff", False):
            raise Http404


def is_public(path: str) -> bool:
    return path in PUBLIC_EXACT or path.startswith(PUBLIC) or path.startswith(DEMO)
