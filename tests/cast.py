"""The standing cast: who is tried at every door.

``cast.lead`` writes for Org North, ``cast.colleague`` too; ``cast.partner`` writes for Org South. The
records they meet (brief, sections, version, round …) are made when first asked for, so a test pays
only for what it looks at. ``cast.client(person)`` is a signed-in test client.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.models import Organisation, Sector, User
from brief.actions.briefs import add_objective, add_stakeholder, cover_objective, create_brief, give_role
from brief.actions.checks import set_aside
from brief.actions.claims import add_claim, save_whole, set_contradiction
from brief.actions.exports import ask_export
from brief.actions.figures import add_figure
from brief.actions.history import name_point
from brief.actions.imports import upload_draft
from brief.actions.sections import add_section, remove_section
from brief.actions.source_batches import paste_sources
from brief.actions.sources import add_source
from brief.actions.threads import start_thread
from brief.actions.versions import freeze
from brief.actions.words import save_word
from brief.models import (
    Brief,
    Claim,
    Contradiction,
    Export,
    Figure,
    ImportDraft,
    NamedPoint,
    PartWhole,
    PreferredTerm,
    Role,
    Section,
    SetAside,
    Source,
    SourceBatch,
    Stakeholder,
    Thread,
    Version,
)
from brief.states import OrderDraft, RoleName
from document.checks import Finding
from ledger import holds, jobs
from ledger.models import Event, Hold
from release.models import Release
from review import codes
from review.actions.comments import add_comment
from review.actions.dispositions import propose
from review.models import (
    ChargeQuestion,
    Declaration,
    Disposition,
    Invitation,
    Receipt,
    ReviewThread,
    Round,
    Undertaking,
)
from review.states import Capacity, CommentType, InvitationState, Outcome, RoundState, Severity, UndertakingKind
from tests.factories.documents import bullets, doc, figure, heading, item, p
from tests.factories.publication import picture
from tests.factories.sessions import signed_in

#: Seed of every second factor in the tests.
TOTP = base64.b32encode(b"countersign-test-seed").decode().rstrip("=")
#: Who has to sign in with a second factor.
GUARDED = ("editor", "approver", "partner_approver", "press", "safeguarding", "admin")


class Cast:
    """People are made at once; what they work on, when asked for."""

    def __init__(self, mark: str = "") -> None:
        """``mark`` (letters and digits) tells two casts in one database apart."""
        self.mark = mark
        self.north = self._organisation("North")
        self.south = self._organisation("South")
        #: On the brief for North.
        self.lead = self._person("lead", "Lea Lindqvist", self.north)
        self.colleague = self._person("colleague", "Noor Haddad", self.north)
        self.approver = self._person("approver", "Ada Approve", self.north)
        self.editor = self._person("editor", "Edda Ravn", self.north)
        self.press = self._person("press", "Piet Pers", self.north)
        self.safeguarding = self._person("safeguarding", "Safi Ward", self.north)
        #: On the brief for South.
        self.partner = self._person("partner", "Paz Romero", self.south)
        self.partner_approver = self._person("partner_approver", "Bao Sign", self.south)
        self.observer = self._person("observer", "Olu Obi", self.south)
        #: Had a role once, has none now; and of a publisher, but never on this brief.
        self.former = self._person("former", "Fay Former", self.north)
        self.outsider = self._person("outsider", "Ole Outside", self.south)
        #: Accounts by invitation: one is reviewing, one has accepted and not declared.
        self.reviewer = self._person("reviewer", "Rita Reads", None)
        self.second_reviewer = self._person("second_reviewer", "Sam Second", None)
        self.admin = self._person("admin", "Adi Admin", None, is_staff=True, is_superuser=True)
        for name in GUARDED:
            second_factor.enrol_totp(self[name], TOTP)

    def __getitem__(self, name: str) -> User:
        person: User = getattr(self, name)
        return person

    def _organisation(self, short: str) -> Organisation:
        slug, name = f"{short.lower()}{self.mark}", f"Organisation {short} {self.mark}".strip()
        return Organisation.objects.create(name=name, short_name=short, slug=slug)

    def address(self, key: str) -> str:
        """The mail address of somebody of this cast."""
        return f"{key.replace('_', '.')}@people{self.mark}.example"

    def _person(self, key: str, name: str, organisation: Organisation | None, **fields: Any) -> User:
        return User.objects.create_user(self.address(key), name, organisation=organisation, **fields)

    @property
    def people(self) -> dict[str, User]:
        """Everybody, by their name in the cast."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}

    def client(self, person: User | None = None) -> Client:
        """A client that is signed in as this person, with a second factor where one is owed."""
        client = Client()
        if person is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session(person)
        return client

    def session(self, person: User) -> str:
        """The key of a new session of this person, for cookies of clients and browsers."""
        return signed_in(person, second_factor=person in [self[name] for name in GUARDED])

    @cached_property
    def brief(self) -> Brief:
        """North and South write it; everybody has their role; two objectives."""
        brief: Brief = create_brief(
            actor=self.lead,
            title="Safe passage for seasonal workers",
            organisations=[self.north, self.south],
            summary="What recruiters promise, and what States can check.",
        )
        roles = {
            "colleague": (self.north, RoleName.AUTHOR),
            "partner": (self.south, RoleName.AUTHOR),
            "approver": (self.north, RoleName.APPROVER),
            "partner_approver": (self.south, RoleName.APPROVER),
            "editor": (self.north, RoleName.REVIEW_EDITOR),
            "press": (self.north, RoleName.PRESS_OFFICER),
            "safeguarding": (self.north, RoleName.SAFEGUARDING),
            "observer": (self.south, RoleName.OBSERVER),
        }
        # With the events of eight times ``give_role``, in two statements: every test of a brief pays for this.
        given = Role.objects.bulk_create(
            Role(brief=brief, user=self[name], organisation=organisation, role=role)
            for name, (organisation, role) in roles.items()
        )
        Event.objects.bulk_create(
            Event(
                actor=self.lead,
                verb="role.given",
                subject_type=Role._meta.label_lower,
                subject_id=str(each.pk),
                scope=brief.pk,
                data={"role": each.role, "user": str(each.user_id), "new": True},
            )
            for each in given
        )
        return brief

    @cached_property
    def sections(self) -> list[Section]:
        """Three sections with text, the first two covering the two objectives."""
        texts = {
            "Recruitment": doc(
                p("Recruiters promise work abroad, and some of the promises are kept.", id="recruit00001"),
                p("Fees are charged before departure and again on arrival.", id="recruit00002"),
            ),
            "Journeys": doc(
                heading(1, "By road", id="journeys0001"),
                p("Most journeys are made by road, in vans that nobody registers.", id="journeys0002"),
                bullets(item("Drivers are paid per head."), item("Papers are kept by the driver."), id="journeys0003"),
            ),
            "What States can do": doc(
                p("A register of recruiters would cost little.", id="states000001"),
                figure(str(self.figure.pk), "Fees by country", alt="Bars: fees in three countries", id="states000002"),
            ),
        }
        made = [
            add_section(actor=self.lead, brief=self.brief, title=title, doc=json.dumps(text))
            for title, text in texts.items()
        ]
        for order, words in enumerate(("Raise awareness of fees", "Show the risks of the road")):
            objective = add_objective(actor=self.lead, brief=self.brief, text=words)
            cover_objective(actor=self.lead, brief=self.brief, objective=objective, sections=[made[order]])
        return made

    @property
    def section(self) -> Section:
        return self.sections[0]

    @cached_property
    def thread(self) -> Thread:
        """Begun by the lead author beside a word of the first section."""
        thread: Thread = start_thread(
            actor=self.lead, section=self.section, body="Which promises?", block="recruit00001", start=0, end=10
        )
        return thread

    @cached_property
    def claim(self) -> Claim:
        made: Claim = add_claim(actor=self.lead, brief=self.brief, statement="40 % of recruits pay a fee", value=40)
        return made

    @cached_property
    def contradiction(self) -> Contradiction:
        other = add_claim(actor=self.lead, brief=self.brief, statement="A third of recruits pay a fee")
        made: Contradiction = set_contradiction(actor=self.lead, claim=self.claim, other=other)
        return made

    @cached_property
    def whole(self) -> PartWhole:
        made: PartWhole = save_whole(actor=self.lead, brief=self.brief, name="Recruits by country")
        return made

    @cached_property
    def preferred_term(self) -> PreferredTerm:
        made: PreferredTerm = save_word(
            actor=self.lead,
            brief=self.brief,
            word=PreferredTerm(),
            avoid="illegal migrant",
            prefer="irregular migrant",
            reason="No person is illegal.",
        )
        return made

    @cached_property
    def set_aside(self) -> SetAside:
        finding = Finding("number", words="40", section=str(self.section.pk), block="recruit00001")
        made: SetAside = set_aside(actor=self.lead, brief=self.brief, finding=finding, reason="It is a date.")
        return made

    @cached_property
    def stakeholder(self) -> Stakeholder:
        made: Stakeholder = add_stakeholder(
            actor=self.lead, brief=self.brief, name="Labour ministries", sector="government", stake="audience"
        )
        return made

    @cached_property
    def source(self) -> Source:
        csl = {"type": "report", "title": "Fees before departure", "author": [{"literal": "Office of Fees"}]}
        made: Source = add_source(actor=self.lead, brief=self.brief, csl=csl)
        return made

    @cached_property
    def batch(self) -> SourceBatch:
        """A paste that waits for a decision."""
        text = "Fees at sea https://example.org/sea"
        made: SourceBatch = paste_sources(actor=self.lead, brief=self.brief, text=text)
        return made

    @cached_property
    def figure(self) -> Figure:
        figure: Figure = add_figure(actor=self.lead, brief=self.brief, content=picture(), name="chart.png")
        return figure

    @cached_property
    def draft(self) -> ImportDraft:
        """A short text, uploaded and read: its outline waits for a decision."""
        text = b"# Fees\n\nRecruiters charge fees before departure.\n\n# Debts\n\nDebts grow on arrival.\n"
        uploaded = upload_draft(actor=self.lead, brief=self.brief, content=text, name="fees.txt")
        jobs.run_due()
        return ImportDraft.objects.get(pk=uploaded.pk)

    @cached_property
    def export(self) -> Export:
        """Today's draft as a Word file, written and ready."""
        assert self.sections
        asked = ask_export(actor=self.lead, brief=self.brief)
        jobs.run_due()
        return Export.objects.get(pk=asked.pk)

    @cached_property
    def named_point(self) -> NamedPoint:
        point: NamedPoint = name_point(actor=self.lead, brief=self.brief, name="Before the workshop")
        return point

    @cached_property
    def removed_section(self) -> Section:
        removed: Section = add_section(actor=self.lead, brief=self.brief, title="Set aside")
        remove_section(actor=self.lead, section=removed)
        return removed

    @cached_property
    def comment(self) -> ReviewThread:
        """Of ``reviewer`` on the first paragraph, handed over to the authors."""
        comment: ReviewThread = add_comment(
            actor=self.reviewer,
            round=self.invitation.round,
            body="Which promises are kept?",
            section=self.section,
            block="recruit00001",
            type=CommentType.TECHNICAL,
            severity=Severity.MAJOR,
            safeguarding=True,
        )
        ReviewThread.objects.filter(pk=comment.pk).update(handed_at=timezone.now())
        return comment

    @cached_property
    def proposal(self) -> Disposition:
        """What the lead author proposes to answer to ``comment``."""
        made: Disposition = propose(
            actor=self.lead, thread=self.comment, outcome=Outcome.NOTED, response="We took note."
        )
        return made

    @cached_property
    def receipt(self) -> str:
        """The number of a receipt that ``reviewer`` has from an earlier handing-in."""
        number = codes.receipt_number()
        Receipt.objects.create(
            invitation=self.invitation, number=number, copy="{}", sha256="0" * 64, comments=0, at=timezone.now()
        )
        return number

    @cached_property
    def release(self) -> Release:
        """In clearance; tests that use it build from small files (``tests.factories.releases.small_files``)."""
        from tests.factories.releases import in_clearance

        return in_clearance(self)

    @cached_property
    def hold(self) -> Hold:
        """On the brief, placed by the administrator."""
        placed: Hold = holds.place(actor=self.admin, reason="A court asked.", brief=self.brief.pk)
        return placed

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """Another brief of the same people, for ids that do not belong together."""
        return Elsewhere(self)

    @cached_property
    def version(self) -> Version:
        """The brief as it stands, frozen by the review editor."""
        assert self.sections
        version: Version = freeze(actor=self.editor, brief=self.brief, order_draft=OrderDraft.FIRST)
        return version

    @cached_property
    def round(self) -> Round:
        """An open round on the version, with one question and a deadline in three weeks, in Vienna."""
        texts = {
            kind: Undertaking.objects.get_or_create(
                kind=kind, number=100, defaults={"body": f"The {kind.label} undertaking."}
            )[0]
            for kind in (UndertakingKind.INTERESTS, UndertakingKind.CONFIDENTIALITY)
        }
        day = (timezone.now() + timedelta(days=21)).date()
        deadline = datetime.combine(day, time(18, 0), ZoneInfo("Europe/Vienna"))
        round_ = Round.objects.create(
            brief=self.brief,
            version=self.version,
            number=1,
            title="First round",
            topic="work abroad",
            status=RoundState.OPEN,
            opened_at=timezone.now(),
            deadline_date=day,
            deadline_time=time(18, 0),
            deadline_zone="Europe/Vienna",
            deadline=deadline,
            interests_text=texts[UndertakingKind.INTERESTS],
            confidentiality_text=texts[UndertakingKind.CONFIDENTIALITY],
        )
        ChargeQuestion.objects.create(round=round_, order=1, text="Is the evidence sufficient?")
        return round_

    @cached_property
    def invitation(self) -> Invitation:
        """Of ``reviewer``, who has declared and is reviewing."""
        invitation = self._invitation(self.reviewer, InvitationState.REVIEWING, Sector.NGO)
        self.declare(invitation)
        return invitation

    @cached_property
    def second_invitation(self) -> Invitation:
        """Of ``second_reviewer``, who has accepted and not declared yet: no text for this person."""
        return self._invitation(self.second_reviewer, InvitationState.ACCEPTED, Sector.SURVIVOR)

    @cached_property
    def open_invitation(self) -> tuple[Invitation, str]:
        """Of somebody without an account, and the secret of the link that was mailed."""
        secret, hashed = codes.mint()
        invitation = Invitation.objects.create(
            round=self.round,
            email=self.address("new_reviewer"),
            name="Nia New",
            code=self._code(),
            status=InvitationState.INVITED,
            sector=Sector.ACADEMIA,
            secret_hash=hashed,
            secret_expires_at=timezone.now() + timedelta(days=7),
            sendings=1,
            invited_at=timezone.now(),
        )
        return invitation, secret

    def _invitation(self, person: User, status: str, sector: str) -> Invitation:
        return Invitation.objects.create(
            round=self.round,
            email=person.email,
            name=person.name,
            user=person,
            code=self._code(),
            status=status,
            capacity=Capacity.INDIVIDUAL,
            sector=sector,
            sendings=1,
            invited_at=timezone.now(),
            used_at=timezone.now(),
        )

    def declare(self, invitation: Invitation, **fields: Any) -> Declaration:
        return Declaration.objects.create(
            invitation=invitation,
            interests_text=self.round.interests_text,
            confidentiality_text=self.round.confidentiality_text,
            **{"has_interests": False, "at_risk": False, **fields},
        )

    def _code(self) -> str:
        return codes.draw_code(list(Invitation.objects.filter(round=self.round).values_list("code", flat=True)))


class Elsewhere:
    """A second brief with the same roles, and its own round."""

    def __init__(self, cast: Cast) -> None:
        self.brief: Brief = create_brief(
            actor=cast.lead, title="Another matter", organisations=[cast.north, cast.south]
        )
        for role in cast.brief.roles.exclude(user=cast.lead).select_related("user", "organisation"):
            give_role(actor=cast.lead, brief=self.brief, user=role.user, organisation=role.organisation, role=role.role)
        self._cast = cast

    @cached_property
    def round(self) -> Round:
        """A copy of the cast's round, of this brief; the reviewer reviews here too."""
        cast = self._cast
        original = cast.invitation
        add_section(actor=cast.lead, brief=self.brief, title="Only", doc=json.dumps(doc(p("One paragraph."))))
        version = freeze(actor=cast.editor, brief=self.brief, order_draft=OrderDraft.FIRST)
        copy = Round.objects.get(pk=cast.round.pk)
        copy.pk, copy.brief, copy.version = uuid.uuid4(), self.brief, version
        copy._state.adding = True
        copy.save()
        invitation = Invitation.objects.get(pk=original.pk)
        invitation.pk, invitation.round = uuid.uuid4(), copy
        invitation._state.adding = True
        invitation.save()
        cast.declare(invitation)
        return copy
