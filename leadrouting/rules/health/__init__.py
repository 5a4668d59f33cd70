"""The known mistakes of routing set-ups, looked for in a draft."""
