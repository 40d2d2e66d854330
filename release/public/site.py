"""The public site: which address answers with what, by the database's clock at the moment of asking.

``find`` serves one request. ``addresses`` lists all that exist now, for the generation on disk. Both
go through ``_of_edition``, so a file on disk is what the web process would answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from release import visibility
from release.models import Artefact, LaunchEvent, Release
from release.public import cite, feeds
from release.public.answers import Answer, data, page
from release.public.editions import Edition
from release.public.kept import remembered
from release.states import ArtefactKind, ReleaseState

_BRIEF = re.compile(r"briefs/(?P<slug>[-\w]{1,80})/(?:editions/(?P<edition>\d{1,3}\.\d{1,2})/)?(?P<rest>.*)", re.ASCII)
_EVENT = re.compile(r"events/(?P<slug>[-\w]{1,80})/(?P<rest>|event\.ics)", re.ASCII)
_SECTION = re.compile(r"sections/(?P<id>[0-9a-f-]{36})/")
_FIGURE = re.compile(r"figures/[\w.-]{1,80}", re.ASCII)
FILES = {"brief.pdf", "brief.docx", "brief.epub", "brief.zip", "SHA256SUMS"}
CITATIONS = {
    "cite.bib": (cite.bibtex, "application/x-bibtex; charset=utf-8"),
    "cite.ris": (cite.ris, "application/x-research-info-systems; charset=utf-8"),
    "cite.json": (cite.csl_json, "application/vnd.citationstyles.csl+json"),
}


def find(path: str) -> Answer | None:
    """The answer to an address (without its leading slash), or None: there is nothing here."""
    with translation.override(settings.LANGUAGE_CODE):
        return _find(path)


def _find(path: str) -> Answer | None:
    if path in _SINGLE:
        return _SINGLE[path]()
    if match := _BRIEF.fullmatch(path):
        return _brief(match["slug"], match["edition"], match["rest"])
    if match := _EVENT.fullmatch(path):
        return _event(match["slug"], match["rest"])
    return None


def addresses() -> Iterator[str]:
    """Every public address that exists at this moment, without leading slashes."""
    yield from _SINGLE
    for editions in _editions_by_brief():
        for edition in editions:
            for base in dict.fromkeys([edition.base, edition.lasting]):
                yield from (base.removeprefix("/") + rest for rest in rests(edition))
    for event in visibility.public_events():
        yield f"events/{event.slug}/"
        yield f"events/{event.slug}/event.ics"


def rests(edition: Edition) -> Iterator[str]:
    """What lies below an edition's address."""
    yield ""
    if edition.withdrawn:
        return
    yield from CITATIONS
    yield from sorted(FILES & edition.artefacts.keys())
    yield from sorted(name for name in edition.artefacts if _FIGURE.fullmatch(name))
    if edition.split:
        yield "print.html"
        yield from (f"sections/{part.id}/" for part in edition.parts)


def shown() -> Q:
    """Releases that readers meet at this moment: public, or withdrawn with a notice in their place."""
    public = Q(visibility.ended_embargo(), status__in=[ReleaseState.SCHEDULED, ReleaseState.PUBLISHED])
    return public | Q(status=ReleaseState.WITHDRAWN)


def editions_of(slug: str) -> list[Edition]:
    """A brief's public and withdrawn editions, the latest first: two queries."""
    return _editions(list(_rows().filter(brief__slug=slug)))


def _rows() -> QuerySet[Release]:
    rows = Release.objects.filter(shown()).select_related("brief", "embargo")
    rows = rows.prefetch_related(Prefetch("artefacts", Artefact.objects.order_by("name")))
    return rows.order_by("-embargo__instant", "-created_at")


def _editions(releases: list[Release]) -> list[Edition]:
    return [Edition(release, current=index == 0) for index, release in enumerate(releases)]


def _editions_by_brief() -> list[list[Edition]]:
    found: dict[object, list[Release]] = {}
    for release in _rows():
        found.setdefault(release.brief_id, []).append(release)
    return [_editions(releases) for releases in found.values()]


def library_editions() -> list[Edition]:
    """The current public edition of each brief, the latest first."""
    return [editions[0] for editions in _editions_by_brief() if not editions[0].withdrawn]


def _brief(slug: str, number: str | None, rest: str) -> Answer | None:
    editions = editions_of(slug)
    if number is None:
        wanted = editions[0] if editions else None
    else:
        wanted = next((each for each in editions if each.release.edition == number), None)
    return _of_edition(wanted, editions, rest, lasting=number is not None) if wanted else None


def _of_edition(edition: Edition, editions: list[Edition], rest: str, *, lasting: bool) -> Answer | None:
    if edition.withdrawn:
        return _notice(edition, editions) if rest == "" else None
    if rest in CITATIONS:
        make, media_type = CITATIONS[rest]
        return data(make(edition), media_type, download=f"{cite.key(edition)}{rest[4:]}")
    if rest in FILES or _FIGURE.fullmatch(rest):
        return _file(edition, rest, lasting=lasting)
    if rest == "" or (rest == "print.html" and edition.split):
        return _whole(edition, editions, printed=rest == "print.html")
    if edition.split and (match := _SECTION.fullmatch(rest)):
        return _section(edition, editions, match["id"])
    return None


def _file(edition: Edition, name: str, *, lasting: bool) -> Answer | None:
    """The address alone names the reader's copy, so that a web server names it alike (deploy/nginx.conf.template)."""
    artefact = edition.artefact(name)
    if artefact is None:
        return None
    shown = artefact.kind in (ArtefactKind.FIGURE, ArtefactKind.SUMS)
    number = f"-{edition.release.edition}" if lasting else ""
    download = "" if shown else f"{edition.release.brief.slug}{number}.{name.rpartition('.')[2]}"
    return Answer(artefact.media_type, artefact=artefact, immutable=artefact.sha256[:16] in name, download=download)


def _whole(edition: Edition, editions: list[Edition], *, printed: bool) -> Answer:
    paged = edition.split and not printed
    names = [] if paged else [part.whole for part in edition.parts]
    return page(_render("brief", edition, editions, names=names, paged=paged, printed=printed))


def _section(edition: Edition, editions: list[Edition], identifier: str) -> Answer | None:
    index = next((place for place, part in enumerate(edition.parts) if part.id == identifier), None)
    if index is None:
        return None
    around = [None, *edition.parts, None]
    context = {"part": edition.parts[index], "before": around[index], "after": around[index + 2]}
    return page(_render("section", edition, editions, names=[edition.parts[index].alone], **context))


def _notice(edition: Edition, editions: list[Edition]) -> Answer:
    return page(_render("withdrawn", edition, editions), status=410)


def _render(
    name: str, edition: Edition, editions: list[Edition], *, names: Iterable[str] = (), **context: object
) -> str:
    """A page around the fragments ``names``; made once for everything that it says."""
    event = LaunchEvent.objects.filter(brief=edition.release.brief_id).first()
    shown = tuple((each.release.pk, each.release.status, each.launched, each.zone) for each in editions)
    said = (event.slug, event.title) if event else None

    def make() -> str:
        parts = [edition.text(each) for each in names]
        return _rendered(name, edition, {**context, "editions": editions, "event": event, "parts": parts})

    return remembered((name, edition.release.pk, tuple(names), shown, said), make)


def _rendered(name: str, edition: Edition, context: dict[str, object]) -> str:
    return render_to_string(
        f"release/public/{name}.html",
        {
            "edition": edition,
            "release": edition.release,
            "facts": edition.facts,
            "imprint": edition.imprint,
            "highwire": cite.highwire(edition),
            "json_ld": cite.json_ld(edition),
            "citation": cite.plain(edition),
            "base_url": settings.BASE_URL,
            **context,
        },
    )


def _library() -> Answer:
    return page(render_to_string("release/public/library.html", {"editions": library_editions(), "library": True}))


def _event(slug: str, rest: str) -> Answer | None:
    event = visibility.public_events().filter(slug=slug).first()
    if event is None:
        return None
    editions = [each for each in editions_of(event.brief.slug) if not each.withdrawn]
    if rest:
        return data(feeds.calendar(event), "text/calendar; charset=utf-8", download=f"{event.slug}.ics")
    opens = (
        Release.objects.filter(brief=event.brief_id, status=ReleaseState.SCHEDULED).select_related("embargo").first()
    )
    context = {"event": event, "edition": editions[0] if editions else None, "opens": opens}
    return page(render_to_string("release/public/event.html", context))


def _feed() -> Answer:
    return data(feeds.atom(library_editions()), "application/atom+xml; charset=utf-8")


def _sitemap() -> Answer:
    events = [f"/events/{event.slug}/" for event in visibility.public_events()]
    return data(feeds.sitemap(library_editions(), events), "application/xml; charset=utf-8")


def _robots() -> Answer:
    return data(feeds.robots(), "text/plain; charset=utf-8")


_SINGLE: dict[str, Callable[[], Answer]] = {
    "": _library,
    "feed/": _feed,
    "sitemap.xml": _sitemap,
    "robots.txt": _robots,
}
