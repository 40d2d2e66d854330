"""Who is signed in. Private rooms answer strangers with one and the same redirect, before any look-up (DECISIONS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import backends
from accounts.policies import owes_second_factor
from ledger.asked import asks_for_data

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
PUBLIC_EXACT = frozenset({"/", "/robots.txt", "/search/", "/sitemap.xml", "/favicon.ico"})
#: Exist only in the demonstration, where their own view refuses everyone else.
DEMO = ("/demo/", "/components/")


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's; the person whom the session brought along is not asked for again."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _of_session(request))  # type: ignore[assignment]


def _of_session(request: HttpRequest) -> Any:
    # Looked at first: that is what reads the session.
    signed_in = SESSION_KEY in request.session
    with backends.met(getattr(request.session, "person", None) if signed_in else None):
        return get_user(request)


class PrivateRoomsMiddleware:
    """Signed-in people pass and get ``no-store``; strangers are sent to sign in, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_public(request.path_info):
            return self.get_response(request)
        if not request.user.is_authenticated:
            response: HttpResponse = to_sign_in(request)
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


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to sign in, as a page, a script or htmx takes it.

    Without `next`: the answer depends on who asks how, never on what was asked for.
    """
    address = reverse("account_login")
    if asks_for_data(request):
        sentence = _("You are signed out. Sign in again; what you typed is kept on this page.")
        return JsonResponse({"error": sentence, "signin": address}, status=401)
    if request.headers.get("HX-Request") == "true":
        # A redirect would be followed, and the page put into the middle of another.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def is_public(path: str) -> bool:
    return path in PUBLIC_EXACT or path.startswith(PUBLIC) or path.startswith(DEMO)
