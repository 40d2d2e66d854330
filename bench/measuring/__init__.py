"""How the speed programs measure: times after a warm-up, compressed bytes, counted queries, memory."""

from bench.measuring.times import Timed, interleaved, summary, timed
from bench.measuring.weights import compressed, queries

__all__ = ["Timed", "compressed", "interleaved", "queries", "summary", "timed"]
