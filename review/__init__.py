"""Rounds, invitations, threads' dispositions; the reading room."""
