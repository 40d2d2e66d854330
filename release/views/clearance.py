"""Clearance: one page, and what people do on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import Refusal
from release import actions
from release.forms import ReasonForm, ReturnForm, SignForm
from release.models import Release
from release.views import board
from release.views.found import release_for


@require_safe
def page(request: HttpRequest, release: UUID) -> HttpResponse:
    """Gates, files, hash, signatures; what this person may do."""
    found = release_for(request.user, release)
    return render(request, "release/clearance.html", board.clearance(request.user, found))


@require_safe
def progress(request: HttpRequest, release: UUID) -> HttpResponse:
    """How far the build is: a fragment that asks for itself until it is done."""
    found = release_for(request.user, release)
    response = render(request, "release/_progress.html", board.progress(found))
    if found.job is None or found.job.finished_at:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def sign(request: HttpRequest, release: UUID) -> HttpResponse:
    """Sign with a fresh second factor, checked and used up in the same transaction."""
    found = release_for(request.user, release)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _again(request, found, _("The page was not complete. Nothing was signed; please try again."))
    try:
        actions.sign(actor=request.user, release=found, **form.cleaned_data)
    except Refusal as refusal:
        return _again(request, found, str(refusal.sentence), status=refusal.status)
    messages.success(request, _("You have signed. A receipt is on its way to you."))
    return redirect("release:clearance", found.pk)


@require_POST
def give_back(request: HttpRequest, release: UUID) -> HttpResponse:
    return _reasoned(request, release, ReturnForm, actions.return_release, _("You have returned the release."))


@require_POST
def waive(request: HttpRequest, release: UUID, gate: str) -> HttpResponse:
    said = _("The gate is waived. The manifest has changed.")
    return _reasoned(request, release, ReasonForm, actions.waive, said, gate=gate)


@require_POST
def reopen(request: HttpRequest, release: UUID) -> HttpResponse:
    return _reasoned(
        request, release, ReasonForm, actions.reopen, _("The brief is open again. Every sign-off is void.")
    )


@require_POST
def check_again(request: HttpRequest, release: UUID) -> HttpResponse:
    found = release_for(request.user, release)
    try:
        actions.check_again(actor=request.user, release=found)
    except Refusal as refusal:
        return _again(request, found, str(refusal.sentence), status=refusal.status)
    messages.success(request, _("The gates have been checked."))
    return redirect("release:clearance", found.pk)


def _reasoned(
    request: HttpRequest, release: UUID, form_class: type[Form], act: Any, said: str, **more: Any
) -> HttpResponse:
    """An action that needs a reason: done, or the page again with what is missing."""
    found = release_for(request.user, release)
    form = form_class(request.POST)
    if not form.is_valid():
        return _again(request, found, _("Give a reason: it is kept with the record."))
    try:
        act(actor=request.user, release=found, **form.cleaned_data, **more)
    except Refusal as refusal:
        return _again(request, found, str(refusal.sentence), status=refusal.status)
    messages.success(request, said)
    return redirect("release:clearance", found.pk)


def _again(request: HttpRequest, release: Release, sentence: str, *, status: int = 422) -> HttpResponse:
    """The page with the refusal; what was typed is still there."""
    fresh = release_for(request.user, release.pk)
    context = {**board.clearance(request.user, fresh), "refusal": sentence, "typed": request.POST}
    return render(request, "release/clearance.html", context, status=status)
