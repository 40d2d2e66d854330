"""What a reviewer fills in."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Sector
from ledger.forms import Form
from review.forms.rounds import helper
from review.models import ChargeQuestion, Round
from review.states import AnswerValue, Capacity, CommentType, Naming, QuestionKind, Severity

YES_NO = [("no", _("No")), ("yes", _("Yes"))]


def namings(round: Round) -> list[tuple[str, str]]:
    """The choices that the round's policy leaves open."""
    choices = [(value, str(label)) for value, label in Naming.choices]
    most = Naming.values.index(round.attribution)
    return choices[: most + 1]


class DeclarationForm(Form):
    """Capacity, interests, confidentiality, how to be named, safety: before any text."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    capacity = forms.ChoiceField(label=_("You review"), choices=Capacity.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("Choose …")), *Sector.choices])
    region = forms.CharField(
        label=_("Country or region"), max_length=80, required=False, help_text=_("As wide as you like.")
    )
    has_interests = forms.ChoiceField(
        label=_("Do you have an interest to declare?"), choices=YES_NO, widget=forms.RadioSelect
    )
    interests = forms.CharField(label=_("Which?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confidentiality = forms.BooleanField(label=_("I undertake this"))
    naming = forms.ChoiceField(label=_("How you are named when the brief is published"), widget=forms.RadioSelect)
    at_risk = forms.ChoiceField(
        label=_("Could it put you or somebody else at risk if it became known that you reviewed this?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    risk_note = forms.CharField(
        label=_("What should the review editor know? Nobody else sees it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["naming"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = namings(round)
        self.fields["naming"].initial = Naming.NONE
        self.helper = helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("has_interests") == "yes" and not cleaned.get("interests", "").strip():
            self.add_error("interests", _now("Say in a few words what the interest is."))
        if cleaned.get("capacity") == Capacity.SPOKESPERSON and not cleaned.get("organisation", "").strip():
            self.add_error("organisation", _now("For which organisation do you speak?"))
        return cleaned

    def declared(self) -> dict[str, Any]:
        """As ``actions.declare`` takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "confidentiality"}
        return values | {name: values[name] == "yes" for name in ("has_interests", "at_risk")}


class CommentForm(Form):
    """A comment and what a comment-resolution table needs to know of it."""

    body = forms.CharField(label=_("Comment"), max_length=20000, widget=forms.Textarea(attrs={"rows": 5}))
    proposed_change = forms.CharField(
        label=_("Proposed change"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
        help_text=_("The words that should stand instead of those quoted."),
    )
    type = forms.ChoiceField(label=_("Type"), choices=CommentType.choices, initial=CommentType.TECHNICAL)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.SUBSTANTIVE)
    note_to_editor = forms.CharField(
        label=_("Note to the review editor"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the review editor sees it; the authors never do."),
    )
    safeguarding = forms.BooleanField(
        label=_("Safeguarding: somebody could be identified or harmed"),
        required=False,
        help_text=_("Alerts the safeguarding focal point at once. Never published, never shown to other reviewers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            "body",
            "proposed_change",
            Row(Column("type", css_class="col-6"), Column("severity", css_class="col-6")),
            "note_to_editor",
            "safeguarding",
        )

    def details(self) -> dict[str, Any]:
        """All but the words, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "body"}


class PlaceForm(Form):
    """Where a comment hangs. Offsets are UTF-16 units of the block's text; all empty: the whole."""

    section = forms.UUIDField(required=False, widget=forms.HiddenInput)
    block = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class ReplyForm(Form):
    body = forms.CharField(label=_("Reply"), max_length=20000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("body")


class QuestionAnswerForm(Form):
    """An answer to one question of the charge."""

    value = forms.ChoiceField(label=_("Answer"), choices=AnswerValue.choices, required=False, widget=forms.RadioSelect)
    text = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, question: ChargeQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"q{question.pk}"})
        self.question = question
        if question.kind == QuestionKind.TEXT:
            del self.fields["value"]
            self.fields["text"].label = _now("Answer")
        self.helper = helper()


class NamingForm(Form):
    naming = forms.ChoiceField(label=_("When the brief is published, I am named"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["naming"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = namings(round)
        self.helper = helper("naming")
