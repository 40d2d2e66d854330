"""Pictures in Word: each file once in the package, drawn where the text has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from document.publication import FigureFile
from document.word.names import quoted

#: English metric units in a pixel (at 96 to the inch) and in a centimetre.
_PIXEL, _CENTIMETRE = 9525, 360_000
#: Pictures are at most so wide: the line's length.
_WIDEST = 14 * _CENTIMETRE
ENDINGS = {"image/png": "png", "image/jpeg": "jpeg"}


@dataclass
class Pictures:
    """Asset → name of its part below ``word/``; ``files`` are the parts."""

    known: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def part(self, file: FigureFile) -> str:
        if file.asset not in self.known:
            name = f"media/picture{len(self.known) + 1}.{ENDINGS[file.media_type]}"
            self.known[file.asset] = name
            self.files[f"word/{name}"] = file.image.read_bytes()
        return self.known[file.asset]


def drawing(file: FigureFile, relation: str, number: int, alt: str, wide: bool) -> str:
    """A picture inline: as wide as the line where it was made so, else in its own size."""
    width, height = max(1, file.width) * _PIXEL, max(1, file.height) * _PIXEL
    if wide or width > _WIDEST:
        width, height = _WIDEST, round(_WIDEST * file.height / max(1, file.width))
    about = f'id="{number}" name="Picture {number}" descr={quoted(alt)}'
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f"<wp:docPr {about}/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
