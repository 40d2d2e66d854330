"""Names that hide something, addresses that look like somebody's, lines that would be headers (TRUST, abuse).

Characters that nobody sees go into every field that names something, through the product's own forms, the
administration and an imported draft's authors; afterwards every name and title in the database is looked at:
``hidden_kept`` counts those that hold one. Look-alikes of a person's address (other alphabets, the Kelvin sign, wide
letters, dots, tags, quotes, punycode) are given roles, invited, made accounts of and signed in with: ``merged`` counts
what came to the person although only capital letters or spaces around may differ. CR and LF in names, titles, addresses
and queries must make no header: ``injected`` counts them in answers and in every mail that was sent.

Broken on purpose: with `ledger.forms.Seen` looking at no field, 32 of 51 names were kept with what they hide
("hidden_kept", SCALE=0.1), and 5 requests ended in an error, where only the database refused an address.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db.models import CharField, Model

from accounts.models import User
from bench.client import Answer, Client
from bench.figures import Figure, at_least, none
from bench.hostile import office
from bench.stack import Stack
from brief.actions.sections import living
from brief.models import ImportDraft
from brief.states import ImportState
from document import characters
from review.models import Invitation
from tests.cast import Cast

UNSEEN = (
    *("\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200c", "\u200d"),
    *(
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u180e",
        "\u3164",
        "\uffa0",
        "\u034f",
        "\u2028",
        "\U000e0041",
        "\x07",
        "\x1b",
        "\x7f",
    ),
    *("\x85", "\x00", "\r\n", "\n", "\t", "\ufff9"),
)
#: Fields that name something, in every app of ours.
NAMING = {"name", "title", "subtitle", "short_name", "author_name", "topic", "organisation", "region", "place"}
LINES = ("\r\nBcc: trap@a.example", "\nX-Injected: 1", "\r\n\r\n<html>", "%0d%0aX-Injected: 1", "\u2028X-Injected: 1")


def run(stack: Stack) -> Iterator[Figure]:
    cast = Cast(f"nm{time.time_ns():x}")
    names = Names(stack, cast)
    for place, char in enumerate(UNSEEN[:: max(1, len(UNSEEN) // stack.times(len(UNSEEN)))]):
        names.type_everywhere(f"An{char}na {place}")
    names.drafts()
    kept = sorted(set(_hidden(cast)) - names.hidden_before)
    yield none("names.hidden_kept", len(kept), names.tried, unit="names", note="; ".join(kept[:5]))
    merged = names.look_alikes()
    yield none("names.merged", len(merged), names.tried, unit="accounts", note="; ".join(merged[:5]))
    injected = names.headers()
    yield none("names.injected", len(injected), names.tried, unit="headers", note="; ".join(injected[:5]))
    yield at_least("names.mails", names.mails, "mails", gate=2, note="looked at")
    yield none("names.server_errors", len(names.broken), names.tried, unit="answers", note="; ".join(names.broken[:5]))


class Names:
    def __init__(self, stack: Stack, cast: Cast) -> None:
        self.stack, self.cast = stack, cast
        self.tried = self.mails = 0
        self.broken: list[str] = []
        self.injected: list[str] = []
        #: What programs before this one have left behind is theirs.
        self.mailed, self.hidden_before = len(stack.mailbox.messages), set(_hidden(cast))
        people = ("lead", "editor", "admin", "second_reviewer", "reviewer")
        assert cast.sections
        assert cast.second_invitation
        assert cast.invitation
        self.clients: dict[str, Client] = {name: stack.client(cast[name]) for name in people}

    def post(self, person: str, path: str, data: dict[str, Any], **files: Any) -> Answer:
        answer = self.clients[person].post(path, data, **files)
        self.tried += 1
        if answer.status >= 500 or (answer.status == 403 and b"CSRF" in answer.body):
            self.broken.append(f"{path} {answer.status}")
        self._look_at(path, answer)
        return answer

    def _look_at(self, path: str, answer: Answer) -> None:
        wrong = {"x-injected", "bcc"} & set(answer.headers)
        self.injected += [f"{path}: {name}" for name in wrong]

    def type_everywhere(self, name: str) -> None:
        """Into every form that names something."""
        cast, brief, round_ = self.cast, self.cast.brief, self.cast.round
        write, review = f"/write/{brief.pk}", f"/review/{round_.pk}"
        section = living(brief)[0]
        address = f"p{self.tried}@people.example"
        role = {"email": address, "organisation": cast.north.pk, "role": "observer"}
        self.post("lead", "/account/", {"name": name, "zone": "UTC"})
        self.post("lead", f"{write}/people/", {**role, "name": name})
        self.post("lead", f"{write}/sections/", {"title": name})
        self.post("lead", f"{write}/sections/{section.pk}/edit/", {"title": name, "target_words": "0"})
        self.post("lead", f"{write}/edit/", self._brief(name))
        self.post("lead", "/write/new/", {"title": name, "organisations": [cast.north.pk, cast.south.pk]})
        self.post("lead", f"{write}/sources/", {"type": "report", "title": name, "publisher": name})
        self.post("editor", f"{write}/versions/", {"order_draft": "first", "note": name})
        self.post("editor", f"{review}/manage/invite/", {"addresses": f'"{name}" <i{self.tried}@people.example>'})
        told = {"capacity": "spokesperson", "sector": "ngo", "has_interests": "no", "naming": "none", "at_risk": "no"}
        named = {"name": name, "organisation": name, "region": name, "confidentiality": "on"}
        self.post("second_reviewer", f"{review}/declarations/", {**told, **named})
        short = f"o{self.tried}"
        self.post(
            "admin", "/admin/accounts/user/add/", {"email": f"{short}@people.example", "name": name, "zone": "UTC"}
        )
        inline = {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}
        organisation = {"name": name, "short_name": name[:40], "slug": short, "sector": "ngo", **inline}
        self.post("admin", "/admin/accounts/organisation/add/", organisation)

    def _brief(self, name: str) -> dict[str, Any]:
        plain = {"title": name, "subtitle": name, "language": "en-GB", "citation_style": "chicago-author-date"}
        return {**plain, "order_draft": "zero", "copyright": name, "licence": name}

    def drafts(self) -> None:
        """Authors of comments, headings and the file's own name, as a draft from outside brings them."""
        commented, more = office.commented("An\u202ena", "Words")
        body = office.plain("Fees\u202e are charged.").replace(">Fees<", ">Fe\u200b\u202ees<") + commented
        files = {"file": ("dra\u202efxcod.docx", office.word(body, more=more), "application/zip")}
        page = f"/write/{self.cast.brief.pk}/import/"
        answer = self.post("lead", page, {}, files=files)
        draft = answer.headers.get("location", page)
        end = time.monotonic() + 40
        reading = ImportDraft.objects.filter(brief=self.cast.brief, status=ImportState.READING)
        while reading.exists() and time.monotonic() < end:
            time.sleep(0.1)
        self.post("lead", draft, {"do": "rename-0-0", "title-0-0": "Fe\x00\u202e\u200bes"})
        self.post("lead", f"{draft}confirm/", {})

    def look_alikes(self) -> list[str]:
        """Give a role to, invite, make and sign in each; what reached the person themselves."""
        person = self.cast.colleague
        user, _at, domain = person.email.partition("@")
        merged = []
        for address in look_alikes(user, domain):
            before = self._of(person)
            role = {"email": address, "name": "X", "organisation": self.cast.north.pk, "role": "observer"}
            self.post("lead", f"/write/{self.cast.brief.pk}/people/", role)
            self.post("editor", f"/review/{self.cast.round.pk}/manage/invite/", {"addresses": address})
            self.post("admin", "/admin/accounts/user/add/", {"email": address, "name": "X", "zone": "UTC"})
            stranger = self.stack.client(None)
            answer = stranger.post("/account/login/", {"email": address})
            self.tried += 1
            if answer.status >= 500:
                self.broken.append(f"sign-in as {address!r}: {answer.status}")
            if self._of(person) != before and address.strip().lower() != person.email:
                merged.append(repr(address))
        return merged

    def _of(self, person: User) -> tuple[int, int, int, int]:
        """Whatever belongs to the person: roles, invitations, mails asked for, accounts by that address."""
        from accounts.models import SignInCode

        return (
            self.cast.brief.roles.filter(user=person).count(),
            Invitation.objects.filter(email__iexact=person.email).count(),
            SignInCode.objects.filter(user=person).count(),
            User.objects.filter(email__iexact=person.email).count(),
        )

    def headers(self) -> list[str]:
        """CR and LF where a header is made of what somebody typed: mails, downloads, redirects."""
        cast, review = self.cast, f"/review/{self.cast.round.pk}"
        for place, line in enumerate(LINES):
            for way in ("next", "q", "brief", "thread", "since"):
                path = f"/account/login/?{way}={quote('/desk/' + line)}"
                self._look_at(path, self.stack.client(None).get(path))
            self.post("editor", f"{review}/manage/invite/", {"addresses": f"a{place}@people.example{line}"})
            self.post("editor", f"{review}/manage/invite/", {"addresses": f'"N{line}" <b{place}@people.example>'})
            self.post(
                "lead", f"/write/{cast.brief.pk}/people/", {"email": f"c{place}@people.example{line}", "name": line}
            )
            self.post("lead", f"/write/{cast.brief.pk}/import/x/", {"do": f"promote-1{line}-2"})
            self.post("lead", "/account/login/", {"email": f"{cast.lead.email}{line}"})
        type(cast.round).objects.filter(pk=cast.round.pk).update(title=f"T{LINES[0]}", topic=f"T{LINES[1]}")
        cast.reviewer.name = f"N{LINES[0]}"
        cast.reviewer.save(update_fields=["name"])
        for ending in ("csv", "xlsx"):
            path = f"{review}/answers/comments.{ending}"
            self._look_at(path, self.clients["editor"].get(path))
        self.post("editor", f"{review}/manage/send/", {})
        self.post("editor", f"{review}/manage/{cast.invitation.pk}/remind/", {})
        self._mails()
        return self.injected

    def _mails(self) -> None:
        """Every mail that the stack sent: one subject, one receiver, no header of the attacker's."""
        time.sleep(4)
        for message in self.stack.mailbox.messages[self.mailed :]:
            self.mails += 1
            if {"bcc", "x-injected"} & {name.lower() for name in message}:
                self.injected.append(f"mail {message['Message-ID']}")
            if "trap@a.example" in str(message["X-To"]) or len(message.get_all("Subject", [])) != 1:
                self.injected.append(f"mail to {message['X-To']}")


def look_alikes(user: str, domain: str) -> Iterator[str]:
    """Addresses that a person, a fold of letters or a careless parser takes for this one."""
    swaps = {"o": "\u043e", "a": "\u0430", "e": "\u0435", "p": "\u0440", "c": "\u0441", "l": "\u04cf", "u": "\u03c5"}
    for old, new in swaps.items():
        if old in user:
            yield f"{user.replace(old, new)}@{domain}"
        if old in domain:
            yield f"{user}@{domain.replace(old, new, 1)}"
    yield f"{user.upper()}@{domain}"
    yield f" {user}@{domain} "
    yield f"{user}@{domain}".translate({ord(c): ord(c) + 0xFEE0 for c in "abcdefghijklmnopqrstuvwxyz@."})
    yield f"{user}\uff20{domain}"
    for char in UNSEEN:
        yield f"{user[:2]}{char}{user[2:]}@{domain}"
    yield f"{user}@{domain.replace('s', chr(0x17F)).replace('k', chr(0x212A))}"
    yield f"{user.replace('k', chr(0x212A)).replace('s', chr(0x17F)).replace('i', chr(0x131))}x@{domain}"
    yield f"{user[0]}.{user[1:]}@{domain}"
    yield f"{user}+tag@{domain}"
    yield f'"{user}"@{domain}'
    yield f"{user}@{domain}."
    yield f"{user}(x)@{domain}"
    yield f"{user}%{domain}@a.example"
    yield f"{user}@{domain}@a.example"
    yield f"{user}@{domain},somebody@a.example"
    yield f"<{user}@{domain}>"
    yield f"{user}@xn--{domain}"
    yield f"{user}e\u0301@{domain}"


def _hidden(cast: Cast) -> Iterator[str]:
    """Names and titles in the database that hold a character nobody sees."""
    for model in apps.get_models():
        if model._meta.app_label not in ("accounts", "brief", "review", "release"):
            continue
        for field in model._meta.fields:
            if field.name in NAMING and isinstance(field, CharField):
                yield from _in_column(model, field.name)


def _in_column(model: type[Model], name: str) -> Iterator[str]:
    manager = getattr(model, "every", model._default_manager)
    for value in manager.values_list(name, flat=True):
        if characters.unseen(str(value)):
            yield f"{model._meta.label}.{name}: {str(value)[:60]!r}"
