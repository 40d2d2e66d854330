"""Setting up a round in one page, opening and closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brief.models import Brief
from ledger.refusals import Refusal
from review import actions, permissions, policies
from review.forms.rounds import DeadlineForm, QuestionFormSet, RoundForm, questions_of
from review.models import Round
from review.policies import DEFAULT_PERIOD
from review.states import RoundState
from review.views.found import round_for


def new(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Set up the next round of a brief."""
    found = get_object_or_404(Brief, pk=brief)
    permissions.set_up(request.user, found)
    number = Round.objects.filter(brief=found).count() + 1
    zone = getattr(request.user, "zone", "UTC")
    initial = {
        "title": _("Round %(number)d") % {"number": number},
        "version": found.versions.first(),
        "deadline_zone": zone,
        "deadline_date": (timezone.now() + DEFAULT_PERIOD).astimezone(ZoneInfo(zone)).date(),
    }
    form = RoundForm(request.POST or None, brief=found, initial=initial)
    return _form_page(request, found, form, [], None)


def edit(request: HttpRequest, round: UUID) -> HttpResponse:
    """Change a round that is not open yet."""
    found = round_for(request.user, round)
    permissions.manage(request.user, found)
    policies.check_being_set_up(found)
    # The action saves its own, locked row; the form must not touch this one.
    initial = {name: getattr(found, name) for name in RoundForm.Meta.fields}
    form = RoundForm(request.POST or None, brief=found.brief, initial=initial)
    asked = [{"text": row.text, "kind": row.kind, "section": row.section} for row in found.questions.all()]
    return _form_page(request, found.brief, form, asked, found)


def _form_page(
    request: HttpRequest, brief: Brief, form: RoundForm, asked: list[dict[str, Any]], round: Round | None
) -> HttpResponse:
    questions = QuestionFormSet(request.POST or None, initial=asked, prefix="question", form_kwargs={"brief": brief})
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        fields = form.cleaned_data | {"questions": questions_of(questions)}
        try:
            if round is None:
                kept = actions.create_round(actor=request.user, brief=brief, **fields)
            else:
                kept = actions.edit_round(actor=request.user, round=round, **fields)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The round is kept. Invite reviewers, then open it."))
            return redirect("review:manage", kept.pk)
    context = {"brief": brief, "round": round, "form": form, "questions": questions}
    return render(request, "review/round_form.html", context)


@require_POST
def open_round(request: HttpRequest, round: UUID) -> HttpResponse:
    """Open the round; invitations that wait are sent."""
    found = round_for(request.user, round)
    waiting = found.invitations.filter(status="draft").count()
    actions.open_round(actor=request.user, round=found)
    sent = ngettext("One invitation is on its way.", "%(n)d invitations are on their way.", waiting) % {"n": waiting}
    messages.success(request, _("The round is open.") + (f" {sent}" if waiting else ""))
    return redirect("review:manage", found.pk)


@require_POST
def close(request: HttpRequest, round: UUID) -> HttpResponse:
    found = round_for(request.user, round)
    actions.close_round(actor=request.user, round=found)
    messages.success(request, _("The round is closed. Its comments are with the authors."))
    return redirect("review:manage", found.pk)


def deadline(request: HttpRequest, round: UUID) -> HttpResponse:
    """Move the deadline; for a closed round this opens it again."""
    found = round_for(request.user, round)
    permissions.manage(request.user, found)
    names = ("deadline_date", "deadline_time", "deadline_zone")
    form = DeadlineForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    closed = found.status == RoundState.CLOSED
    if request.method == "POST" and form.is_valid():
        day, clock, zone = (form.cleaned_data[name] for name in names)
        act = actions.reopen_round if closed else actions.move_deadline
        try:
            act(actor=request.user, round=found, day=day, clock=clock, zone=zone)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The round is open again.") if closed else _("The deadline is moved."))
            return redirect("review:manage", found.pk)
    return render(request, "review/deadline.html", {"round": found, "form": form, "closed": closed})
