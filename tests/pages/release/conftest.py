from tests.factories.releases import small_files

__all__ = ["small_files"]
