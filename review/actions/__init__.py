"""What people do in a review. Each is one transaction, one revision, one audit event."""

from review.actions.comments import (
    add_comment,
    answer_question,
    clear_safeguarding,
    discard_draft,
    edit_comment,
    mark_section,
    reply,
    send_draft,
    withdraw_comment,
)
from review.actions.dispositions import apply_change, confirm, propose, send_back
from review.actions.invitations import (
    cancel,
    exclude,
    extend,
    invite,
    remind,
    resend,
    send_invitations,
)
from review.actions.reviewers import (
    accept,
    change_naming,
    declare,
    decline,
    resume,
    submit,
    withdraw_from_round,
)
from review.actions.rounds import close_round, create_round, edit_round, move_deadline, open_round, reopen_round

__all__ = [
    "accept",
    "add_comment",
    "answer_question",
    "apply_change",
    "cancel",
    "change_naming",
    "clear_safeguarding",
    "close_round",
    "confirm",
    "create_round",
    "declare",
    "decline",
    "discard_draft",
    "edit_comment",
    "edit_round",
    "exclude",
    "extend",
    "invite",
    "mark_section",
    "move_deadline",
    "open_round",
    "propose",
    "remind",
    "reopen_round",
    "reply",
    "resend",
    "resume",
    "send_back",
    "send_draft",
    "send_invitations",
    "submit",
    "withdraw_comment",
    "withdraw_from_round",
]
