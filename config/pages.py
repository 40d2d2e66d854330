"""The pages as a WSGI application, for both kinds of servers: importing it sets Django up."""

import os

from django.core.wsgi import get_wsgi_application

from config.whole import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Sets Django up: what follows may import models.
_django = WholeBodies(get_wsgi_application())

from config import said  # noqa: E402
from config.published import Published  # noqa: E402

said.remember()
pages = Published(_django)
