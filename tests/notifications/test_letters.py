"""What a rep's mail says, in text and in HTML."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from leadrouting.sla.making import make
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def letter():
    def told(**values):
        make("An hour", {"respond": timedelta(hours=1)})
        world.live(world.pool(world.rep("Ann")), name="Everything")
        with transaction.atomic():
            world.lead(**{"name": "Jane Doe", "company": "Acme", "message": "Please call me", **values})
        now = timezone.now()
        spread_due(now)
        send_due("email", now)
        (sent,) = mail.outbox
        (html,) = [body for body, kind in sent.alternatives if kind == "text/html"]
        return sent, html

    return told


def test_it_says_why_what_they_want_until_when_and_leads_there(letter):
    sent, html = letter()
    for body in (sent.body, html):
        assert "It came to you by the rule" in body
        assert "Please call me" in body
        assert re.search(r"Answer by \w+day \d\d \w+, \d\d:\d\d, your time\.", body)
        assert re.search(r"/leads/\d+/", body)
        assert "/a/" in body and "/settings/messages/" in body
    assert sent.subject == "New lead: Jane Doe"


def test_what_a_prospect_typed_is_escaped(letter):
    sent, html = letter(name="<b>Jane</b> http://evil.example", message="<script>alert(1)</script>")
    assert "<script>" not in html and "<b>" not in html
    assert 'href="http://evil.example' not in html
    assert "<script>alert(1)</script>" in sent.body


def test_long_words_are_cut(letter):
    sent, _ = letter(message="x" * 5000)
    assert "x" * 400 + " ..." in sent.body and "x" * 401 not in sent.body
