"""What findings say in the reader's language, and the names of their kinds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brief.states import Grade
from document.checks import SENTENCES, Finding

KINDS = {
    "numbers": gettext_lazy("Numbers without a source"),
    "claims": gettext_lazy("Claims"),
    "acronyms": gettext_lazy("Acronyms"),
    "terms": gettext_lazy("Preferred terms"),
    "glossary": gettext_lazy("Glossary"),
    "quotations": gettext_lazy("Quotations"),
    "sensitivity": gettext_lazy("Sensitivity"),
}
DETAILS = {
    "age": gettext_lazy("age"),
    "origin": gettext_lazy("origin"),
    "place": gettext_lazy("place"),
    "work": gettext_lazy("work or training"),
    "family": gettext_lazy("family"),
    "date": gettext_lazy("date"),
    "body": gettext_lazy("body or health"),
    "name": gettext_lazy("name"),
}


def sentence(finding: Finding) -> str:
    """The finding in the active language."""
    template = _(SENTENCES[finding.code])
    values: dict[str, Any] = dict(finding.values)
    if "details" in values:
        values["details"] = ", ".join(str(DETAILS.get(one, one)) for one in values["details"].split(", "))
    if "day" in values:
        values["day"] = _day(values["day"])
    if "grade" in values:
        known = dict(Grade.choices)
        values["grade"] = str(known.get(values["grade"], _("not graded"))).split(":")[0]
    return Finding(finding.code, words=finding.words, values=values).sentence(template)


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
