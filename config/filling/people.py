"""Two invented organisations and everybody who works on one brief."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from accounts import second_factor
from accounts.models import Organisation, User
from brief.actions import give_role
from brief.models import Brief
from brief.states import RoleName

#: Addresses of these people: nobody else has one there, and no mail can arrive.
DOMAIN = "filled.example"


@dataclass(frozen=True)
class People:
    """Everybody of one brief, by what they do. ``authors`` has the lead first."""

    organisations: list[Organisation]
    authors: list[User]
    editor: User
    approvers: list[User]
    press: User
    safeguarding: User
    observer: User

    @property
    def lead(self) -> User:
        return self.authors[0]

    def all(self) -> list[User]:
        return [*self.authors, self.editor, *self.approvers, self.press, self.safeguarding, self.observer]


def make_people(authors: int = 2) -> People:
    """New ones, with authenticator apps of random seeds where their part asks for one."""
    mark = secrets.token_hex(4)
    organisations = [
        Organisation.objects.create(
            name=f"{name} {mark}", short_name=f"{name[:5]} {mark[:3]}", slug=f"{name.lower()}-{mark}"
        )
        for name in ("Harbour", "Upland")
    ]

    def person(part: str, place: int, *, guarded: bool = True) -> User:
        user = User.objects.create_user(
            f"{part}.{mark}@{DOMAIN}", f"{part.title().replace('-', ' ')} {mark}", organisation=organisations[place]
        )
        if guarded:
            second_factor.enrol_totp(user, base64.b32encode(secrets.token_bytes(20)).decode())
        return user

    writing = [person(f"author-{number}", (number - 1) % 2, guarded=False) for number in range(1, max(1, authors) + 1)]
    return People(
        organisations=organisations,
        authors=writing,
        editor=person("editor", 0),
        approvers=[person("approver-one", 0), person("approver-two", 1)],
        press=person("press", 0),
        safeguarding=person("safeguarding", 1),
        observer=person("observer", 1, guarded=False),
    )


def give_roles(brief: Brief, people: People) -> None:
    """The lead author has hers from beginning the brief."""
    first, second = people.organisations
    parts = [
        *((author, RoleName.AUTHOR) for author in people.authors[1:]),
        (people.editor, RoleName.REVIEW_EDITOR),
        *((approver, RoleName.APPROVER) for approver in people.approvers),
        (people.press, RoleName.PRESS_OFFICER),
        (people.safeguarding, RoleName.SAFEGUARDING),
        (people.observer, RoleName.OBSERVER),
    ]
    for user, role in parts:
        owner = second if user.organisation_id == second.pk else first
        give_role(actor=people.lead, brief=brief, user=user, organisation=owner, role=role)
