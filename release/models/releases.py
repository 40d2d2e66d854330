"""A release of one frozen version, and the files it consists of."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

import reversion
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brief.models import Brief, Version
from ledger.models import Job
from release.states import OPEN, ArtefactKind, ReleaseState


@reversion.register(exclude=("manifest",))
class Release(models.Model):
    """What was built from one version, and how far it is on its way to the public.

    ``manifest`` is canonical JSON; ``manifest_sha256`` is what approvers sign (DECISIONS, Hashes).
    Both are empty until everything is built.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="releases")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    edition = models.CharField(_("edition"), max_length=10, default="1.0")
    status = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.BUILDING)
    content_hash = models.CharField(max_length=64)
    manifest = models.TextField(blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Why it could not be built, why it was reopened, or the public reason of a withdrawal.
    sentence = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    built_at = models.DateTimeField(null=True)
    #: When the record followed the embargo's end; readers are served by the embargo itself.
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brief"], condition=Q(status__in=[str(state) for state in OPEN]), name="release_one_open"
            ),
            models.UniqueConstraint(
                fields=["brief", "edition"],
                condition=~Q(status__in=["failed", "void"]),
                name="release_edition_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["building", "failed", "void"]) | ~Q(manifest_sha256=""),
                name="release_has_a_manifest_once_built",
            ),
            models.CheckConstraint(
                condition=Q(manifest="", manifest_sha256="") | (~Q(manifest="") & ~Q(manifest_sha256="")),
                name="release_manifest_and_hash_together",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["published", "withdrawn"], published_at__isnull=False)
                | (~Q(status__in=["published", "withdrawn"]) & Q(published_at__isnull=True)),
                name="release_published_at_iff_published",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="release_withdrawn_at_iff_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"edition {self.edition} of {self.brief_id}"


def private_path(artefact: Artefact, filename: str) -> str:
    """A random name in private storage: no file's address can be guessed (DOMAIN, real life 1)."""
    return f"releases/{secrets.token_hex(16)}"


class Artefact(models.Model):
    """One file of a release; never altered (a database trigger refuses).

    ``name`` is its address below the release's public folder: ``brief.pdf``, ``pages/index.html``.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="artefacts")
    kind = models.CharField(max_length=10, choices=ArtefactKind.choices)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=private_path, max_length=100)

    class Meta:
        ordering: ClassVar = ["release", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "name"], name="release_artefact_once")]

    def __str__(self) -> str:
        return self.name
