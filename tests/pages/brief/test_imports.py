"""Importing a draft through its pages: upload, progress, outline, confirmation, report. No JavaScript."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from brief import actions, import_pages
from brief.models import Comment, Figure, ImportDraft, Section, Suggestion, Thread
from brief.states import ImportState
from document.importing.report import Finding, Report
from document.sample import sample
from ledger.refusals import NotAllowed, NotNow
from tests.cast import Cast
from tests.factories.publication import picture

pytestmark = pytest.mark.django_db
TEXT = b"# Fees\n\nRecruiters charge fees before departure.\n\nFees are high.\n\n# Debts\n\nDebts grow on arrival.\n"


def at(name: str, cast: Cast, *args: Any) -> str:
    return reverse(f"brief:{name}", args=[cast.brief.pk, *args])


def upload(cast: Cast, content: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return cast.client(cast.lead).post(at("imports", cast), {"file": file})


def read(cast: Cast, run_jobs: Callable[[], int], content: bytes, name: str) -> ImportDraft:
    draft = actions.upload_draft(actor=cast.lead, brief=cast.brief, content=content, name=name)
    run_jobs()
    return ImportDraft.objects.get(pk=draft.pk)


def entries(draft: ImportDraft) -> list[dict[str, Any]]:
    draft.refresh_from_db()
    found: list[dict[str, Any]] = json.loads(draft.outline)
    return found


def press(cast: Cast, draft: ImportDraft, name: str, index: int, **more: str) -> Any:
    position = entries(draft)[index]["position"]
    data = {"do": f"{name}-{index}-{position}", **more}
    return cast.client(cast.lead).post(at("import", cast, draft.pk), data, follow=True)


def test_an_upload_waits_then_proposes(cast: Cast, run_jobs: Callable[[], int]) -> None:
    response = upload(cast, TEXT, "fees.txt")
    draft = ImportDraft.objects.get()
    assert response["Location"] == at("import", cast, draft.pk)
    client = cast.client(cast.lead)
    waiting = client.get(response["Location"])
    assert b"Look again" in waiting.content
    assert client.get(at("import_progress", cast, draft.pk)).headers.get("HX-Refresh") is None
    run_jobs()
    assert client.get(at("import_progress", cast, draft.pk)).headers["HX-Refresh"] == "true"
    page = client.get(response["Location"]).content.decode()
    assert "Fees" in page and "Debts" in page and "Import these sections" in page
    assert not Section.objects.filter(brief=cast.brief, title="Fees").exists()


def test_sections_can_be_put_within_others_before_they_are_written(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    assert "Put into the section before" in press(cast, draft, "out", 1).content.decode()
    page = press(cast, draft, "within", 1).content.decode()
    assert "Put into the section before" not in page
    assert "Take out of its section" in page and "import-entry level-1 is-section" in page
    actions.confirm_import(actor=cast.lead, draft=draft)
    rows = Section.objects.filter(brief=cast.brief, title__in=("Fees", "Debts")).order_by("order")
    assert list(rows.values_list("title", "depth")) == [("Fees", 0), ("Debts", 1)]


def test_confirming_writes_the_sections_and_forgets_the_file(
    cast: Cast, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    storage, name = draft.file.storage, draft.file.name
    with django_capture_on_commit_callbacks(execute=True):
        response = cast.client(cast.lead).post(at("import_confirm", cast, draft.pk), follow=True)
    assert "2 sections were written" in response.content.decode()
    titles = list(Section.objects.filter(brief=cast.brief).order_by("order").values_list("title", flat=True))
    assert titles == ["Fees", "Debts"]
    draft.refresh_from_db()
    assert draft.status == ImportState.TAKEN
    assert not draft.reading and not draft.file
    assert not storage.exists(str(name))


def test_a_confirmed_draft_is_not_taken_twice(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    client = cast.client(cast.lead)
    client.post(at("import_confirm", cast, draft.pk))
    again = client.post(at("import_confirm", cast, draft.pk), follow=True)
    assert "no longer waiting" in again.content.decode()
    assert Section.objects.filter(brief=cast.brief).count() == 2


def test_an_entry_is_demoted_promoted_merged_and_renamed(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    press(cast, draft, "demote", 1)
    assert [(e["kind"], e["level"]) for e in entries(draft)] == [("section", 1), ("heading", 1)]
    press(cast, draft, "promote", 1)
    assert [e["kind"] for e in entries(draft)] == ["section", "section"]
    press(cast, draft, "merge", 1)
    assert [e["kind"] for e in entries(draft)] == ["section", "heading"]
    position = entries(draft)[0]["position"]
    press(cast, draft, "rename", 0, **{f"title-0-{position}": "Costs"})
    assert entries(draft)[0]["title"] == "Costs"


def test_a_section_is_split_at_a_paragraph(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    client = cast.client(cast.lead)
    inside = client.get(at("import_inside", cast, draft.pk, 0)).content.decode()
    positions = re.findall(r'name="position" value="(\d+)"', inside)
    client.post(at("import_inside", cast, draft.pk, 0), {"position": positions[1], "title": "How high"})
    assert [e["title"] for e in entries(draft)] == ["Fees", "How high", "Debts"]
    client.post(at("import_confirm", cast, draft.pk))
    assert Section.objects.filter(brief=cast.brief, title="How high").exists()


@pytest.mark.parametrize("do", ["promote-9-9", "promote-0-7", "promote", "sing-0-0", "merge-x-y", "", "rename-0-99"])
def test_a_button_that_is_not_there_changes_nothing(cast: Cast, run_jobs: Callable[[], int], do: str) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    before = draft.outline
    response = cast.client(cast.lead).post(at("import", cast, draft.pk), {"do": do}, follow=True)
    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.outline == before


def test_a_refused_file_says_why(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, b"PK\x03\x04 not a zip", "report.docx")
    assert draft.status == ImportState.REFUSED
    page = cast.client(cast.lead).get(at("import", cast, draft.pk)).content.decode()
    assert "damaged" in page


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"x"), ("a.exe", b"x"), ("a", b"x")])
def test_another_kind_of_file_is_refused_at_the_door(cast: Cast, name: str, content: bytes) -> None:
    page = upload(cast, content, name).content.decode()
    assert "Only Word" in page
    assert not ImportDraft.objects.exists()


def test_a_put_away_draft_leaves_nothing(
    cast: Cast, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    storage, name = draft.file.storage, draft.file.name
    with django_capture_on_commit_callbacks(execute=True):
        cast.client(cast.lead).post(at("import_discard", cast, draft.pk))
    draft.refresh_from_db()
    assert draft.status == ImportState.DISCARDED
    assert not storage.exists(str(name))
    assert not Section.objects.filter(brief=cast.brief).exists()


def test_the_stored_name_is_random_and_the_shown_one_harmless(cast: Cast) -> None:
    draft = actions.upload_draft(
        actor=cast.lead, brief=cast.brief, content=TEXT, name="../../etc/<b>pass\u202ewd</b>\x00.txt"
    )
    assert re.fullmatch(r"imports/[0-9a-f]{32}", draft.file.name)
    assert not set("<>/\u202e\x00") & set(draft.name)


def test_a_word_file_comes_with_all_that_hangs_on_it(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, sample(8000, seed=5), "report.docx")
    assert draft.status == ImportState.PROPOSED, draft.sentence
    counts = json.loads(draft.report)["found"]
    actions.confirm_import(actor=cast.lead, draft=draft)
    comments = Comment.objects.filter(thread__brief=cast.brief)
    assert comments.count() == counts["comments"] + counts["replies"]
    assert all(comment.author is None and comment.author_name for comment in comments)
    assert Thread.objects.filter(brief=cast.brief).exclude(resolved_at=None).exists()
    assert Suggestion.objects.filter(section__brief=cast.brief).count() == sum(
        counts[kind] for kind in ("insertions", "deletions", "modifications")
    )
    assert Figure.objects.filter(brief=cast.brief).count() == counts["figures"]
    thread = Thread.objects.filter(brief=cast.brief).exclude(anchor__quotation="").select_related("anchor").first()
    assert thread is not None
    page = cast.client(cast.lead).get(reverse("brief:section", args=[cast.brief.pk, thread.section_id]))
    assert page.status_code == 200


def test_the_report_stays_after_the_import(cast: Cast, run_jobs: Callable[[], int]) -> None:
    draft = read(cast, run_jobs, TEXT, "fees.txt")
    cast.client(cast.lead).post(at("import_confirm", cast, draft.pk))
    page = cast.client(cast.lead).get(at("import_report", cast, draft.pk)).content.decode()
    assert "What was understood" in page


def test_reading_twice_changes_nothing(cast: Cast) -> None:
    from brief.import_jobs import read as handler
    from ledger.jobs import Running
    from ledger.models import Job

    job = Job.objects.get(key=f"draft.read:{cast.draft.pk}")
    assert handler(Running(job)) == {"read": False}


def test_only_authors_import(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.upload_draft(actor=cast.editor, brief=cast.brief, content=TEXT, name="a.txt")


def test_a_draft_of_another_brief_is_not_found(cast: Cast) -> None:
    other = actions.create_brief(actor=cast.lead, title="Other", organisations=[cast.north, cast.south])
    url = reverse("brief:import", args=[other.pk, cast.draft.pk])
    assert cast.client(cast.lead).get(url).status_code == 404


def test_a_brief_in_clearance_takes_nothing(cast: Cast) -> None:
    draft = cast.draft
    cast.brief.__class__.objects.filter(pk=cast.brief.pk).update(status="clearance")
    draft.brief.refresh_from_db()
    with pytest.raises(NotNow):
        actions.confirm_import(actor=cast.lead, draft=draft)


# --- a long draft is written by a worker -----------------------------------------------------------


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch, cast: Cast, run_jobs: Callable[[], int]) -> ImportDraft:
    """A draft of more words than a page writes by itself."""
    monkeypatch.setattr("brief.actions.imports.LONG", 3)
    return read(cast, run_jobs, TEXT, "fees.txt")


def test_a_long_draft_is_written_by_a_worker_while_its_author_waits(
    cast: Cast, long: ImportDraft, run_jobs: Callable[[], int]
) -> None:
    client, path = cast.client(cast.lead), at("import", cast, long.pk)
    waiting = client.post(at("import_confirm", cast, long.pk), follow=True).content.decode()
    assert "Writing the sections" in waiting and "Look again" in waiting and "Import these sections" not in waiting
    assert client.get(at("import_progress", cast, long.pk)).headers.get("HX-Refresh") is None
    assert not Section.objects.filter(brief=cast.brief, title="Fees").exists()
    run_jobs()
    assert client.get(at("import_progress", cast, long.pk)).headers["HX-Refresh"] == "true"
    long.refresh_from_db()
    assert long.status == ImportState.TAKEN
    assert Section.objects.filter(brief=cast.brief, title="Fees").count() == 1
    assert client.get(path).status_code == 200


def test_what_is_being_written_is_neither_changed_nor_put_away_nor_asked_for_again(
    cast: Cast, long: ImportDraft, run_jobs: Callable[[], int]
) -> None:
    actions.ask_to_write(actor=cast.lead, draft=long)
    for act in (
        lambda: actions.ask_to_write(actor=cast.lead, draft=long),
        lambda: actions.discard_import(actor=cast.lead, draft=long),
        lambda: actions.change_outline(actor=cast.lead, draft=long, change=lambda reading, known: known),
    ):
        with pytest.raises(NotNow, match="being written"):
            act()
    run_jobs()
    assert Section.objects.filter(brief=cast.brief, title="Fees").count() == 1


def test_who_lost_their_part_meanwhile_is_refused_and_the_outline_says_so(
    cast: Cast, long: ImportDraft, run_jobs: Callable[[], int]
) -> None:
    actions.ask_to_write(actor=cast.partner, draft=long)
    cast.brief.roles.filter(user=cast.partner).update(role="observer")
    run_jobs()
    page = cast.client(cast.lead).get(at("import", cast, long.pk)).content.decode()
    assert 'role="alert"' in page and "Import these sections" in page
    assert not Section.objects.filter(brief=cast.brief, title="Fees").exists()


def test_only_those_who_arrange_sections_ask_for_it(cast: Cast, long: ImportDraft) -> None:
    with pytest.raises(NotAllowed):
        actions.ask_to_write(actor=cast.editor, draft=long)


def test_pictures_in_a_web_page_become_figures(cast: Cast, run_jobs: Callable[[], int]) -> None:
    content = base64.b64encode(picture()).decode()
    page = f'<h1>Fees</h1><p>They are high.</p><img alt="Bars" src="data:image/png;base64,{content}">'
    draft = read(cast, run_jobs, page.encode(), "fees.html")
    actions.confirm_import(actor=cast.lead, draft=draft)
    figure = Figure.objects.get(brief=cast.brief, width=640, height=360)
    assert str(figure.pk) in Section.objects.get(brief=cast.brief, title="Fees").snapshot


def test_a_title_is_named_once_in_the_report() -> None:
    """What is said of a section's title has the title for its words, too."""
    made = Report(findings=[Finding("title-note", excerpt="Routes", section="Routes")])
    made.findings.append(Finding("title-note", excerpt="a word", section="Routes"))
    (group,) = import_pages.report(ImportDraft(report=json.dumps(made.to_json())))["groups"]
    (line,) = group["lines"]
    assert line["places"] == [{"section": "Routes", "excerpt": ""}, {"section": "Routes", "excerpt": "a word"}]
