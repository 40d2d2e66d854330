"""Made-up briefs of any size, for trials and figures: `manage.py fill`. Never the example's people."""

from config.filling.fill import Filled, fill
from config.filling.people import DOMAIN, People

__all__ = ["DOMAIN", "Filled", "People", "fill"]
