"""Mail through the outbox. A job holds ids; the words are in ``templates/email/<name>/``.

A builder turns a payload into a ``Letter`` inside the mail job's transaction: it may mint a secret
there and store its hash, so that no queue ever holds one. A retry mints anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from ledger import jobs
from ledger.models import Mail
from ledger.slots import Registry
from ledger.states import MailState


@dataclass(frozen=True)
class Letter:
    """Whom to write to, in which language, with what context for the three templates."""

    to: str
    context: dict[str, Any] = field(default_factory=dict)
    language: str = ""


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
    jobs.enqueue("mail", key=f"mail:{name}:{key}", payload=told, queue="mail", scope=scope, due_at=due_at)


def send(running: jobs.Running) -> dict[str, Any]:
    """The handler of ``mail`` jobs."""
    payload = dict(running.payload)
    name = payload.pop("name")
    letter = builders.get(name)(payload)
    if letter is None:
        return {"sent": False}
    message = compose(name, letter, message_id=_message_id(running.job.pk))
    message.send()
    Mail.objects.update_or_create(
        job=running.job,
        defaults={
            "name": name,
            "to": letter.to,
            "subject": message.subject[:200],
            "message_id": message.extra_headers["Message-ID"],
            "state": MailState.SENT,
            "demo_body": str(message.body) if settings.DEMO else "",
        },
    )
    return {"sent": True}


def compose(name: str, letter: Letter, *, message_id: str) -> EmailMultiAlternatives:
    """Render subject, text and HTML. The subject is one line, whatever the template does."""
    context = {"base_url": settings.BASE_URL, "to": letter.to, **letter.context}
    with translation.override(letter.language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"email/{name}/subject.txt", context).split())
        text = render_to_string(f"email/{name}/body.txt", context).strip() + "\n"
        html = render_to_string(f"email/{name}/body.html", context)
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[letter.to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _message_id(job_id: UUID) -> str:
    # Stable per job: a mail sent twice around a crash is recognised as one by the receiver.
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{job_id}@{domain}>"
