"""What the checks found, setting findings aside, and the sensitivity checklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, check_words, checking, permissions
from brief.models import Brief, Sensitivity
from brief.register_forms import AsideForm, ChecklistForm
from brief.visibility import brief_for, section_of, set_aside_of, text_of
from document.checks import Finding
from ledger.asked import asks_for_data
from ledger.refusals import Refusal, allowed

#: Findings on one page of one kind; the rest come when these are dealt with.
SHOWN = 100


@require_safe
def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Everything found in the brief, by kind; ``?kind=`` shows one, ``?aside=1`` what was set aside."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    looked = checking.look(found)
    kind = request.GET.get("kind", "")
    chosen = [each for each in looked.open if kind in ("", each.kind)]
    titles = {str(row.pk): row.title for row in looked.sections}
    counts = {name: sum(each.kind == name for each in looked.open) for name in check_words.KINDS}
    context = {
        "brief": found,
        "kind": kind,
        "tabs": [
            ("", _("All"), len(looked.open)),
            *((name, label, counts[name]) for name, label in check_words.KINDS.items()),
        ],
        "findings": [shown(found, each, titles) for each in chosen[:SHOWN]],
        "more": max(0, len(chosen) - SHOWN),
        "aside": list(looked.aside.values()),
        "waiting": looked.waiting,
        "checklists": _checklists(looked),
        "can_write": allowed(permissions.write, request.user, found),
        "form": AsideForm(),
    }
    return render(request, "brief/checks.html", context)


def shown(brief: Brief, finding: Finding, titles: dict[str, str]) -> dict[str, Any]:
    """A finding with its sentence and the way to its spot."""
    return {
        "mark": finding.mark,
        "kind": finding.kind,
        "kind_name": check_words.KINDS[finding.kind],
        "sentence": check_words.sentence(finding),
        "section": titles.get(finding.section, ""),
        "url": spot(brief, finding),
        "words": finding.words,
    }


def spot(brief: Brief, finding: Finding) -> str:
    """Where to deal with it: the words in the writing room, or the record."""
    if finding.section and finding.block:
        place = f"#b-{finding.block}:{finding.start}-{finding.end}"
        return reverse("brief:section", args=[brief.pk, finding.section]) + place
    if finding.code == "claim-sum":
        return reverse("brief:claims", args=[brief.pk]) + "#wholes"
    if finding.kind == "claims":
        return reverse("brief:claim", args=[brief.pk, finding.subject])
    if finding.kind == "glossary":
        return reverse("brief:word", args=[brief.pk, "definition", finding.subject.rpartition("-")[2]])
    return reverse("brief:words", args=[brief.pk])


def _checklists(looked: checking.Look) -> list[dict[str, Any]]:
    """Per section: how many questions are answered, open, or answered for an older text."""
    answers: dict[Any, list[Sensitivity]] = {}
    for row in Sensitivity.objects.filter(section__in=[each.pk for each in looked.sections]):
        answers.setdefault(row.section_id, []).append(row)
    rows = []
    for section in looked.sections:
        given = answers.get(section.pk, [])
        rows.append(
            {
                "section": section,
                "answered": len(given),
                "open": sum(row.answer == "open" for row in given),
                "old": any(row.version != section.version for row in given),
            }
        )
    return rows


@require_safe
def of_section(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """One section's findings, for the panel of the writing room: ``{findings, waiting, total}``."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    row = text_of(found, section)
    looked = checking.look(found)
    here = [each for each in looked.open if each.section == str(row.pk)]
    rows = [
        shown(found, each, {}) | {"block": each.block, "start": each.start, "end": each.end} for each in here[:SHOWN]
    ]
    for each in rows:
        each["kind_name"] = str(each["kind_name"])
    waiting = row.pk in {each.pk for each in looked.waiting}
    return JsonResponse({"findings": rows, "here": len(here), "total": len(looked.open), "waiting": waiting})


@require_POST
def ask(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Look again now."""
    found = brief_for(request.user, brief)
    actions.ask_for_checks(actor=request.user, brief=found)
    if asks_for_data(request):
        return JsonResponse({})
    messages.success(request, _("The checks are running. Load this page again in a moment."))
    return redirect("brief:checks", found.pk)


@require_POST
def set_aside(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Let a finding stand, with a reason."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    form = AsideForm(request.POST)
    json = asks_for_data(request)
    try:
        if form.is_valid():
            finding = _found(found, form.cleaned_data["mark"])
            actions.set_aside(actor=request.user, brief=found, finding=finding, reason=form.cleaned_data["reason"])
            if json:
                return JsonResponse({})
            messages.success(request, _("Set aside. The reason is kept."))
        elif json:
            return JsonResponse({"error": _("Say why this may stand.")}, status=422)
        else:
            messages.error(request, _("Say why this may stand."))
    except Refusal as refusal:
        if json:
            return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)
        messages.error(request, str(refusal.sentence))
    return redirect(_back(request, found))


def _back(request: HttpRequest, brief: Brief) -> str:
    kind = request.POST.get("kind", "")
    page = reverse("brief:checks", args=[brief.pk])
    return f"{page}?kind={kind}" if kind in check_words.KINDS else page


def _found(brief: Brief, mark: str) -> Finding:
    """A finding of today, or a 404: reasons are given for what is seen, not for what might come."""
    finding = next((each for each in checking.look(brief).findings if each.mark == mark), None)
    if finding is None:
        raise Http404
    return finding


@require_POST
def take_up(request: HttpRequest, brief: UUID, row: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    actions.take_up(actor=request.user, brief=found, row=set_aside_of(found, row))
    return redirect("brief:checks", found.pk)


def checklist(request: HttpRequest, brief: UUID, section: UUID) -> HttpResponse:
    """The sensitivity checklist of one section."""
    found = brief_for(request.user, brief)
    permissions.assess(request.user, found)
    row = section_of(found, section)
    given = {each.question: each for each in Sensitivity.objects.filter(section=row).select_related("by")}
    initial = {name: each.answer for name, each in given.items()} | {f"{n}_note": e.note for n, e in given.items()}
    form = ChecklistForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.answer_sensitivity(actor=request.user, section=row, answers=form.answers())
        messages.success(request, _("The checklist is kept, for the text as it stands now."))
        return redirect("brief:checks", found.pk)
    looked = checking.look(found)
    hints = [shown(found, e, {}) for e in looked.open if e.section == str(row.pk) and e.kind == "sensitivity"]
    context = {"brief": found, "section": row, "form": form, "given": given.values(), "hints": hints}
    return render(request, "brief/checklist.html", context)
