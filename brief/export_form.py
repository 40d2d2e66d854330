"""Which text goes into the Word file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.forms import RoomForm
from brief.models import Brief, Version
from brief.models.exports import FileFormat, Suggestions


class ExportForm(RoomForm):
    """Today's draft or a version; with an earlier version, the changes between them."""

    version = forms.ModelChoiceField(
        Version.objects.none(), label=gettext_lazy("Text"), required=False, to_field_name="number"
    )
    since = forms.ModelChoiceField(
        Version.objects.none(),
        label=gettext_lazy("Show what has changed since"),
        required=False,
        to_field_name="number",
        help_text=gettext_lazy("The changes stand in the file as tracked changes."),
    )
    format = forms.ChoiceField(label=gettext_lazy("File"), choices=FileFormat.choices, required=False)
    suggestions = forms.ChoiceField(label=gettext_lazy("Suggestions"), choices=Suggestions.choices)
    comments = forms.BooleanField(
        label=gettext_lazy("With the authors' comments, replies and what is resolved (Word only)"),
        required=False,
    )

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frozen = Version.objects.filter(brief=brief)
        for name, empty in (("version", _("Today's draft")), ("since", _("Nothing: the text alone"))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = frozen, empty
            field.label_from_instance = _named  # type: ignore[method-assign, assignment]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["format"] = cleaned.get("format") or FileFormat.WORD
        version, since = cleaned.get("version"), cleaned.get("since")
        if version is not None and since is not None and since.number >= version.number:
            self.add_error("since", _("Choose a version before the text whose changes you want to see."))
        return cleaned


def _named(version: Any) -> str:
    return _("Version %(number)d, %(draft)s") % {
        "number": version.number,
        "draft": version.get_order_draft_display(),
    }
