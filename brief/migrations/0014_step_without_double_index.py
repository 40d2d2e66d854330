"""One index less to write at every few letters: two others begin with the section."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("brief", "0013_export_points")]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="section",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="brief.section",
            ),
        ),
    ]
