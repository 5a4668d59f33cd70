"""Suspected duplicates in the admin: listed, compared, merged, dismissed, undone."""

import pytest
from django.urls import reverse

from leadrouting.assignments.models import Merge
from leadrouting.leads import suspects
from leadrouting.leads.models import Lead, Suspect
from tests import world

pytestmark = pytest.mark.django_db
SUSPECTS = reverse("admin:leads_suspect_changelist")


@pytest.fixture
def pair():
    one = world.lead(name="Max Muster", company="Acme", email="max@acme.example")
    two = world.lead(name="Max Müster", company="Acme GmbH", email="max@home.example", city="Ulm")
    suspects.find_all(world.NOON)
    return one, two


@pytest.fixture
def page(client_of, ops):
    return client_of(ops)


def compare(one: Lead, two: Lead) -> str:
    return reverse("admin:leads_suspect_compare", args=[one.pk, two.pk])


def test_listed_and_compared(page, pair):
    shown = page.get(SUSPECTS).content.decode()
    assert "Max Müster" in shown
    assert compare(*pair) in shown
    assert page.get(reverse("admin:leads_suspect_change", args=[Suspect.objects.get().pk])).url == compare(
        *pair
    )
    shown = page.get(compare(*pair)).content.decode()
    assert "Name and company alike" in shown
    assert 'name="city"' in shown
    assert compare(pair[1], pair[0]) in shown


def test_one_click_merges_and_one_undoes(page, pair):
    one, two = pair
    answer = page.post(compare(one, two), {"name": "kept", "city": "other", "owner": "kept"}, follow=True)
    assert f"#{two.pk} was merged into Max Muster" in answer.content.decode()
    assert "has taken in" in answer.content.decode()
    one.refresh_from_db()
    assert one.city == "Ulm"
    assert "Max Müster" not in page.get(reverse("admin:leads_lead_changelist")).content.decode()
    shown = page.get(reverse("admin:leads_lead_change", args=[two.pk])).content.decode()
    assert "was merged into" in shown
    made = Merge.objects.get()
    where = reverse("admin:assignments_merge_change", args=[made.pk])
    assert str(one) in page.get(reverse("admin:assignments_merge_changelist")).content.decode()
    assert "Undo" in page.get(where).content.decode()
    shown = page.post(where, follow=True).content.decode()
    assert "are two leads again" in shown
    one.refresh_from_db()
    assert one.city == ""
    assert "undone already" in page.post(where, follow=True).content.decode()


def test_refused_in_words(page, pair):
    one, two = pair
    page.post(compare(one, two))
    shown = page.post(compare(one, two)).content.decode()
    assert f"#{two.pk} was merged into #{one.pk} already." in shown


def test_not_the_same(page, pair):
    page.post(compare(*pair), {"differ": "1"})
    assert Suspect.objects.get().state == "dismissed"
    assert ">Compare<" not in page.get(SUSPECTS).content.decode()


def test_not_the_same_from_the_list(page, pair):
    (found,) = Suspect.objects.all()
    page.post(SUSPECTS, {"action": "not_the_same", "_selected_action": [found.pk]})
    assert Suspect.objects.get().state == "dismissed"


def test_queries_do_not_grow(page, pair, django_assert_max_num_queries):
    for _ in range(10):
        world.lead(name="Max Muster", company="Acme", email="")
    suspects.find_all(world.NOON)
    assert Suspect.objects.count() > 50
    with django_assert_max_num_queries(12):
        page.get(SUSPECTS)
    with django_assert_max_num_queries(16):
        page.get(compare(*pair))


def test_for_sales_ops_only(client_of, pair):
    manager = client_of(world.user(role="manager"))
    assert manager.post(compare(*pair)).status_code in (302, 403)
    assert not Merge.objects.exists()


def test_trying_a_lead_says_who_is_known(page):
    world.live(world.pool(world.rep()))
    lead = world.lead(name="Max Muster", email="max@acme.example")
    where = reverse("admin:assignments_decision_try")
    assert (
        f"the enquiry would join #{lead.pk} Max Muster"
        in page.post(where, {"email": "MAX@acme.example"}).content.decode()
    )
    assert "is known" not in page.post(where, {"email": "new@acme.example"}).content.decode()


def test_any_two_leads_can_be_compared(page, pair):
    leads = reverse("admin:leads_lead_changelist")
    asked = {"action": "compare", "_selected_action": [lead.pk for lead in pair]}
    assert page.post(leads, asked).url == compare(*pair)
    asked["_selected_action"] = [pair[0].pk]
    assert "exactly two" in page.post(leads, asked, follow=True).content.decode()
