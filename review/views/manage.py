"""The review editor's board: who is where, and what can be done about it."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import Refusal, why_not
from review import actions, permissions, policies
from review.board import SHOWN, Row, figures, first_section, questions, rows_of, shown, standing
from review.emails import invitation_context
from review.forms.rounds import ExtendForm, InviteForm, ReasonForm
from review.models import Invitation, Round
from review.states import InvitationState
from review.views.found import round_for


def _managed(request: HttpRequest, pk: UUID) -> Round:
    found = round_for(request.user, pk)
    permissions.manage(request.user, found)
    return found


@require_safe
def board(request: HttpRequest, round: UUID) -> HttpResponse:
    """Everybody's state, the figures of the round, and the next step."""
    found = _managed(request, round)
    return render(request, "review/board.html", _board(request, found) | {"empty_form": _empty_form(get_language())})


@cache
def _empty_form(language: str | None) -> SafeString:
    """The form before anybody has written into it: the same for everybody."""
    empty: SafeString = render_crispy_form(InviteForm())
    return empty


def _board(request: HttpRequest, round: Round) -> dict[str, Any]:
    counted_rows = standing(round)
    pages = Paginator(shown(round), SHOWN)
    pages.count = counted_rows["shown"]  # counted once, with the others
    page = pages.get_page(request.GET.get("page"))
    return {
        "round": round,
        "rows": rows_of(round, page.object_list),
        "page_obj": page,
        **counted_rows,
        "figures": figures(round),
        "first_section": first_section(round),
        "questions": questions(round),
        "why_not_open": why_not(policies.check_may_open, round),
    }


@require_POST
def invite(request: HttpRequest, round: UUID) -> HttpResponse:
    """Add pasted addresses; nothing is sent yet."""
    found = _managed(request, round)
    form = InviteForm(request.POST)
    if form.is_valid():
        people, sector = form.cleaned_data["addresses"], form.cleaned_data["sector"]
        try:
            made = actions.invite(actor=request.user, round=found, people=people, sector=sector)
        except Refusal as refusal:
            form.add_error("addresses", str(refusal.sentence))
        else:
            said = ngettext("One person added.", "%(n)d people added.", len(made)) % {"n": len(made)}
            left = len({address.lower() for address, _name in people}) - len(made)
            more = ngettext("One was there already.", "%(n)d were there already.", left) % {"n": left}
            messages.success(request, f"{said} {more}" if left > 0 else said)
            return redirect("review:manage", found.pk)
    return render(request, "review/board.html", _board(request, found) | {"form": form})


@require_POST
def send(request: HttpRequest, round: UUID) -> HttpResponse:
    found = _managed(request, round)
    sent = actions.send_invitations(actor=request.user, round=found)
    said = ngettext("One invitation is on its way.", "%(n)d invitations are on their way.", sent) % {"n": sent}
    messages.success(request, said)
    return redirect("review:manage", found.pk)


def _one(request: HttpRequest, round: UUID, invitation: UUID) -> Invitation:
    found = _managed(request, round)
    rows: QuerySet[Invitation] = Invitation.objects.filter(round=found).select_related("user", "declaration")
    row = get_object_or_404(rows.exclude(status=InvitationState.DECLINED), pk=invitation)
    row.round = found
    return row


@require_safe
def one(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    """One reviewer: declaration, figures, and everything that can be done."""
    return _person(request, _one(request, round, invitation))


def _person(request: HttpRequest, row: Invitation, **forms: Any) -> HttpResponse:
    context = {
        "round": row.round,
        "invitation": row,
        "row": Row.of(row, row.threads.filter(draft=False).count()),
        "declaration": getattr(row, "declaration", None),
        "extend": ExtendForm(),
        "exclude": ReasonForm(),
        "why_not_extend": why_not(policies.check_open, row.round),
    }
    return render(request, "review/reviewer.html", context | forms)


@require_safe
def preview(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    """The mail as this person will get it; the link in it is an example."""
    row = _one(request, round, invitation)
    context = invitation_context(row) | {"round": row.round, "invitation": row, "mail": _letter(row)}
    return render(request, "review/mail_preview.html", context)


def _letter(row: Invitation) -> dict[str, str]:
    link = f"{settings.BASE_URL}/invitations/{'•' * 32}/"
    context = invitation_context(row) | {"base_url": settings.BASE_URL, "to": row.email, "link": link}
    subject = " ".join(render_to_string("email/invitation/subject.txt", context).split())
    return {"subject": subject, "body": render_to_string("email/invitation/body.txt", context).strip()}


@require_POST
def resend(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    row = _one(request, round, invitation)
    actions.resend(actor=request.user, invitation=row)
    messages.success(request, _("A new link is on its way; the old one is void."))
    return redirect("review:manage", row.round_id)


@require_POST
def remind(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    row = _one(request, round, invitation)
    actions.remind(actor=request.user, invitation=row)
    messages.success(request, _("A reminder is on its way. Nobody gets more than one a day."))
    return redirect("review:manage", row.round_id)


@require_POST
def cancel(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    row = _one(request, round, invitation)
    actions.cancel(actor=request.user, invitation=row)
    messages.success(request, _("The invitation is taken back; its link is void."))
    return redirect("review:manage", row.round_id)


@require_POST
def extend(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    row = _one(request, round, invitation)
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            actions.extend(actor=request.user, invitation=row, day=form.cleaned_data["day"])
        except Refusal as refusal:
            form.add_error("day", str(refusal.sentence))
        else:
            messages.success(request, _("The deadline of %(who)s is moved.") % {"who": row.pseudonym})
            return redirect("review:manage", row.round_id)
    return _person(request, row, extend=form)


@require_POST
def exclude(request: HttpRequest, round: UUID, invitation: UUID) -> HttpResponse:
    row = _one(request, round, invitation)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.exclude(actor=request.user, invitation=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(who)s is excluded from the round.") % {"who": row.pseudonym})
        return redirect("review:manage", row.round_id)
    return _person(request, row, exclude=form)
