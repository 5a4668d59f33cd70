"""Custom attributes in the admin: made, used at once on a lead's form, and kept while a rule asks about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.leads.models import Attribute, Lead
from leadrouting.rules.models import RuleSet
from tests import world
from tests.admin.forms import posted, row, texts

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/attribute/"


def make(client: Client, **fields: Any) -> Any:
    page = client.get(f"{LIST}add/")
    return client.post(f"{LIST}add/", posted(page, "attribute_form", **fields), follow=True)


def change(client: Client, attribute: Attribute, **fields: Any) -> Any:
    path = f"{LIST}{attribute.pk}/change/"
    return client.post(path, posted(client.get(path), "attribute_form", **fields), follow=True)


def errors(answer: Any) -> dict[str, str]:
    return {name: " ".join(said) for name, said in answer.context["adminform"].form.errors.items()}


@pytest.fixture
def band() -> Attribute:
    return Attribute.objects.create(
        key="budget_band", label="budget band", type="choice", choices=["Small", "Large"]
    )


def test_the_key_comes_from_the_label_and_choices_are_tidied(as_ops: Client) -> None:
    make(as_ops, label=" Größe  (Büro) ", key="", type="choice", choices=" Klein \n\nGroß\nGROSS\nklein\n")
    made = Attribute.objects.get()
    assert (made.label, made.key, made.choices) == ("Größe (Büro)", "grosse_buro", ["Klein", "Groß"])


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"label": "Budget Bänd", "type": "text"}, "label", "There is an attribute “budget band” already"),
        ({"label": "x", "key": "budget_band", "type": "text"}, "key", "with the key “budget_band” already"),
        ({"label": "x", "key": "Budget Band", "type": "text"}, "key", "Use small letters"),
        ({"label": "x", "type": "choice", "choices": "a, b"}, "choices", "“a, b” has a comma"),
        ({"label": "x", "type": "number", "choices": "a"}, "choices", "“Number” has no choices"),
        ({"label": "x", "type": "text", "unit": "km"}, "unit", "Only numbers have a unit"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(as_ops: Client, band: Attribute, fields, field, says) -> None:
    answer = make(as_ops, **fields)
    assert says in errors(answer)[field]
    assert Attribute.objects.count() == 1


def test_key_and_type_are_fixed_once_saved(as_ops: Client, band: Attribute) -> None:
    page = as_ops.get(f"{LIST}{band.pk}/change/").content.decode()
    assert 'name="key"' not in page and 'name="type"' not in page and "One of several choices" in page
    change(as_ops, band, label="band", choices="Small\nLarge\nHuge", key="other", type="text")
    band.refresh_from_db()
    assert (band.key, band.type, band.label) == ("budget_band", "choice", "band")
    assert band.choices == ["Small", "Large", "Huge"]


def test_the_list_says_who_has_it_and_who_asks(
    as_ops: Client, band: Attribute, django_assert_num_queries
) -> None:
    for _ in range(3):
        world.lead(attributes={"budget_band": "Small"})
    world.live(world.pool(world.rep()), when=[("attributes.budget_band", "is", "Small")], name="Small ones")
    page = as_ops.get(LIST).content.decode()
    assert (
        "Small, Large" in page
        and 'class="text-link">Small ones</a>' in page
        and ">3<" in "".join(page.split())
    )


def test_one_that_a_rule_uses_is_kept_with_a_link_to_the_rule(as_ops: Client, band: Attribute) -> None:
    version = world.live(world.pool(world.rep()), when=[("attributes.budget_band", "is", "Small")], name="S")
    rule = reverse("admin:rules_rule_change", args=[version.rule_set.rules.get().pk])
    single = as_ops.post(f"{LIST}{band.pk}/delete/", {"post": "yes"}, follow=True)
    assert "“budget band” cannot be deleted" in texts(single)[0] and f'href="{rule}"' in texts(single)[0]
    many = {"action": "delete_selected", "_selected_action": [band.pk]}
    page = as_ops.post(LIST, many).content.decode()
    assert "cannot be deleted" in page and f'href="{rule}"' in page
    as_ops.post(LIST, {**many, "post": "yes"})
    assert Attribute.objects.filter(pk=band.pk).exists()
    answer = change(as_ops, band, choices="Large")
    assert "“Small” must stay" in errors(answer)["choices"] and rule in answer.content.decode()
    change(as_ops, band, choices="Small\nTiny")
    assert Attribute.objects.get().choices == ["Small", "Tiny"]


def test_deleting_an_unused_one_says_what_stays(as_ops: Client, band: Attribute) -> None:
    lead = world.lead(name="Jo", attributes={"budget_band": "Small"})
    answer = as_ops.post(f"{LIST}{band.pk}/delete/", {"post": "yes"}, follow=True)
    assert any("1 lead keeps its “budget band”" in text for text in texts(answer))
    page = as_ops.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode()
    assert "Budget band: Small" in page and Lead.objects.get().attributes == {"budget_band": "Small"}


@pytest.fixture
def one_of_each(band: Attribute) -> None:
    for kind in ("text", "number", "yes_no", "moment", "set"):
        choices = ["CRM", "Mail"] if kind == "set" else []
        Attribute.objects.create(key=f"a_{kind}", label=f"a {kind}", type=kind, choices=choices)
    Attribute.objects.create(key="open_set", label="open set", type="set")


def test_a_lead_is_entered_with_them_and_corrected(as_ops: Client, one_of_each: None) -> None:
    add, known = (
        reverse("admin:leads_lead_add"),
        {
            "attributes.budget_band": "Large",
            "attributes.a_text": "some words",
            "attributes.a_number": "12.5",
            "attributes.a_yes_no": "no",
            "attributes.a_moment": "2026-03-04T13:00",
            "attributes.a_set": ["CRM", "Mail"],
            "attributes.open_set": "x, y",
        },
    )
    as_ops.post(add, posted(as_ops.get(add), "lead_form", name="Jo", **known))
    lead = Lead.objects.get()
    assert lead.attributes == {
        "budget_band": "Large",
        "a_text": "some words",
        "a_number": "12.5",
        "a_yes_no": False,
        "a_moment": "2026-03-04T12:00:00+00:00",
        "a_set": ["CRM", "Mail"],
        "open_set": ["x", "y"],
    }
    Lead.objects.update(attributes={**lead.attributes, "budget_band": "Gone", "undefined": 1})
    path = reverse("admin:leads_lead_change", args=[lead.pk])
    form = posted(as_ops.get(path), "lead_form", **{"attributes.a_set": ["CRM", "Mail"]})
    assert form["attributes.a_moment"] == "2026-03-04T13:00" and form["attributes.budget_band"] == "Gone"
    assert as_ops.post(path, {**form, "attributes.a_text": ""}).status_code == 302
    after = Lead.objects.get().attributes
    assert "a_text" not in after and after["undefined"] == 1 and after["budget_band"] == "Gone"
    assert after["a_moment"] == lead.attributes["a_moment"] and after["a_number"] == "12.5"


def test_a_bad_value_is_told_at_its_field(as_ops: Client, one_of_each: None) -> None:
    add = reverse("admin:leads_lead_add")
    answer = as_ops.post(
        add, posted(as_ops.get(add), "lead_form", name="Jo", **{"attributes.a_number": "1e30"})
    )
    assert "too large" in errors(answer)["attributes.a_number"] and not Lead.objects.exists()


def test_a_rule_asks_about_a_new_one_at_once(as_ops: Client) -> None:
    rules: RuleSet = world.rule_set("Main")
    path = f"{reverse('admin:rules_rule_add')}?rule_set={rules.pk}"
    assert "Fleet size" not in as_ops.get(path).content.decode()
    make(as_ops, label="fleet size", type="number", unit="vans")
    page = as_ops.get(path)
    assert (
        "Fleet size" in page.content.decode()
        and page.context["guide"]["attributes.fleet_size"]["unit"] == "vans"
    )
    form = row(posted(page, "rule_form", name="Fleets"), "conditions") | {
        "conditions-0-fact": "attributes.fleet_size",
        "conditions-0-operator": ">=",
        "conditions-0-value": "20",
    }
    as_ops.post(path, form)
    assert rules.rules.get().conditions.get().fact == "attributes.fleet_size"


def test_trying_a_lead_asks_for_them(as_ops: Client, one_of_each: None) -> None:
    world.live(
        world.rep("Ann"),
        when=[("attributes.a_number", ">", "12")],
        name="Many",
        catch_all=world.queue("Rest"),
    )
    path = reverse("admin:assignments_decision_try")
    answer = as_ops.post(path, posted(as_ops.get(path), "try-form", **{"attributes.a_number": "12.5"}))
    assert answer.context["rehearsal"].rule_name == "Many"
    assert "12.5" in answer.content.decode()
    bad = as_ops.post(path, posted(as_ops.get(path), "try-form", **{"attributes.a_number": "1e30"}))
    assert "too large" in bad.context["form"].errors["attributes.a_number"][0]


def test_a_stored_lead_is_tried_with_all_that_it_holds(as_ops: Client, one_of_each: None) -> None:
    """What no field can show as it is counts all the same."""
    held = {
        "budget_band": "no choice now",
        "a_number": "12.5",
        "a_yes_no": False,
        "a_set": ["Mail"],
        "open_set": ["x", "y"],
        "a_moment": "2026-03-04T12:00:07+00:00",
        "undefined": 1,
    }
    world.live(world.rep("Ann"))
    lead = world.lead(attributes=held)
    path = f"{reverse('admin:assignments_decision_try')}?lead={lead.pk}"
    form = posted(as_ops.get(path), "try-form")
    assert form["attributes.a_yes_no"] == "no" and form["attributes.open_set"] == "x, y"
    page = as_ops.post(path, form)
    seen = {str(label): str(value) for _, label, value in page.context["facts"]}
    for value in ("no choice now", "12.5", "Mail", "x, y"):
        assert any(value in shown for shown in seen.values()), (value, seen)
    assert "undefined" in " ".join(seen).lower() and "rehearsal" in page.context
