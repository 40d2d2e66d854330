"""Pages, for a WSGI server (granian in production); what is public and held in files comes before them."""

import os

from django.core.wsgi import get_wsgi_application

from config.whole import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Sets Django up: what follows may import models.
_pages = WholeBodies(get_wsgi_application())

from config.published import Published  # noqa: E402

application = Published(_pages)
