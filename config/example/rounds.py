"""Two rounds of review: the first answered and closed, the second under way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from brief.actions import freeze
from brief.models import Brief, Section, Version
from config.example.drafts import find_words
from config.example.people import REVIEWERS
from ledger.models import Job
from review import actions, codes
from review.models import Invitation, ReviewThread, Round
from review.states import AnswerValue, QuestionKind

PERIOD = timedelta(days=21)
ZONE = "Europe/Vienna"
DETAILS = {"change": "proposed_change", "note": "note_to_editor", "safeguarding": "safeguarding"}


class Rounds:
    """What the story says of reviews, acted out by those who would act."""

    def __init__(
        self, brief: Brief, cast: dict[str, User], sections: dict[str, Section], story: dict[str, Any]
    ) -> None:
        self.brief, self.cast, self.sections, self.story = brief, cast, sections, story
        self.reviewers: dict[str, User] = {}

    def first(self) -> Round:
        """Three review and one declines; every comment is answered and every answer confirmed."""
        told = self.story["first_round"]
        round_ = self._open("First round", "first", ("ngo", "private", "survivor", "declined"))
        self._accept(round_, "ngo", "private", "survivor")
        for name in ("ngo", "private", "survivor"):
            self._declare(round_, name)
            self._answer_charge(round_, name, told["answers"][name])
        threads = [self._comment(round_, comment) for comment in told["comments"]]
        for name in ("ngo", "private", "survivor"):
            actions.submit(actor=self.reviewers[name], round=round_)
        for reply in told["replies"]:
            self._reply(threads[reply["comment"]], reply)
        actions.close_round(actor=self.cast["editor"], round=round_, reason="All three reviews are in.")
        self._past(round_)
        self._settle(threads, told)
        return round_

    def second(self) -> Round:
        """Reviewers in different states: asked, declined, accepted, reviewing, handed in; one is not asked yet."""
        told = self.story["second_round"]
        round_ = self._open("Second round", "second", ("ngo", "private", "survivor", "asked", "declined"))
        self._accept(round_, "ngo", "private", "survivor")
        for name in ("private", "survivor"):
            self._declare(round_, name)
        self._answer_charge(round_, "private", told["answers"]["private"])
        threads = [self._comment(round_, comment) for comment in told["comments"]]
        for label in ("summary", "why", "path"):
            section = self.sections[label].pk
            actions.mark_section(actor=self.reviewers["survivor"], round=round_, section_id=section, read=True)
        actions.submit(actor=self.reviewers["private"], round=round_)
        for thread, comment in zip(threads, told["comments"], strict=True):
            if "outcome" in comment:
                self._propose(thread, comment, threads)
        address, name, sector = REVIEWERS["waiting"]
        actions.invite(actor=self.cast["editor"], round=round_, people=[(address, name)], sector=sector)
        return round_

    def _open(self, title: str, order_draft: str, invited: Iterable[str]) -> Round:
        editor = self.cast["editor"]
        version: Version = freeze(
            actor=editor, brief=self.brief, order_draft=order_draft, note=f"For the {title.lower()}"
        )
        questions = [
            {
                "text": question["text"],
                "kind": QuestionKind(question["kind"]),
                "section": self.sections[question["section"]] if "section" in question else None,
            }
            for question in self.story["charge"]
        ]
        round_: Round = actions.create_round(
            actor=editor,
            brief=self.brief,
            questions=questions,
            version=version,
            title=title,
            topic=self.story["topic"],
            introduction=self.story["introduction"],
            deadline_date=(timezone.now() + PERIOD).date(),
            deadline_time=time(18, 0),
            deadline_zone=ZONE,
        )
        for key in invited:
            address, name, sector = REVIEWERS[key]
            actions.invite(actor=editor, round=round_, people=[(address, name)], sector=sector)
        actions.open_round(actor=editor, round=round_)
        if "declined" in invited:
            actions.decline(actor=None, secret=self._link(round_, "declined"))
        return Round.objects.get(pk=round_.pk)

    def _past(self, round_: Round) -> None:
        """Let the deadline end in the minute of loading: nobody may open a round whose deadline is past."""
        local = timezone.now().astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)
        Round.objects.filter(pk=round_.pk).update(
            deadline_date=local.date(), deadline_time=local.time(), deadline=local
        )

    def _link(self, round_: Round, key: str) -> str:
        """A link's secret, as its mail would carry it: nothing else ever holds one."""
        invitation = Invitation.objects.get(round=round_, email=REVIEWERS[key][0])
        Job.objects.filter(key=f"mail:invitation:{invitation.pk}:{invitation.sendings}").delete()
        secret, hashed = codes.mint()
        expires = timezone.now() + timedelta(days=7)
        Invitation.objects.filter(pk=invitation.pk).update(secret_hash=hashed, secret_expires_at=expires)
        return secret

    def _accept(self, round_: Round, *names: str) -> None:
        for name in names:
            invitation = actions.accept(actor=None, secret=self._link(round_, name))
            self.reviewers[name] = User.objects.get(pk=invitation.user_id)

    def _declare(self, round_: Round, name: str) -> None:
        declared = self.story["first_round"]["declarations"][name]
        actions.declare(actor=self.reviewers[name], round=round_, sector=REVIEWERS[name][2], **declared)

    def _answer_charge(self, round_: Round, name: str, answers: list[str]) -> None:
        for question, answer in zip(round_.questions.order_by("order"), answers, strict=True):
            scale = question.kind == QuestionKind.SCALE
            value, text = (AnswerValue(answer), "") if scale else ("", answer)
            actions.answer_question(actor=self.reviewers[name], round=round_, question=question, value=value, text=text)

    def _comment(self, round_: Round, told: dict[str, Any]) -> ReviewThread:
        place: dict[str, Any] = {}
        if "section" in told:
            section = self.sections[told["section"]]
            frozen = round_.version.sections.select_related("text").get(section=section)
            block, start, end = find_words(json.loads(frozen.text.body), told["quote"])
            place = {"section": section, "block": block, "start": start, "end": end}
        details = {DETAILS[name]: told[name] for name in DETAILS if name in told}
        thread: ReviewThread = actions.add_comment(
            actor=self.reviewers[told["by"]],
            round=round_,
            body=told["body"],
            type=told["type"],
            severity=told["severity"],
            draft=told.get("draft", False),
            **place,
            **details,
        )
        if told.get("withdraw"):
            actions.withdraw_comment(actor=self.reviewers[told["by"]], thread=thread)
        return thread

    def _reply(self, thread: ReviewThread, told: dict[str, Any]) -> None:
        speaker = self.cast.get(told["by"]) or self.reviewers[told["by"]]
        actions.reply(actor=speaker, thread=thread, body=told["body"])

    def _settle(self, threads: list[ReviewThread], told: dict[str, Any]) -> None:
        """Answers in the order of the comments; one is returned once and proposed again."""
        editor, returned = self.cast["editor"], told["returned"]
        for number, (thread, comment) in enumerate(zip(threads, told["comments"], strict=True)):
            if "outcome" not in comment:
                continue
            disposition = self._propose(thread, comment, threads)
            if number == returned["comment"]:
                actions.send_back(actor=editor, disposition=disposition, reason=returned["reason"])
                disposition = self._propose(thread, comment, threads)
            if "cleared" in comment:
                actions.clear_safeguarding(actor=self.cast["safeguarding"], thread=thread, reason=comment["cleared"])
            actions.confirm(actor=editor, disposition=disposition)

    def _propose(self, thread: ReviewThread, told: dict[str, Any], threads: list[ReviewThread]) -> Any:
        thread = ReviewThread.objects.select_related("round__brief", "thread").get(pk=thread.pk)
        author = self.cast["second" if told.get("section") in ("path", "atrisk", "opportunities", "data") else "lead"]
        if told.get("apply"):
            return actions.apply_change(actor=author, thread=thread)
        double = ReviewThread.objects.get(pk=threads[told["duplicate_of"]].pk) if "duplicate_of" in told else None
        return actions.propose(
            actor=author, thread=thread, outcome=told["outcome"], response=told["response"], duplicate_of=double
        )
