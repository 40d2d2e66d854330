"""What is signed is what is published: the database itself holds releases to it.

- Artefacts and waivers can only be added; a sign-off can only be voided.
- A live signature names the release's manifest, and is given only in clearance.
- A manifest cannot change, and a release cannot be reopened, under a live signature.
- Cleared, scheduled and published releases carry a live signature of every publisher.
- Published means: the embargo's instant is past by the database's clock, and nothing holds it.
"""

from django.db import migrations

FORWARD = """
CREATE TRIGGER release_artefact_frozen BEFORE UPDATE OR DELETE ON release_artefact
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER release_waiver_frozen BEFORE UPDATE OR DELETE ON release_waiver
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION release_sign_off_names_the_manifest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE released release_release%ROWTYPE;
BEGIN
  SELECT * INTO released FROM release_release WHERE id = NEW.release_id FOR SHARE;
  IF NEW.decision = 'signed'
     AND (released.status <> 'clearance' OR released.manifest_sha256 <> NEW.manifest_sha256) THEN
    RAISE EXCEPTION 'a signature names the manifest in clearance' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM brief_publisher
                 WHERE brief_id = released.brief_id AND organisation_id = NEW.organisation_id) THEN
    RAISE EXCEPTION 'only a publisher signs' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_sign_off_added BEFORE INSERT ON release_signoff
  FOR EACH ROW EXECUTE FUNCTION release_sign_off_names_the_manifest();

CREATE FUNCTION release_sign_off_is_only_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL OR
     (NEW.release_id, NEW.organisation_id, NEW.approver_id, NEW.manifest_sha256, NEW.decision, NEW.reason,
      NEW.factor, NEW.at)
     IS DISTINCT FROM
     (OLD.release_id, OLD.organisation_id, OLD.approver_id, OLD.manifest_sha256, OLD.decision, OLD.reason,
      OLD.factor, OLD.at) THEN
    RAISE EXCEPTION 'a sign-off can only be voided' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_sign_off_kept BEFORE UPDATE OR DELETE ON release_signoff
  FOR EACH ROW EXECUTE FUNCTION release_sign_off_is_only_voided();

CREATE FUNCTION release_moves_with_its_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.version_id, NEW.brief_id, NEW.content_hash) IS DISTINCT FROM (OLD.version_id, OLD.brief_id, OLD.content_hash)
  THEN
    RAISE EXCEPTION 'a release keeps its version' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.manifest_sha256 IS DISTINCT FROM OLD.manifest_sha256 OR NEW.manifest IS DISTINCT FROM OLD.manifest
      OR NEW.status = 'void')
     AND EXISTS (SELECT 1 FROM release_signoff
                 WHERE release_id = NEW.id AND decision = 'signed' AND voided_at IS NULL) THEN
    RAISE EXCEPTION 'void the signatures first' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status IN ('cleared', 'scheduled', 'published') AND NEW.status <> OLD.status
     AND EXISTS (SELECT 1 FROM brief_publisher p WHERE p.brief_id = NEW.brief_id AND NOT EXISTS (
       SELECT 1 FROM release_signoff s WHERE s.release_id = NEW.id AND s.organisation_id = p.organisation_id
         AND s.decision = 'signed' AND s.voided_at IS NULL AND s.manifest_sha256 = NEW.manifest_sha256)) THEN
    RAISE EXCEPTION 'every publisher signs first' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'published' AND OLD.status <> 'published' AND NOT EXISTS (
       SELECT 1 FROM release_embargo e
       WHERE e.release_id = NEW.id AND e.held_at IS NULL AND e.instant <= clock_timestamp()) THEN
    RAISE EXCEPTION 'the embargo has not ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_release_signed BEFORE UPDATE ON release_release
  FOR EACH ROW EXECUTE FUNCTION release_moves_with_its_signatures();
"""
BACKWARD = """
DROP TRIGGER release_release_signed ON release_release;
DROP TRIGGER release_sign_off_kept ON release_signoff;
DROP TRIGGER release_sign_off_added ON release_signoff;
DROP TRIGGER release_waiver_frozen ON release_waiver;
DROP TRIGGER release_artefact_frozen ON release_artefact;
DROP FUNCTION release_moves_with_its_signatures();
DROP FUNCTION release_sign_off_is_only_voided();
DROP FUNCTION release_sign_off_names_the_manifest();
"""


class Migration(migrations.Migration):
    dependencies = [("release", "0001_initial"), ("ledger", "0002_events_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
