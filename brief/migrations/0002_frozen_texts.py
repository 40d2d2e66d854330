"""Versions and their texts can only be added: the database refuses to change or delete them.

Steps likewise: each is what somebody was told is saved.
"""

from django.db import migrations

TABLES = ("brief_text", "brief_version", "brief_versionsection")

FORWARD = (
    "\n".join(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();"
        for table in TABLES
    )
    + """
CREATE FUNCTION brief_step_keeps_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.section_id, NEW.version, NEW.client, NEW.key, NEW.step, NEW.maps)
     IS DISTINCT FROM (OLD.section_id, OLD.version, OLD.client, OLD.key, OLD.step, OLD.maps) THEN
    RAISE EXCEPTION 'steps are append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER brief_step_append_only BEFORE UPDATE ON brief_step
  FOR EACH ROW EXECUTE FUNCTION brief_step_keeps_its_words();
"""
)
BACKWARD = (
    "\n".join(f"DROP TRIGGER {table}_frozen ON {table};" for table in TABLES)
    + """
DROP TRIGGER brief_step_append_only ON brief_step;
DROP FUNCTION brief_step_keeps_its_words();
"""
)


class Migration(migrations.Migration):
    dependencies = [("brief", "0001_initial"), ("ledger", "0002_events_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
