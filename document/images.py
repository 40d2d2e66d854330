"""Images as they may be kept: decoded, bounded, encoded again without anything else inside."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

#: TRUST 11.
MAX_PIXELS = 50_000_000
MAX_BYTES = 20 * 1024 * 1024
#: What is read; anything else is refused. SVG is not: it can carry scripts.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


class ImageRefused(Exception):
    """Not an image that can be kept; the text says why, for a person."""


@dataclass(frozen=True)
class CleanImage:
    """Bytes of a PNG or JPEG without metadata, and its size in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean(content: bytes) -> CleanImage:
    """Decode and encode again: EXIF, profiles, comments and trailing bytes do not survive.

    Photographs stay JPEG, everything else becomes PNG. Raises ImageRefused.
    """
    if len(content) > MAX_BYTES:
        raise ImageRefused("This image is larger than 20 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ImageRefused("This image has more than 50 million pixels.")
                jpeg = image.format == "JPEG"
                upright = ImageOps.exif_transpose(image)
                return _encode(upright, jpeg=jpeg)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageRefused("This image has more than 50 million pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error) as error:
        raise ImageRefused("This is not an image that can be read. PNG and JPEG always work.") from error


def _encode(image: Image.Image, *, jpeg: bool) -> CleanImage:
    if jpeg:
        pixels = image.convert("RGB")
    else:
        has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        pixels = image.convert("RGBA" if has_alpha else "RGB")
    # A fresh image holds pixels only: no EXIF, no profile, no text chunks.
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    if jpeg:
        bare.save(out, "JPEG", quality=88, optimize=True)
    else:
        bare.save(out, "PNG", optimize=False)
    return CleanImage(out.getvalue(), "image/jpeg" if jpeg else "image/png", bare.width, bare.height)
