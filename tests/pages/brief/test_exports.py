"""Taking the draft away as a Word file: what is in it, who may, and what it says of itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from brief import actions, steps
from brief.models import Comment, Export, Section, Suggestion, Thread
from brief.states import Circle, ExportState
from document import pdfcheck, zips
from tests.cast import Cast
from tests.factories.documents import doc, mark, p, text

pytestmark = pytest.mark.django_db
Run = Callable[[], int]


def at(name: str, cast: Cast, *args: Any) -> str:
    return reverse(f"brief:{name}", args=[cast.brief.pk, *args])


def made(cast: Cast, run_jobs: Run, **asked: Any) -> Export:
    export = actions.ask_export(actor=cast.lead, brief=cast.brief, **asked)
    run_jobs()
    return Export.objects.get(pk=export.pk)


def files(export: Export) -> dict[str, str]:
    with export.file.open("rb") as opened:
        return {name: data.decode("utf-8", "replace") for name, data in zips.read(opened.read()).items()}


def words(xml: str) -> str:
    return re.sub(r"<[^>]+>", "", xml)


def suggested(cast: Cast) -> Section:
    """A section with an insertion, a deletion, and a word set in bold by suggestion."""
    was = {"added": [{"type": "strong"}], "removed": []}
    content = doc(
        p("Fees are ", text("often ", mark("insertion", id="s1")), text("always ", mark("deletion", id="s2")), "high.",
          id="fees00000001"),
        p("Debts ", text("grow", "strong", mark("modification", id="s3", was=was)), ".", id="fees00000002"),
    )  # fmt: skip
    section: Section = actions.add_section(actor=cast.lead, brief=cast.brief, title="Fees", doc=json.dumps(content))
    for identifier, who in (("s1", cast.partner), ("s2", None), ("s3", cast.lead)):
        Suggestion.objects.create(
            section=section, identifier=identifier, author=who, author_name="Ann Other", at="2026-03-04T05:06:07Z"
        )
    return section


def test_asking_makes_a_file_to_fetch(cast: Cast, run_jobs: Run) -> None:
    assert cast.sections
    client = cast.client(cast.lead)
    sent = client.post(at("exports", cast), {"suggestions": "tracked", "comments": "on"})
    export = Export.objects.get()
    assert sent["Location"] == at("export", cast, export.pk)
    waiting = client.get(sent["Location"]).content.decode()
    assert "Writing the Word file" in waiting and "Fetch the Word file" not in waiting
    assert client.get(at("export_file", cast, export.pk)).status_code == 404
    run_jobs()
    assert client.get(at("export_progress", cast, export.pk)).headers["HX-Refresh"] == "true"
    page = client.get(sent["Location"]).content.decode()
    assert "Fetch the Word file" in page and "Words" in page
    answer = client.get(at("export_file", cast, export.pk))
    assert answer["Content-Disposition"].startswith("attachment") and ".docx" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer)[:2] == b"PK"


def test_each_page_says_that_it_is_a_draft(cast: Cast, run_jobs: Run) -> None:
    assert cast.sections
    parts = files(made(cast, run_jobs))
    sentence = "do not cite, quote or distribute"
    assert sentence in parts["word/header1.xml"] and sentence in parts["word/document.xml"]
    assert "headerReference" in parts["word/document.xml"] and "titlePg" not in parts["word/document.xml"]
    assert "trackRevisions" in parts["word/settings.xml"]


def test_suggestions_are_tracked_changes_of_their_authors(cast: Cast, run_jobs: Run) -> None:
    suggested(cast)
    body = files(made(cast, run_jobs))["word/document.xml"]
    assert re.search(r'<w:ins w:id="\d+" w:author="Paz Romero" w:date="2026-03-04T05:06:07Z">.*?often ', body)
    assert re.search(r'<w:del w:id="\d+" w:author="Ann Other" [^>]*><w:r><w:delText[^>]*>always ', body)
    assert re.search(r'<w:b/><w:bCs/><w:rPrChange w:id="\d+" w:author="Lea Lindqvist" [^>]*><w:rPr></w:rPr>', body)


@pytest.mark.parametrize(("choice", "kept", "gone"), [("accepted", "often", "always"), ("rejected", "always", "often")])
def test_suggestions_can_be_settled_in_the_file(cast: Cast, run_jobs: Run, choice: str, kept: str, gone: str) -> None:
    section = suggested(cast)
    body = files(made(cast, run_jobs, suggestions=choice))["word/document.xml"]
    assert kept in words(body) and gone not in words(body)
    assert "<w:ins " not in body and "<w:del " not in body and "rPrChange" not in body
    section.refresh_from_db()
    assert "often" in section.snapshot and "always" in section.snapshot


def test_the_authors_comments_are_words_comments(cast: Cast, run_jobs: Run) -> None:
    thread = cast.thread
    actions.reply_to_thread(actor=cast.partner, thread=thread, body="Those of two years ago.")
    actions.resolve_thread(actor=cast.lead, thread=thread)
    parts = files(made(cast, run_jobs))
    assert re.findall(r'<w:comment w:id="\d" w:author="([^"]*)"', parts["word/comments.xml"]) == [
        "Lea Lindqvist",
        "Paz Romero",
    ]
    assert "Those of two years ago." in parts["word/comments.xml"]
    states = re.findall(r'<w15:commentEx w15:paraId="(\w+)"(?: w15:paraIdParent="(\w+)")? w15:done="(\d)"/>',
                        parts["word/commentsExtended.xml"])  # fmt: skip
    assert [(parent, done) for _, parent, done in states] == [("", "1"), (states[0][0], "0")]
    marked = re.search(
        r'<w:commentRangeStart w:id="0"/><w:commentRangeStart w:id="1"/>(.*?)<w:commentRangeEnd w:id="0"/>',
        parts["word/document.xml"],
    )
    assert marked and words(marked[1]) == "Recruiters"


def test_a_file_can_be_had_without_comments(cast: Cast, run_jobs: Run) -> None:
    assert cast.thread
    parts = files(made(cast, run_jobs, comments=False))
    assert "word/comments.xml" not in parts and "commentReference" not in parts["word/document.xml"]


def test_nothing_of_a_round_is_in_it(cast: Cast, run_jobs: Run) -> None:
    assert cast.comment
    Comment.objects.filter(thread=cast.comment.thread).update(body="Canary of a reviewer")
    assert Thread.every.filter(circle=Circle.ROUND).exists()
    parts = files(made(cast, run_jobs, version=cast.version))
    everything = "".join(parts.values())
    assert "Canary" not in everything and "Rita" not in everything


def test_a_version_is_what_was_frozen(cast: Cast, run_jobs: Run) -> None:
    version = cast.version
    actions.add_section(actor=cast.lead, brief=cast.brief, title="Later than the version")
    body = files(made(cast, run_jobs, version=version))["word/document.xml"]
    assert "Recruiters promise work abroad" in body and "Later than the version" not in body


def test_a_redline_is_tracked_changes(cast: Cast, run_jobs: Run) -> None:
    version = cast.version
    thread = cast.thread
    section = cast.sections[0]
    changed = section.snapshot.replace("Recruiters promise work", "Some recruiters promise work")
    Section.objects.filter(pk=section.pk).update(snapshot=changed, version=section.version + 1,
                                                 snapshot_version=section.version + 1)  # fmt: skip
    body = files(made(cast, run_jobs, since=version))["word/document.xml"]
    assert re.search(r'<w:del w:id="\d+" w:author="Since version 1"[^>]*>.*?<w:delText[^>]*>Recruiters', body)
    assert re.search(r'<w:ins w:id="\d+" w:author="Since version 1"[^>]*>.*?<w:t [^>]*>Some ', body)
    assert thread and "commentReference" in body


def test_a_redline_says_who_wrote_and_who_struck(cast: Cast, run_jobs: Run) -> None:
    assert cast.version
    for who, word, start, end in ((cast.lead, "Agents", 0, 10), (cast.partner, "offer 🧭", 7, 14)):
        edit = {"op": "replace_text", "block": "recruit00001", "from": start, "to": end, "text": word}
        cast.section.refresh_from_db()
        steps.edit(actor=who, section=cast.section, edits=[edit])
    body = files(made(cast, run_jobs, since=cast.version))["word/document.xml"]
    day = f"{timezone.now():%Y-%m-%d}T"
    for tag, name, said in (
        ("ins", "Lea Lindqvist", "Agents"),
        ("del", "Lea Lindqvist", "Recruiters"),
        ("ins", "Paz Romero", "offer 🧭"),
        ("del", "Paz Romero", "promise"),
    ):
        pattern = rf'<w:{tag} w:id="\d+" w:author="{name}" w:date="{day}[^>]*>(.*?)</w:{tag}>'
        assert any(said in words(each) for each in re.findall(pattern, body)), (tag, name, said)
    others = re.findall(r'<w:(?:ins|del) [^>]*w:author="Since version 1"[^>]*>.*?</w:(?:ins|del)>', body)
    assert not others


def test_a_redline_goes_forwards(cast: Cast) -> None:
    version = cast.version
    page = cast.client(cast.lead).post(
        at("exports", cast),
        {"version": version.number, "since": version.number, "suggestions": "tracked"},
    )
    assert "Choose a text before the one" in page.content.decode()
    assert not Export.objects.exists()


def test_a_redline_can_begin_and_end_at_named_moments(cast: Cast, run_jobs: Run) -> None:
    section = cast.section
    before = actions.name_point(actor=cast.lead, brief=cast.brief, name="Before the talk")
    edit = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}
    steps.edit(actor=cast.partner, section=section, edits=[edit])
    after = actions.name_point(actor=cast.lead, brief=cast.brief, name="After the talk")
    client = cast.client(cast.lead)
    page = client.get(f"{at('compare', cast)}?from=n{before.pk}&to=n{after.pk}").content.decode()
    assert f"export/?since=n{before.pk}&amp;version=n{after.pk}" in page
    backwards = client.get(f"{at('compare', cast)}?from=n{after.pk}&to=n{before.pk}").content.decode()
    assert "export/?" not in backwards
    chosen = client.get(f"{at('exports', cast)}?since=n{before.pk}&version=n{after.pk}").content.decode()
    assert f'<option value="n{before.pk}" selected>' in chosen
    client.post(at("exports", cast), {"since": f"n{before.pk}", "version": f"n{after.pk}", "suggestions": "tracked"})
    run_jobs()
    export = Export.objects.get()
    assert export.name.endswith("changes-since-before-the-talk-after-the-talk.docx")
    body = files(export)["word/document.xml"]
    assert "Changes from “Before the talk” to “After the talk”" in words(body)
    assert re.findall(r'<w:(ins|del) w:id="\d+" w:author="([^"]*)"', body) == [
        ("del", "Paz Romero"),
        ("ins", "Paz Romero"),
    ]
    assert "Agents" in words(body)


def test_a_moments_files_go_with_its_name(cast: Cast, run_jobs: Run, django_capture_on_commit_callbacks: Any) -> None:
    assert cast.sections
    point = actions.name_point(actor=cast.lead, brief=cast.brief, name="Before the talk")
    export = made(cast, run_jobs, point=point)
    storage, name = export.file.storage, str(export.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_point(actor=cast.lead, point=point)
    assert not storage.exists(name) and not Export.objects.exists()


def test_comments_without_their_words_stand_on_the_sections_title(cast: Cast, run_jobs: Run) -> None:
    section = cast.thread.section
    assert section is not None
    Section.objects.filter(pk=section.pk).update(
        snapshot=json.dumps(doc(p("Quite other things.", id="other0000001"))),
        version=section.version + 1,
        snapshot_version=section.version + 1,
    )
    cast.thread.anchor.__class__.objects.filter(pk=cast.thread.pk).update(
        block="gone00000001", mapped_block="gone00000001", mapped_start=0, mapped_end=0
    )
    export = made(cast, run_jobs)
    parts = files(export)
    assert "Which promises?" in parts["word/comments.xml"]
    assert json.loads(export.report)["moved"] == [{"section": str(section.pk), "body": "Which promises?"}]
    page = cast.client(cast.lead).get(at("export", cast, export.pk)).content.decode()
    assert "Comments whose words are gone" in page


def test_who_is_no_author_any_more_gets_none(cast: Cast, run_jobs: Run) -> None:
    assert cast.sections
    asked = actions.ask_export(actor=cast.colleague, brief=cast.brief)
    cast.brief.roles.filter(user=cast.colleague).delete()
    run_jobs()
    export = Export.objects.get(pk=asked.pk)
    assert export.status == ExportState.FAILED and not export.file
    assert "Only authors take the draft away" in export.sentence


def test_a_removed_file_is_gone_from_the_store(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    export = cast.export
    storage, name = export.file.storage, str(export.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        cast.client(cast.lead).post(at("remove_export", cast, export.pk))
    assert not storage.exists(name) and not Export.objects.exists()


def test_the_list_asks_no_more_for_more_files(cast: Cast, django_assert_max_num_queries: Any) -> None:
    assert cast.version
    client = cast.client(cast.lead)
    client.get(at("exports", cast))
    for number in range(12):
        Export.objects.create(brief=cast.brief, version=cast.version if number % 2 else None, by=cast.lead)
    with django_assert_max_num_queries(12):
        client.get(at("exports", cast))


def test_a_redline_is_taken_away_as_pdf_that_says_which_it_is(cast: Cast, run_jobs: Run) -> None:
    assert cast.version
    edit = {"op": "replace_text", "block": "recruit00001", "from": 0, "to": 10, "text": "Agents"}
    steps.edit(actor=cast.lead, section=cast.section, edits=[edit])
    page = cast.client(cast.lead).get(f"{at('compare', cast)}?from=v1&to=now").content.decode()
    assert "export/?since=1&amp;format=pdf" in page
    export = made(cast, run_jobs, since=cast.version, format="pdf")
    assert export.status == ExportState.READY and export.name.endswith(".pdf")
    with export.file.open("rb") as opened:
        data = opened.read()
    assert not pdfcheck.check(data)
    if program := shutil.which("pdftotext"):
        text = subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
        for words in ("Agents", "Recruiters", "Changes from version 1 to today", "do not cite"):
            assert words in " ".join(text.split())
        assert re.search(r"today.s draft · \d+ \w+ \d{4}, \d\d:\d\d UTC", " ".join(text.split()))
    answer = cast.client(cast.lead).get(at("export_file", cast, export.pk))
    assert answer["Content-Type"] == "application/pdf"


def test_approvers_are_offered_no_files_of_drafts(cast: Cast) -> None:
    assert cast.version
    page = cast.client(cast.approver).get(f"{at('compare', cast)}?from=v1&to=v1").content.decode()
    assert "For Word" not in page and "The two read the same." in page
