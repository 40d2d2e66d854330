"""The authors' conversation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brief import actions, permissions
from brief.forms import CommentForm
from brief.models import Section, Thread
from brief.visibility import brief_for, text_of, thread_of


@require_POST
def start(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """Begin a thread on selected words, or on the section as a whole."""
    found = brief_for(request.user, brief)
    permissions.talk(request.user, found)
    row = text_of(found, section)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A comment needs words."))
        return _back(row)
    place = {name: form.cleaned_data[name] or 0 for name in ("start", "end")}
    body, block = form.cleaned_data["body"], form.cleaned_data["block"]
    thread = actions.start_thread(actor=request.user, section=row, body=body, block=block, **place)
    return _back(row, thread)


@require_POST
def reply(request: HttpRequest, brief: UUID, thread: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    row = thread_of(request.user, found, thread)
    form = CommentForm(request.POST)
    if form.is_valid():
        actions.reply_to_thread(actor=request.user, thread=row, body=form.cleaned_data["body"])
    else:
        messages.error(request, _("A reply needs words."))
    return _back(row.section, row)


@require_POST
def resolve(request: HttpRequest, brief: UUID, thread: UUID) -> HttpResponse:
    """Settle a thread, or take it up again with ``again=1``."""
    found = brief_for(request.user, brief)
    row = thread_of(request.user, found, thread)
    actions.resolve_thread(actor=request.user, thread=row, resolved=not request.POST.get("again"))
    return _back(row.section, row)


def _back(section: Section | None, thread: Thread | None = None) -> HttpResponse:
    if section is None:
        assert thread is not None
        return redirect("brief:home", thread.brief_id)
    response = redirect("brief:section", section.brief_id, section.pk)
    if thread is not None:
        response["Location"] += f"?thread={thread.pk}#thread-{thread.pk}"
    return response
