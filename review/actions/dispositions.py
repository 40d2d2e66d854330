"""Answering comments: an author proposes, the review editor confirms or returns."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brief import anchors, steps, texts
from brief.models import Section
from brief.permissions import write
from document import tree
from document.anchors import State
from ledger import mail
from ledger.actions import Done, action
from ledger.refusals import Hidden, NotNow
from ledger.transitions import move
from review.models import Disposition, Invitation, ReviewThread, Round
from review.permissions import answer as may_answer
from review.permissions import confirm as may_confirm
from review.policies import UNSETTLED, check_may_answer, check_may_apply, check_may_confirm, counted, disposition_of
from review.states import DISPOSITION, READING, WITHOUT_REASON, Outcome


def _locked(thread: ReviewThread) -> ReviewThread:
    rows = ReviewThread.objects.select_for_update(of=("self",)).select_related("round__brief", "thread", "invitation")
    return rows.get(pk=thread.pk)


@action("disposition.proposed")
def propose(
    *, actor: Any, thread: ReviewThread, outcome: str, response: str = "", duplicate_of: ReviewThread | None = None
) -> Done:
    """Propose what becomes of a comment. The response is mandatory except for plain *accepted*."""
    may_answer(actor, thread.round)
    locked = _locked(thread)
    check_may_answer(locked)
    response = response.strip()
    if outcome == Outcome.WITHDRAWN:
        raise NotNow(_("Only the reviewer withdraws a comment."), code="withdrawn")
    if not response and outcome not in WITHOUT_REASON:
        raise NotNow(_("Give the reason: only a plain acceptance needs none."), code="response")
    double = _double(locked, outcome, duplicate_of)
    fields = {"outcome": outcome, "response": response, "duplicate_of": double, "return_reason": ""}
    made = {"proposed_by": actor, "proposed_at": timezone.now()}
    disposition = disposition_of(locked)
    if disposition is None:
        disposition = Disposition.objects.create(thread=locked, **fields, **made)
    else:
        scope = locked.round.brief_id
        disposition = move(DISPOSITION, disposition, "propose", actor=actor, scope=scope, set_fields=fields | made)
    return Done(subject=disposition, scope=locked.round.brief_id, data={"outcome": outcome})


def _double(thread: ReviewThread, outcome: str, other: ReviewThread | None) -> ReviewThread | None:
    if outcome != Outcome.DUPLICATE:
        return None
    if other is None or other.pk == thread.pk or other.round.brief_id != thread.round.brief_id or not other.handed_at:
        raise NotNow(_("Say which other comment this one doubles."), code="duplicate")
    return other


@action("disposition.applied")
def apply_change(*, actor: Any, thread: ReviewThread) -> Done:
    """Put the reviewer's replacement text in place of the quoted words, as they stand today.

    It is a step like any other, by the author; a proposed *accepted* comes with it when there is no
    answer yet. The value is the disposition.
    """
    may_answer(actor, thread.round)
    write(actor, thread.round.brief)
    locked = _locked(thread)
    check_may_apply(locked)
    section, version = _edit(locked, actor)
    disposition = disposition_of(locked)
    applied = {"applied_section": section, "applied_version": version}
    if disposition is None:
        disposition = Disposition.objects.create(
            thread=locked, outcome=Outcome.ACCEPTED, proposed_by=actor, proposed_at=timezone.now(), **applied
        )
    else:
        disposition.applied_section, disposition.applied_version = section, version
        disposition.save(update_fields=list(applied))
    data = {"section": str(section.pk), "version": version}
    return Done(subject=disposition, scope=locked.round.brief_id, data=data)


def _edit(thread: ReviewThread, actor: Any) -> tuple[Section, int]:
    anchor = getattr(thread.thread, "anchor", None)
    if anchor is None:
        raise NotNow(_("This comment is about the text as a whole: change the text by hand."), code="no_place")
    # The section is locked first, so that the place found is the place changed.
    # In the order in which freezing locks them, so that neither waits for the other.
    rows = Section.objects.select_for_update().filter(brief=thread.round.brief_id, deleted_at=None)
    list(rows.order_by("order", "id"))
    place = anchors.today([anchor])[anchor.pk]
    if place.state == State.DELETED:
        raise NotNow(_("The quoted words are no longer in the text: change it by hand."), code="deleted")
    section = Section.objects.get(pk=place.section, brief=thread.round.brief_id)
    edit = {"op": "replace_text", "block": place.block, "from": place.start, "to": place.end}
    if place.start == place.end:
        edit |= whole_block(section, place.block)
    return section, steps.edit(actor=actor, section=section, edits=[edit | {"text": thread.proposed_change}])


def whole_block(section: Section, block: str) -> dict[str, int]:
    """The offsets that take in all of a paragraph, for a change proposed to it as a whole."""
    node = tree.find(texts.document(section), block)
    if node is None or node["type"] not in tree.TEXTBLOCKS:
        raise NotNow(_("This comment is about more than one paragraph: change the text by hand."), code="no_place")
    return {"from": 0, "to": tree.utf16(tree.block_text(node))}


@action("disposition.confirmed")
def confirm(*, actor: Any, disposition: Disposition) -> Done:
    """Confirm an answer: it is final and the reviewer sees it."""
    round = disposition.thread.round
    may_confirm(actor, round)
    check_may_confirm(actor, disposition)
    fields = {"confirmed_by": actor, "confirmed_at": timezone.now()}
    confirmed = move(DISPOSITION, disposition, "confirm", actor=actor, scope=round.brief_id, set_fields=fields)
    tell_when_all_settled(round)
    return Done(subject=confirmed, scope=round.brief_id, data={"outcome": confirmed.outcome})


@action("disposition.returned")
def send_back(*, actor: Any, disposition: Disposition, reason: str) -> Done:
    """Return an answer to the authors with a reason; a confirmed one loses its confirmation."""
    round = disposition.thread.round
    may_confirm(actor, round)
    if disposition.outcome == Outcome.WITHDRAWN:
        raise NotNow(_("The reviewer withdrew this comment: there is nothing to answer."), code="withdrawn")
    fields = {"confirmed_by": None, "confirmed_at": None, "return_reason": reason.strip()}
    returned = move(
        DISPOSITION, disposition, "return", actor=actor, reason=reason, scope=round.brief_id, set_fields=fields
    )
    stamp = int(timezone.now().timestamp())
    key, payload = f"{returned.pk}:{stamp}", {"thread": str(returned.pk)}
    mail.post("disposition_returned", key=key, payload=payload, scope=round.brief_id)
    return Done(subject=returned, scope=round.brief_id, reason=reason)


def tell_when_all_settled(round: Round) -> None:
    """When a closed round's last answer is confirmed, each of its reviewers is told, once."""
    fresh = Round.objects.get(pk=round.pk)
    if not fresh.is_closed or counted(fresh.brief).filter(UNSETTLED, round=fresh).exists():
        return
    told = Invitation.objects.filter(round=fresh, status__in=READING, threads__handed_at__isnull=False).distinct()
    for invitation in told:
        mail.post(
            "answers_ready", key=str(invitation.pk), payload={"invitation": str(invitation.pk)}, scope=fresh.brief_id
        )


def get_disposition(thread: ReviewThread) -> Disposition:
    """The thread's answer; Hidden when there is none."""
    disposition = disposition_of(thread)
    if disposition is None:
        raise Hidden(_("There is no answer to this comment yet."))
    return disposition
