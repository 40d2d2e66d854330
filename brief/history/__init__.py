"""The past of a brief: its moments, who was at work when, who wrote which words, and what changed between two."""
