from leadrouting.teams.models.absences import Absence, PresenceChange
from leadrouting.teams.models.hours import Holiday, OfficeHours, OpeningWindow, SpecialDay
from leadrouting.teams.models.people import Rep, RepSkill, Sighting, Skill, Team
from leadrouting.teams.models.places import Territory, TerritoryOwner
from leadrouting.teams.models.pools import INTAKE, Membership, Pool, Queue
from leadrouting.teams.models.shares import Attainment, Quota, QuotaStep, RampWeek, SharePlan, WinRate
from leadrouting.teams.models.user import User

__all__ = [
    "INTAKE",
    "Absence",
    "Attainment",
    "Holiday",
    "Membership",
    "OfficeHours",
    "OpeningWindow",
    "Pool",
    "PresenceChange",
    "Queue",
    "Quota",
    "QuotaStep",
    "RampWeek",
    "Rep",
    "RepSkill",
    "SharePlan",
    "Sighting",
    "Skill",
    "SpecialDay",
    "Team",
    "Territory",
    "TerritoryOwner",
    "User",
    "WinRate",
]
