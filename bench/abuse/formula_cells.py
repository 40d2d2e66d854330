"""Foreign text in spreadsheets: no cell of any export is a live formula (TRUST 11; abuse).

A round is filled with comments, replies, proposed changes, names, organisations, section titles and answers that begin
with ``= + - @``, TAB, CR, LF, their full-width and small forms, with what programs skip before them, and with what
divides cells in CSV. Both exports are got over HTTP as everybody who may. They are read three ways: the XLSX as XML (an
``<f>``, a cell that is no text) and by openpyxl, the CSV by Python's reader under comma, semicolon and TAB, as
spreadsheets of other countries do, and both by LibreOffice where there is one, asked for the kind of each cell.
``live`` counts cells that are a formula, or begin as one after what is skipped; ``missing`` texts that no export shows.

Broken on purpose: with ``neutralise`` giving the text back as it is, 136 of 764 cells were live (SCALE=0.1).
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from django.utils import timezone
from lxml import etree

from bench.figures import Figure, at_least, none
from bench.stack import Stack
from brief.models import Section
from review.actions.comments import add_comment, reply
from review.actions.dispositions import propose
from review.models import ReviewThread
from review.states import CommentType, Outcome, Severity
from tests.cast import Cast

#: What makes a program calculate, by the letter of TRUST 11 and beyond it.
STARTS = (
    *("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−", "|", "%"),
    *(
        " =",
        "\u00a0=",
        "\u3000=",
        "\u200b=",
        "\ufeff=",
        "\u202e=",
        "\u2066=",
        "\u2009=",
        "\u180e=",
        "'\t=",
        "\x0b=",
        "\x0c=",
    ),
    *("\t=", "\r\n=", "\n+", "\x00=", "\u00ad=", "\u2028=", "\u0085=", " \t ＝", "\u034f=", "\u061c@", "\ue000="),
)
CALLS = (
    *("1+1", 'HYPERLINK("https://a.example","x")', "cmd|' /C calc'!A0", "SUM(1;1)*cmd|'/C calc'!A0", "WEBSERVICE(1)"),
    *('DDE("soffice";"x";"y")', "IMPORTXML(1,1)"),
)
#: Inside a text: what ends a cell for a careless reader, and a formula after it.
BREAKS = ('",=1+1,"', ";=1+1;", "\t=1+1\t", '"\r\n=1+1\r\n"', '";"=1+1";"')
#: What begins a formula for some program, after what programs skip.
LIVE = re.compile(
    "^[\\s\u00a0\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff\x00-\x1f\x85]*[=+\\-@＝＋－＠﹦﹢﹣﹫−]"
)
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


def run(stack: Stack) -> Iterator[Figure]:
    cast = Cast(f"fc{time.time_ns():x}")
    texts = _texts(stack)
    _fill(cast, texts)
    live: list[str] = []
    cells = exports = in_office = 0
    shown = ""
    for name in ("lead", "editor", "safeguarding"):
        client = stack.client(cast[name])
        for ending in ("csv", "xlsx"):
            content = client.get(f"/review/{cast.round.pk}/answers/comments.{ending}").body
            exports += 1
            for where, value in _csv(content) if ending == "csv" else _xlsx(content):
                cells += 1
                shown += value
                if LIVE.match(value) or value == "<f>":
                    live.append(f"{where}: {value[:40]!r}")
            counted, found = _in_office(content, ending)
            in_office += counted
            live += found
    yield none("formula_cells.live", len(live), cells, unit="cells", note="; ".join(live[:3]))
    missing = [text for text in texts if _core(text) not in shown]
    yield none("formula_cells.missing", len(missing), len(texts), unit="texts", note="; ".join(map(repr, missing[:3])))
    note = f"LibreOffice read {in_office:,} cells" if in_office else "no LibreOffice with Calc here"
    yield at_least("formula_cells.exports", exports, "files", gate=6, note=note)


def _texts(stack: Stack) -> list[str]:
    made = [f"{start}{CALLS[place % len(CALLS)]} n{place}n" for place, start in enumerate(STARTS)]
    made += [f"words {each} n{place + 500}n" for place, each in enumerate(BREAKS)]
    return made[: max(8, stack.times(len(made)))] if stack.times(100) < 100 else made


def _core(text: str) -> str:
    """The number in a text, which survives whatever is done to its beginning."""
    return str(re.findall(r"n\d+n", text)[-1])


def _fill(cast: Cast, texts: list[str]) -> None:
    """Every text as a comment, and as everything else that a table shows, in turn."""
    Section.objects.filter(pk=cast.section.pk).update(title="=1+1 title")
    invitation = cast.invitation
    type(invitation).objects.filter(pk=invitation.pk).update(organisation="＝1+1 organisation", name="@SUM(1)")
    cast.reviewer.name = "-1+1 name"
    cast.reviewer.save(update_fields=["name"])
    for place, text in enumerate(_kept(text) for text in texts):
        comment = add_comment(
            actor=cast.reviewer,
            round=invitation.round,
            body=text,
            section=cast.section,
            block="recruit00001",
            type=CommentType.TECHNICAL,
            severity=Severity.MAJOR,
            proposed_change=text,
            safeguarding=place % 9 == 0,
        )
        ReviewThread.objects.filter(pk=comment.pk).update(handed_at=timezone.now())
        comment.refresh_from_db()
        propose(actor=cast.lead, thread=comment, outcome=Outcome.NOTED, response=text)
        if place % 3 == 0:
            reply(actor=cast.reviewer, thread=comment, body=text)


def _kept(text: str) -> str:
    """As a database can hold it; forms refuse the rest."""
    return text.replace("\x00", "")


def _csv(content: bytes) -> Iterator[tuple[str, str]]:
    text = content.decode("utf-8-sig")
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield from ((f"csv by {delimiter!r}", value) for value in row)


def _xlsx(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for name in opened.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                tree = etree.fromstring(opened.read(name))
                yield from ((name, "<f>") for _ in tree.iter("{*}f"))
            if re.search(r"externalLink|connections|vbaProject|calcChain", name):
                yield name, "<f>"
    for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows():
        for cell in row:
            yield "xlsx", "<f>" if cell.data_type == "f" else str(cell.value if cell.data_type == "s" else "")


def _office() -> str | None:
    return shutil.which("soffice")


def _in_office(content: bytes, ending: str) -> tuple[int, list[str]]:
    """(cells, live ones) as LibreOffice reads the file; nothing where there is none."""
    program = _office()
    if program is None:
        return 0, []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"comments.{ending}"
        path.write_bytes(content)
        words = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fods"]
        subprocess.run([*words, "--outdir", folder, str(path)], capture_output=True, timeout=120, check=True)
        made = path.with_suffix(".fods")
        if not made.exists():
            # The writer alone is installed: nothing here reads spreadsheets.
            return 0, []
        tree = etree.parse(str(made))
    found, cells = [], 0
    for cell in tree.iter(f"{{{TABLE}}}table-cell"):
        cells += 1
        formula = cell.get(f"{{{TABLE}}}formula")
        kind = cell.get(f"{{{OFFICE}}}value-type")
        words_ = "\n".join(str(each) for each in cell.itertext())
        if formula or (kind not in (None, "string") and re.search(r"n\d+n", words_)):
            found.append(f"LibreOffice, {ending}: {formula or words_[:40]!r}")
    return cells, found
