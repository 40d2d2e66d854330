"""Pages, for a WSGI server (granian in production)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Sets Django up: what follows may read the settings.
from config.metrics import sockets  # noqa: E402

sockets.serve("web")
