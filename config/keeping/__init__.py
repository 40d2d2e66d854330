"""Backup, restore and the rehearsal of both (docs/decisions/0011)."""
