"""What prospects are sent: placeholders and words (pure), the expected time of contact, the acknowledgement."""
