"""The claims register: its table, one claim, wholes and their parts, and the table as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, claims_table, permissions
from brief.claims_table import value_of
from brief.forms import Day
from brief.models import Brief, Claim, PartWhole
from brief.policies import check_open_to_edits
from brief.register_forms import ClaimForm, ContradictionForm, WholeForm
from brief.states import Grade
from brief.visibility import brief_for, claim_of, contradiction_of, whole_of
from document import spreadsheet
from ledger.asked import asks_for_data
from ledger.refusals import Refusal, allowed, why_not

#: Claims on one page of the table.
SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERS = ("q", "section", "grade", "state")


def _brief(request: HttpRequest, brief: UUID) -> Brief:
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    return found


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:200] for name in FILTERS}


def _may_write(request: HttpRequest, brief: Brief) -> bool:
    return permissions.may_now(permissions.write, request.user, brief)


def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """GET: the table, or for the editor what its dialog needs. POST: register a claim."""
    found = _brief(request, brief)
    if request.method == "POST":
        form = ClaimForm(request.POST, brief=found)
        context = {"brief": found, "form": form, "can_write": True}
        return _save(request, found, form, None) or render(request, "brief/claim.html", context, status=422)
    if asks_for_data(request):
        return JsonResponse(_for_editor(found, notes=allowed(permissions.talk, request.user, found)))
    asked = _asked(request)
    rows, looked = claims_table.rows(found, asked, notes=allowed(permissions.talk, request.user, found))
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "brief": found,
        "rows": page.object_list,
        "page_obj": page,
        "total": len(rows),
        "asked": asked,
        "filtered": any(asked.values()),
        "sections": looked.sections,
        "grades": [*Grade.choices, ("none", _("not graded"))],
        "states": _states(),
        "export": request.GET.urlencode(),
        "wholes": claims_table.wholes(looked),
        "can_write": _may_write(request, found),
    }
    return render(request, "brief/claims.html", context)


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("faulty", _("With findings")),
        ("unsourced", _("Without a source")),
        ("stale", _("Stale")),
        ("superseded", _("Superseded")),
        ("contradicting", _("Contradictions not resolved")),
        ("causal", _("About causes")),
        ("unmarked", _("Not in the text")),
    ]


def _for_editor(brief: Brief, *, notes: bool) -> dict[str, Any]:
    """The dialog's fields with their words and choices, and each claim with all its values: five queries."""
    form = ClaimForm(brief=brief)
    claims = list(Claim.objects.filter(brief=brief).select_related("source"))
    return {
        "claims": [described(claim) | ({} if notes else {"note": ""}) for claim in claims],
        "fields": [_field(form, name) for name in form.fields],
    }


def _field(form: ClaimForm, name: str) -> dict[str, Any]:
    """One field as ``editor/dialogs/form.ts`` draws it."""
    field, widget = form.fields[name], form.fields[name].widget
    told: dict[str, Any] = {"name": name, "label": str(form[name].label), "hint": str(field.help_text)}
    told |= {"required": field.required, "kind": "text"}
    if isinstance(widget, forms.CheckboxInput):
        told["kind"] = "checkbox"
    elif isinstance(widget, forms.Textarea):
        told["kind"] = "textarea"
    elif isinstance(widget, Day):
        told["kind"] = "date"
    elif isinstance(widget, forms.Select):
        told["kind"] = "select"
        told["options"] = [{"value": str(value), "label": str(label)} for value, label in widget.choices]
    return told


def described(claim: Claim) -> dict[str, Any]:
    """A claim as the editor's dialog fills it in; every value is text."""
    fields = {name: getattr(claim, name) for name in ClaimForm.Meta.fields}
    fields |= {"source": claim.source.key if claim.source else "", "part_of": claim.part_of_id}
    fields |= {"superseded_by": claim.superseded_by_id, "causal": "true" if claim.causal else ""}
    for name in ("value", "value_to"):
        fields[name] = None if fields[name] is None else f"{fields[name].normalize():f}"
    told = {name: "" if value is None else str(value) for name, value in fields.items()}
    return {"id": str(claim.pk), "shown": value_of(claim), **told}


def _save(request: HttpRequest, brief: Brief, form: ClaimForm, row: Claim | None) -> HttpResponse | None:
    """Register or change a claim; None when the form is to be shown again, with what is wrong."""
    json = asks_for_data(request)
    try:
        permissions.write(request.user, brief)
        if form.is_valid():
            claim = (
                actions.edit_claim(actor=request.user, claim=row, **form.cleaned_data)
                if row
                else actions.add_claim(actor=request.user, brief=brief, **form.cleaned_data)
            )
            if json:
                return JsonResponse({"claim": described(claim)})
            messages.success(request, _("Saved.") if row else _("Registered. Mark its words in the writing room."))
            return redirect("brief:claims", brief.pk) if row else redirect("brief:claim", brief.pk, claim.pk)
    except Refusal as refusal:
        if json:
            return JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)
        if not form.is_bound or refusal.status == 403:
            raise
        form.add_error(None, str(refusal.sentence))
    errors = {name: [str(each) for each in told] for name, told in form.errors.items()}
    return JsonResponse({"errors": errors}, status=422) if json else None


@require_safe
def new(request: HttpRequest, brief: UUID) -> HttpResponse:
    """The form for a claim that is registered without a selection."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    context = {
        "brief": found,
        "form": ClaimForm(brief=found),
        "can_write": True,
        "why_not": why_not(check_open_to_edits, found),
    }
    return render(request, "brief/claim.html", context)


def claim(request: HttpRequest, brief: UUID, claim: UUID) -> HttpResponse:
    """One claim: its record, what it contradicts, what the checks say of it."""
    found = _brief(request, brief)
    row = claim_of(found, claim)
    # What is stored is changed by the action, not by the form that is shown.
    form = ClaimForm(request.POST or None, instance=claim_of(found, claim), brief=found)
    if request.method == "POST" and (saved := _save(request, found, form, row)):
        return saved
    seen = next((each for each in claims_table.rows(found)[0] if each.claim.pk == row.pk), None)
    context = {
        "brief": found,
        "claim": row,
        "form": form,
        "seen": seen,
        "pairs": _pairs(row),
        "contradiction": ContradictionForm(claim=row),
        "can_write": _may_write(request, found),
        "notes": allowed(permissions.talk, request.user, found),
    }
    return render(request, "brief/claim.html", context)


def _pairs(row: Claim) -> list[dict[str, Any]]:
    ours = [(pair, pair.other) for pair in row.contradictions.select_related("other")]
    theirs = [(pair, pair.claim) for pair in row.contradicted_by.select_related("claim")]
    return [{"pair": pair, "other": other} for pair, other in [*ours, *theirs]]


@require_POST
def remove(request: HttpRequest, brief: UUID, claim: UUID) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    actions.remove_claim(actor=request.user, claim=claim_of(found, claim))
    messages.success(request, _("The claim is removed from the register; the history keeps it."))
    return redirect("brief:claims", found.pk)


@require_POST
def contradict(request: HttpRequest, brief: UUID, claim: UUID) -> HttpResponse:
    """Record a contradiction, or say how one is resolved."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = claim_of(found, claim)
    form = ContradictionForm(request.POST, claim=row)
    if form.is_valid():
        actions.set_contradiction(actor=request.user, claim=row, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose the claim that this one contradicts."))
    return redirect("brief:claim", found.pk, row.pk)


@require_POST
def agree(request: HttpRequest, brief: UUID, pair: int) -> HttpResponse:
    """Take a contradiction back: there was none."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    row = contradiction_of(found, pair)
    claim = row.claim_id
    actions.remove_contradiction(actor=request.user, brief=found, pair=row)
    return redirect("brief:claim", found.pk, claim)


def add_whole(request: HttpRequest, brief: UUID) -> HttpResponse:
    """A whole whose parts must add up."""
    return _whole(request, brief_for(request.user, brief), None)


def whole(request: HttpRequest, brief: UUID, whole: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    return _whole(request, found, whole_of(found, whole))


def _whole(request: HttpRequest, found: Brief, row: PartWhole | None) -> HttpResponse:
    permissions.write(request.user, found)
    form = WholeForm(request.POST or None, instance=row, brief=found)
    if request.method == "POST" and form.is_valid():
        stored = row and whole_of(found, row.pk)
        actions.save_whole(actor=request.user, brief=found, kept=stored, **form.cleaned_data)
        messages.success(request, _("Saved. Say of each claim in the register that it is a part."))
        return redirect("brief:claims", found.pk)
    return render(request, "brief/whole.html", {"brief": found, "form": form, "whole": row})


@require_POST
def remove_whole(request: HttpRequest, brief: UUID, whole: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    actions.remove_whole(actor=request.user, brief=found, whole=whole_of(found, whole))
    messages.success(request, _("Removed. The claims stay."))
    return redirect("brief:claims", found.pk)


def _table(request: HttpRequest, brief: Brief) -> list[list[object]]:
    notes = allowed(permissions.talk, request.user, brief)
    return claims_table.table(claims_table.rows(brief, _asked(request), notes=notes)[0], notes=notes)


@require_safe
def as_csv(request: HttpRequest, brief: UUID) -> HttpResponse:
    found = _brief(request, brief)
    rows = _table(request, found)
    return _file(found, spreadsheet.csv(rows), "text/csv; charset=utf-8", "csv")


@require_safe
def as_xlsx(request: HttpRequest, brief: UUID) -> HttpResponse:
    found = _brief(request, brief)
    rows = _table(request, found)
    return _file(found, spreadsheet.xlsx(rows, title=_("Claims")), XLSX, "xlsx")


def _file(brief: Brief, content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = slugify(f"claims {brief.slug}")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
