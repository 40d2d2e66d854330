"""Prometheus metrics of all processes of a host, at `/metrics/` for who holds METRICS_TOKEN.

Each process counts in its own memory (`ledger.metrics`) and tells it over a socket in METRICS_DIR;
whoever answers a scrape asks them all and adds what the database knows. No file of counts: one on a
full disk would kill the process that writes it.
"""
