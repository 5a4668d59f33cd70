"""A prospect leaves by one click, by the page behind the link, or by a word; and may come back."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.leads.models import Activity, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch, Message, OptOut
from leadrouting.notifications.optouts import opted_out
from leadrouting.notifications.prospects.farewells import FAREWELLS
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.leaving import Holder, masked, opened, sealed
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from tests import world

ADDRESS = "jane@x.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def lead(db):
    world.live(world.pool(world.rep("Ann")))
    return world.lead(name="Jane Doe", email=ADDRESS, phone="+4930901820")


@pytest.fixture
def page(lead):
    return f"/u/{sealed(Holder(ADDRESS, lead.pk, 'de'))}/"


@pytest.fixture
def strict():
    """As a mail program is: it has no cookie and no token against forged requests."""
    return Client(enforce_csrf_checks=True)


def written(lead, kind="follow_up", language="de"):
    now = timezone.now()
    message = Message.objects.create(
        kind=kind,
        lead=lead,
        subject="Noch da?",
        body="Guten Tag & Hallo",
        language=language,
        dedupe_key=f"{kind}:{lead.pk}",
        created_at=now,
        spread_at=now,
    )
    return Dispatch.objects.create(
        message=message, channel="email", address=ADDRESS, created_at=now, send_at=now
    )


def notes() -> list[str]:
    return list(Activity.objects.filter(kind="note").order_by("id").values_list("text", flat=True))


@given(st.emails(), st.integers(0, 2**62), st.sampled_from([*WORDS, "nl"]))
def test_what_is_sealed_is_opened_again_and_shows_nothing(address, lead, language):
    token = sealed(Holder(address, lead, language))
    assert opened(token) == Holder(address, lead, language)
    assert re.fullmatch(r"[\w-]+", token) and address not in token


@given(st.data())
def test_a_changed_letter_opens_nothing(data):
    token = sealed(Holder(ADDRESS, 12, "en"))
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("Aa0_-").filter(lambda one: one != token[at]))
    assert opened(token[:at] + letter + token[at + 1 :]) is None


@pytest.mark.parametrize("token", ["", "x", "äöü", "AAAA", "A" * 5000, "jane@x.example", "a.b:c"])
def test_what_we_did_not_make_opens_nothing(token):
    assert opened(token) is None


def test_the_link_in_old_mails_holds_when_the_key_is_changed(settings):
    token = sealed(Holder(ADDRESS, 12, "en"))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert opened(token) == Holder(ADDRESS, 12, "en")
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(token) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["ack", "follow_up"])
def test_each_mail_to_a_prospect_can_be_answered_by_one_click(lead, strict, settings, kind):
    settings.SITE_URL = "https://leads.example"
    written(lead, kind)
    mail.outbox.clear()
    send_due("email", timezone.now())
    (sent,) = mail.outbox
    got = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<https://leads\.example(/u/[\w-]+/)>", got["List-Unsubscribe"].strip())
    assert link, sent.message().as_bytes()
    html = sent.alternatives[0].content
    if kind == "follow_up":
        assert sent.body.endswith(f"-- \nAbmelden: https://leads.example{link[1]}")
        assert f'<a href="https://leads.example{link[1]}">Abmelden</a>' in html
    else:
        assert "/u/" not in sent.body and "/u/" not in html
    answer = strict.post(link[1], ONE_CLICK)
    assert answer.status_code == 200, "a redirect would not be followed"
    assert opted_out([ADDRESS, lead.phone]) == {ADDRESS}


@pytest.mark.django_db(transaction=True)
def test_mails_to_us_have_no_such_link(lead):
    spread_due(timezone.now())
    mail.outbox.clear()
    send_due("email", timezone.now())
    assert mail.outbox and all("List-Unsubscribe" not in one.extra_headers for one in mail.outbox)


@pytest.mark.parametrize("method", ["get", "head"])
def test_to_look_at_it_changes_nothing(page, client, method):
    for _ in range(2):
        answer = getattr(client, method)(page)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert not OptOut.objects.exists() and notes() == []


def test_the_page_speaks_their_language_and_tells_nothing(page, client):
    shown = client.get(page).content.decode()
    assert '<html lang="de">' in shown and "Möchten Sie an j…@x.example nichts mehr von uns hören?" in shown
    for inside in (ADDRESS, "Jane", "Ann", "eadrouting.", "<script"):
        assert inside not in shown


def test_leaving_twice_is_said_once_and_can_be_undone(page, strict, lead):
    waits = written(lead)
    for _ in range(2):
        assert "Sie sind abgemeldet" in strict.post(page, ONE_CLICK).content.decode()
    assert notes() == [f"They unsubscribed: {ADDRESS}. Nothing is sent there any more."]
    waits.refresh_from_db()
    assert waits.state == "skipped"
    assert "Rückgängig" in strict.get(page).content.decode(), "it says how it is"
    for _ in range(2):
        assert "wieder da" in strict.post(page, {"undo": "yes"}).content.decode()
    assert not OptOut.objects.exists() and len(notes()) == 2


def test_a_mail_program_may_send_it_as_a_form_with_parts(page, strict):
    parts = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    answer = strict.post(page, parts, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 200 and OptOut.objects.get().address == ADDRESS


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"x": "undo"}])
def test_another_post_does_nothing(page, strict, body):
    assert strict.post(page, body).status_code == 400
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method(page, strict, method):
    assert getattr(strict, method)(page).status_code == 405


def test_a_changed_link_does_nothing_and_says_what_to_do(page, strict):
    for tried in (page[:-3] + "AA/", "/u/x/"):
        for answer in (strict.get(tried), strict.post(tried, ONE_CLICK)):
            assert answer.status_code == 404 and "answer the message with STOP" in answer.content.decode()
    assert "STOPP" in strict.get("/u/x/", headers={"Accept-Language": "de-AT"}).content.decode()
    assert not OptOut.objects.exists()


def test_it_holds_when_the_lead_is_gone(page, strict, lead):
    Lead.objects.filter(pk=lead.pk).delete()
    assert strict.post(page, ONE_CLICK).status_code == 200
    assert OptOut.objects.get().address == ADDRESS
    assert strict.post(page, {"undo": "yes"}).status_code == 200
    assert not OptOut.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_written_before_they_said_no_does_not_leave(lead):
    """Also what another worker was writing at that moment, and what a person sends again."""
    OptOut.objects.create(address=ADDRESS, at=timezone.now(), how="By phone")
    late = written(lead)
    mail.outbox.clear()
    send_due("email", timezone.now())
    late.refresh_from_db()
    assert (late.state, late.attempts, mail.outbox) == ("skipped", 0, [])


def test_every_language_that_ships_has_all_of_it():
    assert set(FAREWELLS) == set(WORDS)
    for words in FAREWELLS.values():
        assert all("{address}" in text for text in (words.ask, words.left_text, words.back_text))


@pytest.mark.parametrize(
    ("address", "shown"), [(ADDRESS, "j…@x.example"), ("+4930901820", "+49…20"), ("", "…")]
)
def test_addresses_are_shown_in_part(address, shown):
    assert masked(address) == shown


@pytest.mark.parametrize("word", ["STOP", "stop.", " Unsubscribe \n", "“STOPP”", "baja", "ARRÊT", "Parar!"])
def test_a_word_is_enough(lead, word):
    receive_lead(now=timezone.now(), reply=True, answers=lead.pk, email=ADDRESS, message=word)
    assert opted_out([ADDRESS, lead.phone]) == {ADDRESS, lead.phone}
    assert notes() == [f"They want no more messages: nothing is sent to {ADDRESS} and {lead.phone} any more."]


@pytest.mark.parametrize("text", ["Please do not stop", "Stop by at ten", "", "S T O P", "I am a STOP sign"])
def test_more_words_are_a_message_like_any_other(lead, text):
    receive_lead(now=timezone.now(), reply=True, answers=lead.pk, email=ADDRESS, message=text)
    assert not OptOut.objects.exists()


def test_a_word_from_somebody_new_or_long_lost_counts_as_well(lead):
    new = receive_lead(
        now=timezone.now(), reply=True, channel="whatsapp", phone="+4930901821", message="STOP"
    )
    assert opted_out([new.lead.phone]) == {new.lead.phone}
    Lead.objects.filter(pk=lead.pk).update(status="lost", closed_at=timezone.now(), lost_reason="Too dear")
    back = receive_lead(now=timezone.now(), reply=True, email=ADDRESS, message="Stop")
    assert back.lead.pk == lead.pk and opted_out([ADDRESS]) == {ADDRESS}


def test_what_one_of_us_writes_stops_nothing(lead):
    for kind in ("note", "email", "outcome"):
        Activity.objects.create(lead=lead, kind=kind, at=timezone.now(), text="STOP")
    assert not OptOut.objects.exists()
