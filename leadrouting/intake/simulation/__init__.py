"""People who ask and people who answer, made up: history for the demo, traffic for a running system.

`agenda`, `market` and `manners` are pure: a heap of events, and what chance decides, from a seed.
`history` and `live` let the events happen through the same services as everybody else.
"""
