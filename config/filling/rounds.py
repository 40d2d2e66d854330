"""A round with reviewers and their comments. The round is set up by actions, the many by rows."""

from __future__ import annotations

import secrets
from datetime import time, timedelta

from django.utils import timezone

from accounts.models import Sector, User
from brief.models import Anchor, Brief, Comment, Section, Thread, Version
from brief.states import Circle
from config.filling.people import DOMAIN, People
from config.filling.texts import anchor, of_version, places
from document.sample.prose import Writer
from review import actions
from review.codes import draw_code
from review.models import Declaration, Disposition, Invitation, ReviewThread, Round
from review.numbers import paragraph_of
from review.states import Capacity, CommentType, DispositionState, InvitationState, Outcome, Severity

CHARGE = ("Is the evidence sufficient for what is recommended?", "What is missing?", "Who would be harmed?")


def open_round(brief: Brief, version: Version, people: People, reviewers: int) -> tuple[Round, list[Invitation]]:
    """An open round of three weeks whose reviewers have declared and are reviewing."""
    editor = people.editor
    round: Round = actions.create_round(
        actor=editor,
        brief=brief,
        questions=[{"text": text} for text in CHARGE],
        version=version,
        title="First round",
        topic="work abroad",
        introduction="Say what would make this text more useful.",
        deadline_date=(timezone.now() + timedelta(days=21)).date(),
        deadline_time=time(18, 0),
        deadline_zone="Europe/Vienna",
    )
    # A round needs somebody to ask before it opens; then everybody else joins as rows.
    users = _reviewers(max(1, reviewers))
    actions.invite(actor=editor, round=round, people=[(users[0].email, users[0].name)], sector=Sector.NGO)
    actions.open_round(actor=editor, round=round)
    round = Round.objects.select_related("brief", "version").get(pk=round.pk)
    return round, _invitations(round, users)


def _reviewers(count: int) -> list[User]:
    mark = secrets.token_hex(4)
    fresh = [User(email=f"reviewer-{n}.{mark}@{DOMAIN}", name=f"Reviewer {n} {mark}") for n in range(1, count + 1)]
    for user in fresh:
        user.set_unusable_password()
    return User.objects.bulk_create(fresh)


def _invitations(round: Round, users: list[User]) -> list[Invitation]:
    now = timezone.now()
    codes: set[str] = set()
    Invitation.objects.filter(round=round).delete()
    sectors = list(Sector.values)
    rows = []
    for number, user in enumerate(users):
        code = draw_code(codes)
        codes.add(code)
        rows.append(
            Invitation(
                round=round,
                email=user.email,
                name=user.name,
                user=user,
                code=code,
                status=InvitationState.REVIEWING,
                capacity=Capacity.INDIVIDUAL,
                sector=sectors[number % len(sectors)],
                sendings=1,
                invited_at=now,
                used_at=now,
            )
        )
    made = Invitation.objects.bulk_create(rows)
    Declaration.objects.bulk_create(
        Declaration(
            invitation=each,
            interests_text_id=round.interests_text_id,
            confidentiality_text_id=round.confidentiality_text_id,
            has_interests=False,
            at_risk=False,
        )
        for each in made
    )
    return made


def add_comments(
    round: Round, invitations: list[Invitation], sections: list[Section], count: int, *, handed: bool
) -> list[ReviewThread]:
    """Comments of the reviewers in turn, on words of the frozen text; ``handed`` shows them to the authors."""
    now, writer = timezone.now(), Writer(7)
    threads: list[Thread] = []
    anchors: list[Anchor] = []
    reviews: list[ReviewThread] = []
    numbers = dict.fromkeys([each.pk for each in invitations], 0)
    types, severities = list(CommentType.values), [each for each in Severity.values if each != Severity.CRITICAL]
    for part, section in enumerate(sections):
        own = count // len(sections) + (part < count % len(sections))
        step, doc = of_version(round.version, section)
        paragraphs: dict[str, int | None] = {}
        for place in places(doc, own, 100 + part):
            invitation = invitations[len(threads) % len(invitations)]
            numbers[invitation.pk] += 1
            thread = Thread(
                brief_id=round.brief_id, section=section, circle=Circle.ROUND, created_by_id=invitation.user_id
            )
            if place[0] not in paragraphs:
                paragraphs[place[0]] = paragraph_of(round.version, section.pk, place[0])
            threads.append(thread)
            anchors.append(anchor(thread, section, round.version, step, place))
            reviews.append(
                ReviewThread(
                    thread=thread,
                    round=round,
                    invitation=invitation,
                    number=numbers[invitation.pk],
                    draft=False,
                    type=types[len(reviews) % len(types)],
                    severity=severities[len(reviews) % len(severities)],
                    paragraph=paragraphs[place[0]],
                    handed_at=now if handed else None,
                )
            )
    Thread.every.bulk_create(threads, batch_size=2000)
    Anchor.objects.bulk_create(anchors, batch_size=2000)
    ReviewThread.objects.bulk_create(reviews, batch_size=2000)
    Comment.objects.bulk_create(
        (Comment(thread=each, author_id=each.created_by_id, body=writer.sentence(), at=now) for each in threads),
        batch_size=2000,
    )
    return reviews


def settle(round: Round, comments: list[ReviewThread], people: People) -> None:
    """Close the round with every comment answered and every answer confirmed."""
    actions.close_round(actor=people.editor, round=round, reason="Everybody has handed in.")
    now = timezone.now()
    Disposition.objects.bulk_create(
        (
            Disposition(
                thread=each,
                outcome=Outcome.NOTED,
                response="Noted, with thanks.",
                status=DispositionState.CONFIRMED,
                proposed_by=people.lead,
                proposed_at=now,
                confirmed_by=people.editor,
                confirmed_at=now,
            )
            for each in comments
        ),
        batch_size=2000,
    )
