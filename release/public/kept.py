"""Pages kept in the process, by everything that they say.

Whether a page may be shown is asked of the database each time; only its making is spared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.conf import settings

#: A page is some 100 kB.
MOST = 64

_pages: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()


def remembered(key: Hashable, make: Callable[[], str]) -> str:
    """The page of this key, made once. In development it is made each time."""
    if settings.DEBUG:
        return make()
    key = (settings.BASE_URL, key)
    with _lock:
        if key in _pages:
            _pages.move_to_end(key)
            return _pages[key]
    page = make()
    with _lock:
        _pages[key] = page
        while len(_pages) > MOST:
            _pages.popitem(last=False)
    return page
