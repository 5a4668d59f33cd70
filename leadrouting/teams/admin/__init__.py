"""People, hours and places. Reps, pools and queues are registered in `assignments`: it knows what they carry."""

from leadrouting.teams.admin import hours, pools, reps, skills, territories, users

__all__ = ["hours", "pools", "reps", "skills", "territories", "users"]
