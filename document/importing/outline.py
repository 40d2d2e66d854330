"""The proposed outline, and what a person may do with it before anything is stored.

An outline is a list of entries in order of place. Every function takes one and gives a new one:
nothing here touches the pieces. ``kind`` is ``section`` (with how many sections it stands in),
``heading`` (levels 1 to 4 inside its section) or ``text`` (a line that was considered and is not a heading).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from document.characters import seen
from document.importing import contents
from document.importing.headings import ANNEX, CHAPTER, is_line, marker, score, word_count
from document.importing.pieces import Piece, dress, words_of

DEEPEST = 4
#: Sections stand within at most so many others, as in a brief.
INNERMOST = 2
#: A section of more words is slow to edit: it is proposed in parts.
LONG = 10_000
#: So many lines of one dress in a row are labels (names in a list of members), not headings.
_LABELS = 8
OPENING = "Introduction"


@dataclass(frozen=True)
class Entry:
    """One line: where it stands (position among the pieces), its title, and what it is.

    ``made``: the title is not a line of the text (a split, or words before the first heading).
    """

    position: int
    title: str
    kind: str
    level: int = 1
    made: bool = False
    depth: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(data: list[dict[str, Any]]) -> list[Entry]:
    """Entries as stored; unknown kinds and levels are a ValueError."""
    entries = [Entry(**each) for each in data]
    if not all(
        each.kind in ("section", "heading", "text") and 1 <= each.level <= DEEPEST and 0 <= each.depth <= INNERMOST
        for each in entries
    ):
        raise ValueError("not an outline")
    return entries


def propose(pieces: list[Piece], lines: list[contents.Line]) -> list[Entry]:
    """The outline by style, length, final punctuation, numbering and the typed contents list."""
    found: list[tuple[int, contents.Line | None]] = []
    for position, piece in enumerate(pieces):
        line = contents.listed(piece.text.strip(), lines) if lines and is_line(piece) else None
        if score(piece, line is not None) >= 2:
            found.append((position, line))
    found = _without_labels(pieces, found)
    chapters = _chapters(pieces, found)
    entries = opened(pieces, _levelled(pieces, [position for position, _ in found], chapters))
    for _ in range(INNERMOST):
        entries = nested(pieces, entries)
    return entries


def nested(pieces: list[Piece], entries: list[Entry]) -> list[Entry]:
    """With the highest headings of each section that is too long as sections within it."""
    words = size(pieces, entries)
    out: list[Entry] = []
    parting, depth = False, 0
    for at, entry in enumerate(entries):
        if entry.kind == "section":
            own = entries[at + 1 : _end(entries, at)]
            tops = sum(each.kind == "heading" and each.level == 1 for each in own)
            parting, depth = words[at] > LONG and tops > 1 and entry.depth < INNERMOST, entry.depth + 1
        elif parting and entry.kind == "heading":
            if entry.level == 1:
                entry = replace(entry, kind="section", depth=depth)
            else:
                entry = replace(entry, level=entry.level - 1)
        out.append(entry)
    return out


def _end(entries: list[Entry], at: int) -> int:
    """Where the next section begins."""
    return next((place for place in range(at + 1, len(entries)) if entries[place].kind == "section"), len(entries))


def opened(pieces: list[Piece], entries: list[Entry]) -> list[Entry]:
    """With a first section at the very beginning, so that no words stand outside one."""
    if entries and entries[0].position == 0 and entries[0].kind == "section":
        return entries
    first = next((each.position for each in entries if each.kind == "section"), len(pieces))
    if not any(pieces[at].text.strip() or pieces[at].type != "paragraph" for at in range(first)):
        return entries
    return [Entry(0, OPENING, "section", 1, True), *entries]


def _plain_label(piece: Piece) -> bool:
    return not piece.level and marker(piece.text.strip()) is None and bool(dress(piece.inlines))


def _without_labels(
    pieces: list[Piece], found: list[tuple[int, contents.Line | None]]
) -> list[tuple[int, contents.Line | None]]:
    """Long runs of unnumbered bold lines, none of them in the contents list, stay text."""
    gone: set[int] = set()
    run: list[int] = []
    for position, line in [*found, (-1, None)]:
        if position >= 0 and line is None and _plain_label(pieces[position]) and not ANNEX.match(pieces[position].text):
            run.append(position)
            continue
        if len(run) >= _LABELS:
            gone.update(run)
        run = []
    return [each for each in found if each[0] not in gone]


def _chapters(pieces: list[Piece], found: list[tuple[int, contents.Line | None]]) -> set[int]:
    """Positions of the lines that begin a section: by number, else by the contents list, else by style."""
    texts = {position: pieces[position].text.strip() for position, _ in found}
    romans: list[int] = []
    for position, text in texts.items():
        number = marker(text)
        if number and number.kind == "roman" and number.value == len(romans) + 1:
            romans.append(position)
    numbered = set(romans) if len(romans) >= 2 else set()
    numbered = numbered or {position for position, text in texts.items() if CHAPTER.match(text)}
    chosen = numbered or _listed_on_top(found, texts) or _by_style(pieces, found) or _by_pairs(pieces, found)
    annexes = {position for position, text in texts.items() if ANNEX.match(text)}
    first = min(annexes, default=len(pieces))
    return {position for position in chosen if position < first} | annexes


def _listed_on_top(found: list[tuple[int, contents.Line | None]], texts: dict[int, str]) -> set[int]:
    """Lines of the contents list that carry no number of a lower kind."""
    low = ("alpha", "alpha-paren", "roman-paren")
    chosen = {
        position
        for position, line in found
        if line
        and not ((number := marker(texts[position])) and (number.kind in low or "." in number.shown.rstrip(".")))
    }
    return chosen if len(chosen) >= 2 else set()


def _by_style(pieces: list[Piece], found: list[tuple[int, contents.Line | None]]) -> set[int]:
    levels = [pieces[position].level for position, _ in found if pieces[position].level]
    if not levels:
        return set()
    return {position for position, _ in found if pieces[position].level == min(levels)}


def _by_pairs(pieces: list[Piece], found: list[tuple[int, contents.Line | None]]) -> set[int]:
    """Without styles or numbers: a line directly under another is a heading of its section."""
    positions = [position for position, _ in found]
    return {position for position in positions if position - 1 not in positions}


def _levelled(pieces: list[Piece], positions: list[int], chapters: set[int]) -> list[Entry]:
    entries: list[Entry] = []
    stack: list[str] = []
    dressed: dict[str, int] = {}
    letter = ""
    for position in positions:
        piece = pieces[position]
        title = " ".join(piece.text.split())
        if position in chapters:
            entries.append(Entry(position, title, "section"))
            stack, dressed, letter = [], {}, ""
            continue
        number = marker(title, letter)
        look = dress(piece.inlines) or f"style{piece.level}"
        if number and number.kind in ("alpha", "alpha-paren"):
            letter = chr(96 + number.value)
        if number is None and look in dressed:
            level = dressed[look]
        else:
            kind = f"{number.kind}{number.shown.rstrip('.').count('.')}" if number else look
            stack = stack[: stack.index(kind)] if kind in stack else stack
            stack.append(kind)
            level = len(stack)
        dressed = {key: value for key, value in dressed.items() if value < level} | {look: level}
        entries.append(Entry(position, title, "heading", min(level, DEEPEST)))
    return entries


def size(pieces: list[Piece], entries: list[Entry]) -> list[int]:
    """Words under each entry, up to the next section (for a section) or entry."""
    out = []
    for at, entry in enumerate(entries):
        stop = len(pieces)
        for other in entries[at + 1 :]:
            if other.kind == "section" or entry.kind != "section":
                stop = other.position
                break
        out.append(word_count("\n".join(words_of(piece.node) for piece in pieces[entry.position : stop])))
    return out


def promote(entries: list[Entry], at: int) -> list[Entry]:
    """Text becomes a heading of level 3, a heading rises a level, one of level 1 becomes a section."""
    entry = entries[at]
    if entry.kind == "text":
        return _put(entries, at, replace(entry, kind="heading", level=3))
    if entry.kind == "heading" and entry.level > 1:
        return _put(entries, at, replace(entry, level=entry.level - 1))
    return _put(entries, at, replace(entry, kind="section", level=1, depth=_depth(entries, at)))


def _depth(entries: list[Entry], at: int) -> int:
    """That of the section in which an entry stands."""
    return next((each.depth for each in reversed(entries[:at]) if each.kind == "section"), 0)


def within(entries: list[Entry], at: int) -> list[Entry]:
    """Put a section into the one before it, with all that is within it."""
    return _shifted(entries, at, 1) if room(entries, at) else entries


def out_of(entries: list[Entry], at: int) -> list[Entry]:
    """Take a section out of the one it stands in, with all that is within it."""
    return _shifted(entries, at, -1) if entries[at].kind == "section" and entries[at].depth else entries


def room(entries: list[Entry], at: int) -> bool:
    """Whether a section can be put into the one before it."""
    entry = entries[at]
    return (
        entry.kind == "section"
        and any(each.kind == "section" for each in entries[:at])
        and (entry.depth < min(INNERMOST, _depth(entries, at) + 1))
    )


def _shifted(entries: list[Entry], at: int, by: int) -> list[Entry]:
    end = next(
        (
            i
            for i in range(at + 1, len(entries))
            if entries[i].kind == "section" and entries[i].depth <= entries[at].depth
        ),
        len(entries),
    )
    own = [replace(each, depth=each.depth + by) if each.kind == "section" else each for each in entries[at:end]]
    return _raised([*entries[:at], *own, *entries[end:]])


def _raised(entries: list[Entry]) -> list[Entry]:
    """The same, with no section deeper than the rules of a brief allow."""
    out: list[Entry] = []
    most = 0
    for entry in entries:
        if entry.kind == "section":
            entry = replace(entry, depth=min(entry.depth, most, INNERMOST))
            most = entry.depth + 1
        out.append(entry)
    return out


def demote(entries: list[Entry], at: int) -> list[Entry]:
    """A section becomes a heading of the one before, a heading sinks a level, at last it is text.

    The first section stays: words must stand in one. A made title that sinks below a section goes.
    """
    entry = entries[at]
    if entry.kind == "section":
        if not any(each.kind == "section" for each in entries[:at]):
            return entries
        return _raised(_put(entries, at, None if entry.made else replace(entry, kind="heading", level=1, depth=0)))
    if entry.kind == "heading" and entry.level < 3:
        return _put(entries, at, replace(entry, level=entry.level + 1))
    return _put(entries, at, replace(entry, kind="text", level=1))


def merge(entries: list[Entry], at: int) -> list[Entry]:
    """Join a section to the one before: its title becomes a heading, its headings sink with it."""
    entry = entries[at]
    if entry.kind != "section" or not any(each.kind == "section" for each in entries[:at]):
        return entries
    made: list[Entry] = [] if entry.made else [replace(entry, kind="heading", level=1, depth=0)]
    rest = entries[at + 1 :]
    length = next((offset for offset, each in enumerate(rest) if each.kind == "section"), len(rest))
    step = 0 if entry.made else 1
    inner = [
        replace(each, level=min(each.level + step, DEEPEST)) if each.kind == "heading" else each
        for each in rest[:length]
    ]
    return _raised([*entries[:at], *made, *inner, *rest[length:]])


def split(entries: list[Entry], pieces: list[Piece], position: int, title: str) -> list[Entry]:
    """Begin a section at a piece, unless one begins there.

    A title that is the piece's own line is that line, else it is made.
    """
    title = " ".join(seen(title).split())[:300]
    if not 0 <= position < len(pieces) or not title:
        raise ValueError("no such place, or no title")
    own = " ".join(pieces[position].text.split()) == title and is_line(pieces[position])
    others = [each for each in entries if each.position != position or (each.kind != "section" and not own)]
    if any(each.position == position and each.kind == "section" for each in entries):
        return entries
    around = next((each.depth for each in reversed(entries) if each.kind == "section" and each.position <= position), 0)
    made = Entry(position, title, "section", 1, not own, around)
    return sorted([*others, made], key=lambda each: (each.position, each.kind != "section"))


def rename(entries: list[Entry], at: int, title: str) -> list[Entry]:
    """Another title for a section; headings keep the words of the text."""
    title = " ".join(title.split())[:300]
    if not title or entries[at].kind != "section":
        return entries
    return _put(entries, at, replace(entries[at], title=title))


def _put(entries: list[Entry], at: int, entry: Entry | None) -> list[Entry]:
    return [*entries[:at], *([entry] if entry else []), *entries[at + 1 :]]
