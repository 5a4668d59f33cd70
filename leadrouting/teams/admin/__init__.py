"""People, hours and places. Reps, pools and queues are registered in `assignments`: it knows what they carry."""

from leadrouting.teams.admin import hours, pools, reps, shares, skills, territories, users

__all__ = ["hours", "pools", "reps", "shares", "skills", "territories", "users"]
