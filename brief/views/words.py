"""Agreed words: acronyms, preferred terms, the glossary, quotations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brief import actions, checking, permissions
from brief.models import Brief, Definition, PreferredTerm, Quotation
from brief.register_forms import WORD_FORMS
from brief.registers import wordings
from brief.visibility import brief_for, word_of
from ledger.refusals import Refusal


@require_safe
def index(request: HttpRequest, brief: UUID) -> HttpResponse:
    """Everything the brief has agreed about words, and the list of acronyms that its text makes."""
    found = brief_for(request.user, brief)
    permissions.read_draft(request.user, found)
    looked = checking.look(found)
    own = {row.short: row for row in found.acronyms.all()}
    used = looked.acronyms
    listed = [
        (short, used.get(short) or own[short].long, own.get(short), short in used) for short in sorted({*used, *own})
    ]
    missing = sorted({each.words for each in looked.findings if each.code == "acronym"} - {*used, *own})
    terms = [(row, wordings(row.avoid)) for row in PreferredTerm.objects.filter(brief=found)]
    context = {
        "brief": found,
        "acronyms": listed,
        "missing": missing,
        "terms": terms,
        "definitions": Definition.objects.filter(brief=found).select_related("source"),
        "quotations": Quotation.objects.filter(brief=found).select_related("source"),
        "can_write": permissions.may_now(permissions.write, request.user, found),
    }
    return render(request, "brief/words.html", context)


def _titles(kind: str) -> tuple[str, str]:
    return {
        "acronym": (_("Acronym"), _("Written out where it is first used; the list is made from the text.")),
        "term": (_("Preferred term"), _("The checks point out the wordings to avoid, and say why.")),
        "definition": (_("Definition"), _("An entry of the glossary. Definitions cite a source.")),
        "quotation": (_("Quotation"), _("Words of a person: how they may be named, and whether they agreed.")),
    }[kind]


def add(request: HttpRequest, brief: UUID, kind: str) -> HttpResponse:
    """``kind`` is one of ``WORD_FORMS``; values of the address fill the form in."""
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    return _form(request, found, kind, None)


def edit(request: HttpRequest, brief: UUID, kind: str, word: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    return _form(request, found, kind, word_of(found, kind, word))


def _form(request: HttpRequest, brief: Brief, kind: str, word: Any) -> HttpResponse:
    asked = {name: value[:300] for name, value in request.GET.items()}
    form = WORD_FORMS[kind](request.POST or None, instance=word, brief=brief, initial=asked)
    if request.method == "POST" and form.is_valid():
        # What is stored is changed by the action, not by the form that is shown.
        record = word_of(brief, kind, word.pk) if word else form._meta.model()
        try:
            actions.save_word(actor=request.user, brief=brief, word=record, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Saved. The text is being checked against it."))
            return redirect("brief:words", brief.pk)
    title, deck = _titles(kind)
    return render(
        request,
        "brief/word.html",
        {"brief": brief, "form": form, "kind": kind, "word": word, "title": title, "deck": deck},
    )


@require_POST
def remove(request: HttpRequest, brief: UUID, kind: str, word: int) -> HttpResponse:
    found = brief_for(request.user, brief)
    permissions.write(request.user, found)
    actions.remove_word(actor=request.user, brief=found, word=word_of(found, kind, word))
    messages.success(request, _("Removed. The history keeps it."))
    return redirect("brief:words", found.pk)
