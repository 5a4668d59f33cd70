"""E-mail: parsing (pure), reading a mailbox, and what becomes of a mail."""
