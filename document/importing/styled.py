"""What styles say: boxes, recommendations and captions, in authors' templates and in files of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from document.importing import credits, details
from document.importing.boxes import callout
from document.importing.pieces import LISTS, Piece, dress, edges, footnotes, node, paragraph, plain
from document.importing.report import Report
from document.labels import Labels
from document.tree import Node, children

#: Word styles whose paragraphs stand in a box, as authors' templates name them.
BOX = re.compile(r"\b(box|callout|call-out|key message|key finding|sidebar|case study)\b", re.I)
#: The styles of our own boxes (document.word.reference): kind and part.
OWN_BOX = re.compile(r"Callout (Key|Risk|Opportunity|Case|Definition|Note)( Label| Title)?$")
_RECOMMENDATION = re.compile(r"^recommendations?\b", re.I)
_HEAD = re.compile(r"\b(title|heading|head|label)\b", re.I)
#: What a template's styles of one box differ in.
_PART = re.compile(r"\b(title|heading|head|label|text|body|content|bullets?|list)\b", re.I)
_OWN_CAPTION = "Image Caption"
_CAPTION = ("image caption", "caption", "figure caption")
#: What authors and we write before a caption's own words.
_SERIES = re.compile(r"^\s*(figure|fig\.|table|abbildung|рисунок|рис\.)\s*\d{1,3}\s*[:.–—-]?\s*", re.I)


def read(pieces: list[Piece], report: Report) -> list[Piece]:
    """Pieces of one box or recommendation become one; a figure takes the caption below it."""
    out: list[Piece] = []
    boxed = ""
    for piece in pieces:
        named = _named(piece)
        if named and named == boxed and not _begins(piece) and out[-1].type in ("callout", "recommendation"):
            _take(out[-1], piece)
        elif named:
            out.append(_opened(piece, named, report))
        elif out and out[-1].type == "figure" and piece.style.lower() in _CAPTION and _captions(out[-1], piece):
            pass
        else:
            out.append(piece)
        boxed = named
    return out


def _named(piece: Piece) -> str:
    """What the piece's style makes of it: ``callout …`` or ``recommendation``; empty for other styles."""
    if piece.type not in ("paragraph", *LISTS) or piece.level:
        return ""
    if own := OWN_BOX.match(piece.style):
        return f"callout {own[1]}"
    if _RECOMMENDATION.match(piece.style):
        return "recommendation"
    return f"callout {_PART.sub('', piece.style).strip()}" if BOX.search(piece.style) else ""


def _begins(piece: Piece) -> bool:
    """Whether a box or recommendation begins here though the one before has the same style."""
    own = OWN_BOX.match(piece.style)
    if own or BOX.search(piece.style):
        return bool(own and own[2] == " Label") or (not own and bool(_HEAD.search(piece.style)))
    if piece.style == "Recommendation":
        return False
    return piece.type == "paragraph"


def _opened(piece: Piece, named: str, report: Report) -> Piece:
    if named == "recommendation":
        made = _recommendation(piece)
    else:
        made = _box(piece, named.removeprefix("callout "))
        if not OWN_BOX.match(piece.style):
            report.say("styled-box", piece.key, piece.text, style=piece.style[:60])
    return Piece(made, piece.key, piece.style)


def _box(piece: Piece, kind: str) -> Node:
    own = OWN_BOX.match(piece.style)
    made = callout("" if own else kind, [])
    made["content"] = []
    if own:
        made["attrs"] = {**made["attrs"], "kind": own[1].lower(), "title": ""}
        if own[2] == " Label":
            made["_edges"] = edges(piece.node)
            was, _becomes, suggestion = details.versions([piece.node])
            kinds = {str(name): kind for kind, name in Labels().callouts.items()}
            details.changed(made, suggestion, kind=kinds.get(was.split(" · ")[0].strip(), own[1].lower()))
        else:
            _into(made, piece, own[2] == " Title")
        return made
    made["attrs"]["title"] = ""
    titled = bool(_HEAD.search(piece.style)) or dress(piece.inlines) == "strong"
    _into(made, piece, titled)
    if titled:
        made["attrs"]["kind"] = callout(f"{plain(piece.node)} {piece.style}", [])["attrs"]["kind"]
    return made


def _into(made: Node, piece: Piece, title: bool) -> None:
    """Add a piece: as the title, if it has nothing that a title cannot hold."""
    was, words, suggestion = details.versions([piece.node])
    if title and not made["attrs"].get("title") and words and len(words) <= 300 and not footnotes(piece.node):
        made["attrs"]["title"] = words
        details.changed(made, suggestion, title=was[:300])
        made.setdefault("_edges", []).extend(edges(piece.node))
    else:
        made["content"].append(piece.node)


def _take(onto: Piece, piece: Piece) -> None:
    if onto.type == "recommendation":
        onto.node["content"].append(piece.node)
        return
    own = OWN_BOX.match(piece.style)
    _into(onto.node, piece, bool(own and own[2] == " Title" and not onto.node["content"]))


def _recommendation(piece: Piece) -> Node:
    """One of our own begins with a label that says to whom and of which kind."""
    made = node("recommendation", kind="other", addressee="")
    made["content"] = []
    if piece.style != "Recommendation Label":
        made["content"].append(piece.node if piece.type == "paragraph" else paragraph([]))
        if piece.type != "paragraph":
            made["content"].append(piece.node)
        return made
    was, becomes, suggestion = details.versions([piece.node])
    made["attrs"].update(_labelled(becomes))
    details.changed(made, suggestion, **_labelled(was))
    made["_edges"] = edges(piece.node)
    return made


def _labelled(label: str) -> dict[str, str]:
    """The kind and the addressee that a recommendation's label tells."""
    labels = Labels()
    kinds = {str(name): kind for kind, name in labels.recommendation_kinds.items() if name}
    before = labels.addressee.partition("{name}")[0]
    found = {"kind": "other", "addressee": ""}
    for part in label.split(" · ")[1:]:
        if part.strip() in kinds:
            found["kind"] = kinds[part.strip()]
        elif part.startswith(before):
            found["addressee"] = part.removeprefix(before).strip()[:300]
    return found


def _captions(figure: Piece, caption: Piece) -> bool:
    """Whether the words became the figure's caption: it has none yet."""
    if figure.node.get("content") or caption.type != "paragraph":
        return False
    words = without_series(caption.inlines)
    figure.node["content"] = credits.taken(figure.node, words) if caption.style == _OWN_CAPTION else words
    return True


def without_series(inlines: list[Node]) -> list[Node]:
    """A caption without the “Figure 3” before its own words; the brief counts them itself."""
    from_start = list(inlines)
    for at, child in enumerate(from_start):
        if child["type"] == "text" and child["text"].strip():
            if match := _SERIES.match(child["text"]):
                rest = child["text"][match.end() :]
                from_start[at : at + 1] = [{**child, "text": rest}] if rest else []
            break
    if from_start and from_start[0]["type"] == "text":
        from_start[0] = {**from_start[0], "text": from_start[0]["text"].lstrip()}
    return [child for child in from_start if child["type"] != "text" or child["text"]]


def closed(pieces: list[Piece]) -> list[Piece]:
    """What a box or recommendation must hold: a paragraph; its label's comments go to its first words."""
    for piece in pieces:
        if piece.type not in ("callout", "recommendation"):
            continue
        content = children(piece.node)
        if not content or (piece.type == "recommendation" and content[0]["type"] != "paragraph"):
            content.insert(0, paragraph([]))
        piece.node["content"] = content
        carried = piece.node.pop("_edges", [])
        first = next(_textblocks(piece.node), None)
        if carried and first is not None:
            first["content"] = [*carried, *children(first)]
    return pieces


def _textblocks(value: Node) -> Iterator[Node]:
    for child in children(value):
        if child["type"] == "paragraph":
            yield child
        else:
            yield from _textblocks(child)
