"""What an upload may be: each limit refused with its sentence."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from document import uploads
from document.uploads import Refused, check_archive, check_size, clean_name


def packed(files: dict[str, bytes], *, stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        check_archive(data)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_a_plain_archive_is_taken() -> None:
    archive = check_archive(packed({"a.xml": b"<a/>", "b.bin": b"123"}))
    assert archive.names == ("a.xml", "b.bin")
    assert archive.read("b.bin") == b"123"
    assert archive.read("nothing") is None
    root = archive.xml("a.xml")
    assert root is not None and root.tag == "a"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "empty"


def test_more_than_twenty_megabytes_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        check_size(b"x" * (uploads.MOST_IN + 1))
    assert "20 MB" in refused.value.sentence


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    assert refusal(packed({"a": b"\0" * (50 * uploads.MB)})) == "ratio"


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1000)
    assert refusal(packed({"a": b"ab" * 300, "b": b"cd" * 300}, stored=True)) == "unpacked"


def test_sizes_in_the_directory_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb can claim to be small; what comes out is counted."""
    data = bytearray(packed({"a": b"\0" * 100_000}))
    claimed = (100_000).to_bytes(4, "little")
    lied = bytes(data).replace(claimed, (10).to_bytes(4, "little"))
    assert refusal(lied) == "damaged"


def test_too_many_entries_are_refused() -> None:
    assert refusal(packed({f"{n}": b"" for n in range(uploads.MOST_ENTRIES + 1)}, stored=True)) == "entries"


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "\\a"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    assert refusal(packed({name: b""})) == "name"


def test_a_link_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("a")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert refusal(out.getvalue()) == "link"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("far", [0, 200_000])
def test_a_document_type_is_refused_wherever_it_stands(encoding: str, far: int) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!--{"x" * far}--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    # Stored: comments of one letter would be refused for their ratio first.
    assert refusal(packed({"a.xml": text.encode(encoding)}, stored=True)) == "dtd"


def test_xml_that_is_broken_is_refused() -> None:
    archive = check_archive(packed({"a.xml": b"<a>"}))
    with pytest.raises(Refused) as refused:
        archive.xml("a.xml")
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"hello", b"\0" * 100])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert refusal(data) == "damaged"


def test_a_cut_archive_is_refused() -> None:
    data = packed({"a": bytes(range(256)) * 100})
    assert refusal(data[: len(data) // 2]) == "damaged"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.docx", "report.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\draft.docx", "draft.docx"),
        ("<script>.docx", "_script_.docx"),
        ("\u202ecod.exe", "cod.exe"),
        ("a\0b.txt", "ab.txt"),
        ("", "file"),
        ("x" * 300 + ".docx", "x" * 110 + ".docx"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert clean_name(name) == shown
