"""How often an address may ask for what costs us more than a page. A courtesy to others, not a lock.

Counted in the cache, by minute; without the cache nobody is refused. What is kept is a keyed hash of
the address, for two minutes (TRUST 10).
"""

from __future__ import annotations

import logging
import time

from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from ledger import cache

log = logging.getLogger(__name__)

MINUTE = 60


def spend(what: str, address: str, *, most: int) -> bool:
    """Count one request of ``address``; False when it has had its ``most`` of this minute."""
    who = salted_hmac("ledger.rates", address).hexdigest()[:24]
    key = f"rate:{what}:{int(time.time() // MINUTE)}:{who}"
    try:
        return cache.count(key, 2 * MINUTE) <= most
    except (RedisError, OSError, ValueError):  # ValueError: it ran out between the two
        log.warning("request not counted: cache away")
        return True
