"""What the pages of sources show: lines, filters, what was understood of a paste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from brief import library
from brief.labels import labels
from brief.models import Brief, Section, Source, SourceBatch
from brief.states import Distance, ImportState, Reliability
from document import addresses, csl
from document.assembly import assemble
from document.bibliography import Entry, Reading
from document.html import Context, render_bibliography, render_section
from document.publication import Publication, SectionText
from ledger import jobs
from ledger.models import Job

Uses = Mapping[str, Counter[Section]]


def title(row: Source) -> str:
    return csl.plain(row.csl.get("title"))


@dataclass(frozen=True)
class Line:
    """One source in the list. ``url`` leads to the cited words."""

    source: Source
    title: str
    facts: str
    url: str
    cited: int
    places: tuple[Section, ...]


def lines(rows: Iterable[Source], uses: Uses) -> list[Line]:
    return [_line(row, uses.get(row.key) or Counter()) for row in rows]


def _line(row: Source, used: Counter[Section]) -> Line:
    return Line(
        source=row,
        title=title(row),
        facts=library.facts(row.csl),
        url=addresses.join_directive(row.url, row.text_directive),
        cited=used.total(),
        places=tuple(section for section in used if not section.deleted_at),
    )


def _kinds(uses: Uses) -> dict[str, tuple[str, Any]]:
    """What the list can be narrowed to: name → (words, whether a source belongs)."""
    return {
        "cited": (_("cited"), lambda row: bool(uses.get(row.key))),
        "uncited": (_("not cited"), lambda row: not uses.get(row.key)),
        "undated": (_("without date"), lambda row: not library.year_of(row.csl)),
        "unarchived": (_("on the web, no archive link"), lambda row: bool(row.url) and not row.archive_url),
        "secondary": (_("secondary"), lambda row: row.distance == Distance.SECONDARY),
        "doubtful": (_("low reliability"), lambda row: row.reliability == Reliability.LOW),
        "unjudged": (_("reliability not judged"), lambda row: not row.reliability),
        "interested": (_("declared interest"), lambda row: bool(row.interest)),
        "unpublished": (_("unpublished"), lambda row: row.unpublished),
    }


def filtered(rows: Sequence[Source], asked: str, uses: Uses) -> list[Source]:
    kind = _kinds(uses).get(asked)
    return [row for row in rows if kind is None or kind[1](row)]


def filters(rows: Sequence[Source], uses: Uses) -> list[tuple[str, str, int]]:
    """``(name, words, how many)`` of those that would show something."""
    counted = [(name, words, sum(map(belongs, rows))) for name, (words, belongs) in _kinds(uses).items()]
    return [each for each in counted if each[2]]


def waiting(brief: Brief) -> list[SourceBatch]:
    """Pastes that nobody has decided about."""
    open_ones = (ImportState.READING, ImportState.PROPOSED, ImportState.REFUSED)
    rows = SourceBatch.objects.filter(brief=brief, status__in=open_ones).select_related("by")
    return list(rows.defer("text", "reading")[:10])


# --- a paste ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Understood:
    """One entry of a paste. ``verdict``: new, alike, double or refused; ``sentence`` says what that means."""

    number: int
    verdict: str
    sentence: str
    label: str
    title: str
    facts: str
    url: str
    given: str
    bare: bool

    @property
    def chosen(self) -> bool:
        return self.verdict == "new"

    @property
    def possible(self) -> bool:
        return self.verdict in ("new", "alike")


def understood(batch: SourceBatch) -> list[Understood]:
    """Each entry, held against the library and against those before it."""
    known = library.Known(Source.objects.filter(brief=batch.brief))
    found = []
    for number, entry in enumerate(Reading.from_text(batch.reading).entries if batch.reading else ()):
        verdict, other = library.verdict(entry, known)
        found.append(_understood(number, entry, verdict, other))
        if verdict in ("new", "alike"):
            known.add(Source(csl=entry.item, key=""))
    return found


def _understood(number: int, entry: Entry, verdict: str, other: Source | None) -> Understood:
    item = entry.item
    return Understood(
        number=number,
        verdict=verdict,
        sentence=_sentence(entry, verdict, other),
        label=library.label(item) if item else entry.key,
        title=csl.plain(item.get("title")),
        facts=library.facts(item) if item else "",
        url=str(item.get("URL", "")),
        given=entry.given if entry.fault else "",
        bare=entry.bare and verdict in ("new", "alike"),
    )


def _sentence(entry: Entry, verdict: str, other: Source | None) -> str:
    if verdict == "refused":
        return _refusal(entry.fault)
    key = other.key if other else ""
    if verdict == "double":
        return _("Already there, as %(key)s.") % {"key": key} if key else _("The same as one above.")
    if verdict == "alike":
        said = _("The same title and year as %(key)s. Take it only if it is another source.") % {"key": key}
        return said if key else _("The same title and year as one above. Take it only if it is another source.")
    return _("Only the address is known: give it its title.") if entry.bare else ""


def _refusal(fault: str) -> str:
    if fault == "syntax":
        return _("This entry cannot be read. Look for a missing brace, comma or quotation mark.")
    if fault == "title":
        return _("It has no title.")
    field = fault.partition(":")[2]
    return _("Its field %(field)s is not as it should be.") % {"field": field}


def preview(batch: SourceBatch) -> dict[str, Any]:
    """The page of a paste."""
    entries = understood(batch)
    counts = Counter(entry.verdict for entry in entries)
    return {
        "batch": batch,
        "entries": entries,
        "counts": counts,
        "possible": sum(entry.possible for entry in entries),
        "reading": is_reading(batch),
        "task": task(batch),
    }


def preview_json(batch: SourceBatch) -> dict[str, Any]:
    """The same for the writing room's panel."""
    shown = ("number", "verdict", "sentence", "label", "title", "facts", "given", "bare")
    return {
        "batch": reverse("brief:sources_batch", args=[batch.brief_id, batch.pk]),
        "status": batch.status,
        "sentence": batch.sentence,
        "entries": [{name: getattr(entry, name) for name in shown} for entry in understood(batch)],
    }


def is_reading(batch: SourceBatch) -> bool:
    return batch.status == ImportState.READING


def task(batch: SourceBatch) -> dict[str, Any]:
    job = Job.objects.filter(key=f"sources.read:{batch.pk}").first() if is_reading(batch) else None
    told = jobs.progress(job) if job else {"percent": 0, "note": "", "state": "done"}
    url = reverse("brief:sources_progress", args=[batch.brief_id, batch.pk])
    return {**told, "title": _("Reading the sources"), "sentence": job.sentence if job else "", "url": url}


# --- a style ----------------------------------------------------------------------------------------

#: Shown where a brief has fewer sources than a style needs to be judged by.
SAMPLES: dict[str, dict[str, Any]] = {
    "sample-report": {
        "type": "report",
        "title": "Recruitment by message: what changed in three years",
        "publisher": "Alpha Institute",
        "publisher-place": "Vienna",
        "author": [{"family": "Okafor", "given": "Ada"}, {"family": "Lindqvist", "given": "Maja"}],
        "issued": {"date-parts": [[2024, 5]]},
        "URL": "https://example.org/reports/recruitment",
    },
    "sample-article": {
        "type": "article-journal",
        "title": "Help lines and trust",
        "container-title": "Journal of Plain Examples",
        "volume": "12",
        "issue": "3",
        "page": "45-67",
        "author": [{"family": "Haddad", "given": "Samir"}],
        "issued": {"date-parts": [[2019]]},
    },
    "sample-page": {
        "type": "webpage",
        "title": "Notes for help lines",
        "author": [{"literal": "Gamma Network"}],
        "URL": "https://example.org/notes",
        "accessed": {"date-parts": [[2026, 1, 15]]},
    },
}
#: Sources of the brief that a preview shows.
PREVIEWED = 4


def style_preview(brief: Brief, style: str) -> dict[str, Any]:
    """How citations and their list read in a style: ``{sentence, notes, sources, own}`` as HTML, one pandoc call.

    Raises styles.UnknownStyle and sandbox.SandboxError.
    """
    rows = list(Source.objects.filter(brief=brief).order_by("-added_at", "key")[:PREVIEWED])
    sources = {row.key: csl.outward(library.frozen(row)) for row in rows}
    own = len(sources) >= 2
    sources = sources if own else {**sources, **SAMPLES}
    cited = [_citation(key, "p. 12" if n == 0 else "") for n, key in enumerate(sources)]
    words = [_("Some words that rest on a source"), *[_("and others that rest on another")] * (len(cited) - 1)]
    content: list[dict[str, Any]] = []
    for said, citation in zip(words, cited, strict=True):
        content += [{"type": "text", "text": f"{', ' if content else ''}{said} "}, citation]
    content.append({"type": "text", "text": "."})
    doc = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": "preview00000"}, "content": content}]}
    section = SectionText("preview", _("In the text"), doc, language=brief.language)
    publication = Publication("", "", brief.language, (), (section,), sources=sources, style=style)
    context = Context(assemble(publication, labels(brief.language)), notes="end", base_level=3)
    return {"text": render_section(section, context), "sources": render_bibliography(context), "own": own}


def _citation(key: str, locator: str) -> dict[str, Any]:
    item = {"source": key, "locator": locator, "prefix": "", "suffix": ""}
    return {"type": "citation", "attrs": {"items": [item]}}
