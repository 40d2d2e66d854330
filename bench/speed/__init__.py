"""Programs, one a file; a file's name is its program's."""
