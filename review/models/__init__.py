"""What a review adds to a brief: rounds, the people invited, their comments and what became of them."""

from review.models.answers import Disposition
from review.models.invitations import ChargeAnswer, Declaration, Invitation, ReadingMark, Receipt
from review.models.rounds import ChargeQuestion, Round, Undertaking
from review.models.threads import ReviewThread

__all__ = [
    "ChargeAnswer",
    "ChargeQuestion",
    "Declaration",
    "Disposition",
    "Invitation",
    "ReadingMark",
    "Receipt",
    "ReviewThread",
    "Round",
    "Undertaking",
]
