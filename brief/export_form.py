"""Which text goes into the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.forms import RoomForm
from brief.history.standings import version_label
from brief.models import Brief, NamedPoint, Version
from brief.models.exports import FileFormat, Suggestions


class ExportForm(RoomForm):
    """Today's draft, a version or a named moment; with an earlier one, the changes between them.

    A version is named by its number, a moment as ``n7``.
    """

    version = forms.ChoiceField(label=gettext_lazy("Text"), required=False)
    since = forms.ChoiceField(
        label=gettext_lazy("Show what has changed since"),
        required=False,
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
        versions = Version.objects.filter(brief=brief).only("number", "order_draft", "name", "at")
        points: QuerySet[NamedPoint] = brief.named_points.defer("sections")
        self._texts: dict[str, Version | NamedPoint] = {str(row.number): row for row in versions}
        self._texts |= {f"n{row.pk}": row for row in points}
        choices = [(key, _named(row)) for key, row in self._texts.items()]
        for name, empty in (("version", _("Today's draft")), ("since", _("Nothing: the text alone"))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", empty), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["format"] = cleaned.get("format") or FileFormat.WORD
        text, since = (self._texts.get(cleaned.pop(name, "")) for name in ("version", "since"))
        if text is not None and since is not None and since.at >= text.at:
            self.add_error("since", _("Choose a text before the one whose changes you want to see."))
        for row, version, point in ((text, "version", "point"), (since, "since", "since_point")):
            cleaned[version] = row if isinstance(row, Version) else None
            cleaned[point] = row if isinstance(row, NamedPoint) else None
        return cleaned


def _named(row: Version | NamedPoint) -> str:
    return version_label(row) if isinstance(row, Version) else _("“%(name)s”") % {"name": row.name}
