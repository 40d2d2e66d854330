"""`/components/`: each component of the look in each of its states, for those who build pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

SAMPLE_HASH = "3f9a12cdb0e5784466d1a0917c5e2f8834ab90de71c6520f1e9d7734a85b04c2"


class SampleForm(forms.Form):
    """Every kind of field, as crispy-forms writes it."""

    title = forms.CharField(help_text="A line of help stands below the field.")
    kind = forms.ChoiceField(choices=[("technical", "technical"), ("editorial", "editorial")])
    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    deadline = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    answer = forms.ChoiceField(widget=forms.RadioSelect, choices=[("yes", "Yes"), ("partly", "Partly")])
    agree = forms.BooleanField(label="I keep what I read here to myself")
    closed = forms.CharField(disabled=True, initial="Set when the round opened", required=False)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """A developers' page: absent (404) outside development and the demonstration."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, "components/showcase.html", _context())


def _context() -> dict[str, Any]:
    now = timezone.now()
    thread = {
        "id": "thread-1",
        "who": "Reviewer K",
        "tags": [("technical", ""), ("substantive", "risk")],
        "quotation": "language no longer narrows the group of people who can be reached",
        "body": "True for text, less so for voice in smaller languages. Please qualify.",
        "was": "no longer narrows",
        "now": "narrows far less than before",
        "when": now,
        "replies": [
            {
                "who": "Author",
                "tags": [("accepted with modification", "good")],
                "body": "Qualified in paragraph 15, with a source.",
            }
        ],
    }
    return {
        "hash": SAMPLE_HASH,
        "soon": now + timedelta(days=9),
        "form": SampleForm(),
        "refused": SampleForm({"title": "", "kind": "nothing", "agree": ""}),
        "threads": [
            {"thread": thread, "on": True},
            {
                "thread": {
                    **thread,
                    "id": "thread-2",
                    "replies": [],
                    "state": "draft",
                    "tags": [("draft, kept", "plain")],
                }
            },
        ],
        "trail": [("My desk", "/desk/"), ("Second round", "#"), ("Risks", "")],
        "steps": ["Accept", "Declarations", "Read and comment", "Submit"],
        "page_obj": Paginator(range(90), 30).page(2),
        "tasks": [
            {"title": "Reading the Word file", "percent": 42, "note": "Footnotes: 31 of 54", "state": "due"},
            {"title": "Building the release", "percent": 100, "note": "PDF, DOCX, EPUB, pages", "state": "done"},
            {
                "title": "Reading the Word file",
                "state": "failed",
                "sentence": "The file is larger than 20 MB. Send it without the pictures.",
            },
        ],
    }
