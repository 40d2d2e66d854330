"""Small files in place of the real ones, for filled releases."""

from tests.factories.releases import small_files

__all__ = ["small_files"]
