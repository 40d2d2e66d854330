"""Sources and figures of a brief."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from django.utils.translation import gettext as _

from brief.models import Brief, Figure, Source
from brief.permissions import write
from brief.policies import check_open_to_edits
from document import images
from document.csl import Unsound, checked
from ledger.actions import Done, action
from ledger.refusals import NotNow

DIRECTIVE = ":~:"


def split_directive(url: str) -> tuple[str, str]:
    """``(address, text directive)``; percent-encoding is left exactly as it came (S0-7)."""
    address, mark, fragment = url.partition("#")
    if DIRECTIVE not in fragment:
        return url, ""
    plain, _mark, directive = fragment.partition(DIRECTIVE)
    return address + (mark + plain if plain else ""), directive


def make_key(csl: dict[str, Any], taken: set[str]) -> str:
    """A short key from author and year that no other source of the brief has: ``unodc2024b``."""
    author = (csl.get("author") or csl.get("editor") or [{}])[0]
    name = author.get("family") or author.get("literal") or csl.get("title") or "source"
    year = year_of(csl) or "nd"
    base = f"{slugify(name).replace('-', '')[:20] or 'source'}{year}"
    key, letters = base, iter("bcdefghijklmnopqrstuvwxyz")
    number = 2
    while key in taken:
        letter = next(letters, "")
        key = f"{base}{letter}" if letter else f"{base}-{number}"
        number += 0 if letter else 1
    return key


def year_of(csl: dict[str, Any]) -> str:
    """The year of issue, or an empty string."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    if parts and parts[0]:
        return str(parts[0][0])
    found = re.search(r"\b(1[5-9]|20)\d\d\b", str((csl.get("issued") or {}).get("raw", "")))
    return found.group(0) if found else ""


def _sound(csl: dict[str, Any]) -> dict[str, Any]:
    try:
        return checked(csl)
    except Unsound as unsound:
        said = _("The source's field %(field)s is not what CSL-JSON allows; an address begins with https://.")
        raise NotNow(said % {"field": unsound.field}, code="csl") from unsound


@action("source.added")
def add_source(*, actor: Any, brief: Brief, csl: dict[str, Any], key: str = "") -> Done:
    """Add a CSL-JSON item. The same address, without its text directive, is not added twice."""
    write(actor, brief)
    check_open_to_edits(brief)
    csl = _sound(csl)
    if not str(csl.get("title") or "").strip():
        raise NotNow(_("A source needs a title."), code="title")
    rows = list(Source.objects.filter(brief=brief))
    url, directive = split_directive(str(csl.get("URL") or ""))
    for row in rows:
        if url and row.url == url:
            raise NotNow(_("This address is already among the sources, as %(key)s.") % {"key": row.key}, code="double")
    taken = {row.key for row in rows}
    chosen = key if key and key not in taken else make_key(csl, taken)
    item = {**csl, "id": chosen, **({"URL": url} if url else {})}
    source = Source.objects.create(brief=brief, key=chosen, csl=item, url=url[:1000], text_directive=directive)
    return Done(subject=source, scope=brief.pk)


@action("figure.added")
def add_figure(
    *, actor: Any, brief: Brief, content: bytes, name: str = "", credit: str = "", licence: str = ""
) -> Done:
    """Keep an image, encoded anew without metadata; ``name`` (as uploaded) is not kept."""
    write(actor, brief)
    check_open_to_edits(brief)
    try:
        image = images.clean(content)
    except images.ImageRefused as refused:
        raise NotNow(str(refused), code="image") from refused
    figure = Figure(
        brief=brief,
        media_type=image.media_type,
        sha256=image.sha256,
        width=image.width,
        height=image.height,
        credit=credit[:500],
        licence=licence[:200],
    )
    figure.file.save("figure", ContentFile(image.content), save=False)
    figure.save()
    return Done(subject=figure, scope=brief.pk)
