"""What an uploaded file may be before anything opens it (TRUST 11). Pure, and stricter than it needs to be.

Office files are ZIP archives; a small one can unpack to hundreds of megabytes, hold an entry that
is a link, or XML with a document type that makes parsers expand entities or read files.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import dataclass

from lxml import etree

MB = 1024 * 1024
MOST_IN = 20 * MB
MOST_UNPACKED = 200 * MB
MOST_ENTRIES = 2000
MOST_RATIO = 100
#: Small entries compress extremely well without being bombs; the ratio counts from this size on.
RATIO_FROM = 1 * MB

_SAFE = re.compile(r"[^\w .()\-]+")


class Refused(Exception):
    """The file is not taken. ``code`` is stable, ``sentence`` can be shown."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Archive:
    """A checked ZIP archive: names in order, and reading that cannot exceed the limits."""

    data: bytes
    names: tuple[str, ...]

    def read(self, name: str) -> bytes | None:
        """The entry's bytes, or None when there is none of this name."""
        if name not in self.names:
            return None
        with zipfile.ZipFile(io.BytesIO(self.data)) as opened:
            return opened.read(name)

    def xml(self, name: str) -> etree._Element | None:
        """The entry's root element, parsed without entities, network or document type."""
        content = self.read(name)
        return None if content is None else parse_xml(content)


def check_size(data: bytes) -> None:
    """Refuse an empty file or one over 20 MB."""
    if not data:
        raise Refused("empty", "The file is empty.")
    if len(data) > MOST_IN:
        raise Refused("too-large", "The file is larger than 20 MB. Remove or shrink its pictures and try again.")


def parse_xml(content: bytes) -> etree._Element:
    """Parse untrusted XML; a document type is refused, whatever it holds."""
    if re.search(rb"<!\s*DOCTYPE", content[:65536], re.IGNORECASE) or b"<\x00!\x00D\x00O\x00C" in content[:65536]:
        raise Refused("dtd", "The file contains a document type declaration, which is not accepted.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("damaged", "The file is damaged: part of it cannot be read.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("dtd", "The file contains a document type declaration, which is not accepted.")
    return root


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("link", "The file contains a link to another file, which is not accepted.")
    if entry.flag_bits & 1:
        raise Refused("encrypted", "The file is protected by a password. Remove the protection and try again.")
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
        raise Refused("name", "The file contains a name that leads outside of it.")
    compressed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_FROM and entry.file_size / compressed > MOST_RATIO:
        raise Refused("ratio", "The file unpacks to far more than its size; it looks like an attack.")


def _true_size(opened: zipfile.ZipFile) -> int:
    """Unpacked bytes as they come out, because the sizes in the directory are only claims."""
    total = 0
    for entry in opened.infolist():
        with opened.open(entry) as stream:
            while block := stream.read(MB):
                total += len(block)
                if total > MOST_UNPACKED:
                    raise Refused("unpacked", "The file unpacks to more than 200 MB.")
    return total


def check_archive(data: bytes) -> Archive:
    """Refuse with a sentence, or give the archive. Checks size, entries, names, ratio, links, XML."""
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            entries = opened.infolist()
            if len(entries) > MOST_ENTRIES:
                raise Refused("entries", "The file has more than 2,000 parts.")
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Refused("unpacked", "The file unpacks to more than 200 MB.")
            for entry in entries:
                _check_entry(entry)
            _true_size(opened)
            archive = Archive(data, tuple(entry.filename for entry in entries))
            if len(set(archive.names)) != len(archive.names):
                raise Refused("damaged", "The file is damaged: it names a part twice.")
            for name in archive.names:
                if name.endswith((".xml", ".rels")):
                    _refuse_dtd(opened.read(name))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Refused("damaged", "The file is damaged or is not of the kind its name says.") from error
    except Exception as error:
        if isinstance(error, Refused) or type(error).__module__ != "zlib":
            raise
        raise Refused("damaged", "The file is damaged or is not of the kind its name says.") from error
    return archive


def _refuse_dtd(content: bytes) -> None:
    """A document type may stand after long comments, and in UTF-16: look for it in both."""
    plain = (
        content.replace(b"\x00", b"")
        if content[:4].count(0) >= 1 or content[:2] in (b"\xff\xfe", b"\xfe\xff")
        else content
    )
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", plain, re.IGNORECASE):
        raise Refused("dtd", "The file contains a document type declaration, which is not accepted.")


def clean_name(name: str) -> str:
    """A file name to show: its last part, without controls or odd signs, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _SAFE.sub("_", "".join(char for char in last if char.isprintable())).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:110]}{dot}{ending[:9]}" if dot else plain[:120]) or "file"
