"""Hostile requests to a section's steps, made from a seed: bodies as bytes, so that any rubbish can be sent.

Every maker takes a random source and the head of a section and gives one body. Many bodies are one small
lie inside a request that is otherwise in order: rubbish is refused early and shows little.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from document import tree

#: What is not a link of ours, whatever it looks like.
LINKS = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:a"),
    *("\u0001javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:msgbox(1)", "file:///etc/passwd"),
    *("https://a.example\njavascript:alert(1)", 'https://a.example/" onclick="x', "https://a.example/<script>"),
    *(
        "//a.example/",
        "/desk/",
        "#x",
        "",
        "https://",
        "https:",
        "http:/a.example",
        "https://a b",
        "blob:x",
        "about:blank",
    ),
    *("mailto:a@b.example\r\nBcc:c@d.example", "tel:+4312345", "x" * 5000, "https://a.example/" + "y" * 3000),
    *("view-source:https://a.example", "jar:https://a.example!/", "https\u200b://a.example", "&#106;avascript:x"),
)
#: Names that an object of JavaScript has before anybody gave it any.
INHERITED = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__")
NODES = (
    "script",
    "iframe",
    "img",
    "svg",
    "html",
    "style",
    "object",
    "math",
    "doc",
    "text",
    "table_cell",
    "list_item",
    "",
)
NUMBERS: tuple[object, ...] = (
    *(-1, -(2**31), 2**31, 2**53, 2**64, 10**30, 0.5, 1e308, -0.0, True, False, None, "", "1", "1e3", "٣", [], [1], {}),
    *({"valueOf": 1}, "NaN", " 1", "0x10", 999_999),
)
TEXTS = (
    *("\ud800", "a\udc00b", "\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\u202e\u2066", "", "\u2028\u2029", "\ufeff"),
    *("<script>alert(1)</script>", "a" * 100_000, "\U0001f4a9" * 20_000, "e" + "\u0301" * 5000, "\ufdd0", "\x7f\x85"),
)


@dataclass
class Head:
    """A section as its client knows it: the version, today's document, and what requests call themselves."""

    version: int
    doc: tree.Node
    schema: int
    client: str = "hostile"
    ids: list[str] = field(default_factory=list)
    size: int = 0
    sent: int = 0

    def __post_init__(self) -> None:
        self.ids = [tree.block_id(node) for node in tree.blocks(self.doc)]
        self.size = sum(tree.size(node) for node in tree.children(self.doc))


Maker = Callable[[Random, Head], bytes]


def body(head: Head, *steps: object, raw: str = "", **fields: Any) -> bytes:
    """A request of these steps; ``raw`` stands in for their JSON, ``fields`` for the envelope's own."""
    head.sent += 1
    told = {"version": head.version, "client": head.client, "key": f"k{head.sent}", "schema": head.schema, **fields}
    inner = raw or json.dumps(steps)
    return f'{json.dumps(told)[:-1]}, "steps": {inner}}}'.encode("utf-8", "surrogatepass")


def replace(start: object, end: object, *content: object, **more: object) -> dict[str, Any]:
    piece = {"content": list(content), **more}
    return {"stepType": "replace", "from": start, "to": end, **({"slice": piece} if content or more else {})}


def words(text: object, *marks: object) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def block(rng: Random, *content: object, kind: str = "paragraph", **attrs: object) -> dict[str, Any]:
    named = {"id": f"h{rng.getrandbits(50):x}"[:12], **attrs}
    return {"type": kind, "attrs": named, **({"content": list(content)} if content else {})}


def anything(rng: Random, depth: int = 3) -> Any:
    """Any JSON, small, with the names and values that matter more often than chance would have them."""
    if depth == 0 or rng.random() < 0.4:
        return rng.choice([*NUMBERS, *TEXTS[:11], *INHERITED, "paragraph", "replace", "strong"])
    if rng.random() < 0.4:
        return [anything(rng, depth - 1) for _ in range(rng.randrange(4))]
    names = [*INHERITED, "type", "attrs", "content", "marks", "text", "stepType", "from", "to", "slice", "pos", "id"]
    return {rng.choice(names): anything(rng, depth - 1) for _ in range(rng.randrange(5))}


def unknown_node(rng: Random, head: Head) -> bytes:
    kind = rng.choice([*NODES, *INHERITED])
    inner = rng.choice([[], [words("x")], [{"type": kind}]])
    return body(head, replace(0, 0, {"type": kind, "attrs": {"id": "h1", "src": "x"}, "content": inner}))


def bad_link(rng: Random, head: Head) -> bytes:
    href: object = rng.choice([*LINKS, None, 1, [], {"a": 1}])
    mark = {"type": "link", "attrs": rng.choice([{"href": href}, {"href": href, "onclick": "x"}, href, None])}
    if rng.random() < 0.5:
        return body(head, {"stepType": "addMark", "from": 1, "to": rng.randrange(2, 9), "mark": mark})
    return body(head, replace(0, 0, block(rng, words("x", mark))))


def deep(rng: Random, head: Head) -> bytes:
    """Nested lists, or bare brackets, from just allowed to 10,000 and beyond."""
    levels = rng.choice([20, 24, 25, 26, 49, 51, 100, 500, 2000, 6000])
    kind = rng.randrange(4)
    if kind == 0:
        depth = rng.choice([10_000, 50_000, 400_000])
        return body(head, raw="[" * depth + "]" * depth)
    if kind == 1:
        depth = rng.choice([300, 10_000, 60_000])
        return body(
            head, raw='[{"stepType":"attr","pos":0,"attr":"id","value":' + '{"a":' * depth + "1" + "}" * depth + "}]"
        )
    first = '{"type":"bullet_list","attrs":{"id":"%s"},"content":[{"type":"list_item","attrs":{"id":"%s"},"content":['
    first += '{"type":"paragraph","attrs":{"id":"%s"}}'
    opened = ",".join(first % tuple(f"d{rng.getrandbits(40):x}" for _ in range(3)) for _ in range(levels))
    nested = opened + "]}]}" * levels
    return body(head, raw=f'[{{"stepType":"replace","from":0,"to":0,"slice":{{"content":[{nested}]}}}}]')


def wide(rng: Random, head: Head) -> bytes:
    """As many nodes as a request may hold, and up to a million, which it may not."""
    many = rng.choice([1000, 10_000, 40_000, 45_000]) if rng.random() < 0.98 else 1_000_000
    piece, last = rng.choice(
        [
            ('{"type":"hard_break"}', ""),
            ('{"type":"text","text":"a"}', ""),
            ('{"type":"paragraph"}', ""),
            ("{}", ""),
            ('{"type":"hard_break"}', ',{"type":"script"}'),
        ]
    )
    inner = ",".join([piece] * min(many, 1_000_000 // len(piece) - 30 if many < 1_000_000 else many)) + last
    at, content = (
        (1, inner) if rng.random() < 0.5 else (0, f'{{"type":"paragraph","attrs":{{"id":"w1"}},"content":[{inner}]}}')
    )
    return body(head, raw=f'[{{"stepType":"replace","from":{at},"to":{at},"slice":{{"content":[{content}]}}}}]')


def bad_position(rng: Random, head: Head) -> bytes:
    start, end = (rng.choice([*NUMBERS, 0, 1, head.size, head.size + 1]) for _ in range(2))
    mark = {"type": "strong"}
    step = rng.choice(
        [
            replace(start, end, words("x")),
            replace(start, 5),
            {"stepType": "addMark", "from": start, "to": end, "mark": mark},
            {"stepType": "removeMark", "from": start, "to": end, "mark": mark},
            {"stepType": "addNodeMark", "pos": start, "mark": {"type": "insertion", "attrs": {"id": "s"}}},
            {"stepType": "removeNodeMark", "pos": start, "mark": mark},
            {"stepType": "attr", "pos": start, "attr": "id", "value": "x1"},
        ]
    )
    return body(head, step)


def backwards(rng: Random, head: Head) -> bytes:
    end = rng.randrange(0, max(2, head.size))
    return body(head, replace(end + rng.randrange(1, 50), end, words("x")))


def not_a_number(rng: Random, head: Head) -> bytes:
    number = rng.choice(["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 4000, "9" * 5000, "-0", "0.1e-400"])
    place = rng.randrange(3)
    if place == 0:
        return body(head, replace(1, 1, words("x"))).replace(
            f'"version": {head.version}'.encode(), f'"version": {number}'.encode()
        )
    name = "from" if place == 1 else "openStart"
    return body(head, raw=f'[{{"stepType":"replace","from":1,"to":1,"{name}":{number},"slice":{{"{name}":{number}}}}}]')


def cut_character(rng: Random, head: Head) -> bytes:
    """Half of a pair, or a position between its halves."""
    if rng.random() < 0.5:
        half = rng.choice(["\ud83d", "\ude00", "a\ud83d", "\ude00\ud83d"])
        step = rng.choice(
            [
                replace(1, 1, words(half)),
                {"stepType": "attr", "pos": 0, "attr": "id", "value": half},
                replace(0, 0, block(rng, kind="table", caption=half)),
            ]
        )
        return body(head, step)
    return body(head, replace(1, 1, words("\U0001f600" * 3)), replace(2, rng.choice([2, 3, 4]), words("x")))


def inherited(rng: Random, head: Head) -> bytes:
    name = rng.choice(INHERITED)
    where = rng.randrange(7)
    raw = [
        f'[{{"stepType":"{name}"}}]',
        f'[{{"stepType":"replace","from":0,"to":0,"{name}":{{"from":1}},"slice":{{"content":[]}}}}]',
        f'[{{"stepType":"replace","from":0,"to":0,"slice":{{"content":[{{"type":"paragraph","attrs":{{"id":"p","{name}":{{}}}}}}]}}}}]',
        f'[{{"stepType":"attr","pos":0,"attr":"{name}","value":{{"polluted":1}}}}]',
        f'[{{"stepType":"addMark","from":1,"to":3,"mark":{{"type":"{name}"}}}}]',
        f'[{{"stepType":"replace","from":0,"to":0,"slice":{{"content":[{{"type":"{name}"}}]}}}}]',
        f'[{{"stepType":"docAttr","attr":"{name}","value":1}}]',
    ][where]
    return body(head, raw=raw)


def huge_value(rng: Random, head: Head) -> bytes:
    long = "y" * rng.choice([301, 501, 2001, 100_000, 900_000])
    item = {"source": "s", "locator": "", "prefix": "", "suffix": ""}
    node = rng.choice(
        [
            block(rng, kind="table", caption=long),
            block(rng, words("x"), kind="figure", alt=long, asset="a", decorative=False, credit=""),
            block(rng, words("x"), kind="callout", title=long),
            block(rng, {"type": "citation", "attrs": {"items": [item] * rng.choice([0, 31, 5000])}}),
            block(rng, {"type": "citation", "attrs": {"items": [{**item, "locator": long}]}}),
            block(rng, {"type": "citation", "attrs": {"items": [{**item, rng.choice(INHERITED): 1}]}}),
            block(rng, {"type": "cross_reference", "attrs": {"target": long}}),
            block(rng, words("x"), kind="heading", level=rng.choice([0, -1, 5, 1.5, "1", None, 10**9])),
            block(
                rng, block(rng, block(rng), kind="list_item"), kind="ordered_list", start=rng.choice([-1, 10**6, 0.1])
            ),
            block(rng, id=long),
            block(rng, words("x", {"type": "language", "attrs": {"lang": long, "dir": "up"}})),
        ]
    )
    return body(head, replace(0, 0, node))


def bad_version(rng: Random, head: Head) -> bytes:
    version = rng.choice(
        [-1, head.version + 1, head.version + 10**6, 2**31, 2**63, 10**40, head.version - 1, 0, *NUMBERS]
    )
    return body(head, replace(1, 1, words("x")), version=version)


def bad_key(rng: Random, head: Head) -> bytes:
    bad: Any = rng.choice(
        ["", "a b", "a\r\nb", "\x00", "k" * 41, "é", "\u202e", None, 1, [], {}, "k" * 100_000, "a\tb", "\ud800"]
    )
    return body(head, replace(1, 1, words("x")), **{rng.choice(["key", "client"]): bad})


def wrong_type(rng: Random, head: Head) -> bytes:
    name = rng.choice(["version", "client", "key", "schema", "steps", "step"])
    value = anything(rng)
    if name == "steps":
        return body(head, raw=json.dumps(value))
    if name == "step":
        return body(head, value)
    return body(head, replace(1, 1, words("x")), **{name: value})


def twice(rng: Random, head: Head) -> bytes:
    """The same key twice in one object: readers do not agree which counts."""
    raw = rng.choice(
        [
            '[{"stepType":"replace","stepType":"nuke","from":0,"to":0}]',
            '[{"stepType":"nuke","stepType":"replace","from":99999,"from":0,"to":0,"slice":{"content":[]}}]',
            '[{"stepType":"addMark","from":1,"to":3,"mark":{"type":"link","attrs":{"href":"https://a.example"},'
            '"attrs":{"href":"javascript:alert(1)"}}}]',
            '[{"stepType":"addMark","from":1,"to":3,"mark":{"type":"strong","type":"link"}}]',
            '[{"stepType":"replace","from":0,"to":0,"slice":{"content":[],"content":[{"type":"script"}]}}]',
        ]
    )
    made = body(head, raw=raw)
    if rng.random() < 0.3:
        made = made.replace(b'"client"', b'"version": -1, "client"', 1)
    return made


def nested_marks(rng: Random, head: Head) -> bytes:
    strong: dict[str, Any] = {"type": "strong"}
    suggested = {"type": "insertion", "attrs": {"id": "s1"}}
    marks: list[Any] = rng.choice(
        [
            [strong] * rng.choice([2, 50, 5000]),
            [{"type": "link", "attrs": {"href": f"https://a.example/{n}"}} for n in range(3)],
            [{"type": "strong", "marks": [strong]}],
            [{"type": "strong", "attrs": {"type": "link", "href": "javascript:x"}}],
            ["strong"],
            [None],
            [[strong]],
            [{"type": "insertion"}],
            [{"type": "insertion", "attrs": {"id": {"id": "s"}}}],
            [{"type": "claim", "attrs": {"id": f"c{n}"}} for n in range(rng.choice([2, 400]))],
            [{"stepType": "markSet", "marks": [strong]}],
        ]
    )
    step = rng.choice(
        [
            replace(1, 1, words("x", *marks)),
            replace(0, 0, {**block(rng, words("x")), "marks": rng.choice([marks, [suggested], strong, "strong"])}),
            {"stepType": "markSet", "steps": [{"stepType": "addMark", "from": 1, "to": 2, "mark": marks[0]}]},
            {"stepType": "addNodeMark", "pos": 0, "mark": marks[0]},
        ]
    )
    return body(head, step)


def bad_attr(rng: Random, head: Head) -> bytes:
    name = rng.choice(
        ["id", "level", "kind", "items", "href", "lang", "asset", "colspan", "title", "nothing", "", *INHERITED]
    )
    position = rng.choice([0, 1, 2, head.size - 1, head.size, rng.randrange(head.size + 2)])
    value = rng.choice([*NUMBERS, *TEXTS[:8], *head.ids[:3], anything(rng)])
    return body(
        head, {"stepType": rng.choice(["attr", "attr", "docAttr"]), "pos": position, "attr": name, "value": value}
    )


def bad_slice(rng: Random, head: Head) -> bytes:
    sides = {name: rng.choice([1, 2, 3, 60, *NUMBERS]) for name in ("openStart", "openEnd")}
    content = rng.choice([[], [words("x")], [block(rng)], [block(rng), block(rng, words("y"))], [None], "x", {"0": 1}])
    at = rng.randrange(head.size + 1)
    return body(head, {"stepType": "replace", "from": at, "to": at, "slice": {"content": content, **sides}})


def around(rng: Random, head: Head) -> bytes:
    places = sorted(rng.randrange(head.size + 1) for _ in range(4)) if rng.random() < 0.5 else rng.choices(NUMBERS, k=4)
    numbers = dict(zip(("from", "gapFrom", "gapTo", "to"), places, strict=True))
    wrap = block(rng, kind=rng.choice(["block_quote", "callout", "table", "bullet_list", "paragraph"]))
    insert = rng.choice([0, 1, 2, *NUMBERS])
    step = {"stepType": "replaceAround", **numbers, "insert": insert, "slice": {"content": [wrap]}, "structure": True}
    return body(head, step)


def bad_text(rng: Random, head: Head) -> bytes:
    text: Any = rng.choice([*TEXTS, None, 1, [], {"a": 1}])
    return body(head, rng.choice([replace(1, 1, words(text)), replace(0, 0, block(rng, words(text)))]))


def same_ids(rng: Random, head: Head) -> bytes:
    twin = rng.choice(head.ids) if head.ids else "x"
    named = rng.choice([twin, "", "a b", "<b>", "x" * 41, None, 1])
    return body(head, replace(0, 0, {"type": "paragraph", "attrs": {"id": named}}, block(rng, id=twin)))


def odd_table(rng: Random, head: Head) -> bytes:
    cell: dict[str, Any] = {
        "type": "table_cell",
        "attrs": {"id": f"c{rng.getrandbits(40):x}"},
        "content": [block(rng, words("x"))],
    }
    cell["attrs"] |= {"colspan": rng.choice([1, 0, 100, 101, -1]), "rowspan": rng.choice([1, 1000, 1001, "1"])}
    cell["attrs"]["colwidth"] = rng.choice([None, [], [1], [5001], [1] * 101, "x", [None]])
    row = block(rng, cell, kind="table_row")
    return body(head, replace(0, 0, block(rng, *rng.choice([[row], [cell], [], [row, block(rng)]]), kind="table")))


def rubbish(rng: Random, head: Head) -> bytes:
    whole = body(head, replace(1, 1, words("x")))
    return rng.choice(
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"\xef\xbb\xbf" + whole,
            whole.decode().encode("utf-16"),
            whole[: rng.randrange(len(whole))],
            whole + b"}",
            b"\xff\xfe\xfd",
            b"[" * 100_000,
            b'{"a":' * 50_000,
            rng.randbytes(rng.randrange(1, 2000)),
            b"version=1&client=c&key=k&schema=1&steps=[]",
        ]
    )


def flipped(rng: Random, head: Head) -> bytes:
    """An honest request with a few bytes changed."""
    whole = bytearray(body(head, replace(1, 1, words("honest words"))))
    for _ in range(rng.randrange(1, 4)):
        whole[rng.randrange(len(whole))] = rng.choice(b'"{}[]:,0123456789-.eE\\abutfnl \x00\xff')
    return bytes(whole)


def too_many(rng: Random, head: Head) -> bytes:
    return body(head, *[replace(1, 1, words("x"))] * rng.choice([501, 1001, 5000]))


def other_schema(rng: Random, head: Head) -> bytes:
    return body(head, replace(1, 1, words("x")), schema=rng.choice([0, -1, 2, 10**20, *NUMBERS]))


def any_json(rng: Random, head: Head) -> bytes:
    return body(head, *[anything(rng, 5) for _ in range(rng.randrange(1, 4))])


def erased(rng: Random, head: Head) -> bytes:
    """Everything taken away: a section is never without a block."""
    return body(head, replace(0, head.size, *rng.choice([[], [words("x")], [block(rng)]])))


#: How often each is made, by its name. The last ones are heavy, or legal now and then.
WEIGHTS: dict[Maker, int] = {
    **dict.fromkeys((unknown_node, bad_link, bad_position, bad_attr, nested_marks, inherited, wrong_type), 60),
    **dict.fromkeys((backwards, not_a_number, cut_character, bad_version, bad_key, twice, bad_slice, around), 50),
    **dict.fromkeys((same_ids, odd_table, flipped, any_json, rubbish, other_schema, bad_text), 40),
    **dict.fromkeys((huge_value, deep), 10),
    **dict.fromkeys((wide, too_many, erased), 4),
}
_MAKERS, _TIMES = list(WEIGHTS), list(WEIGHTS.values())


def attack(rng: Random, head: Head) -> tuple[str, bytes]:
    """``(kind, body)`` of the next hostile request."""
    maker = rng.choices(_MAKERS, _TIMES)[0]
    return maker.__name__, maker(rng, head)
