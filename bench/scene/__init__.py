"""Scenes on a running stack, and what looks at them from outside: the cast, a crawler, the database's prints."""
