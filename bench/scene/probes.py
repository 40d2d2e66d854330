"""What somebody asks who wants to see a brief before its time: each probe for it, and for one that never was."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from uuid import uuid4

from bench.scene.embargoed import Embargoed
from release.models import Artefact

#: What may be hung onto an address, or put into it.
ENDINGS: tuple[str, ...] = ()
ENDINGS += (
    "",
    "/",
    "//",
    ".",
    "..",
    "/.",
    "/..",
    "~",
    ".bak",
    ".gz",
    ".br",
    ".json",
    ".html",
    "?x=1",
    ";a=b",
    "%00",
)
ENDINGS += ("%20", "%2e", "%2f", "#x", "%252e", "\\", "%5c", "index.html", "index.htm", ".md", "?download=1&format=pdf")
GUESSES: tuple[str, ...] = ()
GUESSES += (
    "download",
    "pdf",
    "print",
    "print.html",
    "amp/",
    "feed/",
    "embed/",
    "preview/",
    "draft/",
    "latest/",
    "cite",
)
GUESSES += ("thumbnail.png", "cover.png", "card.png", "og.png", "image.png", "brief.md", "brief.txt", "brief.html")
GUESSES += ("editions/", "editions/0.1/", "editions/2.0/", "v1/", ".git/config", "meta.json", "data.csv", "sitemap.xml")
#: How it is asked for; names of headers as a visitor may send them.
HEADERS: tuple[dict[str, str], ...] = (
    *({}, {}, {}),
    {"Range": "bytes=0-0"},
    {"Range": "bytes=-1"},
    {"Range": "bytes=0-99,200-299"},
    {"Range": "bytes=999999999-"},
    {"If-None-Match": "*"},
    {"If-Match": "*"},
    {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"},
    {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"If-Range": '"x"', "Range": "bytes=0-1"},
    {"Cache-Control": "only-if-cached"},
    {"Cache-Control": "max-stale=99999999"},
    {"Pragma": "no-cache"},
    {"Accept": "application/json"},
    {"Accept": "application/pdf"},
    {"Accept-Encoding": "gzip, br, zstd"},
    {"Accept-Language": "fr"},
    {"HX-Request": "true"},
    {"X-Original-URL": "/"},
    {"X-Rewrite-URL": "/"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Prefix": "/briefs"},
    {"X-HTTP-Method-Override": "GET"},
    {"Date": "Fri, 31 Dec 2100 00:00:00 GMT"},
    {"Cookie": "__Host-session=x; preview=1"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Referer": "https://localhost/release/"},
    {"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
    {"Sec-Purpose": "prefetch"},
    {"X-Accel-Redirect": "/private/"},
)
BY_ID = ("/briefs/{}/", "/briefs/{}/brief.pdf", "/release/{}/", "/release/{}/files/brief.pdf", "/events/{}/")
STORES: tuple[str, ...] = ()
STORES += (
    "/private/",
    "/data/private/",
    "/media/",
    "/",
    "/static/",
    "/static../private/",
    "/static/%2e%2e/private/",
)
STORES += ("/static/build/assets../../../private/", "/briefs/../../private/", "/briefs/%2e%2e/%2e%2e/private/")
METHODS = ("GET", "GET", "GET", "HEAD", "HEAD", "OPTIONS", "POST")


@dataclass(frozen=True)
class Pair:
    """The same question about what is embargoed and about what never was; ``words`` are what differs."""

    there: str
    never: str
    words: tuple[tuple[str, str], ...]


def pairs(scene: Embargoed) -> list[Pair]:
    """Every address of the release, in every disguise."""
    token = token_hex(len(scene.token) // 2)
    found = [*_addresses(scene), *_guesses(scene)]
    words = ((scene.token, token),)
    made = [Pair(path, path.replace(scene.token, token), words) for path in found]
    return made + _by_id(scene) + _by_stored_name(scene)


def _addresses(scene: Embargoed) -> list[str]:
    base = f"/briefs/{scene.slug}/"
    names = ["", *scene.files, "cite.bib", "cite.ris", "cite.json", "print.html"]
    names += [f"sections/{section.pk}/" for section in scene.cast.sections]
    found = [base + name for name in names] + [f"{base}editions/1.0/{name}" for name in names]
    return [*found, f"/events/{scene.event}/", f"/events/{scene.event}/event.ics"]


def _guesses(scene: Embargoed) -> list[str]:
    base = f"/briefs/{scene.slug}"
    found = [base + ending for ending in ENDINGS] + [f"{base}/{guess}" for guess in GUESSES]
    found += [f"{base}/brief.pdf{ending}" for ending in ENDINGS]
    disguised = "".join(f"%{ord(letter):02x}" for letter in scene.slug)
    found += [f"//briefs/{scene.slug}/", f"/briefs//{scene.slug}/", f"/./briefs/{scene.slug}/", f"{base.upper()}/"]
    found += [f"/x/../briefs/{scene.slug}/", f"/%62riefs/{scene.slug}/", f"/briefs/%2e%2e/briefs/{scene.slug}/"]
    found += [f"/Briefs/{scene.slug}/", f"/briefs/{scene.slug.title()}/", f"/briefs/{disguised}/brief.pdf"]
    found += [f"/static/../briefs/{scene.slug}/", f"/briefs/..%2f{scene.slug}/", f"/events/{scene.slug}/"]
    found += [f"/current/briefs/{scene.slug}/index.html", f"/generations/briefs/{scene.slug}/", f"/{scene.slug}/"]
    found += [f"/feed/{scene.slug}/", f"/errata/{scene.slug}/", f"/sitemap.xml/{scene.slug}", f"/?brief={scene.slug}"]
    found += [f"/static/briefs/{scene.slug}/brief.pdf", f"/media/{scene.slug}.pdf", f"/events/{scene.event}.ics"]
    return found


def _by_id(scene: Embargoed) -> list[Pair]:
    made = []
    for each in (scene.release.pk, scene.release.brief_id, scene.release.version_id):
        other = str(uuid4())
        for path in BY_ID:
            made.append(Pair(path.format(each), path.format(other), ((str(each), other),)))
    return made


def _by_stored_name(scene: Embargoed) -> list[Pair]:
    """The private files by their random names, wherever a careless server might hand them out."""
    made = []
    for stored in Artefact.objects.filter(release=scene.release).order_by("name")[:4]:
        name = str(stored.file.name)
        other = f"releases/{token_hex(16)}"
        made += [Pair(above + name, above + other, ((name, other),)) for above in STORES]
    return made
