"""What happened and what must happen: audit trail, transitions, outbox, mail, slots."""
