"""Feed, sitemap, robots and calendar. XML is built as a tree, never by joining text."""

from __future__ import annotations

from datetime import UTC, timedelta
from xml.etree import ElementTree as ET

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from release.models import LaunchEvent
from release.public.editions import Edition

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
PRIVATE = ("/desk/", "/write/", "/review/", "/release/", "/account/", "/admin/", "/live/", "/invitations/", "/search/")


def atom(editions: list[Edition]) -> str:
    """The library as an Atom feed. Ids are addresses that last; times are when readers were let in."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", _("Policy briefs"))
    _add(feed, "id", f"{settings.BASE_URL}/feed/")
    _add(feed, "link", rel="self", href=f"{settings.BASE_URL}/feed/", type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=f"{settings.BASE_URL}/", type="text/html")
    _add(feed, "updated", _stamp(editions[0]) if editions else "1970-01-01T00:00:00Z")
    for edition in editions:
        entry = _add(feed, "entry")
        _add(entry, "title", edition.facts["title"])
        _add(entry, "id", settings.BASE_URL + edition.lasting)
        _add(entry, "link", rel="alternate", href=settings.BASE_URL + edition.base, type="text/html")
        _add(entry, "published", _stamp(edition))
        _add(entry, "updated", _stamp(edition))
        for name in edition.facts["organisations"]:
            _add(_add(entry, "author"), "name", name)
        if words := edition.facts["summary"] or edition.facts["subtitle"]:
            _add(entry, "summary", words)
    return _text(feed)


def sitemap(editions: list[Edition], others: list[str]) -> str:
    """Every public page, with the day it became public."""
    ET.register_namespace("", SITEMAP)
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    rows = [("/", "")]
    for edition in editions:
        rows.append((edition.base, edition.launched.date().isoformat()))
        if edition.split:
            rows += [(f"{edition.base}sections/{part.id}/", "") for part in edition.parts]
    for address, day in [*rows, *((each, "") for each in others)]:
        row = ET.SubElement(root, f"{{{SITEMAP}}}url")
        ET.SubElement(row, f"{{{SITEMAP}}}loc").text = settings.BASE_URL + address
        if day:
            ET.SubElement(row, f"{{{SITEMAP}}}lastmod").text = day
    return _text(root)


def robots() -> str:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return "\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""])


def calendar(event: LaunchEvent) -> str:
    """The event as an iCalendar file."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Countersign//EN")
    calendar.add("version", "2.0")
    entry = icalendar.Event()
    entry.add("uid", f"{event.pk}@{settings.BASE_URL.partition('//')[2]}")
    entry.add("summary", event.title)
    if event.starts_at:
        entry.add("dtstamp", event.starts_at.astimezone(UTC))
        entry.add("dtstart", event.starts_at.astimezone(UTC))
        entry.add("dtend", (event.ends_at or event.starts_at + timedelta(hours=1)).astimezone(UTC))
    entry.add("location", event.place)
    entry.add("description", event.description)
    entry.add("url", f"{settings.BASE_URL}/events/{event.slug}/")
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content.decode()


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    if text:
        element.text = text
    return element


def _stamp(edition: Edition) -> str:
    return edition.launched.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
