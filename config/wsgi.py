"""Pages, for a WSGI server (granian in production); what is public and held in files comes before them."""

# First: it sets Django up, and what follows may import models.
from config.pages import pages as application  # isort: split

from config.metrics import sockets
from ledger import logs

# After the server has set its own logging up.
logs.take_over()
sockets.serve("web")
__all__ = ["application"]
