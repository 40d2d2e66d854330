"""Plain text drafts, as people keep them: half Markdown, page notes, page breaks, web leavings."""

from __future__ import annotations

import re
import secrets

from document.importing import bounds, numbered
from document.importing.headings import final, word_count
from document.importing.hyphens import Hyphens
from document.importing.inlines import LINK, clean
from document.importing.leavings import TAIL, TEMPLATE
from document.importing.numbered import NUMBERED
from document.importing.pieces import Piece, merged, node, paragraph, text_node, trimmed
from document.importing.reading import Names, Reading
from document.importing.report import Report
from document.importing.word import shaped
from document.tree import Node
from document.uploads import Refused, check_size

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULE = re.compile(r"\s*(-{3,}|\*{3,}|_{3,}|\f)\s*")
_NOTE = re.compile(r"\s*(?:<sup>(\d{1,3})</sup>|\[\^(\d{1,3})\]:)\s*(.+)")
_REFERENCE = re.compile(r"<sup>(\d{1,3})</sup>|\[\^(\d{1,3})\]")
_INLINE = re.compile(
    r"(?P<note><sup>\d{1,3}</sup>|\[\^\d{1,3}\])"
    r"|<(?P<auto>(?:https?://|mailto:)[^\s<>]+)>"
    r"|(?P<bare>https?://[^\s<>\"'`\\]*[^\s<>\"'`\\.,;:!?)\]])"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<![*\w])\*(?P<em>[^*\n]+)\*(?![*\w])"
)
_ITEM = re.compile(r"\s*(?:[-*+]|[✓✔•●▪◦–])[\s\u00a0]+(.*)")
_LINK_ONLY = re.compile(r"\b(is available|can be found|read (it|the full \w+)|download(ed)?) (it )?here\s*\.?$", re.I)
#: A file with a line longer than this has one paragraph to a line; else lines are wrapped.
_LONG_LINE = 160


def read_text(data: bytes, seed: str = "") -> Reading:
    """A text file as a reading. UTF-8 (with or without mark) or UTF-16 with one. Raises Refused."""
    check_size(data)
    names = Names(seed or secrets.token_hex(16))
    report = Report()
    text = _decoded(data)
    bounds.check_text(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _blank_runs(lines, report)
    hyphens = Hyphens.of(lines)
    paragraphs = _without_leavings(_paragraphs(lines, hyphens), report)
    paragraphs, notes = _page_notes(paragraphs, report)
    title, paragraphs = _titled(paragraphs, report)
    pieces = _pieces(paragraphs, notes)
    hyphens.say(pieces, report)
    words = word_count(re.sub(r"</?sup>|<[^>]*>|#:~:text=\S+", " ", "\n".join(lines)))
    report.found["words"] = words - len(hyphens.told)
    report.found["headings"] = sum(1 for piece in pieces if piece.level)
    report.found["footnotes"] = len(notes)
    reading = shaped(pieces, report, names)
    reading.title = title
    if len([entry for entry in reading.entries if entry.kind == "section"]) == 1 and title:
        first = reading.entries[0]
        if first.made:
            reading.entries[0] = type(first)(0, title, "section", 1, True)
    return reading


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("encoding", "The text is not in Unicode. Save it as UTF-8 and try again.") from error
    if "\x00" in text:
        raise Refused("kind", "This is not a text file.")
    return text


def _blank_runs(lines: list[str], report: Report) -> None:
    """Three blank lines in a row or more are a run; one finding for all."""
    extra, run, after = 0, 0, ""
    for line in [*lines, "end"]:
        if line.strip():
            if run >= 3:
                extra += run - 1
                after = after or line
            run = 0
        else:
            run += 1
    if extra:
        report.say("blank-lines", 1, after, count=extra)


def _paragraphs(lines: list[str], hyphens: Hyphens) -> list[str]:
    if max(map(len, lines), default=0) > _LONG_LINE:
        return [line.strip("\n") for line in lines if line.strip()]
    out: list[str] = []
    open_paragraph = False
    for line in lines:
        alone = bool(_HEADING.match(line) or _RULE.fullmatch(line) or _ITEM.match(line) or _NOTE.match(line))
        if not line.strip():
            open_paragraph = False
        elif open_paragraph and not alone:
            out[-1] = hyphens.joined(out[-1].rstrip(), line.strip())
        else:
            out.append(line)
            open_paragraph = not (_HEADING.match(line) or _RULE.fullmatch(line))
    return out


def _without_leavings(paragraphs: list[str], report: Report) -> list[str]:
    """Template lines anywhere, and promotional lines at the end, are left out word by word in the report."""
    kept = []
    for position, line in enumerate(paragraphs):
        if TEMPLATE.match(line.strip()):
            report.say("template", position + 1, line, text=line.strip())
        else:
            kept.append(line)
    while kept and (TAIL.match(kept[-1].strip()) or _is_tail_sentence(kept[-1])):
        line = kept.pop()
        report.say("tail", len(kept) + 1, line, text=line.strip())
    if kept and _LINK_ONLY.search(kept[-1]):
        report.say("link-only", len(kept), kept[-1], text="here")
    for position, line in enumerate(kept):
        if re.fullmatch(r"about the authors?", line.strip(), re.I):
            report.say("author-note", position + 1, line)
    return kept


def _is_tail_sentence(line: str) -> bool:
    return line.strip().lower().startswith("your email address will not be published")


def _page_notes(paragraphs: list[str], report: Report) -> tuple[list[str], dict[str, str]]:
    """Notes at the foot of pages, and the page breaks around them, taken out of the flow."""
    flow = [line for line in paragraphs if not _NOTE.match(line)]
    wanted = {match[1] or match[2] for line in flow for match in _REFERENCE.finditer(line)}
    notes: dict[str, str] = {}
    kept: list[str] = []
    rules = 0
    for line in paragraphs:
        note = _NOTE.fullmatch(line)
        number = (note[1] or note[2]) if note else ""
        if note and number in wanted and number not in notes:
            notes[number] = note[3].strip()
        elif _RULE.fullmatch(line):
            rules += 1
        else:
            kept.append(line)
    if notes:
        report.say("page-notes", 1, next(iter(notes.values())), count=len(notes))
    if rules:
        report.say("rule", 1, count=rules)
    return kept, notes


def _bare(line: str) -> str:
    match = _HEADING.match(line)
    return (match[2] if match else line).strip()


def _depth(line: str) -> int:
    """How many ``#`` a line has; -1 for one that is no heading."""
    match = _HEADING.match(line)
    return len(match[1]) if match else -1


def _titled(paragraphs: list[str], report: Report) -> tuple[str, list[str]]:
    """The title, when the text begins with short lines that end without a stop."""
    head: list[str] = []
    for line in paragraphs[:4]:
        bare = _bare(line)
        if (
            word_count(bare) > 40
            or final(bare) in ".;,"
            or not bare
            or NUMBERED.match(bare)
            or (_ITEM.match(line) and not _HEADING.match(line))
        ):
            break
        head.append(bare)
    if not head or len(head) == len(paragraphs):
        return "", paragraphs
    marked = [line for line in paragraphs[: len(head)] if _HEADING.match(line)]
    if marked and _depth(marked[0]) in [_depth(line) for line in paragraphs[len(head) :]]:
        return "", paragraphs
    if marked:
        title, used = head[-1] if len(marked) == len(head) else _bare(marked[0]), len(head)
        report.say("title-page", 1, text=" / ".join(head))
        return title, paragraphs[used:]
    title, used = head[0], 1
    report.say("title-page", 1, text=title)
    if len(head) > 1 and head[1].casefold() == title.casefold():
        report.say("double-title", 1, text=title)
        used = 2
    return title, paragraphs[used:]


def _pieces(paragraphs: list[str], notes: dict[str, str]) -> list[Piece]:
    pieces: list[Piece] = []
    for line in paragraphs:
        key = len(pieces) + 1
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if heading:
            pieces.append(Piece(paragraph(inline(heading[2], notes)), key, level=len(heading[1])))
        elif item and line.lstrip()[:1] in "-*+":
            entry = node("list_item", [paragraph(inline(item[1], notes))])
            if pieces and pieces[-1].type == "bullet_list":
                pieces[-1].node["content"].append(entry)
            else:
                pieces.append(Piece(node("bullet_list", [entry]), key))
        else:
            pieces.append(Piece(paragraph(inline(line, notes)), key))
    return _plain_headings(pieces)


def _plain_headings(pieces: list[Piece]) -> list[Piece]:
    """Without ``#`` marks, a short line without a stop, before other text, counts as a heading."""
    if any(piece.level for piece in pieces):
        return pieces
    for position, piece in enumerate(pieces[:-1]):
        text = piece.text.strip()
        short = piece.type == "paragraph" and 1 <= word_count(text) <= 12 and len(text) <= 90
        if short and final(text) not in ".;:,!?”’" and text[0].isupper() and not re.match(r"by [A-Z]", text, re.I):
            after = pieces[position + 1].text
            if word_count(after) > 12 or (position + 2 < len(pieces) and word_count(pieces[position + 2].text) > 12):
                piece.style = "plain-heading"
    numbered.mark(pieces)
    return pieces


def inline(line: str, notes: dict[str, str]) -> list[Node]:
    """A line's text with its notes, addresses and stars; nothing else is markup."""
    out: list[Node] = []
    at = 0
    for match in _INLINE.finditer(line):
        out.append(text_node(clean(line[at : match.start()])))
        at = match.end()
        out += _marked(match, notes)
    out.append(text_node(clean(line[at:])))
    return trimmed(merged(out))


def _marked(match: re.Match[str], notes: dict[str, str]) -> list[Node]:
    if match["note"]:
        number = re.sub(r"\D", "", match["note"])
        if number in notes:
            return [node("footnote", inline(notes[number], {}))]
        return [text_node(number, [{"type": "superscript"}])]
    address = match["auto"] or match["bare"]
    if address:
        marks = [{"type": "link", "attrs": {"href": address}}] if LINK.fullmatch(address) else []
        return [text_node(clean(address), marks)]
    if match["strong"]:
        return [text_node(clean(match["strong"]), [{"type": "strong"}])]
    return [text_node(clean(match["em"]), [{"type": "em"}])]
