"""The document language, without Django: it stands on the ground and imports no app."""
