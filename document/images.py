"""Images as they may be kept: decoded, bounded, encoded again without anything else inside."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

#: TRUST 11. Of a press's four colours fewer: such an image lies twice in memory while it becomes one of three.
MAX_PIXELS, MAX_OF_PRESS = 50_000_000, 40_000_000
MAX_BYTES = 20 * 1024 * 1024
#: What is read; anything else is refused. SVG is not: it can carry scripts.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


#: Pixels from which on images are decoded one at a time in a process: several at once would be gigabytes.
LARGE = 8_000_000
_large = threading.Lock()


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
                if image.mode == "CMYK" and image.width * image.height > MAX_OF_PRESS:
                    raise ImageRefused("This image for printing presses has more than 40 million pixels.")
                if image.width * image.height < LARGE:
                    return _encode(image)
                with _large:
                    return _encode(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageRefused("This image has more than 50 million pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error) as error:
        raise ImageRefused("This is not an image that can be read. PNG and JPEG always work.") from error


def _encode(image: Image.Image) -> CleanImage:
    """At 50 million pixels each copy is 200 MB: there are two at the most, while colours are converted."""
    jpeg = image.format == "JPEG"
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if has_alpha and not jpeg else "RGB"
    ImageOps.exif_transpose(image, in_place=True)
    bare: Image.Image = image
    if image.mode != mode:
        bare = image.convert(mode)
        # Its pixels are not needed while the others are written.
        image.close()
    # Pixels only: no EXIF, no profile, no remarks. What encoders write they take from here.
    bare.info = {}
    out = io.BytesIO()
    if jpeg:
        bare.save(out, "JPEG", quality=88, optimize=True)
    else:
        bare.save(out, "PNG", optimize=False)
    return CleanImage(out.getvalue(), "image/jpeg" if jpeg else "image/png", bare.width, bare.height)
