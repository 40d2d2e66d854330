"""The reading room: the text as it will be read, by section, with the margin."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ledger.refusals import allowed
from review import actions, permissions, policies, reading
from review.forms.reviewers import QuestionAnswerForm
from review.models import ChargeAnswer, ChargeQuestion, Invitation, ReviewThread, Round
from review.states import InvitationState
from review.views.found import desk_of, round_for
from review.visibility import Seen, Viewer, related, see_all, threads

#: Comments whose words stand in the margin at once; the rest come by link.
MARGIN = 40


@require_safe
def room(request: HttpRequest, round: UUID) -> HttpResponse:
    """The round as this person meets it: the reviewer's overview, or on to where their work is."""
    found = round_for(request.user, round)
    invitation = permissions.invitation_of(request.user, found)
    if invitation is None:
        permissions.read_answers(request.user, found)
        return redirect("review:manage" if permissions.is_editor(request.user, found) else "review:answers", found.pk)
    if invitation.status == InvitationState.ACCEPTED:
        return redirect("review:declarations", found.pk)
    viewer = Viewer(request.user, found)
    context = desk_of(viewer) | {
        "questions": list(found.questions.all()),
        "answered": invitation.answers.count(),
        "receipts": list(invitation.receipts.all()),
        "bibliography": reading.bibliography(found),
        "summary": reading.assembly_of(found.version_id).publication.summary,
    }
    return render(request, "review/room.html", context)


@require_safe
def section(request: HttpRequest, round: UUID, section: UUID) -> HttpResponse:
    """One section. ``?thread=`` opens a comment; without scripts everything here is a link or a form."""
    found = round_for(request.user, round)
    permissions.read(request.user, found)
    viewer = Viewer(request.user, found)
    current = request.GET.get("thread", "")
    rows = threads(viewer).filter(thread__section=section)
    shown = _margin(viewer, rows, current)
    writes = viewer.invitation is not None and allowed(policies.check_may_write, viewer.invitation)
    room = desk_of(viewer)
    context = room | {
        "section_id": section,
        "is_read": any(row["read"] for row in room["outline"] if row["id"] == str(section)),
        "current": current,
        "threads": shown,
        "more": max(0, rows.count() - len(shown)),
        "html": reading.render(found, section, reading.highlights(rows, current), comments=writes),
        "writes": writes,
        "questions": _questions(found, section, viewer.invitation),
        **_neighbours(found, section),
    }
    return render(request, "review/section.html", context)


def _margin(viewer: Viewer, rows: QuerySet[ReviewThread], current: str) -> list[tuple[Seen, bool]]:
    """The first comments with their words, and in any case the one that is open: (comment, is it open)."""
    ordered = related(rows).order_by("paragraph", "thread__created_at", "pk")
    shown = list(ordered[:MARGIN])
    if is_uuid(current) and UUID(current) not in {row.pk for row in shown}:
        shown += ordered.filter(pk=UUID(current))
    return [(each, str(each.id) == current) for each in see_all(viewer, shown)]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _neighbours(round: Round, section: UUID) -> dict[str, object]:
    texts = reading.sections(round)
    ids = [each.id for each in texts]
    place = ids.index(str(section))
    return {
        "title": texts[place].title,
        "before": texts[place - 1] if place else None,
        "after": texts[place + 1] if place + 1 < len(texts) else None,
    }


def _questions(round: Round, section: UUID, invitation: Invitation | None) -> list[QuestionAnswerForm]:
    """The questions asked beside this section, with what was answered."""
    rows = list(ChargeQuestion.objects.filter(round=round, section=section))
    given = {}
    if invitation and rows:
        given = {row.question_id: row for row in ChargeAnswer.objects.filter(invitation=invitation, question__in=rows)}
    return [question_form(row, given.get(row.pk)) for row in rows]


def question_form(question: ChargeQuestion, given: ChargeAnswer | None) -> QuestionAnswerForm:
    initial = {"value": given.value, "text": given.text} if given else {}
    return QuestionAnswerForm(question=question, initial=initial)


@require_POST
def mark(request: HttpRequest, round: UUID, section: UUID) -> HttpResponse:
    """“I have read this section”, or not after all."""
    found = round_for(request.user, round)
    read = request.POST.get("read") != "no"
    actions.mark_section(actor=request.user, round=found, section_id=section, read=read)
    after = _neighbours(found, section)["after"]
    if read and after is not None:
        messages.success(request, _("Marked as read."))
        return redirect("review:section", found.pk, after.id)  # type: ignore[attr-defined]
    return redirect("review:section", found.pk, section)


@require_safe
def figure(request: HttpRequest, round: UUID, figure: UUID) -> FileResponse:
    """An image of the version, for who may read it."""
    found = round_for(request.user, round)
    permissions.read(request.user, found)
    file = reading.figure_of(found, figure)
    response = FileResponse(BytesIO(file.image.read_bytes()), content_type=file.media_type)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
