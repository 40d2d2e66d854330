"""Forms of the writing room. They check shape; who may and when is asked by the actions."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Sector, User
from brief import sdgs
from brief.actions.briefs import EDITABLE
from brief.models import Brief, Section, SectionRight
from brief.models.sections import DEEPEST
from brief.permissions import AUTHORS
from brief.states import OrderDraft, Right, RoleName, Stake
from document import styles
from ledger.forms import Form, ModelForm


class RoomForm(Form):
    """A form inside a template's own ``<form>`` element."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LaunchWindow(RoomForm):
    """Both days or neither, in order."""

    launch_from = forms.DateField(label=_("Launch window opens"), required=False, widget=Day())
    launch_to = forms.DateField(label=_("Launch window closes"), required=False, widget=Day())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("launch_from"), cleaned.get("launch_to")
        if bool(first) != bool(last):
            self.add_error("launch_to", _("Give both days of the launch window, or neither."))
        elif first and last and last < first:
            self.add_error("launch_to", _("The launch window closes before it opens."))
        return cleaned


class NewBriefForm(LaunchWindow):
    """A new brief: what it is called, who publishes it, what it is for."""

    title = forms.CharField(label=_("Title"), max_length=300)
    subtitle = forms.CharField(label=_("Subtitle"), max_length=400, required=False)
    organisations = forms.ModelMultipleChoiceField(
        label=_("Publishing organisations"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Two or more, as equals. Your own is among them."),
    )
    objectives = forms.CharField(
        label=_("Objectives"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line. Sections are held against them before release."),
    )
    audiences = forms.CharField(
        label=_("Audiences"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line."),
    )
    scope = forms.CharField(
        label=_("Scope"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the brief is about, and what it leaves out."),
    )

    field_order = ("title", "subtitle", "organisations", "scope", "objectives", "audiences", "launch_from", "launch_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Organisation.objects.all()

    def objective_lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["objectives"].splitlines() if line.strip()]


class BriefForm(ModelForm):
    """The brief's own page: words, window and imprint."""

    reason = forms.CharField(
        label=_("Why title, scope or window change"),
        max_length=300,
        required=False,
        help_text=_("Kept in the history of title and scope."),
    )
    goals = forms.MultipleChoiceField(
        label=_("Sustainable Development Goals"),
        choices=[(str(number), format_lazy("{} {}", number, name)) for number, name in sdgs.GOALS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    targets = forms.CharField(
        label=_("Targets of these goals"),
        max_length=300,
        required=False,
        help_text=_("With commas between, such as 8.7, 16.2."),
    )

    class Meta:
        model = Brief
        fields = tuple(name for name in EDITABLE if name != "sdgs")
        widgets = {
            "launch_from": Day(),
            "launch_to": Day(),
            "summary": forms.Textarea(attrs={"rows": 4}),
            "audiences": forms.Textarea(attrs={"rows": 2}),
            "scope": forms.Textarea(attrs={"rows": 3}),
            "disclaimer": forms.Textarea(attrs={"rows": 3}),
            "acknowledgements": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {self.instance.citation_style: styles.title(self.instance.citation_style)}
        named = tuple((chosen | styles.STYLES).items())
        self.fields["citation_style"] = forms.ChoiceField(label=_("Citation style"), choices=named)
        self.fields["audiences"].help_text = _("One on each line.")
        self.fields["scope"].help_text = _("What the brief is about, and what it leaves out.")
        tags = self.instance.sdgs
        self.fields["goals"].initial = [goal for goal, _name, _targets in sdgs.described(tags)]
        self.fields["targets"].initial = ", ".join(tag for tag in tags if "." in tag)
        # Why it changes is said where what changes is followed: after the first lines.
        self.order_fields(["title", "subtitle", "scope", "audiences", "launch_from", "launch_to", "reason"])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("launch_from"), cleaned.get("launch_to")
        if bool(first) != bool(last) or (first and last and last < first):
            self.add_error("launch_to", _("Give both days of the launch window, in order, or neither."))
        goals, targets = cleaned.pop("goals", []), cleaned.pop("targets", [])
        cleaned["sdgs"] = sdgs.ordered([*goals, *targets])
        return cleaned

    def clean_targets(self) -> list[str]:
        tags = [tag.lower() for tag in re.split(r"[\s,;]+", self.cleaned_data["targets"]) if tag]
        for tag in tags:
            if tag not in sdgs.TARGETS:
                raise forms.ValidationError(_("There is no target %(tag)s."), params={"tag": tag})
        return tags


class StakeholderForm(RoomForm):
    """Somebody the brief is for, about or with."""

    name = forms.CharField(
        label=_("Who"), max_length=200, help_text=_("A group or an institution, not a person by name.")
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    stake = forms.ChoiceField(label=_("What they are to the brief"), choices=Stake.choices)


class ObjectiveForm(RoomForm):
    text = forms.CharField(label=_("New objective"), widget=forms.Textarea(attrs={"rows": 2}))


class RoleForm(RoomForm):
    """Give a role by e-mail address; people without an account get one."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    organisation = forms.ModelChoiceField(label=_("For"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=RoleName.choices)

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = brief.organisations.all()


class SectionForm(ModelForm):
    class Meta:
        model = Section
        fields = ("title", "assignee", "target_words", "content_notice", "language")
        help_texts = {
            "content_notice": _("A warning that stands before a section with distressing detail."),
            "language": _("A code such as fr, ru or ar. Empty: the language of the brief."),
        }

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)
        authors = Q(roles__brief=brief, roles__role__in=AUTHORS)
        field.queryset = User.objects.filter(authors | Q(pk=self.instance.assignee_id)).distinct()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class MoveForm(Form):
    """Where a section shall stand: a way, or after which other one and how deep."""

    way = forms.ChoiceField(choices=[(way, way) for way in ("up", "down", "in", "out")], required=False)
    place = forms.IntegerField(min_value=0, max_value=10_000, required=False)
    depth = forms.IntegerField(min_value=0, max_value=DEEPEST, required=False)
    after = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("way") and cleaned.get("place") is None and "after" not in self.data:
            raise forms.ValidationError(_("Say where the section should stand."))
        return cleaned


class RightsForm(RoomForm):
    """What authors may do with a section, and each contributing author who may do something else."""

    authors_may = forms.ChoiceField(
        label=_("Authors may here"),
        choices=Right.choices,
        help_text=_("Lead authors always edit. Everybody who reads the draft reads this section too."),
    )

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authors_may"].initial = section.authors_may
        people = User.objects.filter(roles__brief=section.brief_id, roles__role=RoleName.AUTHOR)
        leads = User.objects.filter(roles__brief=section.brief_id, roles__role=RoleName.LEAD_AUTHOR)
        self.people = {f"person-{user.pk}": user for user in people.exclude(pk__in=leads).distinct().order_by("name")}
        given = dict(SectionRight.objects.filter(section=section).values_list("user", "right"))
        for name, user in self.people.items():
            choices = [("", _("as all authors")), *Right.choices]
            self.fields[name] = forms.ChoiceField(
                label=str(user), choices=choices, required=False, initial=given.get(user.pk, "")
            )

    def exceptions(self) -> dict[User, str]:
        """User → their own right."""
        return {user: right for name, user in self.people.items() if (right := self.cleaned_data[name])}


class NewSectionForm(RoomForm):
    title = forms.CharField(label=_("Title of the new section"), max_length=300)


class NamePointForm(RoomForm):
    """A name for this moment of the draft; the day and hour when nothing is said."""

    name = forms.CharField(
        label=_("Name of this moment"), max_length=80, required=False, help_text=_("Empty: the day and hour.")
    )


class FreezeForm(RoomForm):
    order_draft = forms.ChoiceField(label=_("Order draft"), choices=OrderDraft.choices)
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("What people call this version.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class CommentForm(RoomForm):
    """A comment on words of today's text, or a reply when it stands in a thread."""

    body = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}))
    block = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class DraftForm(RoomForm):
    """A draft to import."""

    file = forms.FileField(
        label=_("The brief as a Word, ODT, HTML, Markdown or text file"),
        help_text=_("Up to 20 MB. Nothing is stored in the brief before you have seen the outline."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.odt,.html,.htm,.md,.markdown,.txt"}),
    )


class SplitForm(Form):
    """Where a section begins, and how it is called."""

    position = forms.IntegerField(min_value=0)
    title = forms.CharField(max_length=300)
