"""What the review editor does with invitations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import normalise_email
from brief.models import Role
from brief.states import RoleName
from ledger import mail
from ledger.actions import Done, action
from ledger.refusals import NotNow
from ledger.transitions import move
from review.actions.rounds import ask
from review.codes import draw_code
from review.deadlines import instant
from review.models import Invitation, Round
from review.permissions import manage
from review.policies import check_not_closed, check_open
from review.states import INVITATION, WORKING, InvitationState

#: Whoever makes or decides the text does not review it.
INSIDE = (RoleName.LEAD_AUTHOR, RoleName.AUTHOR, RoleName.REVIEW_EDITOR, RoleName.APPROVER)


@action("invitation.added")
def invite(*, actor: Any, round: Round, people: Iterable[tuple[str, str]], sector: str = "") -> Done:
    """Add (address, name) pairs as invitations not sent yet. The value is the list of new ones.

    Addresses already in the round are left as they are. Raises NotNow, naming the addresses, for
    people who make or decide the text.
    """
    manage(actor, round)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    check_not_closed(locked)
    wanted = {normalise_email(address): name.strip() for address, name in people}
    _check_outside(round, set(wanted))
    known = list(Invitation.objects.filter(round=round).values_list("email", "code"))
    addresses, codes = {email for email, _code in known}, {code for _email, code in known}
    made: list[Invitation] = []
    for address, name in wanted.items():
        if address in addresses:
            continue
        code = draw_code(codes)
        codes.add(code)
        made.append(Invitation(round=round, email=address, name=name, code=code, sector=sector))
    Invitation.objects.bulk_create(made)
    return Done(subject=locked, value=made, scope=round.brief_id, data={"added": [str(row.pk) for row in made]})


@action("invitation.sent")
def send_invitations(*, actor: Any, round: Round) -> Done:
    """Send every invitation that waits; the value is how many."""
    manage(actor, round)
    check_open(round)
    waiting = list(Invitation.objects.select_for_update().filter(round=round, status=InvitationState.DRAFT))
    for invitation in waiting:
        ask(invitation, actor=actor, name="send")
    return Done(subject=round, value=len(waiting), scope=round.brief_id, data={"sent": len(waiting)})


@action("invitation.resent")
def resend(*, actor: Any, invitation: Invitation) -> Done:
    """Send a new link, good for another seven days; the old one is void."""
    manage(actor, invitation.round)
    check_open(invitation.round)
    ask(invitation, actor=actor, name="resend")
    return Done(subject=invitation, scope=invitation.round.brief_id)


@action("invitation.cancelled")
def cancel(*, actor: Any, invitation: Invitation) -> Done:
    """Take back an invitation that nobody has accepted; its link is void."""
    manage(actor, invitation.round)
    move(INVITATION, invitation, "cancel", actor=actor, scope=invitation.round.brief_id)
    return Done(subject=invitation, scope=invitation.round.brief_id)


@action("invitation.extended")
def extend(*, actor: Any, invitation: Invitation, day: date) -> Done:
    """Give one reviewer a later deadline: the round's hour and zone, on another day."""
    round = invitation.round
    manage(actor, round)
    check_open(round)
    if invitation.status not in WORKING | {InvitationState.INVITED}:
        raise NotNow(_("Only somebody who is still at work needs more time."), code=str(invitation.status))
    moment = instant(day, round.deadline_time, round.deadline_zone)
    if moment <= max(round.deadline, timezone.now()):
        raise NotNow(_("An extension ends after the round's own deadline. Choose a later day."), code="earlier")
    invitation.extended_to = moment
    invitation.save(update_fields=["extended_to"])
    if invitation.user_id:
        key = f"{invitation.pk}:{moment:%Y%m%d}"
        mail.post("deadline_extended", key=key, payload={"invitation": str(invitation.pk)}, scope=round.brief_id)
    return Done(subject=invitation, scope=round.brief_id, data={"until": moment.isoformat()})


@action("invitation.excluded")
def exclude(*, actor: Any, invitation: Invitation, reason: str) -> Done:
    """End a reviewer's part in the round; their comments are no part of it any more."""
    manage(actor, invitation.round)
    move(INVITATION, invitation, "exclude", actor=actor, reason=reason, scope=invitation.round.brief_id)
    return Done(subject=invitation, scope=invitation.round.brief_id, reason=reason)


@action("invitation.reminded")
def remind(*, actor: Any, invitation: Invitation) -> Done:
    """Remind one reviewer by mail, at most once a day. ``actor`` is None for the machine's reminder."""
    if actor is not None:
        manage(actor, invitation.round)
    check_open(invitation.round)
    if invitation.status not in WORKING:
        raise NotNow(_("Only somebody who accepted and has not finished is reminded."), code=str(invitation.status))
    now = timezone.now()
    key = f"{invitation.pk}:{now:%Y%m%d}"
    mail.post("review_reminder", key=key, payload={"invitation": str(invitation.pk)}, scope=invitation.round.brief_id)
    invitation.reminded_at = now
    invitation.save(update_fields=["reminded_at"])
    return Done(subject=invitation, scope=invitation.round.brief_id)


def _check_outside(round: Round, addresses: set[str]) -> None:
    rows = Role.objects.filter(brief=round.brief_id, role__in=INSIDE, user__email__in=addresses)
    inside = sorted(set(rows.values_list("user__email", flat=True)))
    if inside:
        raise NotNow(
            ngettext(
                "%(who)s writes, edits or approves this brief and cannot review it. Nobody was added.",
                "%(who)s write, edit or approve this brief and cannot review it. Nobody was added.",
                len(inside),
            )
            % {"who": ", ".join(inside)},
            code="inside",
        )
