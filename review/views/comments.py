"""Writing comments, and each comment's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief.models import Section
from document import tree
from document.anchors import cut
from ledger.refusals import Hidden, Refusal
from review import actions, permissions, policies, reading
from review.forms.reviewers import CommentForm, PlaceForm, ReplyForm
from review.models import ReviewThread, Round
from review.numbers import paragraph_of
from review.views.found import desk_of, mine, round_for
from review.visibility import Viewer, find, related, see, see_all, threads

#: How much of a whole paragraph is quoted above the form.
QUOTED = 600


@require_safe
def index(request: HttpRequest, round: UUID) -> HttpResponse:
    """All my comments, drafts first."""
    found = round_for(request.user, round)
    permissions.own_review(request.user, found)
    viewer = Viewer(request.user, found)
    rows = related(threads(viewer).filter(invitation=viewer.invitation)).order_by("-draft", "number")
    return render(request, "review/comments.html", desk_of(viewer) | {"threads": see_all(viewer, rows)})


def new(request: HttpRequest, round: UUID) -> HttpResponse:
    """The form for a comment on selected words, on a paragraph, or on the whole."""
    found = round_for(request.user, round)
    permissions.comment(request.user, found)
    policies.check_may_write(mine(request, found))
    place = PlaceForm(request.POST if request.method == "POST" else request.GET)
    if not place.is_valid():
        raise Hidden(_("There is no such place in this version."))
    section = _section(found, place.cleaned_data)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        thread = _add(request, found, section, place.cleaned_data, form)
        if thread is not None:
            return redirect(_back(found, thread))
    context = {"round": found, "form": form, "place": place, "about": _about(found, section, place.cleaned_data)}
    template = "review/_comment_form.html" if request.headers.get("HX-Request") else "review/comment_new.html"
    return render(request, template, context)


def _add(
    request: HttpRequest, round: Round, section: Section | None, place: dict[str, Any], form: CommentForm
) -> ReviewThread | None:
    draft = "draft" in request.POST
    try:
        thread: ReviewThread = actions.add_comment(
            actor=request.user,
            round=round,
            body=form.cleaned_data["body"],
            section=section,
            block=place["block"],
            start=place["start"] or 0,
            end=place["end"] or 0,
            draft=draft,
            **form.details(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return None
    messages.success(request, _("Kept as a draft.") if draft else _("Comment added."))
    return thread


def _section(round: Round, place: dict[str, Any]) -> Section | None:
    """The section, which the version must hold."""
    if not place["section"]:
        return None
    reading.text_of(round, place["section"])
    return Section.objects.get(pk=place["section"], brief=round.brief_id)


def _about(round: Round, section: Section | None, place: dict[str, Any]) -> dict[str, Any]:
    """The place in words: section, paragraph, quotation."""
    if section is None:
        return {"title": "", "paragraph": None, "quotation": ""}
    text = reading.text_of(round, section.pk)
    node = tree.find(text.doc, place["block"]) if place["block"] else None
    quotation, whole = "", True
    if node is not None:
        words = tree.block_text(node) if node["type"] in tree.TEXTBLOCKS else tree.text(node)
        first, last = place["start"] or 0, place["end"] or 0
        whole = not first < last
        quotation = (words[:QUOTED] if whole else cut(words, first, last)).replace(tree.OBJECT, "")
    paragraph = paragraph_of(round.version, section.pk, place["block"])
    return {"title": text.title, "paragraph": paragraph, "quotation": quotation, "whole": whole, "section": section.pk}


def _back(round: Round, thread: ReviewThread) -> str:
    """Back into the text, with this comment open; for one on the whole, to the list."""
    section = thread.thread.section_id
    if section is None:
        return reverse("review:comments", args=[round.pk])
    here = reverse("review:section", args=[round.pk, section])
    return f"{here}?thread={thread.pk}#thread-{thread.pk}"


def _found(request: HttpRequest, round: UUID, thread: UUID) -> tuple[Viewer, ReviewThread]:
    found = round_for(request.user, round)
    permissions.read(request.user, found)
    viewer = Viewer(request.user, found)
    return viewer, find(viewer, thread)


@require_safe
def thread(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    """A comment with its conversation; for scripts only the comment."""
    viewer, row = _found(request, round, thread)
    context = {"thread": see(viewer, row), "reply": ReplyForm(), "round": viewer.round, "viewer": viewer, "on": True}
    if request.headers.get("HX-Request"):
        return render(request, "review/_thread.html", context)
    return render(request, "review/thread.html", desk_of(viewer) | context)


def edit(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    """Rewrite a comment until it is handed over."""
    viewer, row = _found(request, round, thread)
    seen = see(viewer, row)
    if not seen.mine:
        raise Hidden(_("There is no such comment of yours."))
    policies.check_still_mine(row)
    details = ("type", "severity", "safeguarding", "proposed_change", "note_to_editor")
    initial = {name: getattr(row, name) for name in details} | {"body": seen.body}
    form = CommentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        send = "draft" not in request.POST
        changed = actions.edit_comment(actor=request.user, thread=row, body=body, send=send, **form.details())
        messages.success(request, _("Comment kept."))
        return redirect(_back(viewer.round, changed))
    about = {"title": seen.section_title, "paragraph": seen.paragraph, "quotation": seen.quotation}
    context = {"round": viewer.round, "form": form, "about": about, "thread": seen}
    return render(request, "review/comment_edit.html", context)


@require_POST
def reply(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    viewer, row = _found(request, round, thread)
    form = ReplyForm(request.POST)
    if form.is_valid():
        actions.reply(actor=request.user, thread=row, body=form.cleaned_data["body"])
    else:
        messages.error(request, _("A reply needs words."))
    return redirect(_back(viewer.round, row))


@require_POST
def send(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    viewer, row = _found(request, round, thread)
    actions.send_draft(actor=request.user, thread=row)
    messages.success(request, _("Comment added."))
    return redirect(_back(viewer.round, row))


@require_POST
def discard(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    viewer, row = _found(request, round, thread)
    section = row.thread.section_id
    actions.discard_draft(actor=request.user, thread=row)
    messages.success(request, _("Draft thrown away."))
    if section:
        return redirect("review:section", viewer.round.pk, section)
    return redirect("review:comments", viewer.round.pk)


@require_POST
def withdraw(request: HttpRequest, round: UUID, thread: UUID) -> HttpResponse:
    viewer, row = _found(request, round, thread)
    actions.withdraw_comment(actor=request.user, thread=row)
    messages.success(request, _("Comment withdrawn. Nobody else is shown its words any more."))
    return redirect(_back(viewer.round, row))
