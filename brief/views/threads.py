"""The authors' conversation: beside the text, and of the whole brief on a page of its own.

Pages send forms; the writing room sends the same forms and asks for JSON, then looks at the list anew.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, conversation, permissions
from brief.cards import cards
from brief.forms import CommentForm
from brief.mentions import people_of
from brief.models import Brief, Comment, Section, Thread
from brief.policies import check_still_ones_own
from brief.visibility import brief_for, comment_of, text_of, thread_of
from ledger.asked import asks_for_data


def uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def talk(request: HttpRequest, brief: UUID) -> HttpResponse:
    """All the authors say of a brief; POST begins a thread about it as a whole."""
    found = brief_for(request.user, brief)
    permissions.talk(request.user, found)
    if request.method == "POST":
        form = CommentForm(request.POST)
        if not form.is_valid():
            return _unsaid(request, redirect("brief:talk", found.pk), _("A comment needs words."))
        thread = actions.start_thread(actor=request.user, brief=found, body=form.cleaned_data["body"])
        return _back(request, found, thread)
    show = request.GET.get("show", "open")
    side = conversation.of_brief(
        request.user, found, page=request.GET.get("page"), chosen=uuid(request.GET.get("thread")), show=show
    )
    context = {
        "brief": found,
        "cards": cards(request, found, side.threads, talks=True, overall=True),
        "page_obj": side.page,
        "show": show,
        "shows": conversation.SHOWS,
    }
    return render(request, "brief/talk.html", context)


@require_safe
def people(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Whom an author can mention: ``{people: [{name}]}``."""
    found = brief_for(request.user, brief)
    permissions.talk(request.user, found)
    return JsonResponse({"people": [{"name": str(user)} for user in people_of(found) if user.pk != request.user.pk]})


def section(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """GET: the list beside the text as ``{html, anchors, open}``. POST: begin a thread on words, or on the section."""
    found = brief_for(request.user, brief)
    permissions.talk(request.user, found)
    row = text_of(found, section)
    if request.method != "POST":
        return _list(request, found, row)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _unsaid(request, _at(row), _("A comment needs words."))
    place = {name: form.cleaned_data[name] or 0 for name in ("start", "end")}
    body, block = form.cleaned_data["body"], form.cleaned_data["block"]
    thread = actions.start_thread(actor=request.user, section=row, body=body, block=block, **place)
    return _back(request, found, thread)


def _list(request: HttpRequest, brief: Brief, row: Section) -> HttpResponse:
    asked, chosen = request.GET, uuid(request.GET.get("thread"))
    if not asks_for_data(request):
        return redirect(f"{reverse('brief:section', args=[brief.pk, row.pk])}?{asked.urlencode()}")
    side = conversation.of_section(
        request.user, brief, row, page=asked.get("page"), chosen=chosen, show=asked.get("show", "")
    )
    context = shown(request, brief, side, talks=True)
    html = render_to_string("brief/_threads.html", context, request)
    return JsonResponse({"html": html, "anchors": side.anchors, "open": side.open})


def shown(request: HttpRequest, brief: Brief, side: conversation.Conversation, *, talks: bool) -> dict[str, Any]:
    """What ``brief/_threads.html`` needs."""
    return {
        "cards": cards(request, brief, side.threads, talks=talks),
        "page_obj": side.page,
        "show": side.show,
        "shows": conversation.SHOWS,
        "open_threads": side.open,
    }


@require_POST
def reply(request: HttpRequest, brief: UUID, thread: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    row = thread_of(request.user, found, thread)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _unsaid(request, _back(request, found, row), _("A reply needs words."))
    actions.reply_to_thread(actor=request.user, thread=row, body=form.cleaned_data["body"])
    return _back(request, found, row)


@require_POST
def resolve(request: HttpRequest, brief: UUID, thread: UUID) -> HttpResponse:
    """Settle a thread, or take it up again with ``again=1``."""
    found = brief_for(request.user, brief)
    row = thread_of(request.user, found, thread)
    actions.resolve_thread(actor=request.user, thread=row, resolved=not request.POST.get("again"))
    return _back(request, found, row)


@require_POST
def seen(request: HttpRequest, brief: UUID, thread: UUID) -> HttpResponse:
    """Take the mentions of oneself in a thread off the desk."""
    found = brief_for(request.user, brief)
    row = thread_of(request.user, found, thread)
    actions.see_thread(actor=request.user, thread=row)
    return _back(request, found, row)


def edit(request: HttpRequest, brief: UUID, comment: UUID) -> HttpResponse:
    """Change one's own comment."""
    found = brief_for(request.user, brief)
    row = comment_of(request.user, found, comment)
    form = CommentForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        actions.edit_comment(actor=request.user, comment=row, body=form.cleaned_data["body"])
        return _back(request, found, row.thread)
    if form is not None and asks_for_data(request):
        return JsonResponse({"error": _("A comment needs words.")}, status=400)
    check_still_ones_own(request.user, row)
    context = {"brief": found, "comment": row, "wordless": form is not None, "back": request.GET.get("back", "")}
    return render(request, "brief/comment_edit.html", context)


@require_POST
def withdraw(request: HttpRequest, brief: UUID, comment: UUID) -> HttpResponse:
    """Take one's own comment back."""
    found = brief_for(request.user, brief)
    row = comment_of(request.user, found, comment)
    alone = not _others(row)
    actions.withdraw_comment(actor=request.user, comment=row)
    return _back(request, found, row.thread, gone=alone)


def _others(comment: Comment) -> bool:
    return comment.thread.comments.filter(withdrawn_at=None).exclude(pk=comment.pk).exists()


def _at(section: Section) -> HttpResponse:
    return redirect("brief:section", section.brief_id, section.pk)


def _unsaid(request: HttpRequest, back: HttpResponse, sentence: str) -> HttpResponse:
    if asks_for_data(request):
        return JsonResponse({"error": sentence}, status=400)
    messages.error(request, sentence)
    return back


def _back(request: HttpRequest, brief: Brief, thread: Thread, *, gone: bool = False) -> HttpResponse:
    """To where the person was: the room, or the page of the whole brief when the form says so."""
    if asks_for_data(request):
        return JsonResponse({"thread": "" if gone else str(thread.pk)})
    if thread.section_id is None or request.POST.get("back") == "talk":
        path = reverse("brief:talk", args=[brief.pk])
    else:
        path = reverse("brief:section", args=[brief.pk, thread.section_id])
    return redirect(path if gone else f"{path}?thread={thread.pk}#thread-{thread.pk}")
