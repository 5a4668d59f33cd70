from leadrouting.leads.models.account import Account, AccountDomain
from leadrouting.leads.models.attribute import Attribute
from leadrouting.leads.models.booking import Booking
from leadrouting.leads.models.lead import Lead
from leadrouting.leads.models.mending import Mended, Mending
from leadrouting.leads.models.origin import Campaign
from leadrouting.leads.models.reason import DeclineReason
from leadrouting.leads.models.source import Source
from leadrouting.leads.models.suspect import Suspect
from leadrouting.leads.models.timeline import Activity

__all__ = [
    "Account",
    "AccountDomain",
    "Activity",
    "Attribute",
    "Booking",
    "Campaign",
    "DeclineReason",
    "Lead",
    "Mended",
    "Mending",
    "Source",
    "Suspect",
]
