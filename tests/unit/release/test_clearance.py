"""Building, gates, signing, returning, waiving, reopening: every refusal and every transition."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from accounts import second_factor
from accounts.models import SpentFactor
from brief.actions.briefs import edit_brief, take_role
from brief.actions.versions import freeze
from brief.models import Brief, Role, Version
from brief.states import BriefState, OrderDraft, RoleName
from document import canonical
from ledger import jobs
from ledger.models import Event, Job, Mail
from ledger.refusals import Hidden, NotAllowed, NotNow
from release import actions
from release.models import Artefact, GateResult, Release, SignOff, Waiver
from release.states import Decision, ReleaseState
from tests.cast import Cast
from tests.factories.releases import again, building, cleared, give_signature, in_clearance, ready, scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_files")]


def brief_of(cast: Cast) -> Brief:
    return Brief.objects.get(pk=cast.brief.pk)


def sign_args(cast: Cast, release: Release, who: str = "approver") -> dict[str, Any]:
    SpentFactor.objects.all().delete()
    code = second_factor.current_code(cast[who])
    return {"actor": cast[who], "release": release, "manifest_sha256": release.manifest_sha256, "code": code}


# --- the candidate --------------------------------------------------------------------------------


def test_building_closes_the_brief_and_ends_in_clearance(cast: Cast) -> None:
    release = building(cast)
    assert (release.status, brief_of(cast).status) == (ReleaseState.BUILDING, BriefState.CLEARANCE)
    jobs.run_due()
    release = again(release)
    assert release.status == ReleaseState.CLEARANCE
    assert release.content_hash == cast.version.content_hash
    assert {"pdf", "docx", "epub", "zip", "sums", "page"} <= set(release.artefacts.values_list("kind", flat=True))


def test_the_manifest_names_everything_that_is_signed(cast: Cast) -> None:
    release = in_clearance(cast)
    manifest = json.loads(release.manifest)
    assert release.manifest_sha256 == canonical.sha256(release.manifest)
    assert release.manifest == canonical.dumps(manifest)
    assert manifest["content_hash"] == release.content_hash
    assert manifest["imprint"]["isbn"] == "978-3-16-148410-0"
    assert manifest["artefacts"] == {each.name: each.sha256 for each in release.artefacts.all()}
    assert set(manifest["gates"].values()) == {"green"}
    assert manifest["metadata"]["organisations"] == ["Organisation North", "Organisation South"]


def test_the_approvers_are_asked_with_the_hash(cast: Cast) -> None:
    release = in_clearance(cast)
    mails = Mail.objects.filter(name="sign_off_asked")
    assert set(mails.values_list("to", flat=True)) == {cast.approver.email, cast.partner_approver.email}
    assert (
        release.manifest_sha256
        == Job.objects.filter(kind="mail", payload__name="sign_off_asked")[0].payload["manifest_sha256"]
    )


@pytest.mark.parametrize("who", ["lead", "approver", "press", "observer", "safeguarding"])
def test_only_the_review_editor_builds(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.build_candidate(actor=cast[who], brief=ready(cast), version=cast.version)


def test_a_stranger_learns_nothing_of_a_release(cast: Cast) -> None:
    release = in_clearance(cast)
    for who in ("outsider", "former", "reviewer"):
        with pytest.raises(Hidden):
            actions.sign(**sign_args(cast, release, who))


def test_a_second_candidate_is_refused_while_one_is_open(cast: Cast) -> None:
    in_clearance(cast)
    with pytest.raises(NotNow, match="candidate already"):
        actions.build_candidate(actor=cast.editor, brief=cast.brief, version=cast.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(brief=cast.brief, version=cast.version, edition="9.0", content_hash="0" * 64)


def test_a_version_of_another_brief_is_refused(cast: Cast) -> None:
    ready(cast)
    other = Brief.objects.create(slug="other", title="Other")
    with pytest.raises(NotNow, match="another brief"):
        actions.build_candidate(
            actor=cast.editor,
            brief=cast.brief,
            version=Version(brief=other, number=1),
        )


@pytest.mark.parametrize("edition", ["one", "1", "0.1", "1.0.0", "1.0; rm"])
def test_an_edition_has_two_numbers(cast: Cast, edition: str) -> None:
    with pytest.raises(NotNow, match=r"1\.0 or 2\.1"):
        building(cast, edition=edition)


def test_in_clearance_the_brief_is_closed_to_edits(cast: Cast) -> None:
    in_clearance(cast)
    with pytest.raises(NotNow, match="in clearance"):
        edit_brief(actor=cast.lead, brief=cast.brief, title="Another title")
    with pytest.raises(NotNow):
        freeze(actor=cast.editor, brief=cast.brief, order_draft=OrderDraft.FINAL)


def test_what_cannot_be_built_says_so_and_opens_the_brief(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from document.sandbox import Failed

    def fails(*args: Any, **kwargs: Any) -> None:
        raise Failed("a glyph is missing")

    monkeypatch.setattr("document.artefacts.build", fails)
    release = building(cast)
    jobs.run_due()
    release = again(release)
    assert release.status == ReleaseState.FAILED
    assert "a glyph is missing" in release.sentence
    assert brief_of(cast).status == BriefState.DRAFTING
    assert Mail.objects.filter(name="release_news", to=cast.editor.email).exists()


def test_a_failure_half_way_leaves_no_file_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from document.sandbox import Failed

    saved: list[str] = []
    real = Artefact.save

    def third_fails(self: Artefact, **kwargs: Any) -> None:
        if len(saved) == 2:
            raise Failed("full")
        saved.append(self.file.path)
        real(self, **kwargs)

    monkeypatch.setattr(Artefact, "save", third_fails)
    release = building(cast)
    jobs.run_due()
    assert again(release).status == ReleaseState.FAILED
    assert not Artefact.objects.exists()
    from pathlib import Path

    assert saved
    assert not any(Path(path).exists() for path in saved)


def test_a_delivered_twice_build_builds_once(cast: Cast) -> None:
    release = in_clearance(cast)
    before = (release.manifest_sha256, release.artefacts.count())
    Job.objects.filter(pk=release.job_id).update(state="due", finished_at=None)
    jobs.run_due()
    assert (again(release).manifest_sha256, release.artefacts.count()) == before


def test_nobody_waits_for_a_candidate_that_is_being_built(cast: Cast) -> None:
    release = building(cast)
    with pytest.raises(NotNow, match="still being built"):
        actions.reopen(actor=cast.editor, release=release, reason="A word is wrong")


# --- signing --------------------------------------------------------------------------------------


def test_two_signatures_clear_the_release(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    assert again(release).status == ReleaseState.CLEARANCE
    give_signature(cast.partner_approver, release)
    assert again(release).status == ReleaseState.CLEARED
    jobs.run_due()
    receipts = Mail.objects.filter(name="sign_off_receipt").values_list("to", flat=True)
    assert set(receipts) == {cast.approver.email, cast.partner_approver.email}
    assert Mail.objects.filter(name="release_news", to=cast.press.email).exists()


def test_a_signature_is_in_the_audit_trail(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    event = Event.objects.filter(verb="release.signed").get()
    assert event.actor == cast.approver
    assert event.data["manifest_sha256"] == release.manifest_sha256
    assert event.data["factor"] == "totp"


@pytest.mark.parametrize("who", ["lead", "colleague", "partner", "editor", "press", "safeguarding", "observer"])
def test_only_approvers_sign(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotAllowed):
        actions.sign(**sign_args(cast, release, who))
    assert not SignOff.objects.exists()


def test_an_approver_who_became_an_author_does_not_sign(cast: Cast) -> None:
    release = in_clearance(cast)
    Role.objects.create(brief=cast.brief, user=cast.approver, organisation=cast.north, role=RoleName.AUTHOR)
    with pytest.raises(NotAllowed, match="no author"):
        actions.sign(**sign_args(cast, release))


def test_an_administrator_without_a_role_does_not_sign(cast: Cast) -> None:
    release = in_clearance(cast)
    with pytest.raises(Hidden):
        actions.sign(**sign_args(cast, release, "admin"))


def test_another_hash_than_the_one_on_the_screen_is_not_signed(cast: Cast) -> None:
    release = in_clearance(cast)
    arguments = {**sign_args(cast, release), "manifest_sha256": "0" * 64}
    with pytest.raises(NotNow, match="has changed"):
        actions.sign(**arguments)


@pytest.mark.parametrize("code", ["", "000000", "abc", "12345678"])
def test_a_wrong_code_signs_nothing(cast: Cast, code: str) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotAllowed):
        actions.sign(**{**sign_args(cast, release), "code": code})
    assert not SignOff.objects.exists()


def test_a_code_is_used_once(cast: Cast) -> None:
    release = in_clearance(cast)
    arguments = sign_args(cast, release)
    actions.sign(**arguments)
    actions.return_release(
        actor=cast.approver, release=release, manifest_sha256=release.manifest_sha256, reason="A second thought"
    )
    with pytest.raises(NotAllowed, match="used already"):
        actions.sign(**arguments)


def test_without_an_authenticator_nobody_signs(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    release = in_clearance(cast)
    arguments = sign_args(cast, release)
    Authenticator.objects.filter(user=cast.approver).delete()
    with pytest.raises(NotAllowed, match="authenticator"):
        actions.sign(**arguments)


def test_an_organisation_signs_once(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    with pytest.raises(NotNow, match="signed already"):
        give_signature(cast.approver, release)


def test_a_blocked_gate_stops_every_signature(cast: Cast) -> None:
    release = in_clearance(cast)
    GateResult.objects.filter(release=release, gate="figures").update(state="blocked")
    with pytest.raises(NotNow, match="not green"):
        actions.sign(**sign_args(cast, release))


def test_what_became_untrue_since_the_check_stops_a_signature(cast: Cast) -> None:
    release = in_clearance(cast)
    assert cast.round  # a round opens after the candidate was built
    with pytest.raises(NotNow, match="no longer true"):
        actions.sign(**sign_args(cast, release))


@pytest.mark.parametrize("state", ["building", "failed", "cleared", "scheduled", "published", "withdrawn", "void"])
def test_nobody_signs_outside_clearance(cast: Cast, state: str) -> None:
    from release.policies import check_in_clearance

    with pytest.raises(NotNow):
        check_in_clearance(Release(status=state))


# --- returning ------------------------------------------------------------------------------------


def test_a_return_needs_a_reason_and_tells_the_others(cast: Cast) -> None:
    release = in_clearance(cast)
    arguments = {"actor": cast.approver, "release": release, "manifest_sha256": release.manifest_sha256}
    with pytest.raises(NotNow, match="Say why"):
        actions.return_release(**arguments, reason="  ")
    given = actions.return_release(**arguments, reason="Paragraph 3 is not agreed.")
    assert given.decision == Decision.RETURNED
    jobs.run_due()
    told = Mail.objects.filter(name="release_news").values_list("to", flat=True)
    assert {cast.editor.email, cast.lead.email, cast.press.email} == set(told)


def test_a_return_before_the_launch_takes_the_release_back_to_clearance(cast: Cast) -> None:
    release = scheduled(cast)
    actions.return_release(
        actor=cast.approver, release=release, manifest_sha256=release.manifest_sha256, reason="Stop."
    )
    assert again(release).status == ReleaseState.CLEARANCE
    live = SignOff.objects.filter(release=release, voided_at__isnull=True, decision=Decision.SIGNED)
    assert [each.approver for each in live] == [cast.partner_approver]


def test_after_a_return_the_same_organisation_may_sign(cast: Cast) -> None:
    release = in_clearance(cast)
    actions.return_release(
        actor=cast.approver, release=release, manifest_sha256=release.manifest_sha256, reason="Wait."
    )
    give_signature(cast.approver, release)
    give_signature(cast.partner_approver, release)
    assert again(release).status == ReleaseState.CLEARED


@pytest.mark.parametrize("who", ["lead", "editor", "press", "observer"])
def test_only_approvers_return(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotAllowed):
        actions.return_release(actor=cast[who], release=release, manifest_sha256=release.manifest_sha256, reason="No.")


# --- waiving and checking again -------------------------------------------------------------------


def without_isbn(cast: Cast) -> Release:
    ready(cast)
    Brief.objects.filter(pk=cast.brief.pk).update(isbn="")
    release: Release = actions.build_candidate(actor=cast.editor, brief=brief_of(cast), version=cast.version)
    jobs.run_due()
    return again(release)


def test_a_waiver_carries_name_and_reason_and_changes_the_manifest(cast: Cast) -> None:
    release = without_isbn(cast)
    before = release.manifest_sha256
    actions.waive(actor=cast.editor, release=release, gate="imprint", reason="The ISBN follows.")
    release = again(release)
    assert release.manifest_sha256 != before
    assert json.loads(release.manifest)["waivers"] == [
        {"gate": "imprint", "by": str(cast.editor.pk), "reason": "The ISBN follows."}
    ]
    give_signature(cast.approver, release)


@pytest.mark.parametrize(
    ("who", "gate", "reason", "refusal"),
    [
        ("lead", "imprint", "Because", NotAllowed),
        ("approver", "imprint", "Because", NotAllowed),
        ("editor", "imprint", " ", NotNow),
        ("editor", "matters", "Because", NotNow),
        ("editor", "pdf", "Because", NotNow),
        ("editor", "objectives", "Because", NotNow),
        ("editor", "nonsense", "Because", NotNow),
    ],
)
def test_a_waiver_is_refused(cast: Cast, who: str, gate: str, reason: str, refusal: type[Exception]) -> None:
    release = without_isbn(cast)
    with pytest.raises(refusal):
        actions.waive(actor=cast[who], release=release, gate=gate, reason=reason)
    assert not Waiver.objects.exists()


def test_a_gate_is_waived_once(cast: Cast) -> None:
    release = without_isbn(cast)
    actions.waive(actor=cast.editor, release=release, gate="imprint", reason="The ISBN follows.")
    with pytest.raises(NotNow, match="already"):
        actions.waive(actor=cast.editor, release=release, gate="imprint", reason="Again.")


def test_checking_again_with_the_same_result_voids_nothing(cast: Cast) -> None:
    release = cleared(cast)
    actions.check_again(actor=cast.editor, release=release)
    assert again(release).status == ReleaseState.CLEARED
    assert SignOff.objects.filter(voided_at__isnull=True).count() == 2


def test_checking_again_with_another_result_voids_every_signature(cast: Cast) -> None:
    release = scheduled(cast)
    assert cast.round
    actions.check_again(actor=cast.editor, release=release)
    fresh = again(release)
    assert fresh.status == ReleaseState.CLEARANCE
    assert fresh.manifest_sha256 != release.manifest_sha256
    assert not SignOff.objects.filter(voided_at__isnull=True).exists()
    jobs.run_due()
    told = set(Mail.objects.filter(name="release_news").values_list("to", flat=True))
    assert {cast.approver.email, cast.partner_approver.email} <= told


@pytest.mark.parametrize("who", ["approver", "press", "observer", "colleague"])
def test_only_editor_and_lead_check_again(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotAllowed):
        actions.check_again(actor=cast[who], release=release)


# --- reopening ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [in_clearance, cleared, scheduled])
@pytest.mark.parametrize("who", ["editor", "lead"])
def test_reopening_voids_every_signature_and_opens_the_text(cast: Cast, make: Any, who: str) -> None:
    release = make(cast)
    actions.reopen(actor=cast[who], release=release, reason="A figure is wrong.")
    assert again(release).status == ReleaseState.VOID
    assert brief_of(cast).status == BriefState.DRAFTING
    assert not SignOff.objects.filter(voided_at__isnull=True).exists()
    edit_brief(actor=cast.lead, brief=cast.brief, subtitle="Now open")


@pytest.mark.parametrize("who", ["approver", "press", "observer", "colleague", "partner"])
def test_only_editor_and_lead_reopen(cast: Cast, who: str) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotAllowed):
        actions.reopen(actor=cast[who], release=release, reason="No.")


def test_reopening_needs_a_reason_and_happens_once(cast: Cast) -> None:
    release = in_clearance(cast)
    with pytest.raises(NotNow, match="Say why"):
        actions.reopen(actor=cast.editor, release=release, reason=" ")
    actions.reopen(actor=cast.editor, release=release, reason="A figure is wrong.")
    with pytest.raises(NotNow, match="no longer"):
        actions.reopen(actor=cast.editor, release=release, reason="Again.")


def test_after_reopening_the_next_candidate_takes_the_same_edition(cast: Cast) -> None:
    release = in_clearance(cast)
    actions.reopen(actor=cast.editor, release=release, reason="A figure is wrong.")
    second = in_clearance(cast)
    assert (second.edition, second.status) == ("1.0", ReleaseState.CLEARANCE)


# --- what the database itself refuses -------------------------------------------------------------


def refused(change: Any) -> None:
    with pytest.raises((IntegrityError, InternalError, DatabaseError)), transaction.atomic():
        change()


def test_the_database_keeps_signatures_and_artefacts(cast: Cast) -> None:
    release = cleared(cast)
    sign_offs, rows = SignOff.objects.filter(release=release), Artefact.objects.filter(release=release)
    refused(lambda: sign_offs.update(manifest_sha256="0" * 64))
    refused(lambda: sign_offs.update(reason="another"))
    refused(sign_offs.delete)
    refused(lambda: rows.update(sha256="0" * 64))
    refused(rows.delete)


def test_the_database_refuses_a_changed_manifest_under_a_signature(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast.approver, release)
    rows = Release.objects.filter(pk=release.pk)
    refused(lambda: rows.update(manifest_sha256="0" * 64))
    refused(lambda: rows.update(manifest="{}"))
    refused(lambda: rows.update(status=ReleaseState.VOID))
    refused(lambda: rows.update(status=ReleaseState.CLEARED))
    refused(lambda: rows.update(content_hash="0" * 64))


def test_the_database_refuses_a_signature_on_another_hash_or_by_a_stranger(cast: Cast) -> None:
    release = in_clearance(cast)
    fields = {
        "release": release,
        "organisation": cast.north,
        "approver": cast.approver,
        "decision": Decision.SIGNED,
        "factor": "totp",
    }
    refused(lambda: SignOff.objects.create(**fields, manifest_sha256="0" * 64))
    from accounts.models import Organisation

    other = Organisation.objects.create(name="Other", short_name="Other", slug="other")
    refused(
        lambda: SignOff.objects.create(**{**fields, "organisation": other}, manifest_sha256=release.manifest_sha256)
    )


def test_the_database_refuses_publishing_before_the_embargo_ends(cast: Cast) -> None:
    from django.utils import timezone

    release = scheduled(cast)
    rows = Release.objects.filter(pk=release.pk)
    refused(lambda: rows.update(status=ReleaseState.PUBLISHED, published_at=timezone.now()))


# --- roles under a signature ----------------------------------------------------------------------


def test_an_approver_who_has_signed_keeps_the_role_until_the_signature_is_void(cast: Cast) -> None:
    release = in_clearance(cast)
    give_signature(cast["approver"], release)
    role = Role.objects.get(brief=cast.brief, user=cast["approver"], role=RoleName.APPROVER)
    with pytest.raises(NotNow, match="has signed"):
        take_role(actor=cast["lead"], brief=brief_of(cast), role=role)
    actions.reopen(actor=cast["lead"], release=again(release), reason="A change of people.")
    take_role(actor=cast["lead"], brief=brief_of(cast), role=role)
    assert not Role.objects.filter(pk=role.pk).exists()


def test_an_approver_who_has_not_signed_can_be_replaced_in_clearance(cast: Cast) -> None:
    in_clearance(cast)
    role = Role.objects.get(brief=cast.brief, user=cast["approver"], role=RoleName.APPROVER)
    take_role(actor=cast["lead"], brief=brief_of(cast), role=role)
    assert not Role.objects.filter(pk=role.pk).exists()


def test_closing_waits_for_steps_on_their_way(cast: Cast) -> None:
    ready(cast)
    with CaptureQueriesContext(connection) as queries:
        building(cast)
    asked = [each["sql"] for each in queries]
    locked = next(at for at, sql in enumerate(asked) if '"brief_section"' in sql and "FOR UPDATE" in sql)
    closed = next(at for at, sql in enumerate(asked) if sql.startswith('UPDATE "brief_brief"') and "clearance" in sql)
    assert locked < closed
