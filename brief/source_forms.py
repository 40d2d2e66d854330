"""Forms of the sources: one by its fields, many by pasting, and how they are cited."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brief.forms import Day, RoomForm
from brief.models import Source
from brief.states import Distance, Reliability
from document import addresses, csl
from document.characters import shorten

TYPES = (
    ("report", _("Report")),
    ("article-journal", _("Journal article")),
    ("article-newspaper", _("News article")),
    ("article-magazine", _("Magazine article")),
    ("article", _("Working paper or preprint")),
    ("webpage", _("Web page")),
    ("book", _("Book")),
    ("chapter", _("Chapter")),
    ("paper-conference", _("Conference paper")),
    ("thesis", _("Thesis")),
    ("legislation", _("Legislation")),
    ("legal_case", _("Court decision")),
    ("treaty", _("Treaty")),
    ("dataset", _("Data set")),
    ("interview", _("Interview")),
    ("manuscript", _("Manuscript")),
    ("speech", _("Speech")),
    ("motion_picture", _("Film or video")),
    ("document", _("Other document")),
)
#: Field of the form → field of CSL-JSON, where the one is the other's text.
TEXTS = {
    "title": "title",
    "container": "container-title",
    "publisher": "publisher",
    "place": "publisher-place",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "edition": "edition",
    "number": "number",
    "genre": "genre",
    "isbn": "ISBN",
    "language": "language",
    "note": "note",
}
LINES = {"authors": "author", "editors": "editor"}


class SourceForm(RoomForm):
    """A source by its fields; ``item`` of the cleaned data is the CSL-JSON, ``details`` what stands beside it."""

    type = forms.ChoiceField(label=_("Kind"), choices=TYPES, initial="report")
    title = forms.CharField(label=_("Title"), max_length=1000)
    authors = forms.CharField(
        label=_("Authors"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line: “Family, Given” for a person, or the name of an organisation."),
    )
    issued = forms.CharField(
        label=_("Date"),
        required=False,
        max_length=40,
        help_text=_("A year, 2024-05 or 2024-05-31. Words such as “forthcoming” stay words. Empty: n.d."),
    )
    container = forms.CharField(label=_("Journal, book or site it is in"), max_length=500, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=500, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=3000,
        help_text=_("As copied: a text directive (#:~:text=…) is kept apart and leads readers to the words."),
    )
    accessed = forms.DateField(label=_("Accessed on"), required=False, widget=Day())
    archive_url = forms.CharField(label=_("Archive link"), required=False, max_length=1000)
    doi = forms.CharField(label="DOI", required=False, max_length=200)
    quoted_text = forms.CharField(
        label=_("Words the brief rests on"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Quoted from the source, for checking. Not printed."),
    )
    distance = forms.ChoiceField(
        label=_("Primary or secondary"),
        required=False,
        choices=[("", _("not judged")), *Distance.choices],
        help_text=_("Where you can, cite who saw it rather than who repeats it."),
    )
    reliability = forms.ChoiceField(
        label=_("Reliability"),
        required=False,
        choices=[("", _("not judged")), *Reliability.choices],
        help_text=_("For the people of this brief. Not printed."),
    )
    interest = forms.CharField(
        label=_("Declared interest"),
        required=False,
        max_length=500,
        help_text=_("What the source gains by what it says. Printed after it in the list of sources."),
    )
    unpublished = forms.BooleanField(
        label=_("Unpublished, available on request: readers get author, title and date, and no address"),
        required=False,
    )
    editors = forms.CharField(
        label=_("Editors"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    volume = forms.CharField(label=_("Volume"), max_length=60, required=False)
    issue = forms.CharField(label=_("Issue"), max_length=60, required=False)
    pages = forms.CharField(label=_("Pages"), max_length=60, required=False)
    edition = forms.CharField(label=_("Edition"), max_length=60, required=False)
    number = forms.CharField(label=_("Number"), max_length=120, required=False)
    genre = forms.CharField(label=_("Sort of report or thesis"), max_length=200, required=False)
    isbn = forms.CharField(label="ISBN", max_length=40, required=False)
    language = forms.CharField(label=_("Language"), max_length=40, required=False)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, help_text=_("Some styles print it."))
    #: Shown at once; the others are folded away.
    FIRST = ("type", "title", "authors", "issued", "container", "publisher", "place", "url", "accessed", "archive_url")
    JUDGED = ("quoted_text", "distance", "reliability", "interest", "unpublished")
    MORE = ("doi", "editors", "volume", "issue", "pages", "edition", "number", "genre", "isbn", "language", "note")

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        self._before: dict[str, Any] = source.csl if source else {}
        if source:
            kwargs["initial"] = initial(source)
        super().__init__(*args, **kwargs)
        known = {name for name, _label in TYPES}
        kind = self._before.get("type")
        if kind and kind not in known:
            field = self.fields["type"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*TYPES, (kind, kind)]

    def first(self) -> list[Any]:
        return [self[name] for name in self.FIRST]

    def judged(self) -> list[Any]:
        return [self[name] for name in self.JUDGED]

    def more(self) -> list[Any]:
        return [self[name] for name in self.MORE]

    def clean_url(self) -> str:
        return self._web("url")

    def clean_archive_url(self) -> str:
        return self._web("archive_url")

    def _web(self, name: str) -> str:
        url: str = self.cleaned_data[name].strip()
        if url and not addresses.is_web(addresses.split_directive(url)[0]):
            raise forms.ValidationError(_("An address begins with https:// and holds no spaces."))
        return url

    def clean_doi(self) -> str:
        typed = self.cleaned_data["doi"].strip()
        found = addresses.doi(typed)
        if typed and not found:
            raise forms.ValidationError(_("A DOI looks like 10.1234/abcd."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["item"] = self._item(cleaned)
            cleaned["details"] = {name: cleaned[name] for name in (*self.JUDGED, "archive_url")}
        return cleaned

    def _item(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What was there before, with the form's fields in place of its own."""
        item: dict[str, Any] = {**self._before, "type": cleaned["type"], "URL": cleaned["url"], "DOI": cleaned["doi"]}
        item |= {field: cleaned[name].strip() for name, field in TEXTS.items()}
        item |= {field: people(cleaned[name], self._before.get(field, [])) for name, field in LINES.items()}
        item["issued"] = dated(cleaned["issued"], self._before.get("issued"))
        day = cleaned["accessed"]
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]} if day else None
        return {name: value for name, value in item.items() if value not in ("", None, [])}


def initial(source: Source) -> dict[str, Any]:
    """The form's fields as a source has them."""
    item = source.csl
    shown: dict[str, Any] = {name: item.get(field, "") for name, field in TEXTS.items()}
    shown |= {name: "\n".join(map(csl.whole_name, item.get(field, []))) for name, field in LINES.items()}
    shown |= {"type": item.get("type"), "doi": item.get("DOI", ""), "issued": shown_date(item.get("issued"))}
    shown["url"] = addresses.join_directive(source.url or str(item.get("URL", "")), source.text_directive)
    shown["accessed"] = shown_date(item.get("accessed"))
    return shown | {name: getattr(source, name) for name in (*SourceForm.JUDGED, "archive_url")}


def people(lines: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names of the lines; one that was there keeps its particles and suffixes."""
    known = {csl.whole_name(name): name for name in before}
    typed = [line.strip() for line in lines.splitlines() if line.strip()]
    return [known.get(line) or person(line) for line in typed]


def person(line: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in line.partition(","))
    return {"family": family, "given": given} if comma and given else {"literal": line.strip()}


def dated(typed: str, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """A date of CSL-JSON from ``2024``, ``2024-05``, ``2024-05-31`` or words; None when there is none."""
    typed = typed.strip()
    if not typed or typed.rstrip(".").lower() in ("n.d", "nd"):
        return None
    if before and typed == shown_date(before):
        return before
    if re.fullmatch(r"\d{4}(?:-\d{1,2}){0,2}", typed):
        parts = [int(part) for part in typed.split("-")]
        if all(1 <= part <= most for part, most in zip(parts[1:], (12, 31), strict=False)):
            return {"date-parts": [parts]}
    return {"literal": typed}


def shown_date(date: dict[str, Any] | None) -> str:
    """As it is typed: ``2024-05``; of a range both ends."""
    ends = [[f"{part:02d}" for part in end] for end in (date or {}).get("date-parts", []) if end]
    if ends:
        return "/".join("-".join(end) for end in ends)
    return str((date or {}).get("literal") or (date or {}).get("raw") or "")


class PasteForm(RoomForm):
    """Sources in any form people have them in; a file or words, not both."""

    text = forms.CharField(
        label=_("BibTeX, RIS, CSL-JSON or addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Paste one or many. You see what was understood before anything is added."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A .bib, .ris or .json file of up to 2 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".bib,.bibtex,.ris,.json,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("text", "").strip():
            self.add_error("text", _("Paste something, or choose a file."))
        if cleaned.get("file") and cleaned["file"].size > 2_000_000:
            self.add_error("file", _("This file is larger than 2 MB. Add it in parts."))
        return cleaned


class NamedSources(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django cannot subscript it
    """Sources by key and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.key} · {shorten(csl.plain(obj.csl.get('title')))}"


class MergeForm(RoomForm):
    """The source that stays."""

    into = NamedSources(label=_("Merge into"), queryset=Source.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Source.objects.filter(brief=source.brief_id).exclude(pk=source.pk)
