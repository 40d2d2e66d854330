"""What ``python -m document.build`` copies, and archives that are the same each time."""

from __future__ import annotations

import pytest

from document import build, styles, zips
from document.typst import fonts

installed = pytest.mark.skipif(not build.MODULES.exists(), reason="npm packages are not installed: make node")


@installed
def test_every_face_is_copied_once(tmp_path):
    copied = build.copy_fonts(tmp_path / "fonts")
    assert len(copied) == sum(len(faces) for faces in fonts.FACES.values())
    assert all(path.read_bytes()[:4] in (b"\x00\x01\x00\x00", b"true", b"OTTO") for path in copied)


def test_styles_are_copied_without_pointers(tmp_path):
    copied = build.copy_styles(tmp_path / "csl")
    assert {path.stem for path in copied} == set(styles.STYLES)
    assert not any("independent-parent" in path.read_text("utf-8") for path in copied)


def test_without_fonts_the_refusal_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(fonts.NotBuilt, match="make build"):
        fonts.folder()


def test_an_archive_is_read_back_and_does_not_depend_on_the_order_given():
    files = {"b/c.txt": b"2", "mimetype": b"t", "a.txt": b"1"}
    data = zips.write(files)
    assert zips.read(data) == files and zips.write(dict(reversed(files.items()))) == data
    assert list(zips.read(data)) == ["mimetype", "a.txt", "b/c.txt"]
