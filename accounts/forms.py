"""Forms about oneself."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.forms import ModelForm


def zone_choices() -> list[tuple[str, str]]:
    """Zones named after places, ``Africa/Nairobi`` as *Africa: Nairobi*, and UTC."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("/", ": ", 1).replace("_", " ")) for name in places)]


class ProfileForm(ModelForm):
    """How a person is called, and in which zone their times are shown."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    class Meta:
        model = User
        fields: ClassVar = ["name", "zone"]
        labels: ClassVar = {"name": _("Name")}
        help_texts: ClassVar = {
            "name": _("As colleagues see it. Whether authors see a reviewer by name is said in each review.")
        }
