"""A reviewer made of canaries: invited by mail, reading and commenting over the wire, under a name nobody else has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from secrets import token_hex
from time import sleep
from typing import Any

from bench.client import SESSION, Answer, Client
from bench.scene.links import mailed_code
from bench.stack import Stack
from bench.stack.mailbox import text
from brief.models import Comment, Thread
from review import actions
from review.models import Declaration, Invitation, ReadingMark, Receipt, ReviewThread, Round
from tests.cast import Cast

#: When all of it happened, as far as the database knows afterwards.
STORED = time(3, 17, 29)


@dataclass
class Reviewer:
    """``identity``, ``device`` and so on are the words by which each kind of secret would be known."""

    token: str = field(default_factory=lambda: token_hex(5))
    #: Moments at which this person did something, whole seconds.
    moments: list[datetime] = field(default_factory=list)
    secret: str = ""
    session: str = ""
    pk: Any = None
    threads: list[Any] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"quillette.{self.token}@feather{self.token}.example"

    @property
    def name(self) -> str:
        return f"Quillette{self.token} Feather{self.token}"

    @property
    def address(self) -> str:
        return f"2001:db8:{self.token[:4]}:{self.token[4:8]}::86"

    @property
    def agent(self) -> str:
        return f"Quillbrowser/{self.token} (canary)"

    @property
    def identity(self) -> list[str]:
        """Name, address, organisation, region, interests, what puts at risk."""
        known = ("Quillette", "Feather", "Orgcanary", "Regioncanary", "Interestcanary", "Riskcanary")
        return [self.email, f"feather{self.token}", *(f"{word}{self.token}" for word in known)]

    @property
    def device(self) -> list[str]:
        return [self.address, f"2001:db8:{self.token[:4]}:{self.token[4:8]}", f"Quillbrowser/{self.token}"]

    @property
    def note(self) -> list[str]:
        """For the review editor alone."""
        return [f"Notecanary{self.token}"]

    @property
    def own(self) -> list[str]:
        """Drafts, and what opens doors."""
        return [f"Draftcanary{self.token}", self.secret, self.session]

    def times(self) -> list[str]:
        """Their moments as machines and people write them, to the second: in UTC and in the round's zone."""
        told: set[str] = set()
        for moment in self.moments:
            # Vienna's clock is an hour ahead in winter, two in summer.
            told.update(f"{(moment.hour + ahead) % 24:02d}:{moment:%M:%S}" for ahead in (0, 1, 2))
            told.add(str(int(moment.timestamp())))
        # What is stored of them lies at a minute of its own: nobody else's work is shown by that time.
        told.update(f"{(STORED.hour + ahead) % 24:02d}:{STORED:%M}" for ahead in (0, 1, 2))
        return sorted(told)

    # --- what they do --------------------------------------------------------------------------------

    def review(self, stack: Stack, cast: Cast) -> None:
        """From the mail to the receipt, and once more; every request from their own address and browser."""
        round = Round.objects.select_related("brief", "version").get(pk=cast.round.pk)
        actions.invite(
            actor=cast.editor, round=round, people=[(self.email, f"Quillette{self.token} Feather{self.token}")]
        )
        actions.send_invitations(actor=cast.editor, round=round)
        link = re.search(r"/invitations/([\w-]+)/", text(stack.mailbox.wait_for(self.email, "/invitations/")))
        assert link
        self.secret = link[1]
        client = stack.client(address=self.address)
        self._enter(stack, client, link.group())
        room = f"/review/{round.pk}/"
        self._post(client, room + "declarations/", self._declarations())
        section = cast.section.pk
        for path in (room, f"{room}sections/{section}/", room + "charge/"):
            assert self._asks(client.get(path, self._headers)).status == 200, path
        self._post(client, f"{room}sections/{section}/read/")
        place = {"section": str(section), "block": "recruit00001"}
        note = {"note_to_editor": f"Notecanary{self.token}"}
        change = {"proposed_change": "Recruiters promise work abroad, and few of the promises are kept."}
        for words in (
            {"body": "Which promises are kept?", **place, **note, **change},
            {"body": "Fees are missing.", **place, **note},
            {"body": f"Draftcanary{self.token}", "draft": "1", **place},
        ):
            self._post(client, room + "comments/new/", {"type": "technical", "severity": "major", **words})
        self._post(client, room + "submit/")
        self._post(client, room + "resume/")
        self._post(client, room + "submit/")
        user = Invitation.objects.get(round=round, email=self.email).user
        assert user is not None
        self.pk, self.session = user.pk, client.cookies[SESSION]
        rows = ReviewThread.objects.filter(invitation__user=user).select_related("thread")
        self.threads = [row.pk for row in rows.filter(draft=False)]
        stack.mailbox.wait_for(self.email, "comments")

    def backdate(self) -> None:
        """Put everything that is stored of them to one minute of yesterday."""
        moment = datetime.combine(datetime.now(UTC).date() - timedelta(days=1), STORED, UTC)
        mine = Invitation.objects.filter(user=self.pk)
        mine.update(invited_at=moment, used_at=moment, submitted_at=moment, created_at=moment)
        Declaration.objects.filter(invitation__in=mine).update(at=moment)
        ReadingMark.objects.filter(invitation__in=mine).update(at=moment)
        Receipt.objects.filter(invitation__in=mine).update(at=moment)
        rows = ReviewThread.objects.filter(invitation__in=mine)
        rows.filter(handed_at__isnull=False).update(handed_at=moment)
        Comment.objects.filter(thread__in=rows.values("pk")).update(at=moment)
        Thread.every.filter(pk__in=rows.values("pk")).update(created_at=moment)

    @property
    def _headers(self) -> dict[str, str]:
        return {"User-Agent": self.agent}

    def _enter(self, stack: Stack, client: Client, link: str) -> None:
        self._asks(client.get(link, self._headers))
        answer = self._asks(client.post(link + "accept/", headers=self._headers))
        code = mailed_code(stack.mailbox, self.email)
        self._post(client, answer.headers["location"], {"code": code})

    def _declarations(self) -> dict[str, str]:
        token = self.token
        return {
            "name": self.name,
            "capacity": "spokesperson",
            "organisation": f"Orgcanary{token} Ltd",
            "sector": "survivor",
            "region": f"Regioncanary{token}",
            "has_interests": "yes",
            "interests": f"Interestcanary{token} of shares",
            "confidentiality": "on",
            "naming": "none",
            "at_risk": "no",
            "risk_note": f"Riskcanary{token}",
        }

    def _post(self, client: Client, path: str, data: dict[str, Any] | None = None) -> None:
        answer = self._asks(client.post(path, data or {}, headers=self._headers))
        assert answer.status == 302, f"{path} → {answer.status}"

    def _asks(self, answer: Answer) -> Answer:
        """Note the second, and let it pass: moments of others never coincide with it."""
        self.moments.append(datetime.now(UTC).replace(microsecond=0))
        return answer


def apart(seconds: float = 1.1) -> None:
    """Let the second pass in which somebody acted."""
    sleep(seconds)
