"""Forms of clearance and launch. What they mean is checked by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brief.models import Brief, Version
from ledger.forms import Form, ModelForm
from release import moments
from release.models import LaunchEvent


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, version: Version) -> str:
        return f"{version.number} · {version.get_order_draft_display()} · {version.at:%d %B %Y}"


class CandidateForm(Form):
    """Which frozen version, and the edition it becomes."""

    version = VersionChoice(Version.objects.none(), label=_("Frozen version"), empty_label=None)
    edition = forms.CharField(label=_("Edition"), max_length=10)

    def __init__(self, *args: Any, brief: Brief, edition: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = self.fields["version"]
        assert isinstance(versions, forms.ModelChoiceField)
        versions.queryset = Version.objects.filter(brief=brief).order_by("-number")
        self.fields["edition"].initial = edition


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class SignForm(Form):
    """The manifest's hash as it was on the screen, with a code or a passkey's answer."""

    manifest_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=12)
    assertion = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


class ReturnForm(ReasonForm):
    manifest_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class EmbargoForm(Form):
    """A wall-clock time in a zone; ``fold`` only when the clocks show that time twice."""

    wall_time = forms.CharField(
        label=_("Date and time on the clock there"), widget=forms.TextInput(attrs={"type": "datetime-local"})
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    fold = forms.IntegerField(required=False, min_value=0, max_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name.replace("_", " ")) for name in moments.zones()]

    def clean_wall_time(self) -> str:
        # Browsers may send seconds.
        return str(self.cleaned_data["wall_time"])[:16]


class EventForm(ModelForm):
    zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = LaunchEvent
        fields = (
            "title",
            "slug",
            "starts_wall_time",
            "ends_wall_time",
            "zone",
            "place",
            "description",
            "agenda",
            "speakers",
            "link",
            "contact",
            "announced",
        )
        widgets = {
            "starts_wall_time": forms.TextInput(attrs={"type": "datetime-local"}),
            "ends_wall_time": forms.TextInput(attrs={"type": "datetime-local"}),
            "description": forms.Textarea(attrs={"rows": 3}),
            "agenda": forms.Textarea(attrs={"rows": 6}),
            "speakers": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "agenda": _("One point a line."),
            "speakers": _("One person a line, with the capacity in which they speak."),
            "announced": _(
                "Until then the event's page shows what is written here and a countdown, nothing of the brief."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name.replace("_", " ")) for name in moments.zones()]
        self.fields["starts_wall_time"].required = True

    def clean_starts_wall_time(self) -> str:
        return str(self.cleaned_data["starts_wall_time"])[:16]

    def clean_ends_wall_time(self) -> str:
        return str(self.cleaned_data["ends_wall_time"])[:16]
