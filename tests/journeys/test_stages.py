"""Three campaigns: all stages, an acknowledgement alone, none of the three. What each prospect and each rep received,
from a request to the API on, at a real mail server and a server of WhatsApp's shape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.notifications.models import Message, Workflow
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from leadrouting.teams.models import User
from tests import world
from tests.api.conftest import LEADS, client_of
from tests.notifications.cloud import Cloud
from tests.peers import SmtpPeer

pytestmark = pytest.mark.django_db(transaction=True)
STAGES = {
    "all": {"tells_team": True, "acknowledges": True, "offers_meeting": True},
    "ack": {"tells_team": False, "acknowledges": True, "offers_meeting": False},
    "none": {"tells_team": False, "acknowledges": False, "offers_meeting": False},
}


@pytest.fixture
def post(settings) -> Iterator[SmtpPeer]:
    made = SmtpPeer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield made
    made.close()


@pytest.fixture
def cloud(settings) -> Iterator[Cloud]:
    made = Cloud()
    made.set_up(settings)
    yield made
    made.close()


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    rep.booking_url = "https://calendly.com/ann"
    rep.save()
    world.live(world.pool(rep), name="Everything")
    for key, stages in STAGES.items():
        campaign = Campaign.objects.create(key=key, name=key.title())
        Workflow.objects.create(campaign=campaign, our_name="Acme", **stages)
    return rep


def enquire(campaign: str, **values: str) -> Lead:
    client = client_of(world.user("Website", role=User.Role.SERVICE))
    told = {"name": "Jane Doe", "email": f"{campaign}@jane.example", "consent": True, "campaign": campaign}
    answer = client.post(LEADS, {**told, **values}, format="json")
    assert answer.status_code == 201, answer.json()
    for _ in range(2):  # the second time nothing is left
        spread_due(timezone.now())
        for channel in ("email", "whatsapp", "push", "chat", "sms"):
            send_due(channel, timezone.now())
    return Lead.objects.get(pk=answer.json()["id"])


def got(post: SmtpPeer, address: str) -> list:
    return [mail for to, mail in post.mails if to == address]


@pytest.mark.parametrize(
    ("campaign", "to_rep", "to_prospect", "has_link"),
    [("all", 1, 1, True), ("ack", 0, 1, False), ("none", 0, 0, False)],
)
def test_what_each_received(ann, post, cloud, campaign, to_rep, to_prospect, has_link):
    lead = enquire(campaign)
    assert lead.owner == ann and lead.clocks.exists() is False  # assignment always runs; no policy, no clock
    assert Message.objects.filter(recipient=ann.user, kind="assigned").count() == 1  # the app shows it always
    to_ann = got(post, ann.user.email)
    assert len(to_ann) == to_rep
    if to_rep:
        text = to_ann[0].get_body(("plain",)).get_content()
        assert "It came to you by the rule" in text and f"/leads/{lead.pk}/" in text and "/a/" in text
    to_jane = got(post, lead.email)
    assert len(to_jane) == to_prospect and cloud.got == []
    for mail in to_jane:
        text = mail.get_body(("plain",)).get_content()
        assert ("/meet/" in text) == has_link
        for internal in (
            "Ann",
            ann.user.email,
            "Everything",
            "rule",
            "score",
            "pool",
            "queue",
            "Leadrouting",
        ):
            assert internal not in text
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not Activity.objects.filter(lead=lead, text__contains="No acknowledgement").exists()


def test_who_writes_by_whatsapp_is_answered_there(ann, post, cloud):
    lead = enquire("all", channel="whatsapp", phone="+4915112345678")
    (said,) = cloud.got
    assert said["to"] == "4915112345678" and "/meet/" in said["text"]["body"]
    assert got(post, lead.email) == [] and len(got(post, ann.user.email)) == 1


def test_without_consent_the_rep_hears_and_the_prospect_does_not(ann, post, cloud):
    lead = enquire("all", consent=False)
    assert got(post, lead.email) == [] and len(got(post, ann.user.email)) == 1
    assert Activity.objects.filter(lead=lead, text__contains="No acknowledgement was sent").exists()
