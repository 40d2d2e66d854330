from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_plain_addresses")]

    operations = [
        migrations.AddField(
            model_name="signincode",
            name="tries",
            # The default is the database's too: processes of the release before go on writing rows.
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
