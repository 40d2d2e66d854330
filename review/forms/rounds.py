"""Setting up a round and inviting to it."""

from __future__ import annotations

import re
from datetime import time
from email.utils import getaddresses
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Sector
from brief.models import Brief, Section, Version
from document import characters
from ledger.forms import Form, ModelForm
from review.deadlines import ZONES, instant
from review.models import Round
from review.states import QuestionKind

_HEAD = re.compile(r'[^"<]*:')
#: One paste is not a mailing.
MOST_ADDRESSES = 200


def zones() -> list[tuple[str, str]]:
    """Zones by place: ``Africa/Nairobi`` reads *Africa: Nairobi*."""
    places = sorted(name for name in ZONES if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("/", ": ", 1).replace("_", " ")) for name in places)]


def helper(*layout: Any) -> FormHelper:
    """Fields only: the template writes the form's tag, token and buttons."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if layout:
        made.layout = Layout(*layout)
    return made


class DeadlineForm(Form):
    """A wall-clock time and the zone it is meant in."""

    deadline_date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    deadline_time = forms.TimeField(
        label=_("Time"), initial=time(18, 0), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    deadline_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Row(
                Column("deadline_date", css_class="col-sm-4"),
                Column("deadline_time", css_class="col-sm-3"),
                Column("deadline_zone", css_class="col-sm-5"),
            )
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parts = [cleaned.get(name) for name in ("deadline_date", "deadline_time", "deadline_zone")]
        if all(part is not None for part in parts):
            try:
                instant(*parts)  # type: ignore[arg-type]
            except ValidationError as error:
                self.add_error("deadline_time", error)
        return cleaned


class RoundForm(DeadlineForm, ModelForm):
    """The round in one page: version, charge, deadline, identity policy."""

    class Meta:
        model = Round
        fields = (
            *("version", "title", "topic", "introduction", "deadline_date", "deadline_time", "deadline_zone"),
            *("accepts_late", "authors_see", "peers_see", "attribution", "after_publication"),
        )
        help_texts = {
            "topic": _("What mails may say of the brief: neutral words instead of its title."),
            "introduction": _("What you ask of reviewers, in a few sentences. Single questions follow below."),
            "accepts_late": _("Comments that come after the deadline are kept and marked late; you close the round."),
            "attribution": _("Each reviewer chooses, up to this."),
        }
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Version.objects.filter(brief=brief)
        field.empty_label = None
        field.label_from_instance = _version_label  # type: ignore[method-assign,assignment]
        deadline = self.helper.layout.fields
        self.helper = helper(
            Fieldset(_now("What is reviewed"), "version", "title", "topic"),
            Fieldset(_now("Until when"), *deadline, "accepts_late"),
            Fieldset(
                _now("Who sees whom"),
                HTML(f'<p class="helptext">{_now("You always know who wrote what.")}</p>'),
                *("authors_see", "peers_see", "attribution", "after_publication"),
            ),
            Fieldset(_now("The charge"), "introduction"),
        )


def _version_label(version: Version) -> str:
    return _now("Version %(number)d, %(draft)s, frozen %(day)s") % {
        "number": version.number,
        "draft": version.get_order_draft_display(),
        "day": f"{version.at:%d.%m.%Y}",
    }


class QuestionForm(Form):
    """One question of the charge; an empty one is left out."""

    text = forms.CharField(label=_("Question"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("Answered"), choices=QuestionKind.choices, required=False)
    section = forms.ModelChoiceField(
        label=_("Asked beside"), queryset=Section.objects.none(), required=False, empty_label=_("the whole text")
    )

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["section"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Section.objects.filter(brief=brief, deleted_at=None)
        self.helper = helper("text", Row(Column("kind", css_class="col-sm-6"), Column("section", css_class="col-sm-6")))


QuestionFormSet = forms.formset_factory(QuestionForm, extra=4, max_num=30)


def questions_of(formset: Any) -> list[dict[str, Any]]:
    """The questions that have words, in order."""
    return [form.cleaned_data for form in formset.forms if form.cleaned_data.get("text", "").strip()]


class InviteForm(Form):
    """Addresses, one on each line or divided by commas, with or without names."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "Paste them as they are: “Amina Noor &lt;amina@example.org&gt;” or the bare address, one on each line."
        ),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("not known yet")), *Sector.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("addresses", "sector")

    def clean_addresses(self) -> list[tuple[str, str]]:
        """(address, name) pairs. Raises with the first words that are no address."""
        lines = self.cleaned_data["addresses"].replace(";", "\n").splitlines()
        for line in lines:
            # “Bcc: somebody@…” is a line of a mail's head, and a group to the parser: nobody meant to invite that.
            if _HEAD.match(line):
                raise ValidationError(_now("“%(words)s” is no e-mail address.") % {"words": line.strip()})
        pairs = [pair for pair in getaddresses([line for line in lines if line.strip()]) if any(pair)]
        if len(pairs) > MOST_ADDRESSES:
            raise ValidationError(_now("These are more than %(most)d addresses.") % {"most": MOST_ADDRESSES})
        return [(_address(address, name), _plain(name)) for name, address in pairs]


def _address(address: str, name: str) -> str:
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(_now("“%(words)s” is no e-mail address.") % {"words": address or name}) from error
    if not address.isascii():
        # Look-alike letters make two people of one, or one of two (TRUST).
        raise ValidationError(_now("“%(words)s” holds letters that mail cannot be trusted with.") % {"words": address})
    return address


def _plain(name: str) -> str:
    """A name without control and direction characters."""
    return characters.seen(name)[:120]


class ExtendForm(Form):
    day = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("day")


class ReasonForm(Form):
    """Why: kept with the record."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("reason")
