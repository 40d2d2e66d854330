"""Pictures that mean harm: floods of pixels, headers that lie, files that are two things, SVG."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

Picture = tuple[str, bytes]


def png(width: int, height: int, *, mode: str = "RGB", colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), colour).save(out, "PNG")
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claimed_png(width: int, height: int, rows: bytes = b"", *more: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG whose header says what it likes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def hostile(trap: str) -> Iterator[Picture]:
    """(name of the attack, bytes)."""
    good = png(40, 30)
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG")
    jpeg = out.getvalue()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="{trap}svg.png"/>'
    svg += "<script>1</script></svg>"
    yield "a flood of 65,535² pixels", claimed_png(65_535, 65_535)
    yield "a flood just above the bound", claimed_png(7200, 7000, b"\0" * 1000)
    yield "sides of 2³¹", claimed_png(2**31 - 1, 2**31 - 1)
    yield "sides of nothing", claimed_png(0, 0)
    yield "rows that unpack without end", claimed_png(100, 100, b"\0" * 120_000_000)
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 120_000_000))
    yield "a remark that unpacks without end", claimed_png(1, 1, b"\0\0\0\0", text)
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(b"x" * 120_000_000))
    yield "a profile that unpacks without end", claimed_png(1, 1, b"\0\0\0\0", profile)
    yield "wide as a wall", claimed_png(1_000_000, 49, b"\0" * 100)
    yield (
        "a JPEG of 65,500²",
        jpeg.replace(b"\xff\xc0\x00\x11\x08\x00\x40\x00\x40", b"\xff\xc0\x00\x11\x08\xff\xdc\xff\xdc"),
    )
    yield "a JPEG cut", jpeg[: len(jpeg) // 2]
    yield "a PNG cut", good[: len(good) // 2]
    yield "a PNG with a wrong sum", good.replace(b"IDAT", b"IDAT"[::-1])
    yield (
        "a GIF of 65,535²",
        b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
    )
    yield "a GIF of 5,000 frames", _frames(5000)
    yield (
        "a BMP that lies",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 1000, 0, 0, 54, 40, 60_000, -60_000, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield "a TIFF that leads in a circle", b"II*\0\x08\0\0\0\x01\0\x00\x01\x04\0\x01\0\0\0\xff\xff\0\0\x08\0\0\0"
    yield "a TIFF of 2³¹ strips", _tiff(60_000, 60_000)
    yield "an SVG", svg.encode()
    yield (
        "an SVG with a head of XML",
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg.encode(),
    )
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n(/etc/passwd) (r) file\n"
    yield "a list for a video program", f"#EXTM3U\n#EXTINF:1,\n{trap}a.ts\n".encode()
    yield (
        "a program for a picture program",
        f"push graphic-context\nimage over 0,0 0,0 '{trap}mvg'\npop graphic-context\n".encode(),
    )
    yield "a page", b"<html><script>alert(1)</script></html>"
    yield "picture and page in one", good + b"<html><script>alert(1)</script></html>"
    yield "picture and archive in one", good + b"PK\x05\x06" + b"\0" * 18
    yield "random bytes", bytes((n * 7919) % 251 for n in range(100_000))
    yield "empty", b""
    yield "too large", good + b"\0" * (21 * 1024 * 1024)


def large() -> Iterator[Picture]:
    """At the bound of what is taken: these are converted, in time and memory."""
    yield "49.9 million pixels in colour", png(7060, 7068)
    yield "49.9 million pixels with transparency", png(7060, 7068, mode="RGBA")
    yield "49.9 million pixels in 16 bits", png(7060, 7068, mode="I;16", colour=0)  # type: ignore[arg-type]
    out = io.BytesIO()
    Image.new("CMYK", (6320, 6320)).save(out, "JPEG")
    yield "39.9 million pixels for a press", out.getvalue()


def _frames(count: int) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (16, 16), n % 250) for n in range(2)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    whole = out.getvalue()
    at = whole.rfind(b"!\xf9")
    return whole[:at] + whole[at:-1] * count + b";"


def _tiff(width: int, height: int) -> bytes:
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    tags += [(277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 2**31 - 1)]
    rows = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + rows + b"\0\0\0\0"
