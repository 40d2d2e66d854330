"""What the library's search finds. The database refuses a passage of what is not public."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
-- Whole rather than compressed: ranking reads each vector, and unpacking takes longer than fetching.
ALTER TABLE release_passage ALTER COLUMN words SET STORAGE EXTERNAL;
CREATE FUNCTION release_passage_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM release_release r JOIN release_embargo e ON e.release_id = r.id
                 WHERE r.id = NEW.release_id AND r.status IN ('scheduled', 'published')
                   AND e.held_at IS NULL AND e.instant <= clock_timestamp()) THEN
    RAISE EXCEPTION 'only what is public is found' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_passage_public BEFORE INSERT OR UPDATE ON release_passage
  FOR EACH ROW EXECUTE FUNCTION release_passage_is_public();
"""
BACKWARD = """
DROP TRIGGER release_passage_public ON release_passage;
DROP FUNCTION release_passage_is_public();
"""


class Migration(migrations.Migration):
    dependencies = [("release", "0002_signed_is_published")]
    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("place", models.CharField(blank=True, max_length=60)),
                ("configuration", models.CharField(max_length=20)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("heading", django.contrib.postgres.search.SearchVectorField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="release.release"
                    ),
                ),
            ],
            options={
                "ordering": ["release", "order"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="release_passage_words"
                    ),
                    models.Index(fields=["configuration"], name="release_passage_language"),
                ],
                "constraints": [models.UniqueConstraint(fields=("release", "order"), name="release_passage_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
