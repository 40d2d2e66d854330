"""The states of the ledger's own rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    DUE = "due", _("due")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class MailState(models.TextChoices):
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
