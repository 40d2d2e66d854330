"""Template tags for the look: built assets, times with their zone, hashes, the chosen scheme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from document.characters import shorten
from ledger import assets, hours
from ledger.hours import zone_of

register = template.Library()
SCHEMES = ("light", "dark")
FONTS = "node_modules/@fontsource-variable/{family}/files/{family}-latin-wght-normal.woff2"


@register.simple_tag
def asset(name: str) -> SafeString:
    """``{% asset "editor/scripts/menu.ts" %}``: the element that loads it, with what it imports."""
    entry = assets.built(name)
    if entry.file.endswith(".css"):
        return format_html('<link rel="stylesheet" href="{}">', assets.url(entry.file))
    styles = format_html_join("", '<link rel="stylesheet" href="{}">', ((assets.url(file),) for file in entry.styles))
    preloads = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((assets.url(file),) for file in entry.imports)
    )
    return format_html('{}{}<script type="module" src="{}"></script>', styles, preloads, assets.url(entry.file))


@register.simple_tag
def asset_url(name: str) -> str:
    """The address alone, for workers and public files."""
    return assets.url(assets.built(name).file)


@register.simple_tag
def preload_fonts() -> SafeString:
    """The two faces every page shows first; other subsets come when a page needs them."""
    files = (assets.built(FONTS.format(family=name)).file for name in ("source-sans-3", "source-serif-4"))
    return format_html_join(
        "\n",
        '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>',
        ((assets.url(file),) for file in files),
    )


@register.simple_tag(takes_context=True)
def scheme(context: template.Context) -> SafeString:
    """``data-bs-theme`` as the person chose it, so that the page never flashes in the other scheme."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return format_html(' data-bs-theme="{}"', chosen) if chosen in SCHEMES else mark_safe("")


@register.simple_tag
def language_attributes() -> SafeString:
    """``lang`` and ``dir`` of the page."""
    language = get_language() or "en"
    return format_html('lang="{}" dir="{}"', language, "rtl" if get_language_bidi() else "ltr")


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | None, zone: str = "", also: str = "") -> SafeString:
    """``{% when round.deadline "Africa/Nairobi" also="Europe/Vienna" %}``.

    28 March 2026, 18:00 Nairobi (15:00 Vienna). Without a zone: the signed-in person's, else UTC.
    """
    if value is None:
        return mark_safe("")
    here = zone or _here(context)
    moment = value.astimezone(zone_of(here))
    words = hours.told(value, here)
    if also and zone_of(also).utcoffset(value) != moment.utcoffset():
        there = value.astimezone(zone_of(also))
        words += f" ({date_format(there, 'H:i' if there.date() == moment.date() else 'j F, H:i')} {place(also)})"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), words)


@register.simple_tag(takes_context=True)
def span(context: template.Context, first: datetime, last: datetime) -> SafeString:
    """``{% span row.began row.at %}``: 28 March 2026, 18:00–18:40 Nairobi; in the signed-in person's zone, else UTC."""
    here = _here(context)
    began, ended = (value.astimezone(zone_of(here)) for value in (first, last))
    end = date_format(ended, "H:i" if began.date() == ended.date() else "j F Y, H:i")
    start = date_format(began, "j F Y, H:i")
    return format_html("{} {}", start if start.endswith(end) else f"{start}–{end}", place(here))


@register.simple_tag(takes_context=True)
def days(context: template.Context, rows: Iterable[Any]) -> list[tuple[date, list[Any]]]:
    """``{% days rows as found %}``: rows with ``at``, in their order, by the days of the signed-in person's zone."""
    zone = zone_of(_here(context))
    return [(day, list(those)) for day, those in groupby(rows, key=lambda row: row.at.astimezone(zone).date())]


def _here(context: template.Context) -> str:
    return str(getattr(context.get("user"), "zone", "") or "UTC")


@register.filter
def place(zone: str) -> str:
    """``Africa/Nairobi`` → ``Nairobi``: people know places, not zone names."""
    return hours.place(zone)


@register.filter
def days_left(value: datetime | None) -> int | None:
    """Whole days until a moment; negative when it is past."""
    return None if value is None else (value - timezone.now()).days


@register.filter
def shortened(value: object, limit: int) -> str:
    """``{{ title|shortened:40 }}``: cut at a word. Django's ``truncatechars`` cuts in the middle of one."""
    return shorten(str(value or ""), limit)


@register.filter
def short_hash(value: str) -> str:
    """``3f9a 12cd … 04c2``: enough to compare by eye; the whole is shown beside it on request."""
    return f"{value[:4]} {value[4:8]} … {value[-4:]}" if len(value) > 16 else value


@register.filter
def hash_groups(value: str) -> str:
    """The whole hash in groups of eight, as one reads it aloud."""
    return " ".join(value[start : start + 8] for start in range(0, len(value), 8))


@register.simple_tag
def facts(*pairs: Any) -> list[tuple[Any, Any]]:
    """``{% facts "Version" 7 "Words" words as rows %}``: pairs for components/facts.html."""
    return list(zip(pairs[::2], pairs[1::2], strict=True))
