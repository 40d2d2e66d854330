"""How a brief is cited: CSL-JSON, BibTeX, RIS, a plain line, Highwire and JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings

from release.public.editions import Edition


def csl(edition: Edition) -> dict[str, Any]:
    """A CSL-JSON item; the organisations are its authors."""
    facts, moment = edition.facts, edition.launched
    title = f"{facts['title']}: {facts['subtitle']}" if facts["subtitle"] else facts["title"]
    item = {
        "id": key(edition),
        "type": "report",
        "title": title,
        "author": [{"literal": name} for name in facts["organisations"]],
        "publisher": " and ".join(facts["organisations"]),
        "issued": {"date-parts": [[moment.year, moment.month, moment.day]]},
        "edition": edition.release.edition,
        "language": facts["language"],
        "ISBN": edition.imprint["isbn"],
        "URL": settings.BASE_URL + edition.lasting,
    }
    return {name: value for name, value in item.items() if value}


def key(edition: Edition) -> str:
    """``example-brief-2026``: safe in BibTeX."""
    return f"{edition.release.brief.slug}-{edition.launched.year}"


def csl_json(edition: Edition) -> str:
    return json.dumps([csl(edition)], ensure_ascii=False, indent=2) + "\n"


_TEX = re.compile(r"[\\{}$&#%_^~]")
_TEX_WORDS = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def tex(text: str) -> str:
    """Text that BibTeX takes as it is."""
    return _TEX.sub(lambda match: _TEX_WORDS.get(match[0], "\\" + match[0]), " ".join(text.split()))


def bibtex(edition: Edition) -> str:
    item, moment = csl(edition), edition.launched
    # Organisations in braces are one name each.
    authors = " and ".join("{" + tex(author["literal"]) + "}" for author in item["author"])
    fields = {
        "title": "{" + tex(item["title"]) + "}",
        "author": authors,
        "institution": tex(item["publisher"]),
        "year": str(moment.year),
        "month": str(moment.month),
        "edition": item["edition"],
        "isbn": item.get("ISBN", ""),
        "url": item["URL"],
        "langid": item["language"],
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@techreport{" + key(edition) + ",\n" + ",\n".join(lines) + "\n}\n"


def ris(edition: Edition) -> str:
    item, moment = csl(edition), edition.launched
    rows = [("TY", "RPRT"), ("TI", item["title"])]
    rows += [("AU", author["literal"]) for author in item["author"]]
    rows += [("PB", item["publisher"]), ("PY", str(moment.year)), ("DA", moment.strftime("%Y/%m/%d"))]
    rows += [("ET", item["edition"]), ("LA", item["language"]), ("SN", item.get("ISBN", "")), ("UR", item["URL"])]
    lines = [f"{tag}  - {' '.join(str(value).split())}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def plain(edition: Edition) -> str:
    """A line to copy: organisations, title, edition, date, address."""
    item, moment = csl(edition), edition.launched
    names = " and ".join(author["literal"] for author in item["author"])
    return f"{names}, {item['title']}, edition {item['edition']}, {moment.day} {moment:%B %Y}, {item['URL']}"


def highwire(edition: Edition) -> list[tuple[str, str]]:
    """``<meta>`` pairs that scholarly indexes read."""
    item, moment = csl(edition), edition.launched
    pairs = [("citation_title", item["title"])]
    pairs += [("citation_author", author["literal"]) for author in item["author"]]
    pairs += [
        ("citation_publication_date", moment.strftime("%Y/%m/%d")),
        ("citation_technical_report_institution", item["publisher"]),
        ("citation_language", item["language"]),
        ("citation_isbn", item.get("ISBN", "")),
        ("citation_public_url", item["URL"]),
        ("citation_pdf_url", f"{item['URL']}brief.pdf"),
    ]
    return [(name, value) for name, value in pairs if value]


def json_ld(edition: Edition) -> str:
    """A schema.org Report, safe inside ``<script type="application/ld+json">``: data, not a script."""
    item, facts = csl(edition), edition.facts
    data = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": item["title"],
        "abstract": facts["summary"],
        "inLanguage": facts["language"],
        "datePublished": edition.launched.date().isoformat(),
        "version": edition.release.edition,
        "url": item["URL"],
        "isbn": item.get("ISBN", ""),
        "license": edition.imprint["licence_url"],
        "author": [{"@type": "Organization", "name": name} for name in facts["organisations"]],
        "publisher": [{"@type": "Organization", "name": name} for name in facts["organisations"]],
    }
    text = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
