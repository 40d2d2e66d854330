from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brief.policies import freeze_checks
        from ledger import jobs as outbox
        from ledger import mail, people, retention, slots
        from review import desk, emails, jobs, kept, policies

        outbox.handlers.register("review.remind", jobs.remind)
        outbox.handlers.register("review.deadline", jobs.deadline)
        outbox.handlers.register("review.expire", jobs.expire)
        mail.builders.register("invitation", emails.invitation)
        mail.builders.register("review_reminder", emails.reminder)
        mail.builders.register("deadline_extended", emails.extended)
        mail.builders.register("review_receipt", emails.receipt)
        mail.builders.register("answers_ready", emails.answers_ready)
        mail.builders.register("round_opened", emails.to_staff)
        mail.builders.register("comments_handed_over", emails.handed_over)
        mail.builders.register("safeguarding_alert", emails.safeguarding_alert)
        mail.builders.register("disposition_returned", emails.disposition_returned)
        slots.desk_items.register(desk.items)
        slots.brief_links.register(desk.links)
        slots.brief_panels.register(desk.panels)
        slots.writing_panels.register(desk.comments_on_section)
        freeze_checks.register(policies.freeze_sentences)
        retention.register(*kept.CLASSES)
        people.about_person.register(kept.about)
        people.briefs_of_person.register(kept.briefs_of)
        people.with_a_part.register(kept.people)
        people.erasing.register(kept.erase)
