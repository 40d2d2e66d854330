"""The desk, one's profile, signing out."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.desk import by_deadline
from accounts.forms import ProfileForm


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, by deadline."""
    waiting, happened = by_deadline(request.user)
    return render(request, "accounts/desk.html", {"groups": waiting, "happened": happened})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(actor=request.user, name=form.cleaned_data["name"], zone=form.cleaned_data["zone"])
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    return render(request, "accounts/profile.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session and asks the browser to forget what it kept of us (EXPERIENCE, Reviewer)."""
    logout(request)
    response = redirect("account_login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@reauthentication_required(app="allauth.mfa")
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that are left. Ours, because allauth's page notes on GET that it was seen."""
    context = {"unused_codes": _unused_codes(request)}
    return render(request, "mfa/recovery_codes/index.html", context)


@reauthentication_required(app="allauth.mfa")
@require_safe
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    body = "\n".join(_unused_codes(request)) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(body, content_type="text/plain; charset=utf-8", headers=headers)


def _unused_codes(request: HttpRequest) -> list[str]:
    kind = Authenticator.Type.RECOVERY_CODES
    codes: list[str] = get_object_or_404(Authenticator, user_id=request.user.pk, type=kind).wrap().get_unused_codes()
    return codes
