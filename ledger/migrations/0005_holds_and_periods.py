"""Legal holds, and how long each class of records is kept."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_event_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Period",
            fields=[
                ("record_class", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("days", models.PositiveIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("brief", models.UUIDField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.TextField(blank=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-placed_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("brief__isnull", False), ("person__isnull", True)),
                            models.Q(("brief__isnull", True), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="ledger_hold_on_a_brief_or_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="ledger_hold_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_because", ""), ("lifted_by__isnull", True)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lifted_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_hold_lifted_by_name_and_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("brief",),
                        name="ledger_hold_once_a_brief",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person",),
                        name="ledger_hold_once_a_person",
                    ),
                ],
            },
        ),
    ]
