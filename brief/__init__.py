"""A brief and its sections, steps, versions; the writing room."""
