"""What everyone may read. Nothing here depends on who asks, and nothing writes."""
