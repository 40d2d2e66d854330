"""People, the organisations they act for, and the States those answer to."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts exist by invitation only: there is no public sign-up that calls this."""

    def create_user(self, email: str, name: str = "", password: str | None = None, **fields: Any) -> User:
        user = self.model(email=normalise_email(email), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str = "", password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


def normalise_email(email: str) -> str:
    """Lower case as a whole: two people never differ by case alone.

    Raises ValueError outside of ASCII: the Kelvin sign is a small k afterwards, and somebody else's address.
    """
    if not email.isascii():
        raise ValueError("an address of other letters")
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Not registered with reversion: identities are erasable (DECISIONS, Revisions)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    organisation = models.ForeignKey(
        "Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    #: Of a person who was erased: "Former member #7", by which what they signed stays theirs.
    former_number = models.PositiveIntegerField(null=True, editable=False, unique=True)

    #: Whether a role needs a second factor, of who came by a session (``accounts.backends``).
    guarded: bool | None = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_whatever_its_case"),
            # Look-alike letters make two people of one, or one of two.
            models.CheckConstraint(condition=models.Q(email__regex=r"^[!-~]+$"), name="accounts_user_email_plain"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Sector(models.TextChoices):
    """Sectors of DOMAIN's glossary."""

    NGO = "ngo", _("NGO")
    PRIVATE = "private", _("private sector")
    SURVIVOR = "survivor", _("survivor-led")
    ACADEMIA = "academia", _("academia")
    LAW = "law", _("law enforcement")
    GOVERNMENT = "government", _("government")
    INTERNATIONAL = "international", _("international organisation")
    OTHER = "other", _("other")


class Organisation(models.Model):
    """A co-publishing or reviewing organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    slug = models.SlugField(unique=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, default=Sector.INTERNATIONAL)
    url = models.URLField(_("web address"), blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class State(models.Model):
    """A State, by ISO 3166-1 alpha-2 code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    #: The bodies it belongs to; "98 countries" is computed from these (S1-2).
    bodies = models.ManyToManyField(Organisation, through="Membership", related_name="states")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A State taking part in an organisation."""

    state = models.ForeignKey(State, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state", "organisation"], name="accounts_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.state_id} in {self.organisation_id}"


class SignInCode(models.Model):
    """A six-digit code on its way by mail. The mail job mints it and leaves only a keyed hash here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Nobody's for an address that we do not know: asking then costs as much as for one that we know.
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    keyed_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    #: How often digits were compared with it.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"sign-in code {self.id}"


class SpentFactor(models.Model):
    """A TOTP step or a passkey's challenge that was used: never a second time (DECISIONS, Second factor)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    #: ``totp:<time step>`` or ``passkey:<SHA-256 of the challenge>``.
    key = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="accounts_factor_spent_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class AskedByTwo(models.Model):
    """What one administrator asks for and another confirms; of each kind one may be open for a person."""

    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def _of_two(*, one_open: str, takes_two: str) -> list[models.BaseConstraint]:
    """The constraints of an ``AskedByTwo`` with a ``user``, under these names."""
    confirmed = models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
    return [
        models.UniqueConstraint(fields=["user"], condition=models.Q(confirmed_at=None), name=one_open),
        models.CheckConstraint(
            condition=models.Q(confirmed_by=None, confirmed_at=None)
            | (confirmed & ~models.Q(confirmed_by=models.F("asked_by"))),
            name=takes_two,
        ),
    ]


class FactorReset(AskedByTwo):
    """A lost device: one administrator asks, another confirms, and the person starts afresh."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = _of_two(one_open="accounts_one_open_reset_each", takes_two="accounts_reset_takes_two")

    def __str__(self) -> str:
        return f"reset for {self.user_id}"


class AddressChange(AskedByTwo):
    """Another e-mail address for somebody: who holds it signs in as them, so it takes two administrators."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    was = models.EmailField()
    to = models.EmailField()

    class Meta:
        constraints: ClassVar = _of_two(
            one_open="accounts_one_open_address_each", takes_two="accounts_address_takes_two"
        )

    def __str__(self) -> str:
        return f"address for {self.user_id}"


class Erasure(AskedByTwo):
    """That a person is to be forgotten: one administrator asks, another confirms, and it is done."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = _of_two(
            one_open="accounts_one_open_erasure_each", takes_two="accounts_erasure_takes_two"
        )

    def __str__(self) -> str:
        return f"erasure of {self.user_id}"
