"""The texts that reviewers put their name to, when the administrators have written none yet."""

from __future__ import annotations

from review.models import Undertaking
from review.states import UndertakingKind

FIRST: dict[str, str] = {
    UndertakingKind.INTERESTS: (
        "An interest is anything that could make a reader doubt that your comments are only about the text: "
        "work for, money from or shares in an organisation or company that the text concerns; a part in writing "
        "it; close ties to its authors; a public position on what it recommends. Having an interest does not shut "
        "you out. Tell it here, and the review editor will weigh it."
    ),
    UndertakingKind.CONFIDENTIALITY: (
        "I will keep the draft and everything about this review to myself. I will not quote, forward, publish or "
        "feed it into any service that keeps what it is given, and I will delete my copies when the round has "
        "closed. I will not try to find out who the other reviewers are. If I need a colleague's advice, I will "
        "ask the review editor first."
    ),
}


def current(kind: UndertakingKind | str) -> Undertaking:
    """The newest text of a kind; the first one is written when it is first needed."""
    newest = Undertaking.objects.filter(kind=kind).order_by("-number").first()
    if newest:
        return newest
    made, _created = Undertaking.objects.get_or_create(kind=kind, number=1, defaults={"body": FIRST[kind]})
    return made
