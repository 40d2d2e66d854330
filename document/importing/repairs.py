"""What an import puts right in the pieces, each repair reported. Order matters: see ``repair``."""

from __future__ import annotations

import re

from document.characters import shorten
from document.importing.headings import final, is_line, word_count, written
from document.importing.pieces import (
    LISTS,
    Piece,
    dress,
    edges,
    footnotes,
    is_empty,
    merged,
    node,
    paragraph,
    plain,
    text_node,
    trimmed,
    without_prefix,
)
from document.importing.report import Report
from document.tree import Node, children

GLYPH = re.compile(r"\s*([✓✔✅☑•●▪■◦○‣▸►➢➤❖◆·\uf0b7\uf0a7\uf0fc\uf0d8])[\s\u00a0]*")
DASH = re.compile(r"\s*([–—\-*])[\s\u00a0]+")
_TOKEN = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<<[^<>]{2,60}>>|\[(?:insert|tbc|tbd|xx+|name|date|to be)[^\]]{0,80}\]", re.I
)
_SENTENCE_END = ".!?…:;"


def carry(piece: Piece, onto: list[Piece], position: int) -> None:
    """Give a removed piece's comment edges to the next textblock (or the last before)."""
    found = edges(piece.node)
    if not found:
        return
    for other in [*onto[position:], *reversed(onto[:position])]:
        block = first_textblock(other.node)
        if block is not None:
            block["content"] = [*found, *children(block)]
            return


def first_textblock(value: Node) -> Node | None:
    if value["type"] in ("paragraph", "heading", "figure"):
        return value
    return next((found for child in children(value) if (found := first_textblock(child)) is not None), None)


def without(pieces: list[Piece], gone: set[int]) -> list[Piece]:
    """The pieces without those at the given positions; their comments move on."""
    kept = [piece for position, piece in enumerate(pieces) if position not in gone]
    after = 0
    for position, piece in enumerate(pieces):
        if position in gone:
            carry(piece, kept, after)
        else:
            after += 1
    return kept


def blanks(pieces: list[Piece], report: Report) -> list[Piece]:
    """Empty headings and blank lines go; one finding for each kind."""
    empty = {position for position, piece in enumerate(pieces) if is_empty(piece)}
    headings = [pieces[position] for position in sorted(empty) if pieces[position].level]
    lines = [pieces[position] for position in sorted(empty) if not pieces[position].level]
    if headings:
        report.say("empty-heading", headings[0].key, count=len(headings))
    if lines:
        report.say("blank-lines", lines[0].key, count=len(lines))
    return without(pieces, empty)


def blanks_unsaid(pieces: list[Piece]) -> list[Piece]:
    """Paragraphs that are empty since their number was taken off."""
    return without(pieces, {position for position, piece in enumerate(pieces) if is_empty(piece)})


def lifted(pieces: list[Piece]) -> list[Piece]:
    """A one-line numbered list at the very end of a list is a heading that Word indented: set it free."""
    out: list[Piece] = []
    for piece in pieces:
        out.append(piece)
        if piece.type not in LISTS:
            continue
        freed = _free_last(piece.node)
        for made in freed:
            out.append(Piece(made, piece.key, piece.style, marker=made.get("_numbering", ""), quoted=piece.quoted))
    return out


def _free_last(value: Node) -> list[Node]:
    items = children(value)
    inside = children(items[-1]) if items else []
    if not inside:
        return []
    last = inside[-1]
    if last["type"] not in LISTS:
        return []
    if last["type"] == "ordered_list" and all(_line_item(item) for item in children(last)):
        inside.pop()
        return [last]
    return _free_last(last)


def _line_item(item: Node) -> bool:
    inside = children(item)
    if len(inside) != 1:
        return False
    words = plain(item).strip()
    return (
        bool(words)
        and word_count(words) <= 25
        and final(words) not in ".;:,"
        and dress(children(inside[0])) in ("strong", "em")
    )


def unlisted(pieces: list[Piece]) -> list[Piece]:
    """Numbered lists of one or two set lines are headings: give each back the number Word showed."""
    out: list[Piece] = []
    for piece in pieces:
        items = children(piece.node)
        if piece.type != "ordered_list" or len(items) > 2 or not all(_leads(item) for item in items):
            out.append(piece)
            continue
        for offset, item in enumerate(items):
            first, *rest = children(item)
            words = children(first)
            shown = number_shown(piece.marker, offset)
            marks = [mark for mark in words[0].get("marks") or [] if mark["type"] in ("strong", "em")] if words else []
            first["content"] = merged([text_node(f"{shown} ", marks), *words])
            out.append(Piece(first, piece.key, piece.style, 0, shown, piece.quoted))
            out += unlisted([Piece(each, piece.key, marker=each.get("_numbering", "")) for each in rest])
    return out


def _leads(item: Node) -> bool:
    """A set line, whatever is indented under it."""
    return bool(children(item)) and _line_item({**item, "content": children(item)[:1]})


def number_shown(numbering: str, offset: int) -> str:
    """What Word printed before the item: ``LowerAlpha:TwoParens:2`` and 0 give ``(b)``."""
    kind, delimiter, start = ([*numbering.split(":"), "", "", "1"])[:3]
    value = int(start or 1) + offset
    shown = {
        "LowerAlpha": chr(96 + min(max(value, 1), 26)),
        "UpperAlpha": chr(64 + min(max(value, 1), 26)),
        "LowerRoman": written(value).lower(),
        "UpperRoman": written(value),
    }.get(kind, str(value))
    return {"TwoParens": f"({shown})", "OneParen": f"{shown})"}.get(delimiter, f"{shown}.")


def glyphs(pieces: list[Piece], report: Report) -> list[Piece]:
    """Typed signs before lines become lists; a dash only where two lines in a row have one."""
    out: list[Piece] = []
    run: list[tuple[Piece, str, int]] = []

    def close() -> None:
        if not run:
            return
        first = run[0][0]
        items = [node("list_item", [paragraph(without_prefix(p.inlines, length))]) for p, _, length in run]
        report.say("glyph-list", first.key, first.text, sign=run[0][1], count=len(run))
        out.append(Piece(node("bullet_list", items), first.key, first.style, quoted=first.quoted))
        run.clear()

    for position, piece in enumerate(pieces):
        if piece.type == "bullet_list":
            _strip_glyphs(piece, report)
        match = _sign(pieces, position)
        if match and (not run or run[0][1] == match[1]):
            run.append((piece, match[1], match.end()))
        else:
            close()
            if match:
                run.append((piece, match[1], match.end()))
            else:
                out.append(piece)
    close()
    return out


def _sign(pieces: list[Piece], position: int) -> re.Match[str] | None:
    piece = pieces[position]
    if piece.type != "paragraph" or piece.node.get("marks"):
        return None
    text = piece.text
    if (match := GLYPH.match(text)) and len(text) > match.end():
        return match
    match = DASH.match(text)
    if not match or len(text) == match.end():
        return None
    around = [pieces[near].text for near in (position - 1, position + 1) if 0 <= near < len(pieces)]
    return match if any(DASH.match(each) for each in around) else None


def _strip_glyphs(piece: Piece, report: Report) -> None:
    """A list whose items begin with a sign besides their own bullet."""
    stripped = 0
    sign = ""
    for item in children(piece.node):
        first = children(item)[0]
        if match := GLYPH.match(plain(first)):
            sign = match[1]
            first["content"] = without_prefix(children(first), match.end())
            stripped += 1
    if stripped:
        report.say("glyph-list", piece.key, piece.text, sign=sign, count=stripped)


def joined(pieces: list[Piece], report: Report) -> list[Piece]:
    """Two paragraphs that are one sentence: the first does not end, the second begins small."""
    out: list[Piece] = []
    for piece in pieces:
        if out and _continues(out[-1], piece):
            first = out[-1]
            report.say("joined", first.key, f"{_ending(first.text, 40)} {shorten(piece.text, 40)}")
            first.node["content"] = merged([*first.inlines, text_node(" "), *piece.inlines])
        else:
            out.append(piece)
    return out


def _ending(text: str, limit: int) -> str:
    """The last words of a text."""
    line = " ".join(text.split())
    return line if len(line) <= limit else "…" + line[1 - limit :].partition(" ")[2]


def _continues(first: Piece, second: Piece) -> bool:
    if first.type != "paragraph" or second.type != "paragraph" or second.numbered or second.node.get("marks"):
        return False
    before, after = first.text.strip(), second.text.strip()
    if word_count(before) < 6 or not after or final(before) in _SENTENCE_END or first.node.get("marks"):
        return False
    if final(before) == ",":
        return after[0].islower() or after[0] in '“‘"'
    if dress(first.inlines) or (is_line(first) and first.level):
        return False
    return after[0].islower() and bool(re.match(r"[a-z]{1,}[ ,]", after))


def lists_closed(pieces: list[Piece], report: Report) -> list[Piece]:
    """Neighbouring lists of one kind are one list; after an item that ends in a colon, an inner one."""
    out: list[Piece] = []
    nested = False
    for piece in pieces:
        last = out[-1] if out else None
        if last is None or piece.type not in LISTS or last.type != "bullet_list" or piece.type != "bullet_list":
            out.append(piece)
            nested = False
            continue
        final_item = children(last.node)[-1]
        if not nested and plain(children(final_item)[-1]).rstrip().endswith(":"):
            final_item["content"].append(piece.node)
            report.say("list-nested", piece.key, piece.text)
            nested = True
        else:
            last.node["content"] += children(piece.node)
            nested = False
    return out


def tokens(pieces: list[Piece], report: Report) -> None:
    """Point out place-holders that are still in the text."""
    for piece in pieces:
        for match in _TOKEN.finditer(piece.text):
            report.say("token", piece.key, piece.text, text=shorten(match[0], 80))


def notes_of(piece: Piece) -> int:
    return len(footnotes(piece.node))


def retrimmed(pieces: list[Piece]) -> None:
    for piece in pieces:
        if piece.type == "paragraph" and piece.inlines:
            piece.node["content"] = trimmed(piece.inlines)
