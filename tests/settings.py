"""The product's settings in the tests' environment: pytest-django reads this before any conftest.

Without ``DATABASE_URL`` the embedded PostgreSQL is started or joined, in well under a second.
"""

from __future__ import annotations

import os
import sys

from tests import database

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_PLAIN = ("DEMO", "DEBUG", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS")

for _variable in _PLAIN:
    os.environ.pop(_variable, None)
os.environ["TESTING"] = "1"
os.environ.setdefault("COUNTERSIGN_TEST_RUN", str(os.getpid()))
os.environ["DATA_DIR"] = str(database.files())
#: Held while this run lasts; ``conftest.pytest_unconfigure`` lets go.
SERVERS: list[database.Server] = []
if "DATABASE_URL" not in os.environ and not _WORKER and "pytest" in sys.modules:
    SERVERS.append(database.Server())
    os.environ["DATABASE_URL"] = SERVERS[0].start()

from config.settings import *  # noqa: E402, F403

# WhiteNoise warns when it is away.
(database.files() / "static").mkdir(parents=True, exist_ok=True)
