"""Forms of the claims register, of agreed words and of the checks."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief import library
from brief.forms import Day, RoomForm
from brief.models import (
    Acronym,
    Brief,
    Claim,
    Definition,
    PartWhole,
    PreferredTerm,
    Quotation,
    Source,
)
from brief.states import Consent, SensitivityAnswer, SensitivityQuestion
from document import csl
from document.characters import shorten
from ledger.forms import ModelForm


class SourceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django cannot subscript it
    """One of the brief's sources, by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Source.objects.none(), to_field_name="key", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{library.label(obj.csl)}: {shorten(csl.plain(obj.csl.get('title')))}"


class Figure(forms.DecimalField):
    """A number as people write it: 1,200,000.5 or 1 200 000."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", "")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError(_("Enter a number, such as 1,200,000 or 12.5."), code="invalid") from error
        if not number.is_finite() or abs(number) >= Decimal(10) ** 17:
            raise ValidationError(_("This number is too large."), code="large")
        return number.quantize(Decimal("0.000001"))

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class BriefsOwn(ModelForm):
    """A record of one brief: what can be chosen is the brief's own."""

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brief = brief
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.model.objects.filter(brief=brief)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
        if "source" in self.fields and self.instance.source_id:
            self.initial["source"] = self.instance.source.key
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ClaimForm(BriefsOwn):
    value = Figure(label=gettext_lazy("Value"), required=False)
    value_to = Figure(
        label=gettext_lazy("to"), required=False, help_text=gettext_lazy("Only for a range: its upper end.")
    )
    source = SourceChoice(label=gettext_lazy("Source"), required=False)

    class Meta:
        model = Claim
        fields = (
            *("statement", "value", "value_to", "unit", "currency", "indicator", "year", "place", "source", "locator"),
            *("grade", "causal", "stale_after", "superseded_by", "part_of", "note"),
        )
        widgets = {"stale_after": Day()}
        labels = {"superseded_by": gettext_lazy("Superseded by"), "part_of": gettext_lazy("Part of")}
        help_texts = {
            "unit": gettext_lazy("%, people, tonnes …"),
            "currency": gettext_lazy("Three letters, such as EUR; empty when it is not money."),
            "indicator": gettext_lazy("What is measured."),
            "year": gettext_lazy("The year the figure is about, not the year it was published in."),
            "stale_after": gettext_lazy("The day from which a newer figure is to be looked for."),
            "superseded_by": gettext_lazy("The newer claim that replaces this one."),
            "part_of": gettext_lazy("A whole whose parts must add up."),
            "note": gettext_lazy("Stays among those who write the brief."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["superseded_by"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Claim.objects.filter(brief=self.brief).exclude(pk=self.instance.pk)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise ValidationError(_("A currency has three letters, such as EUR."), code="currency")
        return code

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and not 1000 <= year <= 2200:
            raise ValidationError(_("Enter a year of four digits."), code="year")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("value"), cleaned.get("value_to")
        if last is not None and "value" not in self.errors:
            if first is None:
                self.add_error("value", _("A range has a lower end, too."))
            elif last < first:
                self.add_error("value_to", _("The upper end is below the lower one."))
        return cleaned


class ContradictionForm(RoomForm):
    other = forms.ModelChoiceField(label=gettext_lazy("Contradicts"), queryset=Claim.objects.none())
    resolution = forms.CharField(
        label=gettext_lazy("How this is resolved"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Why both may stand, or which one holds. Empty while it is open."),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Claim.objects.filter(brief=claim.brief_id).exclude(pk=claim.pk)


class WholeForm(BriefsOwn):
    whole = Figure(label=gettext_lazy("The whole"), initial="100")
    tolerance = Figure(
        label=gettext_lazy("May be off by"),
        required=False,
        initial="0",
        help_text=gettext_lazy("For shares that were rounded: 1 lets 99 and 101 pass."),
    )

    class Meta:
        model = PartWhole
        fields = ("name", "whole", "unit", "tolerance")

    def clean_tolerance(self) -> Decimal:
        off: Decimal = self.cleaned_data["tolerance"] or Decimal(0)
        if off < 0:
            raise ValidationError(_("Enter nought or more."), code="negative")
        return off


class AcronymForm(BriefsOwn):
    class Meta:
        model = Acronym
        fields = ("short", "long", "common")


class PreferredTermForm(BriefsOwn):
    class Meta:
        model = PreferredTerm
        fields = ("avoid", "prefer", "reason")
        help_texts = {"avoid": gettext_lazy("One wording on each line; whole words, in any case.")}


class DefinitionForm(BriefsOwn):
    source = SourceChoice(label=gettext_lazy("Source"), required=False)

    class Meta:
        model = Definition
        fields = ("term", "text", "source", "locator")


class QuotationForm(BriefsOwn):
    source = SourceChoice(label=gettext_lazy("Source"), required=False)

    class Meta:
        model = Quotation
        fields = ("words", "speaker", "capacity", "attribution", "consent", "consent_on", "verified", "source")
        widgets = {"consent_on": Day()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("consent") == Consent.GIVEN and not cleaned.get("consent_on"):
            self.add_error("consent_on", _("Say when consent was given."))
        return cleaned


#: As in addresses → its form.
WORD_FORMS: dict[str, type[BriefsOwn]] = {
    "acronym": AcronymForm,
    "term": PreferredTermForm,
    "definition": DefinitionForm,
    "quotation": QuotationForm,
}


class AsideForm(RoomForm):
    mark = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why this may stand"), max_length=1000)


class ChecklistForm(RoomForm):
    """An answer and a note for each question; what is not answered stays so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in SensitivityQuestion.choices:
            self.fields[name] = forms.ChoiceField(
                label=label, choices=SensitivityAnswer.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"{name}_note"] = forms.CharField(
                label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def answers(self) -> dict[str, tuple[str, str]]:
        cleaned = self.cleaned_data
        return {name: (cleaned[name], cleaned[f"{name}_note"]) for name in SensitivityQuestion.values if cleaned[name]}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in SensitivityQuestion.values:
            if cleaned.get(name) == SensitivityAnswer.DEALT and not str(cleaned.get(f"{name}_note") or "").strip():
                self.add_error(f"{name}_note", _("Say how it was dealt with."))
        return cleaned

    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_note"]) for name in SensitivityQuestion.values]
