"""Images are kept as pixels alone, and cost what they must."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from document import images

MARK = b"Camera of Rita Reads"


def encoded(kind: str, mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 6)).save(out, kind, **more)
    return out.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010E] = MARK.decode()
    made[0x0112] = 6  # turned by a quarter
    return made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_nothing_but_pixels_survives(kind: str) -> None:
    remarks = PngInfo()
    remarks.add_text("Comment", MARK.decode())
    more = {"pnginfo": remarks} if kind == "PNG" else {"comment": MARK} if kind == "JPEG" else {}
    content = encoded(kind, exif=exif(), icc_profile=MARK, **more) + MARK
    assert content.count(MARK) > 1
    clean = images.clean(content)
    assert MARK not in clean.content
    opened = Image.open(io.BytesIO(clean.content))
    opened.load()
    assert opened.getexif() == {}
    assert {*opened.info} <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (clean.width, clean.height) == opened.size == (6, 8), "a turned picture is kept upright"


@pytest.mark.parametrize(
    ("mode", "kept"), [("P", "RGB"), ("LA", "RGBA"), ("RGBA", "RGBA"), ("1", "RGB"), ("I;16", "RGB")]
)
def test_every_kind_of_colour_becomes_one_of_two(mode: str, kept: str) -> None:
    assert Image.open(io.BytesIO(images.clean(encoded("PNG", mode)).content)).mode == kept


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_the_largest_picture_takes_less_than_half_a_gigabyte() -> None:
    """In a process of its own (TRUST: converted within 512 MB); four copies of the pixels took 800."""
    code = (
        "import io, pathlib, re\n"
        "from PIL import Image\n"
        "from document import images\n"
        "out = io.BytesIO()\n"
        "Image.new('RGB', (7060, 7068)).save(out, 'PNG')\n"
        "images.clean(out.getvalue())\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 512 * 1024


def test_a_picture_for_presses_may_have_fewer_pixels() -> None:
    """It lies twice in memory, with four colours, while it becomes one of three."""
    out = io.BytesIO()
    Image.new("CMYK", (8000, 5001)).save(out, "JPEG")
    with pytest.raises(images.ImageRefused, match="40 million"):
        images.clean(out.getvalue())
