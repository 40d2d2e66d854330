"""Documents of the schema: short builders for examples, and a hypothesis strategy for any valid one.

``doc(p("Words ", footnote("A note")))`` reads as the document it builds; ids are given in order
(``b00000000001`` …) unless named. ``documents()`` draws what ``editor/schema.ts`` allows.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st

Node = dict[str, Any]
Inline = str | Node

_ids = count(1)

CALLOUTS = ("key", "risk", "opportunity", "case", "definition", "note")
KINDS = ("legislation", "investment", "cooperation", "partnership", "other")
SOURCES = ("alpha2024", "beta2019", "gamma", "nobody")


def new_id() -> str:
    return f"b{next(_ids):011d}"


def node(kind: str, /, *content: Inline, marks: list[Node] | None = None, **attrs: Any) -> Node:
    """Any node; strings become text nodes, neighbours with equal marks are joined."""
    result: Node = {"type": kind}
    if attrs:
        result["attrs"] = attrs
    children = _joined([text(each) if isinstance(each, str) else each for each in content])
    if children:
        result["content"] = children
    if marks:
        result["marks"] = marks
    return result


def _joined(children: list[Node]) -> list[Node]:
    """As the engine does it: no empty text, no two text neighbours with the same marks."""
    result: list[Node] = []
    for child in children:
        if child["type"] == "text" and not child["text"]:
            continue
        last = result[-1] if result else None
        if last and last["type"] == child["type"] == "text" and last.get("marks") == child.get("marks"):
            result[-1] = {**last, "text": last["text"] + child["text"]}
        else:
            result.append(child)
    return result


def text(words: str, *marks: Node | str) -> Node:
    """Text with marks, given as names or as marks with attributes."""
    result: Node = {"type": "text", "text": words}
    if marks:
        result["marks"] = [mark(each) if isinstance(each, str) else each for each in marks]
    return result


def mark(kind: str, **attrs: Any) -> Node:
    return {"type": kind, "attrs": attrs} if attrs else {"type": kind}


def link(words: str, href: str) -> Node:
    return text(words, mark("link", href=href))


def language(words: str, lang: str, direction: str = "ltr") -> Node:
    return text(words, mark("language", lang=lang, dir=direction))


def doc(*blocks: Node) -> Node:
    return node("doc", *(blocks or (p(),)))


def p(*content: Inline, id: str = "", marks: list[Node] | None = None) -> Node:
    return node("paragraph", *content, id=id or new_id(), marks=marks)


def heading(level: int, *content: Inline, id: str = "") -> Node:
    return node("heading", *content, id=id or new_id(), level=level)


def bullets(*items: Node, id: str = "") -> Node:
    return node("bullet_list", *items, id=id or new_id())


def numbers(*items: Node, start: int = 1, id: str = "") -> Node:
    return node("ordered_list", *items, id=id or new_id(), start=start)


def item(*blocks: Node | str) -> Node:
    return node("list_item", *(p(each) if isinstance(each, str) else each for each in blocks), id=new_id())


def quote(*blocks: Node, id: str = "") -> Node:
    return node("block_quote", *blocks, id=id or new_id())


def table(caption: str, *rows: Node, id: str = "") -> Node:
    return node("table", *rows, id=id or new_id(), caption=caption)


def row(*cells: Node) -> Node:
    return node("table_row", *cells, id=new_id())


def cell(*content: Inline, colspan: int = 1, rowspan: int = 1) -> Node:
    return node("table_cell", p(*content), id=new_id(), colspan=colspan, rowspan=rowspan, colwidth=None)


def th(*content: Inline, scope: str = "col", colspan: int = 1, rowspan: int = 1) -> Node:
    spans: dict[str, Any] = {"colspan": colspan, "rowspan": rowspan, "colwidth": None}
    return node("table_header", p(*content), id=new_id(), scope=scope, **spans)


def figure(
    asset: str,
    *caption: Inline,
    alt: str = "",
    credit: str = "",
    licence: str = "",
    decorative: bool = False,
    id: str = "",
) -> Node:
    attrs: dict[str, Any] = {"asset": asset, "alt": alt, "decorative": decorative, "credit": credit, "licence": licence}
    return node("figure", *caption, id=id or new_id(), **attrs)


def callout(kind: str, title: str, *blocks: Node, id: str = "") -> Node:
    return node("callout", *blocks, id=id or new_id(), kind=kind, title=title)


def recommendation(kind: str, addressee: str, *blocks: Node, id: str = "") -> Node:
    return node("recommendation", *blocks, id=id or new_id(), kind=kind, addressee=addressee)


def footnote(*content: Inline, id: str = "") -> Node:
    return node("footnote", *content, id=id or new_id())


def cite(*sources: str, locator: str = "", prefix: str = "", suffix: str = "") -> Node:
    """A citation; locator, prefix and suffix belong to its first source."""
    first = {"locator": locator, "prefix": prefix, "suffix": suffix}
    rest = {"locator": "", "prefix": "", "suffix": ""}
    items = [{"source": source, **(rest if index else first)} for index, source in enumerate(sources)]
    return node("citation", items=items)


def ref(target: str) -> Node:
    return node("cross_reference", target=target)


def br() -> Node:
    return node("hard_break")


# --- anything the schema allows -----------------------------------------------------------------

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))
_HARD = ("#let x = 1", "*_`$@<b>&amp;\\", "= no heading", "-- --- ...", "// comment", "\u202eRTL", "́", "𝒳😀")
words = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=20),
    st.sampled_from(_HARD),
    st.sampled_from(("plain words", " ", "27.6 million", "a “quoted” word")),
)
short = st.one_of(st.just(""), words)
_LINKS = ("https://example.org/a?b=c#:~:text=one,two", "mailto:desk@example.org", "http://example.org/%22")
_suggestion = st.sampled_from(("s1", "s2", "s3"))
_marks = st.one_of(
    st.sampled_from([mark(kind) for kind in ("strong", "em", "superscript", "subscript")]),
    st.sampled_from(_LINKS).map(lambda href: mark("link", href=href)),
    st.sampled_from((("fr", "ltr"), ("ar", "rtl"), ("ru", "ltr"))).map(
        lambda each: mark("language", lang=each[0], dir=each[1])
    ),
    st.builds(lambda id: mark("claim", id=id), _suggestion),
    st.builds(
        lambda kind, id: mark(kind, id=id),
        st.sampled_from(("insertion", "deletion", "modification")),
        _suggestion,
    ),
)
#: The schema's order of marks.
_ORDER = ["strong", "em", "superscript", "subscript", "link", "language", "claim"]
_ORDER += ["insertion", "deletion", "modification"]


def _ordered(marks: list[Node]) -> list[Node]:
    links = [each for each in marks if each["type"] == "link"]
    kept = [each for each in marks if each["type"] != "link"] + links[:1]
    return sorted(kept, key=lambda each: _ORDER.index(each["type"]))


mark_sets = st.lists(_marks, max_size=3, unique_by=lambda each: (each["type"], str(each.get("attrs")))).map(_ordered)
block_marks: st.SearchStrategy[list[Node]] = st.one_of(
    st.just([]),
    st.just([]),
    st.just([]),
    st.builds(lambda kind, id: [mark(kind, id=id)], st.sampled_from(("insertion", "deletion")), _suggestion),
)


@st.composite
def ids(draw: st.DrawFn) -> str:
    """A fresh id: ids are unique in a document, as the engine repairs them."""
    draw(st.just(None))
    return new_id()


_targets = st.sampled_from(("nowhere", "section-1", "b00000000001"))
_items = st.fixed_dictionaries({"source": st.sampled_from(SOURCES), "locator": short, "prefix": short, "suffix": short})


def _marked(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(lambda each, marks: {**each, "marks": marks} if marks else each, nodes, mark_sets)


_texts = st.builds(lambda value, marks: text(value, *marks), words, mark_sets)
_leaves = st.one_of(
    st.lists(_items, min_size=1, max_size=3).map(lambda items: node("citation", items=items)),
    _targets.map(ref),
    st.just(None).map(lambda _: br()),
)
_footnotes = st.lists(st.one_of(_texts, _marked(_leaves)), max_size=3).map(lambda content: footnote(*content))
_inline = st.lists(st.one_of(_texts, _texts, _marked(_leaves), _marked(_footnotes)), max_size=5)


def _block(kind: str, content: st.SearchStrategy[list[Node]], /, **attrs: st.SearchStrategy[Any]) -> Any:
    return st.builds(
        lambda id, inside, marks, values: node(kind, *inside, marks=marks, id=id, **values),
        ids(),
        content,
        block_marks,
        st.fixed_dictionaries(attrs),
    )


paragraphs = _block("paragraph", _inline)
headings = _block("heading", _inline, level=st.integers(1, 4))
figures = _block(
    "figure",
    _inline,
    asset=st.sampled_from(("", "chart", "photo")),
    alt=short,
    decorative=st.booleans(),
    credit=short,
    licence=short,
)


def _lists(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    content = st.builds(lambda first, rest: [first, *rest], paragraphs, st.lists(inner, max_size=2))
    items = st.lists(_block("list_item", content), min_size=1, max_size=3)
    return st.one_of(_block("bullet_list", items), _block("ordered_list", items, start=st.integers(0, 12)))


flows = st.recursive(paragraphs, _lists, max_leaves=4)
_cell_attrs = {"colspan": st.integers(1, 3), "rowspan": st.integers(1, 3), "colwidth": st.none()}
_cell_content = st.lists(flows, min_size=1, max_size=2)
_cells = st.one_of(
    _block("table_cell", _cell_content, **_cell_attrs),
    _block(
        "table_header",
        _cell_content,
        scope=st.sampled_from(("col", "row", "colgroup", "rowgroup")),
        **_cell_attrs,
    ),
)
_rows = _block("table_row", st.lists(_cells, min_size=1, max_size=3))
tables = _block("table", st.lists(_rows, min_size=1, max_size=3), caption=short)
callouts = _block("callout", st.lists(flows, min_size=1, max_size=3), kind=st.sampled_from(CALLOUTS), title=short)
recommendations = _block(
    "recommendation",
    st.builds(lambda first, rest: [first, *rest], paragraphs, st.lists(flows, max_size=2)),
    kind=st.sampled_from(KINDS),
    addressee=short,
)
quotes = _block("block_quote", st.lists(paragraphs, min_size=1, max_size=3))
any_block = st.one_of(paragraphs, headings, flows, quotes, tables, figures, callouts, recommendations, paragraphs)


def documents(max_blocks: int = 6) -> st.SearchStrategy[Node]:
    """Any valid document, with all nodes and marks, unicode and syntax of other languages in it."""
    return st.lists(any_block, min_size=1, max_size=max_blocks).map(lambda blocks: doc(*blocks))
