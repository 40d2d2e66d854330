"""A client that writes down, durably, every answer it got: what the fault programs hold the database against."""

from bench.writing.at_work import until_all_go_on, writing
from bench.writing.ledger import Entry, Ledger
from bench.writing.verdict import Verdict, judge
from bench.writing.writers import Commenter, Saver, Writer

__all__ = ["Commenter", "Entry", "Ledger", "Saver", "Verdict", "Writer", "judge", "until_all_go_on", "writing"]
