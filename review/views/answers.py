"""Answering comments: the queue, each comment beside today's text, the review editor's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import Refusal, allowed, why_not
from review import actions, permissions, policies
from review.actions.dispositions import get_disposition
from review.forms.answers import DispositionForm
from review.forms.reviewers import ReplyForm
from review.forms.rounds import ReasonForm
from review.models import ReviewThread, Round
from review.policies import UNANSWERED, UNCONFIRMED, UNSETTLED, disposition_of
from review.states import DispositionState, Outcome
from review.today import words_today
from review.views.found import round_for
from review.visibility import Viewer, find, related, see, see_all, threads

PAGE = 25
SETTLED = Q(disposition__status=DispositionState.CONFIRMED)
#: What the queue can be narrowed to: name → words and condition.
SHOWN: dict[str, tuple[Any, Q]] = {
    "all": (gettext_lazy("All"), Q()),
    "open": (gettext_lazy("To answer"), UNANSWERED & Q(withdrawn_at=None)),
    "proposed": (gettext_lazy("To confirm"), UNCONFIRMED),
    "critical": (gettext_lazy("Critical"), Q(severity="critical") & UNSETTLED),
    "safeguarding": (gettext_lazy("Safeguarding"), Q(safeguarding=True, cleared_at=None)),
    "confirmed": (gettext_lazy("Confirmed"), SETTLED),
}


def _answered(request: HttpRequest, pk: UUID) -> tuple[Round, Viewer]:
    found = round_for(request.user, pk)
    permissions.read_answers(request.user, found)
    return found, Viewer(request.user, found)


@require_safe
def index(request: HttpRequest, round: UUID) -> HttpResponse:
    """Each comment handed over, beside the words it is about as they stand today."""
    found, viewer = _answered(request, round)
    rows = threads(viewer).filter(Q(handed_at__isnull=False) | Q(safeguarding=True, cleared_at=None))
    show = request.GET.get("show", "all") if request.GET.get("show") in SHOWN else "all"
    page = Paginator(_ordered(related(rows.filter(SHOWN[show][1]))), PAGE).get_page(request.GET.get("page"))
    seen = see_all(viewer, page.object_list)
    context = {
        "round": found,
        "viewer": viewer,
        "show": show,
        "tabs": _tabs(rows, show),
        "page_obj": page,
        "entries": list(zip(seen, words_today(seen), strict=True)),
    }
    return render(request, "review/answers.html", context)


def _ordered(rows: QuerySet[ReviewThread]) -> QuerySet[ReviewThread]:
    return rows.order_by("thread__section__order", "paragraph", "invitation__code", "number")


def _tabs(rows: QuerySet[ReviewThread], show: str) -> list[dict[str, Any]]:
    """Each narrowing with its count, from one query."""
    counts = rows.aggregate(**{name: Count("pk", filter=condition) for name, (_words, condition) in SHOWN.items()})
    return [
        {"name": name, "label": words, "count": counts[name], "current": name == show}
        for name, (words, _condition) in SHOWN.items()
    ]


def one(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    """One comment: quotation and today's words, the proposal, the answer."""
    found, viewer = _answered(request, round)
    row = find(viewer, thread)
    disposition = disposition_of(row)
    initial = (
        {name: getattr(disposition, name) for name in ("outcome", "response", "duplicate_of")} if disposition else {}
    )
    form = DispositionForm(request.POST or None, thread=row, initial=initial)
    if request.method == "POST":
        permissions.answer(request.user, found)
        if form.is_valid():
            try:
                actions.propose(actor=request.user, thread=row, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("Answer proposed. The review editor confirms it."))
                return redirect("review:answer", found.pk, row.pk)
    return _page(request, viewer, row, form)


def _page(request: HttpRequest, viewer: Viewer, row: ReviewThread, form: DispositionForm) -> HttpResponse:
    seen = see(viewer, row)
    disposition = disposition_of(row)
    user = request.user
    context = {
        "round": viewer.round,
        "viewer": viewer,
        "thread": seen,
        "today": words_today([seen])[0],
        "form": form,
        "reply": ReplyForm(),
        "reason": ReasonForm(),
        "answers": allowed(permissions.answer, user, viewer.round),
        "why_not_answer": why_not(policies.check_may_answer, row),
        "why_not_apply": why_not(policies.check_may_apply, row),
        "confirms": allowed(permissions.confirm, user, viewer.round),
        "why_not_confirm": why_not(policies.check_may_confirm, user, disposition) if disposition else "",
        "returns": disposition is not None
        and disposition.status != DispositionState.RETURNED
        and disposition.outcome != Outcome.WITHDRAWN,
        "flagged": seen.safeguarding and not seen.cleared,
        "clears": allowed(permissions.clear_safeguarding, user, viewer.round),
        **_beside(viewer, row),
    }
    return render(request, "review/answer.html", context)


def _beside(viewer: Viewer, row: ReviewThread) -> dict[str, Any]:
    """The comments before and after this one in the queue."""
    ids = list(_ordered(threads(viewer).filter(handed_at__isnull=False)).values_list("pk", flat=True))
    if row.pk not in ids:
        return {"before": None, "after": None}
    place = ids.index(row.pk)
    return {
        "place": place + 1,
        "count": len(ids),
        "before": ids[place - 1] if place else None,
        "after": ids[place + 1] if place + 1 < len(ids) else None,
    }


def _row(request: HttpRequest, round: UUID, thread: UUID) -> ReviewThread:
    _found, viewer = _answered(request, round)
    return find(viewer, thread)


@require_POST
def reply(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    row = _row(request, round, thread)
    form = ReplyForm(request.POST)
    if form.is_valid():
        actions.reply(actor=request.user, thread=row, body=form.cleaned_data["body"])
        messages.success(request, _("Reply added. The reviewer sees it."))
    return redirect("review:answer", row.round_id, row.pk)


@require_POST
def apply(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    """Put the proposed change into the text: a step like any other, in the author's name."""
    row = _row(request, round, thread)
    actions.apply_change(actor=request.user, thread=row)
    messages.success(request, _("The proposed change is in the text."))
    return redirect("review:answer", row.round_id, row.pk)


@require_POST
def confirm(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    row = _row(request, round, thread)
    actions.confirm(actor=request.user, disposition=get_disposition(row))
    messages.success(request, _("Confirmed. The reviewer sees the answer."))
    return redirect("review:answer", row.round_id, row.pk)


@require_POST
def send_back(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    row = _row(request, round, thread)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.send_back(actor=request.user, disposition=get_disposition(row), reason=form.cleaned_data["reason"])
        messages.success(request, _("Returned to the authors."))
    else:
        messages.error(request, _("Say why: the authors are shown the reason."))
    return redirect("review:answer", row.round_id, row.pk)


@require_POST
def clear(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    row = _row(request, round, thread)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.clear_safeguarding(actor=request.user, thread=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("The flag is cleared."))
    else:
        messages.error(request, _("Say how it was dealt with: that is kept with the record."))
    return redirect("review:answer", row.round_id, row.pk)
