"""A real PostgreSQL for all tests; no network but the loopback."""
