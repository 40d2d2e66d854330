"""The people of the example: invented, at addresses that cannot exist."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from accounts import second_factor
from accounts.models import Organisation, Sector, User
from brief.actions import give_role
from brief.models import Brief
from brief.states import RoleName


@dataclass(frozen=True)
class Person:
    """``key`` is the name by which the story calls this person."""

    key: str
    name: str
    organisation: str = ""
    role: str = ""

    @property
    def email(self) -> str:
        domain = self.organisation or "countersign"
        return f"{self.name.lower().replace(' ', '.')}@{domain}.example"

    @property
    def guarded(self) -> bool:
        """Whether this person signs in with a second factor: who approves, or sees identities."""
        return self.role not in (RoleName.LEAD_AUTHOR, RoleName.AUTHOR, RoleName.OBSERVER)


#: Slug → name, short name, web address, time zone of its people.
ORGANISATIONS = {
    "meridian": ("Meridian Council", "Meridian", "https://meridian.example/", "Europe/Vienna"),
    "estuary": ("Estuary Process", "Estuary", "https://estuary.example/", "Asia/Bangkok"),
}
PEOPLE = (
    Person("lead", "Ines Valdorra", "meridian", RoleName.LEAD_AUTHOR),
    Person("second", "Surya Adinatta", "estuary", RoleName.AUTHOR),
    Person("editor", "Maren Holtsand", "meridian", RoleName.REVIEW_EDITOR),
    Person("approver", "Aurelio Bastane", "meridian", RoleName.APPROVER),
    Person("partner_approver", "Nadia Kerrow", "estuary", RoleName.APPROVER),
    Person("press", "Liam Oakhurstel", "meridian", RoleName.PRESS_OFFICER),
    Person("safeguarding", "Thandeka Moyanet", "estuary", RoleName.SAFEGUARDING),
    Person("observer", "Petra Lindqvar", "estuary", RoleName.OBSERVER),
    Person("admin", "Sam Archerby"),
)
#: Key → address, name and sector of those who are asked to review; accounts begin when they accept.
REVIEWERS = {
    "ngo": ("beatriz.caldeirao@openharbour.example", "Beatriz Caldeirao", Sector.NGO),
    "private": ("daniel.fennick@jobline.example", "Daniel Fennick", Sector.PRIVATE),
    "survivor": ("amara.teye@circle-of-return.example", "Amara Teye", Sector.SURVIVOR),
    "declined": ("henrik.stavang@bridgemoor.example", "Henrik Stavang", Sector.ACADEMIA),
    "asked": ("joana.prylo@border-training.example", "Joana Prylo", Sector.LAW),
    "waiting": ("milan.ostrek@halden.example", "Milan Ostrek", Sector.ACADEMIA),
}


def seed(email: str) -> str:
    """The seed of a demonstration's authenticator app: known to everybody, hence never for real people."""
    return base64.b32encode(hashlib.sha256(f"example:{email}".encode()).digest()[:20]).decode()


def organisations() -> dict[str, Organisation]:
    found = {}
    for slug, (name, short_name, url, _zone) in ORGANISATIONS.items():
        fields = {"name": name, "short_name": short_name, "url": url}
        found[slug], _created = Organisation.objects.get_or_create(slug=slug, defaults=fields)
    return found


def people(owners: dict[str, Organisation]) -> dict[str, User]:
    """Everybody with an account from the beginning, by key."""
    found = {}
    for person in PEOPLE:
        staff = person.key == "admin"
        user = User.objects.create_user(
            person.email,
            person.name,
            organisation=owners.get(person.organisation),
            zone=ORGANISATIONS[person.organisation][3] if person.organisation else "UTC",
            is_staff=staff,
            is_superuser=staff,
        )
        if person.guarded:
            second_factor.enrol_totp(user, seed(person.email))
        found[person.key] = user
    return found


def roles(brief: Brief, cast: dict[str, User], owners: dict[str, Organisation]) -> None:
    """Give everybody their role; the lead author has hers from beginning the brief."""
    for person in PEOPLE:
        if person.role and person.role != RoleName.LEAD_AUTHOR:
            owner = owners[person.organisation]
            give_role(actor=cast["lead"], brief=brief, user=cast[person.key], organisation=owner, role=person.role)
