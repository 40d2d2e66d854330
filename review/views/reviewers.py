"""The reviewer's own pages: declarations, charge, naming, handing in, the outcome."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import Refusal, allowed
from review import actions, permissions, policies
from review.forms.reviewers import DeclarationForm, NamingForm, QuestionAnswerForm
from review.models import ChargeQuestion, Declaration
from review.size import size_of
from review.states import InvitationState, Naming
from review.views.found import desk_of, mine, round_for
from review.views.reading import question_form
from review.visibility import Viewer, related, see_all, threads


def declarations(request: HttpRequest, round: UUID) -> HttpResponse:
    """Before any text: in what capacity, with what interests, under which confidence, named how, how safe."""
    found = round_for(request.user, round)
    permissions.declare(request.user, found)
    invitation = mine(request, found)
    if invitation.status != InvitationState.ACCEPTED:
        return redirect("review:room", found.pk)
    policies.check_open(found)
    initial = {"sector": invitation.sector, "name": getattr(request.user, "name", "") or invitation.name}
    form = DeclarationForm(request.POST or None, round=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.declare(actor=request.user, round=found, **form.declared())
        messages.success(request, _("Thank you. From here on you are %(who)s.") % {"who": invitation.pseudonym})
        return redirect("review:room", found.pk)
    context = {"round": found, "invitation": invitation, "form": form, "size": size_of(found.version)}
    return render(request, "review/declarations.html", context)


def charge(request: HttpRequest, round: UUID) -> HttpResponse:
    """Every question of the charge on one page."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    viewer = Viewer(request.user, found)
    invitation = mine(request, found)
    given = {row.question_id: row for row in invitation.answers.all()}
    questions = list(found.questions.select_related("section"))
    if request.method == "POST":
        forms = [QuestionAnswerForm(request.POST, question=row) for row in questions]
        if all(form.is_valid() for form in forms):
            # All or none: a form that is sent again is done as a whole or not at all.
            with transaction.atomic():
                for form in forms:
                    if form.has_changed() or form.question.pk in given:
                        _answer(request, found, form)
            messages.success(request, _("Your answers are kept."))
            return redirect("review:charge", found.pk)
    else:
        forms = [question_form(row, given.get(row.pk)) for row in questions]
    writes = allowed(policies.check_may_write, invitation)
    return render(request, "review/charge.html", desk_of(viewer) | {"forms": forms, "writes": writes})


def _answer(request: HttpRequest, round: object, form: QuestionAnswerForm) -> None:
    actions.answer_question(
        actor=request.user,
        round=round,
        question=form.question,
        value=form.cleaned_data.get("value", ""),
        text=form.cleaned_data["text"],
    )


@require_POST
def answer_question(request: HttpRequest, round: UUID, question: int) -> HttpResponse:
    """One question, answered beside its section."""
    found = round_for(request.user, round)
    permissions.comment(request.user, found)
    row = get_object_or_404(ChargeQuestion, pk=question, round=found)
    form = QuestionAnswerForm(request.POST, question=row)
    if form.is_valid():
        _answer(request, found, form)
        messages.success(request, _("Your answer is kept."))
    if row.section_id:
        return redirect("review:section", found.pk, row.section_id)
    return redirect("review:charge", found.pk)


def naming(request: HttpRequest, round: UUID) -> HttpResponse:
    """How I am named: mine to change, never anybody else's."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    declaration = get_object_or_404(Declaration, invitation=mine(request, found))
    form = NamingForm(request.POST or None, round=found, initial={"naming": declaration.naming})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_naming(actor=request.user, round=found, naming=form.cleaned_data["naming"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Kept: this is how you are named."))
            return redirect("review:room", found.pk)
    viewer = Viewer(request.user, found)
    context = desk_of(viewer) | {"form": form, "declaration": declaration, "none": Naming.NONE}
    return render(request, "review/naming.html", context)


def submit(request: HttpRequest, round: UUID) -> HttpResponse:
    """What is handed in, and the button; the receipt follows."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    invitation = mine(request, found)
    policies.check_may_write(invitation)
    if request.method == "POST":
        with_drafts = request.POST.get("drafts") == "send"
        receipt = actions.submit(actor=request.user, round=found, with_drafts=with_drafts)
        return redirect("review:receipt", found.pk, receipt.number)
    viewer = Viewer(request.user, found)
    answered = invitation.answers.count()
    context = desk_of(viewer) | {"answered": answered, "asked": found.questions.count()}
    context["late"] = policies.is_late(invitation)
    return render(request, "review/submit.html", context)


@require_POST
def resume(request: HttpRequest, round: UUID) -> HttpResponse:
    found = round_for(request.user, round)
    actions.resume(actor=request.user, round=found)
    messages.success(request, _("Your review is open again. Hand it in once more when you are done."))
    return redirect("review:room", found.pk)


def leave(request: HttpRequest, round: UUID) -> HttpResponse:
    """Withdraw from the round: asked on a page of its own."""
    found = round_for(request.user, round)
    permissions.declare(request.user, found)
    invitation = mine(request, found)
    if request.method == "POST":
        actions.withdraw_from_round(actor=request.user, round=found)
        messages.success(request, _("You have left the round. Your comments reach nobody."))
        return redirect("desk")
    return render(request, "review/leave.html", {"round": found, "invitation": invitation})


@require_safe
def receipt(request: HttpRequest, round: UUID, number: str) -> HttpResponse:
    """The receipt, with the copy of all comments as it was made."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    invitation = mine(request, found)
    row = get_object_or_404(invitation.receipts, number=number)
    viewer = Viewer(request.user, found)
    return render(request, "review/receipt.html", desk_of(viewer) | {"receipt": row, "copy": json.loads(row.copy)})


@require_safe
def outcome(request: HttpRequest, round: UUID) -> HttpResponse:
    """What happened to my comments."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    viewer = Viewer(request.user, found)
    rows = related(threads(viewer).filter(invitation=viewer.invitation, draft=False)).order_by("number")
    seen = see_all(viewer, rows)
    answered = sum(1 for each in seen if each.answer)
    return render(request, "review/outcome.html", desk_of(viewer) | {"threads": seen, "answered": answered})
