"""Accounts from files: read, found again, made or brought up to date; open leads are linked to them afterwards."""
