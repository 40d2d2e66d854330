"""Sources as people have them: BibTeX, biblatex, RIS, CSL-JSON or plain addresses, read into CSL-JSON.

BibTeX and RIS go through pandoc, confined. One entry that cannot be read must not take the others with it: what
pandoc refuses as a whole is halved until the bad entries are alone, and each of those is told with its own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from document import addresses, csl, sandbox
from document.characters import clean

#: Characters of one paste or file, and entries in it.
LONGEST, MOST = 2_000_000, 2_000
#: Up to here a reading takes well under a second, and is not left to a worker.
SHORT = 50_000
#: Characters of an entry that are shown again when it could not be read.
SHOWN = 240
#: Private to who kept the file, or only a copy of the text: never taken in.
_LEFT_OUT = frozenset({"abstract", "annote", "keyword", "custom", "id", "citation-key", "file"})

Item = dict[str, Any]


class Unreadable(Exception):
    """Nothing in it can be read. ``code`` says why: ``empty``, ``long``, ``many``, ``kind``, ``json``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Entry:
    """One source as understood: ``item`` is sound CSL-JSON, or empty with the reason in ``fault``.

    ``fault``: ``syntax`` (pandoc could not read it), ``title`` (it has none), or ``field:<name>``. ``key`` is what
    the file called it; ``given`` the beginning of what it said.
    """

    item: Item
    key: str = ""
    fault: str = ""
    given: str = ""
    #: No record, but an address from which title and date cannot be read: a person completes it.
    bare: bool = False


@dataclass(frozen=True)
class Reading:
    """``kind`` is ``bibtex``, ``ris``, ``csljson`` or ``addresses``."""

    kind: str
    entries: tuple[Entry, ...] = field(default=())

    def to_text(self) -> str:
        return json.dumps({"kind": self.kind, "entries": [asdict(each) for each in self.entries]}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Reading:
        told = json.loads(text)
        return cls(told["kind"], tuple(Entry(**each) for each in told["entries"]))


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, else what older programs of the West write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def kind_of(text: str) -> str:
    """What was pasted, by its first signs; empty when it is nothing we know."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return "csljson"
    if re.search(r"^\s*@\s*\w+\s*[{(]", start, re.MULTILINE):
        return "bibtex"
    if re.search(r"^TY {1,2}- ?", start, re.MULTILINE):
        return "ris"
    return "addresses" if _ADDRESS.search(start) or addresses.doi(start.split("\n", 1)[0]) else ""


def read(text: str, *, today: date) -> Reading:
    """Read what was pasted. ``today`` becomes the access date of plain addresses. Raises Unreadable."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("empty")
    if len(text) > LONGEST:
        raise Unreadable("long")
    kind = kind_of(text)
    if kind == "csljson":
        entries = _json(text)
    elif kind == "bibtex":
        entries = _through_pandoc(_bibtex_chunks(text), "biblatex" if _BIBLATEX.search(text) else "bibtex")
    elif kind == "ris":
        entries = _through_pandoc(_ris_chunks(text), "ris")
    elif kind:
        entries = list(_addresses(text, today))
    else:
        raise Unreadable("kind")
    if beside := _beside(text, kind):
        entries += _among(beside, today)
    if not entries:
        raise Unreadable("kind")
    if len(entries) > MOST:
        raise Unreadable("many")
    return Reading(kind, tuple(entries))


# --- several forms in one paste ---------------------------------------------------------------------


def _beside(text: str, kind: str) -> str:
    """What stands outside the records of BibTeX or RIS: other forms may have been pasted with them."""
    if kind == "bibtex":
        pieces = re.split(r"^(?=[ \t]*@\s*\w+\s*[{(])", text, flags=re.MULTILINE)
        return "\n".join(_after(piece) if piece.lstrip().startswith("@") else piece for piece in pieces).strip()
    if kind == "ris":
        return re.sub(r"^TY {1,2}- ?.*?(?:^ER {1,2}-.*?$|\Z)", "", text, flags=re.MULTILINE | re.DOTALL).strip()
    return ""


def _after(piece: str) -> str:
    """What follows a BibTeX entry's last brace; nothing when its braces do not close."""
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}]", piece):
        depth += 1 if found.group() == "{" else -1
        if depth == 0:
            return piece[found.end() :]
    return ""


def _among(text: str, today: date) -> list[Entry]:
    """The records and addresses of a text that may also hold a manager's own words, which are none."""
    entries: list[Entry] = []
    if kind_of(text) == "ris":
        entries += _through_pandoc(_ris_chunks(text), "ris")
        text = _beside(text, "ris")
    rest, at = [], 0
    while (found := _OBJECT.search(text, at)) is not None and len(entries) <= MOST:
        start = found.start("record")
        try:
            told, end = json.JSONDecoder().raw_decode(text, start)
            entries += _json(json.dumps(told))
        except (ValueError, RecursionError, Unreadable):
            entries.append(Entry({}, "", "syntax", clean(text[start:][:SHOWN])))
            end = len(text)
        rest.append(text[at:start])
        at = end
    lines = "\n".join([*rest, text[at:]]).splitlines()
    wanted = (line for line in lines if not line.lstrip().startswith("%"))
    return entries + list(
        _addresses("\n".join(line for line in wanted if _ADDRESS.search(line) or addresses.doi(line)), today)
    )


#: Where a record of CSL-JSON, or a list of them, begins on a line.
_OBJECT = re.compile(r"^[^\S\n]*(?P<record>(?:\[\s*)?\{\s*\")", re.MULTILINE)


# --- CSL-JSON ---------------------------------------------------------------------------------------


def _json(text: str) -> list[Entry]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    if isinstance(told, dict):
        told = told.get("items") if isinstance(told.get("items"), list) else [told]
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Unreadable("json")
    if len(told) > MOST:
        raise Unreadable("many")
    return [_entry(each, given=json.dumps(each, ensure_ascii=False)[:SHOWN]) for each in told]


def _entry(raw: Item, *, given: str) -> Entry:
    """A record as it may be kept, or why not."""
    key, given = clean(str(raw.get("id") or raw.get("citation-key") or "")[:80]), clean(given)
    try:
        item = csl.checked(_tidied({name: value for name, value in raw.items() if name not in _LEFT_OUT}))
    except csl.Unsound as unsound:
        return Entry({}, key, f"field:{unsound.field}", given)
    if not csl.plain(item.get("title", "")).strip():
        return Entry({}, key, "title", given)
    return Entry(item, key, "", given)


def _tidied(item: Item) -> Item:
    """Small faults of writers and converters mended: an address in the wrong field, no kind, an empty date."""
    publisher = str(item.get("publisher", ""))
    if not item.get("URL") and addresses.is_web(publisher):
        item = {**item, "URL": publisher, "publisher": ""}
    found = addresses.doi(str(item.get("DOI") or "")) or addresses.doi(str(item.get("URL") or ""))
    if found:
        item = {**item, "DOI": found}
    if not item.get("type"):
        item = {**item, "type": "webpage" if item.get("URL") else "document"}
    # "n.d." in a note says what a missing date says anyway.
    if str(item.get("note", "")).strip().rstrip(".").lower() in ("n.d", "nd", "no date"):
        item = {**item, "note": ""}
    dates = {name for name in csl.DATES if item.get(name) in ({"date-parts": []}, {"date-parts": [[]]})}
    return {name: value for name, value in item.items() if name not in dates}


# --- BibTeX and RIS ---------------------------------------------------------------------------------


_BIBLATEX = re.compile(
    r"^\s*(?:date|urldate|journaltitle|location|langid)\s*=|@\s*(?:online|report|thesis)\b", re.I | re.M
)


@dataclass(frozen=True)
class Chunk:
    """One entry's text, and what must stand before it (BibTeX's strings)."""

    text: str
    before: str = ""


def _bibtex_chunks(text: str) -> list[Chunk]:
    """Entries by their ``@`` at the beginning of a line; ``@string`` goes before every other."""
    starts = [found.start() for found in re.finditer(r"^[ \t]*@\s*\w+\s*[{(]", text, re.MULTILINE)]
    pieces = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    named = [(re.match(r"@\s*(\w+)", piece), piece) for piece in pieces]
    before = "\n".join(piece for name, piece in named if name and name.group(1).lower() == "string")
    other = ("string", "comment", "preamble")
    return [Chunk(piece, before) for name, piece in named if name and name.group(1).lower() not in other]


def _ris_chunks(text: str) -> list[Chunk]:
    starts = [found.start() for found in re.finditer(r"^TY {1,2}- ?", text, re.MULTILINE)]
    pieces = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    whole = (re.sub(r"(^ER {1,2}-).*", r"\1 ", piece, count=1, flags=re.MULTILINE | re.DOTALL) for piece in pieces)
    return [Chunk(piece if re.search(r"^ER {1,2}-", piece, re.M) else f"{piece}\nER  - ") for piece in whole]


#: A field of BibTeX and its value: in braces (three deep), in quotes, or a word; ``#`` joins several.
_BRACED = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_VALUE = rf'(?:{_BRACED}|"(?:[^"{{}}]|{_BRACED})*"|[^\s,{{}}"#=]+)'
_FIELD = rf"\s*[\w:.+/-]+\s*=\s*{_VALUE}(?:\s*#\s*{_VALUE})*\s*"
_SOUND = re.compile(rf"@\s*\w+\s*[{{(]\s*[^\s,{{}}]*\s*(?:,{_FIELD})*,?\s*[}})]")
#: Times that pandoc is asked for one reading; what is not told apart by then is refused together.
_ASKED = 48


def _through_pandoc(chunks: list[Chunk], form: str) -> list[Entry]:
    """Each chunk as an entry, in order. Those that are plainly broken are not even shown to pandoc."""
    if len(chunks) > MOST:
        raise Unreadable("many")
    sound = [chunk for chunk in chunks if form == "ris" or _SOUND.match(chunk.text)]
    read = iter(_halving(sound, form, [_ASKED]))
    kept = set(map(id, sound))
    return [next(read) if id(chunk) in kept else Entry({}, "", "syntax", clean(chunk.text[:SHOWN])) for chunk in chunks]


def _halving(chunks: list[Chunk], form: str, left: list[int]) -> Iterator[Entry]:
    """What pandoc reads as a whole, or each half for itself, down to single entries."""
    if not chunks:
        return
    left[0] -= 1
    items = _items(chunks, form) if left[0] >= 0 else None
    if items is not None and len(items) == len(chunks):
        for chunk, item in zip(chunks, items, strict=True):
            yield _entry(_dated(item, chunk.text) if form == "ris" else item, given=chunk.text[:SHOWN])
    elif len(chunks) == 1 or left[0] <= 0:
        yield from (Entry({}, "", "syntax", clean(chunk.text[:SHOWN])) for chunk in chunks)
    else:
        middle = len(chunks) // 2
        yield from _halving(chunks[:middle], form, left)
        yield from _halving(chunks[middle:], form, left)


def _items(chunks: list[Chunk], form: str) -> list[Item] | None:
    """CSL-JSON of all entries in their order, or None when pandoc reads them not."""
    text = (
        chunks[0].before
        + ("\n" if chunks[0].before else "")
        + "\n\n".join(_lone(chunk.text, form) for chunk in chunks)
        + "\n"
    )
    argv = [sandbox.pandoc_path(), "--sandbox", f"--from={form}", "--to=csljson"]
    try:
        done = sandbox.run(argv, stdin=text.encode(), timeout=20, memory=512 * 1024 * 1024)
        items = json.loads(done.stdout)
    except (sandbox.Failed, ValueError):
        return None
    return items if isinstance(items, list) and all(isinstance(each, dict) for each in items) else None


def _lone(text: str, form: str) -> str:
    """RIS as pandoc knows it: two spaces before the dash, one after."""
    return re.sub(r"^([A-Z][A-Z0-9]) +- ?", r"\1  - ", text, flags=re.MULTILINE) if form == "ris" else text


def _dated(item: Item, text: str) -> Item:
    """With the date that pandoc leaves out when RIS writes it whole: ``PY  - 2021/03/04/``."""
    if (item.get("issued") or {}).get("date-parts"):
        return item
    found = re.search(r"^(?:PY|Y1|DA) +- *(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?", text, re.MULTILINE)
    return {**item, "issued": {"date-parts": [[int(part) for part in found.groups() if part]]}} if found else item


# --- addresses --------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def _addresses(text: str, today: date) -> Iterator[Entry]:
    """One source for each line with an address; words before it are its title."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Unreadable("many")
    for line in lines:
        found = _ADDRESS.search(line)
        number = addresses.doi(line)
        if found is None and not number:
            yield Entry({}, "", "syntax", clean(line[:SHOWN]))
            continue
        url = f"https://doi.org/{number}" if found is None else _without_stops(found.group())
        words = line[: found.start()].strip(" \t,.;:–—-<(") if found else ""
        item: Item = {"type": "webpage", "title": words or _title(url), "URL": url}
        item["accessed"] = {"date-parts": [[today.year, today.month, today.day]]}
        entry = _entry(item, given=line[:SHOWN])
        yield Entry(entry.item, "", entry.fault, entry.given, bare=not words)


def _without_stops(url: str) -> str:
    """Without the sentence's own marks after it; brackets that the address opened stay."""
    while url and (url[-1] in ".,;:!?'’”»>" or (url[-1] in ")]" and url.count("([") < url.count(")"))):
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def _title(url: str) -> str:
    """Something to recognise it by until a person gives the title: the last part of the path, and the host."""
    parts = urlsplit(addresses.split_directive(url)[0])
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    words = re.sub(r"[-_+]+", " ", re.sub(r"\.(?:html?|pdf|php|aspx?)$", "", last)).strip()
    host = (parts.hostname or "").removeprefix("www.")
    return f"{words} ({host})" if words else host
