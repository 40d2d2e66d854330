"""A draft for Word: tracked changes from suggestions, comments from the authors' threads, nothing lost unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from document import numbering, tree
from document.assembly import Assembly, direction
from document.numbering import Numbering
from document.pandoc import ast, former, inline
from document.pandoc.ast import Block
from document.pandoc.context import Change, Context, Mark
from document.pandoc.whole import drafted
from document.publication import SectionText
from document.tree import Node
from document.word import blocks
from document.word.book import Book
from document.word.comments import Comments, Talk
from document.word.moves import told
from document.word.package import package

_LISTS = ("bullet_list", "ordered_list", "list_item")
#: Where a paragraph begins anew, Word has an inserted mark; where it goes on, a deleted one.
_IN_WORD = {"split": "insertion", "join": "deletion"}
_SUGGESTING = ("insertion", "deletion", "modification")
#: The place of comments on the document as a whole.
_TITLE = "title"


@dataclass(frozen=True)
class Wrapping:
    """What a draft's file says about itself: ``mark`` at the head of each page, ``stamp`` on the first, ``foot``."""

    mark: str
    stamp: str
    foot: str


@dataclass(frozen=True)
class Lost:
    """A suggestion that Word has no form for, or not for all of it: its id, its section, the words it stands on."""

    identifier: str
    section: str
    excerpt: str


@dataclass(frozen=True)
class Drafted:
    """The file; what went into it, counted; suggestions that could not; threads that stand on a title for want of
    their words."""

    content: bytes
    counts: dict[str, int]
    lost: list[Lost] = field(default_factory=list)
    moved: list[Talk] = field(default_factory=list)


def draft(
    assembly: Assembly, *, talks: Sequence[Talk] = (), changes: Mapping[str, Change] | None = None, wrapping: Wrapping
) -> Drafted:
    """A draft or redline for Word. Raises sandbox.SandboxError when our styles cannot be made.

    ``changes`` says by a suggestion's id who made it and when; marks without an entry get a name of ours.
    """
    assembly = replace(assembly, numbering=_numbers(assembly))
    keyed = {f"c{at}": talk for at, talk in enumerate(talks)}
    homes, moved = _homes(assembly, keyed)
    context, book, body = _written(assembly, keyed, homes, changes or {}, wrapping)
    if left := [key for key in keyed if key not in book.comments.ids]:
        # Their block shows nothing (a figure without its file): they go to their section's title.
        homes |= {key: (_section_of(keyed[key]), 0, 0) for key in left}
        moved += [keyed[key] for key in left]
        context, book, body = _written(assembly, keyed, homes, changes or {}, wrapping)
    content = package(book, body, assembly, mark=wrapping.mark, foot=wrapping.foot)
    return Drafted(content, _counts(assembly, talks, context), list(_lost(assembly, context)), moved)


Home = tuple[str, int, int]


def _written(
    assembly: Assembly, talks: dict[str, Talk], homes: dict[str, Home], changes: Mapping[str, Change], said: Wrapping
) -> tuple[Context, Book, str]:
    edges: dict[str, list[tuple[int, int, str]]] = {}
    for key, (home, start, end) in homes.items():
        edges.setdefault(home, []).append((start, end, key))
    sections = assembly.publication.sections
    endings = {key: value for section in sections for key, value in _endings(section.doc).items()}
    context = Context(assembly, "docx", changes=changes, edges=edges, endings=endings, draft=True, moves=told(assembly))
    rtl = direction(assembly.publication.language) == "rtl"
    book = Book(assembly.publication.figures, comments=Comments(talks), rtl=rtl)
    shown = [*_title_page(context, said), *drafted(context)]
    return context, book, blocks.write(shown, blocks.Place(book, rtl=rtl))


def _title_page(context: Context, said: Wrapping) -> list[Block]:
    publication = context.assembly.publication
    lines = [("Title", inline.remarked(_TITLE, ast.text(publication.title), context))]
    lines += [("Subtitle", ast.text(publication.subtitle))] if publication.subtitle else []
    lines += [("Author", ast.text(name)) for name in publication.organisations]
    lines += [("Date", [*ast.text(said.stamp), ast.BREAK, ast.wrap("Strong", ast.text(said.mark))])]
    return [ast.div(ast.attr(custom_style=style), [ast.para(words)]) for style, words in lines]


# --- numbers


def _numbers(assembly: Assembly) -> Numbering:
    """Paragraph numbers as they will be: what is to be deleted has none."""
    sections = assembly.publication.sections
    standing = numbering.number((each.id, each.title, _standing(each.doc)) for each in sections)
    return replace(assembly.numbering, paragraphs=standing.paragraphs)


def _standing(doc: Node) -> Node:
    gone = [node for node in tree.children(doc) if any(m["type"] == "deletion" for m in node.get("marks") or [])]
    return {**doc, "content": [node for node in tree.children(doc) if node not in gone]} if gone else doc


# --- comments


def _homes(assembly: Assembly, talks: dict[str, Talk]) -> tuple[dict[str, Home], list[Talk]]:
    """Where each thread stands: a textblock, a section's title, or the document's title."""
    first = {key: value for each in assembly.publication.sections for key, value in _textblocks(each.doc).items()}
    sections = {each.id for each in assembly.publication.sections}
    homes: dict[str, Home] = {}
    moved = []
    for key, talk in talks.items():
        if talk.block in first:
            home = first[talk.block]
            homes[key] = (home, talk.start, talk.end) if home == talk.block else (home, 0, 0)
            continue
        if talk.block:
            moved.append(talk)
        homes[key] = (_section_of(talk) if talk.section in sections else _TITLE, 0, 0)
    return homes, moved


def _section_of(talk: Talk) -> str:
    return f"section-{talk.section}"


def _textblocks(doc: Node) -> dict[str, str]:
    """Block id → id of the first textblock in it."""
    found: dict[str, str] = {}

    def within(node: Node) -> str:
        identifier = tree.block_id(node)
        if node["type"] in tree.TEXTBLOCKS:
            found[identifier] = identifier
            return identifier
        inside = [within(child) for child in tree.children(node)]
        if identifier and inside:
            found[identifier] = inside[0]
        return inside[0] if inside else ""

    within(doc)
    return found


# --- suggestions


def _endings(doc: Node) -> dict[str, list[tuple[str, Mark]]]:
    """Textblock → the tracked marks at its end: in Word a split or joined paragraph is marked before its start."""
    found: dict[str, list[tuple[str, Mark]]] = {}
    before = ""
    waiting: list[tuple[str, Mark]] = []
    for node in tree.blocks(doc):
        for mark in node.get("marks") or []:
            edge = ((mark.get("attrs") or {}).get("was") or {}).get("edge")
            ended = ("insertion" if edge == "split" else "deletion", mark)
            # What splits a list leaves its paragraphs as they are, and an item's mark stands on its words too.
            if edge in ("split", "join") and node["type"] not in _LISTS and ended not in waiting:
                waiting.append(ended)
        if node["type"] in tree.TEXTBLOCKS:
            if waiting and before:
                found.setdefault(before, []).extend(waiting)
            waiting = []
            before = tree.block_id(node)
    return found


def _suggested(section: SectionText) -> Iterator[tuple[str, str, Node]]:
    """(id, kind, node) of every suggestion on every node; the node is the textblock for what is inside one."""

    def within(node: Node, block: Node) -> Iterator[tuple[str, str, Node]]:
        block = node if node["type"] not in tree.INLINE else block
        for mark in node.get("marks") or []:
            if mark["type"] in _SUGGESTING:
                edge = (mark["attrs"].get("was") or {}).get("edge", "")
                yield str(mark["attrs"]["id"]), _IN_WORD.get(edge, mark["type"]), block
        for child in tree.children(node):
            yield from within(child, block)

    return within(section.doc, section.doc)


def _lost(assembly: Assembly, context: Context) -> Iterator[Lost]:
    said: set[str] = set()
    for section in assembly.publication.sections:
        untold = {identifier for node in tree.walk(section.doc) for identifier in former.untold(node)}
        for identifier, _kind, node in _suggested(section):
            if (identifier not in context.written or identifier in untold) and identifier not in said:
                said.add(identifier)
                yield Lost(identifier, section.title, " ".join(tree.text(node).split())[:90])


def _counts(assembly: Assembly, talks: Sequence[Talk], context: Context) -> dict[str, int]:
    """By the import report's names, as far as both know them."""
    kinds: dict[str, int] = {}
    ids: dict[str, set[str]] = {kind: set() for kind in _SUGGESTING}
    for section in assembly.publication.sections:
        for node in tree.walk(section.doc):
            kinds[node["type"]] = kinds.get(node["type"], 0) + 1
        for identifier, kind, _node in _suggested(section):
            ids[kind] |= {identifier} & context.written
    return {
        "words": sum(tree.words(section.doc) for section in assembly.publication.sections),
        "headings": kinds.get("heading", 0) + len(assembly.publication.sections),
        "footnotes": kinds.get("footnote", 0),
        "tables": kinds.get("table", 0),
        "boxes": kinds.get("callout", 0),
        "figures": kinds.get("figure", 0),
        "comments": len(talks),
        "replies": sum(len(talk.remarks) - 1 for talk in talks),
        "insertions": len(ids["insertion"]),
        "deletions": len(ids["deletion"]),
        "modifications": len(ids["modification"]),
    }
