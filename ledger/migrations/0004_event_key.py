"""A form that is sent again is done once: the first event of a request keeps the request's key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_job_starts")]
    operations = [
        migrations.AddField("event", "key", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddConstraint(
            "event",
            models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("key",), name="ledger_event_once_a_request"
            ),
        ),
    ]
