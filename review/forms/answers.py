"""Answering a comment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ledger.forms import Form
from review.forms.rounds import helper
from review.models import ReviewThread
from review.policies import counted
from review.states import WITHOUT_REASON, Outcome

OUTCOMES = [choice for choice in Outcome.choices if choice[0] != Outcome.WITHDRAWN]


class DispositionForm(Form):
    """What becomes of a comment, and why."""

    outcome = forms.ChoiceField(label=_("Disposition"), choices=[("", _("Choose …")), *OUTCOMES])
    response = forms.CharField(
        label=_("Response to the reviewer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The reason. Only a plain acceptance needs none."),
    )
    duplicate_of = forms.ModelChoiceField(
        label=_("Doubles comment"),
        queryset=ReviewThread.objects.none(),
        required=False,
        empty_label=_("none"),
        help_text=_("For duplicates."),
    )

    def __init__(self, *args: Any, thread: ReviewThread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["duplicate_of"]
        assert isinstance(field, forms.ModelChoiceField)
        others = counted(thread.round.brief).filter(handed_at__isnull=False).exclude(pk=thread.pk)
        field.queryset = others.select_related("invitation").order_by("invitation__code", "number")
        self.helper = helper("outcome", "response", "duplicate_of")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        outcome = cleaned.get("outcome")
        if outcome and outcome not in WITHOUT_REASON and not cleaned.get("response", "").strip():
            self.add_error("response", _now("Give the reason: only a plain acceptance needs none."))
        if outcome == Outcome.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", _now("Say which other comment this one doubles."))
        return cleaned
