"""Word files go into a brief and come out as Word files again: what they hold is counted in the XML of both.

Guards that no comment, reply, resolved flag, insertion, deletion, note or table is lost on the whole way through the
pages: upload, outline, confirmation, the authors' Word file. The real files beside the checkout and the sample in our
own words; seconds are the whole way of each. ``joined`` are boxes that went on in a second table and became one, which
the import's report says. Where LibreOffice is installed, how many of the files it opens.

Broken on purpose: with ``comments.parts`` of ``document.word.comments`` leaving out the last comment, comments and
replies came out short and missed their gates.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.client import Client
from bench.figures import Figure, at_least, at_most, median
from bench.filling import fill
from bench.measuring.reports import REAL, report
from bench.measuring.times import check
from bench.stack import Stack

if TYPE_CHECKING:
    from config.filling import Filled

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
COUNTED = ("comments", "replies", "resolved", "insertions", "deletions", "footnotes", "tables")


def run(stack: Stack) -> Iterable[Figure]:
    from document.sample import sample

    files = {path.name: path.read_bytes() for path in sorted(REAL.parent.glob("*.docx"))} or dict([report()])
    files["sample-5000-words.docx"] = sample(5_000)
    seconds, before, after, out = [], Counter[str](), Counter[str](), {}
    for name, content in files.items():
        began = time.perf_counter()
        out[name], joined = _round(stack, name, content)
        seconds.append(time.perf_counter() - began)
        before.update(_counts(content))
        after.update(_counts(out[name]))
        after["tables"] += joined
        before["joined"] += joined
    note = f"of {len(files)} files"
    for name in COUNTED:
        yield at_least(f"round_trip.{name}.out", after[name], "", gate=before[name], note=f"{before[name]} in, {note}")
    yield at_most("round_trip.joined", before["joined"], "tables", note="boxes in two tables, made one and said")
    yield at_most("round_trip.median", median(seconds), "s", note=note)
    yield at_most("round_trip.slowest", max(seconds), "s", note=note)
    if shutil.which("soffice"):
        yield at_least("round_trip.opened", _opened(out), "files", gate=len(out), note="by LibreOffice")


def _counts(content: bytes) -> dict[str, int]:
    """By the file's own XML, which the conversion has no part in."""
    from document.importing import counted
    from document.uploads import check_archive

    archive = check_archive(content)
    found = counted.count(archive, archive.xml("word/document.xml"))
    return {name: found[name] for name in COUNTED}


def _round(stack: Stack, name: str, content: bytes) -> tuple[bytes, int]:
    made = fill(words=60, sections=1, versions=0, reviewers=0)
    client = stack.client(made.lead)
    above = f"/write/{made.brief.pk}"
    sent = check(client.post(f"{above}/import/", {}, files={"file": (name, content, DOCX)}), (302,))
    path = sent.headers["location"]
    _wait(client, path)
    check(client.follow(check(client.post(f"{path}confirm/", {}), (302,))))
    joined = _written(made)
    asked = check(client.post(f"{above}/export/", {"suggestions": "tracked", "comments": "on"}), (302,))
    page = asked.headers["location"]
    _wait(client, page)
    return check(client.get(f"{page}file")).body, joined


def _wait(client: Client, path: str) -> None:
    end = time.monotonic() + 120
    while "hx-refresh" not in check(client.get(f"{path}progress/")).headers:
        if time.monotonic() > end:
            raise TimeoutError("the worker was not done within two minutes")
        time.sleep(0.05)


def _written(made: Filled) -> int:
    """Wait for the sections; how many tables the import joined."""
    from brief.models import ImportDraft
    from brief.states import ImportState

    end = time.monotonic() + 120
    while (draft := ImportDraft.objects.get(brief=made.brief)).status != ImportState.TAKEN:
        if time.monotonic() > end:
            raise TimeoutError("the outline was not written within two minutes")
        time.sleep(0.05)
    return sum(each["code"] == "box-joined" for each in json.loads(draft.report)["findings"])


def _opened(files: dict[str, bytes]) -> int:
    """How many of the files LibreOffice makes a text of."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "txt:Text",
        ]
        paths = [str(folder / file) for file in files]
        subprocess.run([*command, "--outdir", name, *paths], check=False, capture_output=True, timeout=300)
        texts = [(folder / file).with_suffix(".txt") for file in files]
        return sum(text.exists() and text.stat().st_size > 0 for text in texts)
