"""Events still only grow, with two exceptions that a transaction must announce.

- ``countersign.letting_go = 'identity'``: who did it and what was said about it may be replaced when a
  person is erased. What happened, to what and when, stays.
- ``countersign.letting_go = 'age'``: events may be removed by their age, but never what tells of
  versions, dispositions, releases, holds and erasures.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_event_keeps_what_happened() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE announced text := coalesce(current_setting('countersign.letting_go', true), '');
BEGIN
  IF TG_OP = 'UPDATE' AND announced = 'identity'
     AND (NEW.id, NEW.at, NEW.verb, NEW.subject_type, NEW.subject_id, NEW.scope, NEW.key)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.at, OLD.verb, OLD.subject_type, OLD.subject_id, OLD.scope, OLD.key) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND announced = 'age'
     AND split_part(OLD.verb, '.', 1) NOT IN
         ('version', 'disposition', 'release', 'brief', 'edition', 'hold', 'person', 'retention') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER ledger_event_append_only ON ledger_event;
CREATE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event
  FOR EACH ROW EXECUTE FUNCTION ledger_event_keeps_what_happened();
"""
BACKWARD = """
DROP TRIGGER ledger_event_append_only ON ledger_event;
CREATE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
DROP FUNCTION ledger_event_keeps_what_happened();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_holds_and_periods")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
