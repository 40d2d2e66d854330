"""Count how often a worker began a job: one that kills its worker leaves no other trace."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_events_append_only")]
    operations = [migrations.AddField("job", "starts", models.PositiveIntegerField(default=0))]
