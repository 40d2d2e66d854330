"""`python -m config.serve …`: granian, with the pages imported once, before its processes are forked.

A process that was killed is then replaced in a fraction of a second instead of after every import anew (TRUST:
back within 5 s), and the processes share what was imported. Importing the pages opens no connection and starts
no thread; what does (``config.wsgi``) is imported by each process itself. The words are granian's own.
"""

from __future__ import annotations

import gc
import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.urls import get_resolver
    from granian.cli import entrypoint

    from config import pages

    # Views, forms and templates' libraries are imported with the addresses.
    get_resolver().url_patterns  # noqa: B018
    # Collecting would write to pages of memory that are shared.
    gc.collect()
    gc.freeze()
    # A page makes ten thousands of objects and drops them without a circle: at Python's 700 a tenth of its time
    # went into looking for some.
    gc.set_threshold(20_000, 20, 20)
    assert pages.pages
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
