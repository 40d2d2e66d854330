"""Launch: embargo, hold, event. The press officer acts, everyone concerned sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger import clock
from ledger.refusals import Refusal, allowed, why_not
from release import actions, moments, permissions, policies
from release.forms import EmbargoForm, EventForm, ReasonForm
from release.models import Embargo, LaunchEvent, Release
from release.moments import Unclear
from release.states import ReleaseState
from release.views import board
from release.views.found import release_for
from release.visibility import public_events


@require_safe
def page(request: HttpRequest, release: UUID) -> HttpResponse:
    found = release_for(request.user, release, permissions.see_launch)
    return render(request, "release/launch.html", _board(request.user, found))


@require_POST
def embargo(request: HttpRequest, release: UUID) -> HttpResponse:
    """Set or move. A time the clocks show twice, or skip, is refused with the choices."""
    found = release_for(request.user, release, permissions.launch)
    form = EmbargoForm(_chosen(request))
    if not form.is_valid():
        return _again(request, found, embargo_form=form)
    try:
        actions.set_embargo(actor=request.user, release=found, **form.cleaned_data)
    except Unclear as unclear:
        return _again(request, found, embargo_form=form, refusal=str(unclear.sentence), choices=unclear.choices)
    except Refusal as refusal:
        return _again(request, found, embargo_form=form, refusal=str(refusal.sentence))
    messages.success(request, _("The launch is set. The approvers are told."))
    return redirect("release:launch", found.pk)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What was posted; a choice between two readings of a time (``time/fold``) comes before the field."""
    posted = {name: str(value) for name, value in request.POST.items()}
    if choice := posted.get("choice"):
        posted["wall_time"], _slash, posted["fold"] = choice.partition("/")
    return posted


@require_POST
def hold(request: HttpRequest, release: UUID) -> HttpResponse:
    found = release_for(request.user, release, permissions.launch)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _again(request, found, refusal=_("Say why the launch is held: everybody concerned is told."))
    return _act(request, found, actions.hold, _("The launch is on hold."), **form.cleaned_data)


@require_POST
def resume(request: HttpRequest, release: UUID) -> HttpResponse:
    found = release_for(request.user, release, permissions.launch)
    return _act(request, found, actions.resume, _("The hold is lifted."))


@require_POST
def withdraw(request: HttpRequest, release: UUID) -> HttpResponse:
    found = release_for(request.user, release, permissions.withdraw)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _again(request, found, refusal=_("Say why: the public reads the reason."))
    return _act(request, found, actions.withdraw, _("The brief is withdrawn."), **form.cleaned_data)


@require_POST
def event(request: HttpRequest, release: UUID) -> HttpResponse:
    """Set up or change the launch event."""
    found = release_for(request.user, release, permissions.launch)
    form = EventForm(request.POST, instance=LaunchEvent.objects.filter(brief=found.brief).first())
    if not form.is_valid():
        return _again(request, found, event_form=form)
    try:
        actions.save_event(actor=request.user, brief=found.brief, fields=form.cleaned_data)
    except Refusal as refusal:
        form.add_error("starts_wall_time", str(refusal.sentence))
        return _again(request, found, event_form=form)
    messages.success(request, _("The event is saved."))
    return redirect("release:launch", found.pk)


def _act(request: HttpRequest, release: Release, act: Any, said: str, **fields: Any) -> HttpResponse:
    try:
        act(actor=request.user, release=release, **fields)
    except Refusal as refusal:
        return _again(request, release, refusal=str(refusal.sentence))
    messages.success(request, said)
    return redirect("release:launch", release.pk)


def _again(request: HttpRequest, release: Release, **more: Any) -> HttpResponse:
    fresh = release_for(request.user, release.pk, permissions.see_launch)
    return render(request, "release/launch.html", {**_board(request.user, fresh), **more}, status=422)


def _board(user: Any, release: Release) -> dict[str, Any]:
    """What the page shows. ``now`` is the database's: the one clock that decides."""
    embargo = Embargo.objects.filter(release=release).select_related("held_by").first()
    launches = allowed(permissions.launch, user, release.brief)
    now = clock.database_now()
    open_now = bool(embargo and not embargo.held_at and embargo.instant <= now)
    return {
        "release": release,
        "brief": release.brief,
        "embargo": embargo,
        "now": now,
        "public": open_now and release.status in (ReleaseState.SCHEDULED, ReleaseState.PUBLISHED),
        "times": moments.in_zones(embargo.instant, embargo.zone, user.zone) if embargo else [],
        "launches": launches,
        "why_not": why_not(policies.check_may_set_embargo, release),
        "scheduled": release.status == ReleaseState.SCHEDULED,
        "embargo_form": EmbargoForm(initial=_initial(user, embargo)),
        "event": LaunchEvent.objects.filter(brief=release.brief).first(),
        "event_public": public_events().filter(brief=release.brief).exists(),
        "event_form": _event_form(user, release) if launches else None,
        "withdraws": release.status == ReleaseState.PUBLISHED and allowed(permissions.withdraw, user, release.brief),
        "signatures": board.signatures_of(user, release),
        "trail": board.trail(release, _("Launch")),
    }


def _initial(user: Any, embargo: Embargo | None) -> dict[str, str]:
    return {"wall_time": embargo.wall_time, "zone": embargo.zone} if embargo else {"zone": user.zone or "UTC"}


def _event_form(user: Any, release: Release) -> EventForm:
    existing = LaunchEvent.objects.filter(brief=release.brief).first()
    if existing:
        return EventForm(instance=existing)
    title = _("Launch: %(title)s") % {"title": release.brief.title}
    return EventForm(initial={"title": title[:200], "slug": slugify(release.brief.slug), "zone": user.zone or "UTC"})
