"""Sequences: which lead begins one, what its steps do and when, and what stops it."""
