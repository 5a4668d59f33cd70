"""Messages of WhatsApp become leads and entries of timelines."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from leadrouting.intake.heard import Passed, Raw, Unreadable, Wrote
from leadrouting.intake.models import Delivery, Item
from leadrouting.intake.readers import whatsapp
from leadrouting.leads.models import Activity, Lead
from tests.intake.readers.samples import as_bytes, changed, connected, hexed, post, without, work_off

ANNA, BO = "4915112345678", "4915187654321"


def says(*messages: dict[str, Any], contacts: Any = None) -> dict[str, Any]:
    known = [{"profile": {"name": "Anna Berg"}, "wa_id": ANNA}, {"profile": {"name": "Bo Lund"}, "wa_id": BO}]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "4930123456", "phone_number_id": "1"},
        "contacts": known if contacts is None else contacts,
        "messages": list(messages),
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def wrote(kind: str, told: Any, key: str = "wamid.1", **more: Any) -> dict[str, Any]:
    return {"from": ANNA, "id": key, "timestamp": "1700000000", "type": kind, kind: told, **more}


HELLO = wrote("text", {"body": "Hello, we need forty seats"})
REFERRED = wrote(
    "text",
    {"body": "More, please"},
    referral={
        "source_url": "https://fb.example/abc",
        "source_id": "ad-7",
        "source_type": "ad",
        "ctwa_clid": "click-7",
    },
)


def send(told: Any) -> int:
    body = as_bytes(told)
    return post("whatsapp", body, {"X-Hub-Signature-256": f"sha256={hexed(body)}"})


def words(message: dict[str, Any]) -> str:
    (heard,) = whatsapp.read(Raw(as_bytes(says(message))), {}, {})
    assert isinstance(heard, Wrote)
    return str(heard.values["message"])


@pytest.fixture
def whatsapp_of_ours(db: None) -> None:
    connected("whatsapp")


@pytest.mark.usefixtures("whatsapp_of_ours")
class TestDelivered:
    def test_an_unknown_sender_is_a_new_lead(self) -> None:
        assert send(says(HELLO)) == 200
        assert work_off().state == "done"
        lead = Lead.objects.get()
        assert (lead.name, lead.phone, lead.channel) == ("Anna Berg", f"+{ANNA}", "whatsapp")
        assert lead.message == "Hello, we need forty seats"

    def test_a_known_one_is_heard_in_the_timeline(self) -> None:
        for message in (HELLO, wrote("text", {"body": "Are you there?"}, "wamid.2")):
            send(says(message))
            work_off()
        entry = Activity.objects.get(lead=Lead.objects.get())
        assert (entry.kind, entry.text) == ("reply", "Are you there?")

    def test_in_whatever_order_and_however_often(self) -> None:
        second = wrote("text", {"body": "Are you there?"}, "wamid.2")
        for message in (second, HELLO, second, HELLO):
            send(says(message))
            assert work_off().state == "done"
        assert Lead.objects.get().message == "Are you there?"
        assert Activity.objects.get().text == "Hello, we need forty seats"

    def test_messages_of_several_people_in_one_delivery(self) -> None:
        told = says(HELLO, {**HELLO, "from": BO, "id": "wamid.2"})
        told["entry"] += says(wrote("text", {"body": "And one more thing"}, "wamid.3"))["entry"]
        send(told)
        work_off()
        assert set(Lead.objects.values_list("name", flat=True)) == {"Anna Berg", "Bo Lund"}
        assert [item.outcome for item in Item.objects.all()] == ["created", "created", "joined"]

    def test_the_ad_that_was_clicked(self) -> None:
        send(says(REFERRED))
        work_off()
        lead = Lead.objects.get()
        assert (lead.source, lead.medium, lead.ad, lead.landing_page, lead.click_ids) == (
            "meta",
            "ad",
            "ad-7",
            "https://fb.example/abc",
            {"ctwa_clid": "click-7"},
        )

    def test_statuses_are_ignored(self) -> None:
        told = says()
        told["entry"][0]["changes"][0]["value"]["statuses"] = [{"id": "wamid.9", "status": "read"}]
        send(told)
        assert work_off().state == "done"
        assert not Lead.objects.exists() and not Item.objects.exists()

    def test_unsigned_and_changed(self) -> None:
        body = as_bytes(says(HELLO))
        signed = {"X-Hub-Signature-256": f"sha256={hexed(body)}"}
        assert [post("whatsapp", one, signed) for one in changed(body)] == [401] * 3
        assert post("whatsapp", body, {}) == 401
        assert post("whatsapp", body, {"X-Hub-Signature-256": hexed(body)}) == 401
        assert post("whatsapp", body, {"X-Hub-Signature-256": "sha256="}) == 401
        assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (wrote("button", {"payload": "x", "text": "Call me"}), "Call me"),
        (wrote("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Yes"}}), "Yes"),
        (wrote("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Forty"}}), "Forty"),
        (
            wrote("interactive", {"nfm_reply": {"response_json": '{"seats": 40, "flow_token": "x"}'}}),
            "seats: 40",
        ),
        (wrote("interactive", None), "(an answer that WhatsApp could not pass on)"),
        (wrote("image", {"id": "1"}), "(an image)"),
        (
            wrote("document", {"caption": "Our plan", "filename": "plan.pdf"}),
            "Our plan (a document: plan.pdf)",
        ),
        (wrote("audio", {"voice": True}), "(a voice message)"),
        (wrote("location", {"latitude": 1.5, "longitude": 2, "name": "Hall 3"}), "(a place: Hall 3; 1.5, 2)"),
        (
            wrote("contacts", [{"name": {"formatted_name": "Cleo"}, "phones": [{"phone": "+49 1"}]}]),
            "(a contact card: Cleo, +49 1)",
        ),
        (
            wrote("order", {"product_items": [{"quantity": 2, "product_retailer_id": "SEAT"}]}),
            "(an order: 2 × SEAT)",
        ),
        (
            wrote("edit", {"message": {"type": "text", "text": {"body": "Fifty"}}}),
            "(an earlier message, changed) Fifty",
        ),
        (wrote("unsupported", {"type": "poll"}), "(a message that WhatsApp does not pass on)"),
    ],
)
def test_in_words(message: dict[str, Any], said: str) -> None:
    assert words(message) == said


def test_what_is_no_message_is_passed_over() -> None:
    told = says(
        wrote("reaction", {"emoji": "👍"}),
        wrote("revoke", {}),
        wrote("system", {"body": "A changed from 1 to 2"}),
    )
    heard = whatsapp.read(Raw(as_bytes(told)), {}, {})
    assert all(isinstance(one, Passed) for one in heard)
    assert heard[2].reason == "A changed from 1 to 2"


def test_who_hides_the_number_is_known_by_an_id() -> None:
    told = says(
        {**HELLO, "from": "", "from_user_id": "DE.1"},
        contacts=[{"profile": {"name": "Anna"}, "user_id": "DE.1"}],
    )
    (heard,) = whatsapp.read(Raw(as_bytes(told)), {}, {})
    assert (heard.values["name"], heard.values["external_id"]) == ("Anna", "whatsapp:DE.1")


@pytest.mark.parametrize("told", [says(HELLO), says(REFERRED)], ids=["plain", "referred"])
def test_whatever_is_missing(told: Any) -> None:
    for one in without(told):
        with contextlib.suppress(Unreadable):
            whatsapp.read(Raw(as_bytes(one)), {}, {})
