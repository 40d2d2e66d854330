from django.apps import AppConfig


class BriefConfig(AppConfig):
    name = "brief"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.demo import parts_played
        from accounts.policies import guarded_by
        from brief import emails, export_jobs, import_jobs, jobs, kept, parts, source_jobs
        from brief.desk import happened, mentioned, waiting
        from ledger import holds, mail, people, retention
        from ledger.jobs import handlers
        from ledger.slots import desk_items

        mail.builders.register("mentioned", emails.mentioned)
        handlers.register("section.snapshot", jobs.snapshot)
        handlers.register("section.anchors", jobs.advance_anchors)
        handlers.register("brief.checks", jobs.check)
        handlers.register("draft.read", import_jobs.read)
        handlers.register("draft.write", import_jobs.write)
        handlers.register("draft.export", export_jobs.make)
        handlers.register("sources.read", source_jobs.read)
        desk_items.register(waiting)
        desk_items.register(mentioned)
        desk_items.register(happened)
        guarded_by.register(parts.guarded)
        parts_played.register(parts.played)
        retention.register(*kept.CLASSES)
        holds.briefs_to_hold.register(kept.titles)
        people.about_person.register(kept.about)
        people.briefs_of_person.register(kept.briefs_of)
        people.with_a_part.register(kept.people)
        people.erasure_checks.register(kept.erasure_sentences)
        people.erasing.register(kept.erase)
        people.standing.register(kept.standing)
