"""Mail through the outbox. A job holds ids; the words are in ``templates/email/<name>/``.

A builder turns a payload into a ``Letter`` in a transaction of the mail job's: it may mint a secret
there and store its hash, so that no queue ever holds one. Until the mail has left, the written letter
lies sealed in the job; after ``SAME`` seconds a retry writes, and mints, anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate, parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from ledger import jobs
from ledger.models import Mail
from ledger.seals import seal, unseal
from ledger.slots import Registry
from ledger.states import MailState

PURPOSE = "ledger.mail"
#: Seconds for which a retry sends the same letter: a code in it is good for ten minutes.
SAME = 300


@dataclass(frozen=True)
class Letter:
    """Whom to write to, in which language, with what context for the three templates."""

    to: str
    context: dict[str, Any] = field(default_factory=dict)
    language: str = ""


#: In pauses of at most 17 minutes (``ledger.jobs``): a mail server that is away for a night loses no letter.
TRIES = 60
Builder = Callable[[dict[str, Any]], Letter | None]
#: Mail name → function that returns only what the templates need, or None when it is no longer due.
builders: Registry[Builder] = Registry("mail builders")


def post(
    name: str,
    *,
    key: str,
    payload: dict[str, Any] | None = None,
    scope: UUID | None = None,
    due_at: datetime | None = None,
) -> None:
    """Ask for one mail, now or later; the same ``key`` never sends two."""
    told = {"name": name, **(payload or {})}
    jobs.enqueue(
        "mail",
        key=f"mail:{name}:{key}",
        payload=told,
        queue="mail",
        scope=scope,
        due_at=due_at,
        max_attempts=TRIES,
    )


def write(running: jobs.Running) -> None:
    """The preparer of ``mail`` jobs: the letter is written, its secret's hash stored, and both committed.

    A worker may die when the mail server has the mail and we do not know it. The second try then sends
    the same letter under the same Message-ID: whichever of the two is read, its link or code is good.
    """
    kept = running.job.result
    if kept.get("written", 0) > time.time() - SAME:
        return
    payload = dict(running.payload)
    name = payload.pop("name")
    letter = builders.get(name)(payload)
    words = _words(name, letter) if letter else None
    running.job.result = {"letter": seal(json.dumps(words), purpose=PURPOSE), "written": int(time.time())}


def send(running: jobs.Running) -> dict[str, Any]:
    """The handler of ``mail`` jobs."""
    words = _kept(running)
    if words is None:
        return {"sent": False}
    message = _message(words, message_id=_message_id(running.job.pk))
    # Before it leaves: between the mail server's yes and our commit there is as little as can be.
    Mail.objects.update_or_create(
        job=running.job,
        defaults={
            "name": words["name"],
            "to": words["to"],
            "subject": message.subject[:200],
            "message_id": message.extra_headers["Message-ID"],
            "state": MailState.SENT,
            "demo_body": str(message.body) if settings.DEMO else "",
        },
    )
    message.send()
    return {"sent": True}


def _kept(running: jobs.Running) -> dict[str, str] | None:
    """The written letter, or None when none is due any more."""
    opened = unseal(running.job.result.get("letter", ""), purpose=PURPOSE)
    if not opened:
        # It could not be written before, or its key is gone: what stands in the way is this try's failure.
        running.job.result = {}
        write(running)
        opened = unseal(running.job.result["letter"], purpose=PURPOSE)
    words: dict[str, str] | None = json.loads(opened)
    return words


def compose(name: str, letter: Letter, *, message_id: str) -> EmailMultiAlternatives:
    """Render subject, text and HTML. The subject is one line, whatever the template does."""
    return _message(_words(name, letter), message_id=message_id)


def _words(name: str, letter: Letter) -> dict[str, str]:
    context = {"base_url": settings.BASE_URL, "to": letter.to, **letter.context}
    with translation.override(letter.language or settings.LANGUAGE_CODE):
        return {
            "name": name,
            "to": letter.to,
            "subject": " ".join(render_to_string(f"email/{name}/subject.txt", context).split()),
            "text": render_to_string(f"email/{name}/body.txt", context).strip() + "\n",
            "html": render_to_string(f"email/{name}/body.html", context),
            "date": formatdate(),
        }


def _message(words: dict[str, str], *, message_id: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=words["subject"],
        body=words["text"],
        to=[words["to"]],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated", "Date": words["date"]},
    )
    message.attach_alternative(words["html"], "text/html")
    return message


def _message_id(job_id: UUID) -> str:
    # Stable per job: a mail sent twice around a crash is recognised as one by the receiver.
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{job_id}@{domain}>"
