"""Drafts in Word, ODT, HTML and Markdown: pandoc reads the text, our own eyes read what it drops."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from document import images, sandbox
from document.characters import shorten
from document.importing import (
    assemble,
    bounds,
    contents,
    counted,
    embedded,
    frontmatter,
    leavings,
    margins,
    numbers,
    opendocument,
    outline,
    paragraphs,
    repairs,
    spoken,
    styled,
    webpage,
)
from document.importing.blocks import Walker
from document.importing.comments import read_comments
from document.importing.headings import word_count
from document.importing.inlines import Reader
from document.importing.pieces import Piece, is_empty, words_of
from document.importing.reading import Names, Reading
from document.importing.report import Report
from document.importing.spoken import Passed
from document.importing.tracked import Tracked, prepare
from document.tree import children
from document.uploads import Archive, Refused, check_archive, check_size

#: What pandoc is told, by file ending. Markdown without anything raw.
FORMATS = {
    "docx": "docx+styles+empty_paragraphs",
    "odt": "odt",
    "html": "html-raw_html",
    "md": "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars-yaml_metadata_block",
}
#: Styles of a title page, as pandoc names what it takes from them.
TITLES = ("title", "subtitle", "author", "date", "abstract")
#: Within the thirty seconds after which somebody has their answer (TRUST), the queue and our own reading included.
SECONDS = 20
_MB = 1024 * 1024
#: What its heap may hold: a Word file of 175,000 words passes. And what it may write, which we read
#: whole: that file's blocks are 7 MB.
HEAP, WRITTEN = 256 * _MB, 9 * _MB


def pandoc_tree(data: bytes, ending: str) -> list[dict[str, Any]]:
    """pandoc's blocks for a file; Refused when it cannot read it within the limits."""
    argv = [
        sandbox.pandoc_path(),
        *("+RTS", f"-M{HEAP}", "-RTS"),
        "--sandbox",
        "--track-changes=all",
        "-f",
        FORMATS[ending],
        "-t",
        "json",
        f"in.{ending}",
    ]
    try:
        result = sandbox.run(argv, files={f"in.{ending}": data}, timeout=SECONDS, largest=WRITTEN)
        document: dict[str, Any] = json.loads(result.stdout)
        blocks: list[dict[str, Any]] = [*_titles(document["meta"]), *document["blocks"]]
    except sandbox.Killed:
        raise  # not the file's fault: it is read again
    except sandbox.SandboxError as error:
        raise Refused("conversion", error.sentence) from error
    except (ValueError, RecursionError) as error:
        raise bounds.too_deep() from error
    return blocks


def _titles(meta: dict[str, Any]) -> list[dict[str, Any]]:
    """What pandoc takes off a text's beginning by its styles, as paragraphs in those styles again."""
    made = []
    for name in TITLES:
        value = meta.get(name, {"t": "MetaList", "c": []})
        for each in value["c"] if value["t"] == "MetaList" else [value]:
            inside = [{"t": "Para", "c": each["c"]}] if each["t"] == "MetaInlines" else each["c"]
            if each["t"] in ("MetaInlines", "MetaBlocks"):
                made.append({"t": "Div", "c": [["", [], [["custom-style", name.capitalize()]]], inside]})
    return made


def read_word(data: bytes, seed: str = "") -> Reading:
    """A DOCX as a reading. ``seed`` fixes the ids (default: random). Raises uploads.Refused."""
    archive = check_archive(data)
    if "word/document.xml" not in archive.names:
        raise Refused("kind", "This is not a Word file (.docx). Open it in your word processor and save it as .docx.")
    bounds.check_office(archive)
    report = Report()
    root = archive.xml("word/document.xml")
    assert root is not None
    found = counted.count(archive, root)
    counted.say_beside(archive, root, report)
    tracked = Tracked()
    passed = spoken.take(root, archive, tracked)
    told = prepare(data, archive, root, tracked)
    reading = _read(told, "docx", report, Names(seed or secrets.token_hex(16)), archive, tracked)
    reading.comments = [comment.to_json() for comment in read_comments(archive)]
    report.found.update(found, modifications=sum("was" in form for form in tracked.forms))
    _say_unkept(tracked, reading.pieces, report)
    _say_passed(passed, reading.pieces, report)
    return reading


def _say_passed(passed: list[Passed], pieces: list[Piece], report: Report) -> None:
    """Languages of words that are not taken, each with the place of the first."""
    for each, key in zip(passed, _places([each.words for each in passed], pieces), strict=True):
        report.say("language", key, each.words, language=each.language, count=each.count)


def _say_unkept(tracked: Tracked, pieces: list[Piece], report: Report, code: str = "format-change") -> None:
    """Changes of form that a brief does not know, each with its place; beyond some hundreds their number."""
    for words, key in zip(tracked.unkept, _places(tracked.unkept, pieces), strict=True):
        report.say(code, key, words)
    if tracked.more:
        report.say("format-changes", count=tracked.more)


def _places(found: list[str], pieces: list[Piece]) -> list[int]:
    """The key of the first piece with each of these words; 0 for words in none."""
    shown = [(piece.key, " ".join(piece.text.split())) for piece in pieces] if found else []
    sought = [" ".join(words.split())[:60] for words in found]
    return [next((key for key, text in shown if each and each in text), 0) for each in sought]


def read_other(data: bytes, ending: str, seed: str = "") -> Reading:
    """An ODT, HTML or Markdown file as a reading. Raises uploads.Refused."""
    archive = check_archive(data) if ending == "odt" else None
    check_size(data)
    report = Report()
    told = opendocument.Told(data, Tracked())
    if archive is not None:
        bounds.check_office(archive)
        margins.say(archive, report)
        told = opendocument.prepare(data, archive, report)
        data = told.data
    held: dict[str, bytes] = {}
    title = ""
    if ending == "html":
        held = webpage.pictures(data)
        data = webpage.prepared(data, report)
    elif ending == "md":
        text = data.decode("utf-8", "replace")
        held = embedded.pictures(text, "md")
        data = embedded.named(text, "md").encode() if held else data
        data, title = frontmatter.taken_off(data, report)
        bounds.check_markdown(data.decode("utf-8", "replace"))
    reading = _read(data, ending, report, Names(seed or secrets.token_hex(16)), archive, told.tracked, held)
    reading.title = reading.title or title
    reading.comments = [comment.to_json() for comment in told.comments]
    report.found.update(told.found)
    _say_unkept(told.tracked, reading.pieces, report, "odt-form")
    _say_passed(spoken.passed_in_odt(archive) if archive else [], reading.pieces, report)
    return reading


def _read(
    data: bytes,
    ending: str,
    report: Report,
    names: Names,
    archive: Archive | None,
    tracked: Tracked | None = None,
    held: Mapping[str, bytes] | None = None,
) -> Reading:
    reader = Reader(report, names.prefix, tracked=tracked or Tracked())
    walker = Walker(report, reader, quotes="Quotation" if ending in ("html", "md") else "")
    try:
        walker.walk(pandoc_tree(data, ending))
    except RecursionError as error:
        raise bounds.too_deep() from error
    if reader.bookmarks:
        report.say("bookmark", count=reader.bookmarks)
    if reader.numbers:
        report.say("numbers", count=reader.numbers)
    if walker.rules:
        report.say("rule", count=walker.rules)
    pieces = walker.pieces
    _count_pieces(pieces, reader, report)
    paragraphs.tracked(pieces, reader.suggest, report)
    figures = _pictures(pieces, Held(archive, held or {}), report)
    reading = shaped(pieces, report, names)
    reading.suggestions = reader.suggestions
    reading.figures = figures
    return reading


def _count_pieces(pieces: list[Piece], reader: Reader, report: Report) -> None:
    """Counts of what pandoc gave; for Word they are replaced by counts of the file's own XML."""
    report.found["words"] = sum(word_count(words_of(piece.node)) for piece in pieces)
    report.found["headings"] = sum(1 for piece in pieces if piece.level)
    report.found["footnotes"] = sum(repairs.notes_of(piece) for piece in pieces)
    for kind in ("insertion", "deletion"):
        report.found[f"{kind}s"] = sum(1 for each in reader.suggestions.values() if each["kind"] == kind)


def shaped(pieces: list[Piece], report: Report, names: Names) -> Reading:
    """Repairs in their order, then the proposed outline. Shared by every kind of draft."""
    pieces, lines, before = contents.leave_out(repairs.lifted(pieces), report)
    pieces, title = _title_page(pieces, before, report)
    if not title:
        pieces, title = _title_page(*_titled(pieces), report)
    repairs.retrimmed(pieces)
    pieces = repairs.blanks(pieces, report)
    pieces = _boxes(styled.closed(styled.read(pieces, report)), report)
    pieces = numbers.remove(repairs.unlisted(pieces), report)
    pieces = repairs.blanks_unsaid(pieces)
    pieces = repairs.joined(pieces, report)
    pieces = repairs.lists_closed(repairs.glyphs(pieces, report), report)
    repairs.tokens(pieces, report)
    leavings.point_out(pieces, report)
    if not pieces:
        raise Refused("no-text", "No text was found in the file.")
    entries = outline.propose(pieces, lines)
    _say_headings(pieces, entries, report)
    reading = Reading(title, pieces, entries, report=report)
    reading.identify(names.block)
    return reading


def _say_headings(pieces: list[Piece], entries: list[outline.Entry], report: Report) -> None:
    """Paragraphs that were styled as headings and are not; plain lines that are."""
    proposed = {entry.position for entry in entries if not entry.made}
    for position, piece in enumerate(pieces):
        if piece.level and position not in proposed and piece.type == "paragraph":
            report.say("styled-paragraph", piece.key, piece.text)
        elif position in proposed and (not piece.level or piece.style == "plain-heading"):
            report.say("plain-heading", piece.key, piece.text, title=shorten(piece.text, 80))


def _title_page(pieces: list[Piece], before: list[Piece], report: Report) -> tuple[list[Piece], str]:
    """What stands before the contents list: a title page when it is short, else part of the text."""
    shown = [piece for piece in before if not is_empty(piece)]
    if not shown:
        return pieces, ""
    if any(piece.type != "paragraph" for piece in shown) or sum(word_count(piece.text) for piece in shown) > 60:
        return [*before, *pieces], ""
    lines = [" ".join(piece.text.split()) for piece in shown]
    for piece in shown:
        repairs.carry(piece, pieces, 0)
        if repairs.notes_of(piece):
            return [*before, *pieces], ""
    report.say("title-page", shown[0].key, text=" / ".join(lines))
    titled = [piece for piece in shown if piece.style == "Title"] or [piece for piece in shown if piece.level] or shown
    for piece in shown:
        if any(piece is each for each in titled):
            assemble.say_plain(piece, report)
        else:
            for href in assemble.links(piece):
                report.say("page-link", piece.key, piece.text, href=href)
    title = " ".join(" ".join(piece.text.split()) for piece in titled)
    return pieces, title.capitalize() if title.isupper() else title


def _titled(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The text, and the paragraphs in styles of a title page with which it begins."""
    last = 0
    for position, piece in enumerate(pieces):
        if piece.style.lower() in TITLES and piece.type == "paragraph":
            last = position + 1
        elif not is_empty(piece):
            break
    return pieces[last:], pieces[:last]


def _boxes(pieces: list[Piece], report: Report) -> list[Piece]:
    """A box that goes on in a second table is one box; so are styled paragraphs of one box."""
    out: list[Piece] = []
    for piece in pieces:
        if piece.style == "box-more" and out and out[-1].type == "callout" and piece.type == "callout":
            report.say("box-joined", piece.key, words_of(piece.node))
            _append(out[-1].node["content"], children(piece.node))
        else:
            out.append(piece)
    return out


def _append(content: list[Any], more: list[Any]) -> None:
    """Add blocks; an ordered list that counts on from the last one continues it."""
    for block in more:
        last = content[-1] if content else None
        if last and last["type"] == block["type"] == "ordered_list" and _goes_on(last, block):
            last["content"] += children(block)
        else:
            content.append(block)


def _goes_on(last: Any, block: Any) -> bool:
    return bool(block["attrs"]["start"] == last["attrs"]["start"] + len(children(last)))


@dataclass(frozen=True)
class Held:
    """The pictures that a file holds: in its archive, or in its own text."""

    archive: Archive | None
    inside: Mapping[str, bytes]

    def read(self, path: str) -> tuple[str, bytes] | None:
        """Its name in the file and its content; None for what is not there."""
        if path in self.inside:
            return path, self.inside[path]
        name = picture_path(path, self.archive)
        return (name, self.archive.read(name) or b"") if name and self.archive else None


def _pictures(pieces: list[Piece], held: Held, report: Report) -> dict[str, str]:
    """Asset → path in the file, for pictures that can be read; the others are left out and reported."""
    figures: dict[str, str] = {}
    for piece in list(pieces):
        if piece.type != "figure":
            continue
        path = piece.node["attrs"].pop("_path")
        found = held.read(path)
        try:
            if found is None:
                raise images.ImageRefused
            image = images.clean(found[1])
        except images.ImageRefused:
            remote = "://" in path or path.startswith("//")
            _say_left_out("remote-picture" if remote else "picture", piece, path, report)
            continue
        if image.width * image.height == 1:
            _say_left_out("pixel", piece, path, report)
            continue
        # It is in an address: drawn, and not made from the seed.
        asset = str(uuid.uuid4())
        piece.node["attrs"]["asset"] = asset
        figures[asset] = found[0]
    return figures


def _say_left_out(code: str, piece: Piece, path: str, report: Report) -> None:
    """Its caption stays, as a paragraph."""
    report.say(code, piece.key, name=path[:120])
    piece.node = {"type": "paragraph", "content": children(piece.node)}


def picture_path(path: str, archive: Archive | None) -> str | None:
    """The archive's name of a picture that pandoc named, or None."""
    if archive is None:
        return None
    return next((name for name in (f"word/{path}", path) if name in archive.names), None)
