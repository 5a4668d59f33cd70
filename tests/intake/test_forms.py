"""Forms of campaigns: our page, JSON, form-encoded and multipart; what is kept, told, and refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.intake import deliveries
from leadrouting.intake.heard import Raw, Unreadable
from leadrouting.intake.models import Delivery, Form, FormField
from leadrouting.intake.readers.submissions import said, values_of
from leadrouting.leads.models import Attribute, Campaign, Lead

PATH = "/intake/forms/spring/"
GOOD = {"name": "Anna Berg", "email": "anna@acme.example", "message": "Twenty seats, please"}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def form(db: None) -> Form:
    campaign = Campaign.objects.create(key="spring", name="Spring", source="google", medium="cpc")
    return Form.objects.create(campaign=campaign, title="Talk to us")


def post(told: Any, **headers: Any) -> Any:
    client = Client(enforce_csrf_checks=True, headers=headers)
    return client.post(PATH, json.dumps(told), content_type="application/json")


def test_json_becomes_a_lead(form):
    answer = post(GOOD)
    assert (answer.status_code, answer.json()) == (201, {"ok": True, "message": form.thanks})
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.message) == ("Anna Berg", "anna@acme.example", "Twenty seats, please")
    assert (lead.campaign, lead.channel, lead.source) == (form.campaign, "web_form", "google")
    assert Delivery.objects.get().state == "done"


def test_a_plain_form_goes_to_the_thanks_or_elsewhere(form):
    answer = Client(enforce_csrf_checks=True).post(PATH, GOOD, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/intake/forms/spring/thanks/")
    assert "Thank you." in Client().get(answer.headers["Location"]).content.decode()
    form.redirect_url = "https://www.example.com/thanks"
    form.save()
    assert Client().post(PATH, GOOD, headers={"accept": "text/html"}).headers["Location"] == form.redirect_url
    page = Client().get(PATH, headers={"accept": "text/html"})
    assert "form-action 'self' https://www.example.com;" in page.headers["Content-Security-Policy"]


def test_urlencoded_and_multipart_say_the_same(form):
    encoded = Client().post(
        PATH,
        "name=Anna+Berg&email=anna%40acme.example&topics[]=crm&topics[]=erp",
        content_type="application/x-www-form-urlencoded",
    )
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nben@acme.example\r\n'
        b'--x\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n\r\n%PDF\r\n--x--\r\n'
    )
    several = Client().post(PATH, parts, content_type="multipart/form-data; boundary=x")
    assert (encoded.status_code, several.status_code) == (302, 302)
    anna, ben = Lead.objects.order_by("pk")
    assert (anna.name, anna.message) == ("Anna Berg", "topics: crm, erp")
    assert (ben.email, ben.message) == ("ben@acme.example", "cv (a file, not kept): cv.pdf")


def test_where_it_came_from_is_kept(form):
    told = {
        **GOOD,
        "landing_page": "https://www.example.com/crm?utm_source=linkedin&gclid=abc&utm_term=crm%20software",
        "utm_source": "newsletter",
        "fbclid": "xyz",
        "referred_by": "Ben",
    }
    post(told)
    lead = Lead.objects.get()
    assert (lead.utm_source, lead.utm_term, lead.referred_by) == ("newsletter", "crm software", "Ben")
    assert lead.click_ids == {"gclid": "abc", "fbclid": "xyz"}
    assert lead.landing_page.startswith("https://www.example.com/crm")


def test_the_page_keeps_where_the_visitor_came_from(form):
    page = Client().get(PATH + "?utm_source=post&gclid=1&name=Anna").content.decode()
    assert '<input type="hidden" name="utm_source" value="post">' in page
    assert 'value="Anna"' in page and "Talk to us" in page


def test_fields_labels_and_custom_attributes(form):
    Attribute.objects.create(key="plan", label="plan", type="choice", choices=["Pro", "Basic"])
    for position, (name, label) in enumerate([("email", "Work e-mail"), ("attributes.plan", "")]):
        FormField.objects.create(form=form, position=position, name=name, label=label, is_required=True)
    page = Client().get(PATH).content.decode()
    assert "Work e-mail" in page and '<option value="Pro"' in page and "Your name" not in page
    missing = post({"email": "anna@acme.example"})
    assert (missing.status_code, missing.json()["errors"]) == (
        422,
        {"attributes.plan": "Please fill this in."},
    )
    assert not Lead.objects.exists()
    assert post({"email": "anna@acme.example", "attributes.plan": "Pro"}).status_code == 201
    assert Lead.objects.get().attributes == {"plan": "Pro"}


def test_a_mapping_names_other_peoples_questions(form):
    form.mapping = {"How many are you?": "company_size", "Wer sind Sie": "name"}
    form.save()
    post({"Wer sind Sie?": "Anna", "how many are you": "50", "Email": "a@b.example", "Colour": "red"})
    lead = Lead.objects.get()
    assert (lead.name, lead.company_size, lead.message) == ("Anna", 50, "Colour: red")


def test_consent_is_asked_for_and_kept(form):
    form.consent_text, form.consent_required = "You may write to me.", True
    form.save()
    refused = post(GOOD)
    assert refused.status_code == 422 and "consent" in refused.json()["errors"]
    assert post({**GOOD, "consent": "yes"}).status_code == 201
    lead = Lead.objects.get()
    assert (lead.consent, lead.consent_text) == (True, "You may write to me.")
    assert lead.consent_at is not None


def test_a_no_is_kept_as_well(form):
    form.consent_text = "You may write to me."
    form.save()
    post(GOOD)
    assert Lead.objects.get().consent is False


def test_a_machine_is_thanked_and_leaves_no_lead(form):
    assert post({**GOOD, "website_address": "https://spam.example"}).status_code == 201
    assert not Lead.objects.exists()
    delivery = Delivery.objects.get()
    assert delivery.state == "dismissed" and "A machine" in delivery.reason


def test_what_is_put_right_needs_nobodys_look(form):
    FormField.objects.create(form=form, name="email", is_required=True)
    assert post({"name": "Anna", "_key": "one"}).status_code == 422
    assert Delivery.objects.get().state == "failed"
    assert post({**GOOD, "_key": "one"}).status_code == 201
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["dismissed", "done"]


def test_what_cannot_be_read_is_kept_and_can_be_mended(form):
    answer = Client().post(PATH, b'{"name": "Anna"', content_type="application/json")
    assert answer.status_code == 422 and "no JSON" in answer.json()["message"]
    delivery = Delivery.objects.get()
    assert delivery.state == "failed" and bytes(delivery.body) == b'{"name": "Anna"'
    deliveries.run_again(delivery.pk, timezone.now(), json.dumps(GOOD))
    deliveries.work_off(delivery.pk, timezone.now())
    assert Lead.objects.get().name == "Anna Berg"


def test_sent_twice_with_one_key_is_one_enquiry(form):
    answers = [post({**GOOD, "_key": "one"}) for _ in range(3)]
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert Lead.objects.get().activities.count() == 0


def test_websites_that_may_send_it(form):
    form.allowed_origins = ["https://www.example.com"]
    form.save()
    good = post(GOOD, origin="https://www.example.com")
    assert good.status_code == 201
    assert good.headers["Access-Control-Allow-Origin"] == "https://www.example.com"
    bad = post(GOOD, origin="https://evil.example")
    assert bad.status_code == 403 and "Access-Control-Allow-Origin" not in bad.headers
    asked = Client().options(PATH, headers={"origin": "https://www.example.com"})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "POST")
    assert Client().options(PATH, headers={"origin": "https://evil.example"}).status_code == 403
    assert post({**GOOD, "email": "c@d.example"}, origin="http://testserver").status_code == 201
    assert Lead.objects.count() == 2


def test_too_many_are_asked_to_wait(form):
    form.per_minute = 2
    form.save()
    answers = [post(GOOD) for _ in range(4)]
    assert [one.status_code for one in answers].count(429) >= 1
    last = answers[-1]
    assert last.status_code == 429 and 0 < int(last.headers["Retry-After"]) <= 60


def test_closed_and_absent(form):
    form.is_open = False
    form.save()
    assert post(GOOD).status_code == 410
    assert "This form is closed." in Client().get(PATH).content.decode()
    Campaign.objects.update(is_active=False)
    assert post(GOOD).status_code == 404
    assert Client().post("/intake/forms/none/", GOOD).status_code == 404


def test_a_name_cannot_bring_markup_into_the_page(form):
    FormField.objects.create(form=form, name="email", is_required=True)
    page = Client().post(
        PATH, {"name": "<script>x</script>", "utm_source": '"><b>'}, headers={"accept": "text/html"}
    )
    shown = page.content.decode()
    assert page.status_code == 422 and "<script>x" not in shown and '"><b>' not in shown


def test_queries_of_the_page_are_few(form, django_assert_max_num_queries):
    FormField.objects.create(form=form, name="email")
    with django_assert_max_num_queries(3):
        Client().get(PATH)


TEXT = st.text(max_size=40)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.dictionaries(TEXT, st.one_of(TEXT, st.integers(), st.none(), st.lists(TEXT)), max_size=5).map(
        lambda told: json.dumps(told).encode()
    ),
)


@given(BODIES, st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", ""]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_read_or_refused_in_words(body, kind):
    try:
        values = values_of(said(Raw(body, kind)), {})
    except Unreadable:
        return
    json.dumps(values).encode()
    assert "\0" not in str(values)


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"null", b"name=%00", b'{"email": "\\ud800"}', b'{"name": "\\u0000a"}']
)
def test_odd_bytes_never_break_the_endpoint(form, body):
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert Client().post(PATH, body, content_type=kind).status_code in (201, 302, 422)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "one"])
def test_fifty_at_the_same_instant_are_one_lead(key):
    campaign = Campaign.objects.create(key="spring", name="Spring")
    Form.objects.create(campaign=campaign, per_minute=100)
    told = {**GOOD, **({"_key": key} if key else {})}
    start = Barrier(50)

    def send(_: int) -> tuple[int, bytes]:
        try:
            start.wait()
            answer = post(told)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(send, range(50)))
    assert set(answers) == {(201, answers[0][1])}
    assert Lead.objects.get().activities.filter(kind="enquiry").count() == (0 if key else 49)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
