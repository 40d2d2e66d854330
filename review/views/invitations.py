"""The link in the mail. Opening it changes nothing: mail scanners open links, and press GET buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import NotNow, Refusal
from review import actions
from review.actions.reviewers import by_secret, check_link
from review.emails import invitation_context
from review.models import Invitation

View = Callable[..., HttpResponse]


def unseen(view: View) -> View:
    """Neither kept nor told on: the address of these pages is a secret."""

    @wraps(view)
    def answer(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            response = view(request, secret)
        except Refusal as refusal:
            response = _closed(request, refusal)
        response["Cache-Control"] = "no-store"
        # Only the origin goes along, never the path. “no-referrer” would make browsers send
        # “Origin: null” with the form, which the forgery check refuses.
        response["Referrer-Policy"] = "strict-origin"
        return response

    return answer


def _closed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"sentence": refusal.sentence, "code": refusal.code, "status": refusal.status}
    return render(request, "review/invitation_closed.html", context, status=refusal.status)


@sensitive_variables("secret")
@require_safe
@unseen
def landing(request: HttpRequest, secret: str) -> HttpResponse:
    """Who asks, what, how long, by when, what happens with the comments. No word of the text."""
    invitation = by_secret(secret)
    if invitation is None:
        refusal = NotNow(_unknown(), code="unknown")
        refusal.status = 404
        raise refusal
    check_link(invitation)
    return render(request, "review/invitation.html", invitation_context(invitation) | {"secret": secret})


def _unknown() -> str:
    return _("This link leads nowhere. Perhaps a newer mail holds a newer link, or a line break cut it short.")


@sensitive_variables("secret")
@require_POST
@unseen
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Binds the account to the stored address and sends its code there; then the declarations."""
    invitation: Invitation = actions.accept(actor=None, secret=secret)
    onward = reverse("review:declarations", args=[invitation.round_id])
    user = invitation.user
    assert user is not None
    if request.user.is_authenticated:
        if request.user.pk == user.pk:
            return redirect(onward)
        logout(request)
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    return redirect(reverse("account_confirm_login_code") + "?" + urlencode({"next": onward}))


@sensitive_variables("secret")
@require_POST
@unseen
def decline(request: HttpRequest, secret: str) -> HttpResponse:
    """No trace beyond the count."""
    actions.decline(actor=None, secret=secret)
    return render(request, "review/declined.html")
